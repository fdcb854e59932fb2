package dev.atalaya.capture.udp;

import static dev.atalaya.capture.flow.Datagram.ipfix;
import static dev.atalaya.capture.flow.Datagram.template;
import static dev.atalaya.capture.flow.Datagram.v5;
import static dev.atalaya.capture.flow.Datagram.v9;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.atalaya.capture.MemoryPublisher;
import dev.atalaya.capture.flow.Datagram;
import dev.atalaya.capture.udp.UdpSettings.Content;
import dev.atalaya.fixtures.SharedData;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The cases of NetFlow and IPFIX among those that every input has to stand, by their numbers, as
 * datagrams to a listener: it counts each of them, and takes the good one behind.
 */
class BadDatagramsOverUdpTest {

  private static final String FIXTURE =
      "netflow-fixtures/logstash-codec-netflow/netflow5_test_invalid";
  private static final int DATA = 256;
  private static final int[] FLOW = {8, 4, 12, 4, 1, 4};

  private final MemoryPublisher queue = new MemoryPublisher();
  private final Map<String, Long> expected = new LinkedHashMap<>();
  private UdpListener listener;
  private DatagramSocket socket;
  private long sent;

  @BeforeEach
  void listen() throws IOException {
    listener =
        new UdpListener(
            new UdpSettings(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                Content.FLOWS,
                UdpSettings.DEFAULT_RECEIVE_BUFFER,
                UdpSettings.DEFAULT_WAITING),
            queue);
    listener.start();
    socket = new DatagramSocket();
    socket.connect(listener.address());
  }

  @AfterEach
  void close() throws IOException {
    socket.close();
    listener.close();
  }

  @Test
  void case88CountAboveThePayload() throws IOException {
    send(v5(30, 10));
    send(Files.readAllBytes(SharedData.path(FIXTURE + "01.dat")));
    send(Files.readAllBytes(SharedData.path(FIXTURE + "02.dat")));
    expect("rejected_length", 3);
  }

  @Test
  void case89CountZeroAndUnknownVersion() throws IOException {
    send(v5(0, 0));
    send(new Datagram().u16(7, 1).zeros(100));
    expect("rejected_length", 1, "rejected_version", 1);
  }

  @Test
  void case90DataBeforeItsTemplate() throws IOException {
    for (int i = 0; i <= 1_000; i++) {
      send(v9(i).set(DATA, flow(i)));
    }
    send(v9(1_001).set(0, template(DATA, FLOW)));
    expect("parked_sets", 1_001, "unparked_sets", 1_000, "rejected_no_template", 1);
    assertThat(queue.events()).hasSize(1_001);
  }

  @Test
  void case91to94Templates() throws IOException {
    send(v9(0).set(0, template(DATA, 8, 0, 12, 0)));
    send(ipfix(0).set(2, template(DATA, 8, 0, 12, 0)));
    send(v9(1).set(0, template(DATA, 8, 4, 236, 65_535)));
    send(v9(2).set(0, template(300, 8, 4, 7, 0, 12, 4, 1, 4)).set(300, flow(5)));
    Datagram repeated = new Datagram().u32(0x0a000001, 0x0a000002, 6, 7);
    send(ipfix(0).set(2, template(301, 8, 4, 12, 4, 1, 4, 1, 4)).set(301, repeated));
    send(ipfix(1).set(2, template(302, 8, 4, 82, 65_535, 1, 4)));
    send(ipfix(1).set(302, new Datagram().u32(0x0a000001).u8(200, 'a', 'b').u32(9)));
    expect("rejected_template", 3, "rejected_length", 1, "events", 2 + 1);
  }

  @Test
  void case95SetShorterThanItsHead() throws IOException {
    for (int length = 0; length <= 3; length++) {
      Datagram good = new Datagram().set(0, template(DATA, FLOW)).set(DATA, flow(1));
      send(v9(0).body(good).u16(DATA, length).zeros(40));
      send(ipfix(0).body(good).u16(DATA, length).zeros(40));
    }
    expect("rejected_length", 8);
  }

  @Test
  void case96TemplateRedefined() throws IOException {
    send(v9(0).set(0, template(DATA, FLOW)).set(DATA, flow(1)));
    Datagram other = new Datagram().u32(2, 0x0a000004, 0x0a000003);
    send(v9(1).set(0, template(DATA, 1, 4, 12, 4, 8, 4)).set(DATA, other));
    send(v9(2).set(0, template(255, FLOW)));
    expect("rejected_template", 1, "events", 2 + 1);
  }

  /** A template bomb: in 1,000 datagrams of 100 each. */
  @Test
  void case97TemplatesWithoutEnd() throws IOException {
    for (int domain = 0; domain < 1_000; domain++) {
      Datagram templates = new Datagram();
      for (int id = 256; id < 356; id++) {
        templates.body(template(id, FLOW));
      }
      Datagram head = new Datagram().u16(9, 1).u32(1, Datagram.EXPORT_SECONDS, 0, domain);
      send(head.set(0, templates));
    }
    expect("templates", 100_000, "templates_evicted", 100_000 - 1_024);
  }

  @Test
  void case98ScopeLengthNoMultipleOfFour() throws IOException {
    send(v9(0).set(1, new Datagram().u16(DATA, 6, 4).u16(1, 4, 34, 4)));
    expect("rejected_template", 1);
  }

  @Test
  void case99SequenceGapAndRestart() throws IOException {
    send(v9(1).set(0, template(DATA, FLOW)));
    send(v9(5).set(DATA, flow(1)));
    send(v9(0).set(DATA, flow(1)));
    expect("sequence_gaps", 2, "events", 2 + 1);
  }

  @Test
  void case100BytesBeyondALong() throws IOException {
    Datagram flow = new Datagram().u32(0x0a000001).u64(-1);
    send(ipfix(0).set(2, template(DATA, 8, 4, 1, 8)).set(DATA, flow));
    expect("rejected_number_range", 1);
  }

  @Test
  void case101CutOffAt1472() throws IOException {
    Datagram flows = new Datagram();
    for (int i = 0; i < 60; i++) {
      flows.body(flow(i));
    }
    Datagram whole =
        v9(0).set(0, template(DATA, FLOW)).set(DATA, flows).set(DATA, flows).set(DATA, flows);
    send(Arrays.copyOf(whole.toBytes(), 1_472));
    expect("rejected_length", 1, "events", 60 + 1);
  }

  private static Datagram flow(int bytes) {
    return new Datagram().u32(0x0a000001, 0x0a000002, bytes);
  }

  private void send(Datagram datagram) throws IOException {
    send(datagram.toBytes());
  }

  /** One at a time: what is counted is the datagrams, not what the kernel drops. */
  private void send(byte[] datagram) throws IOException {
    socket.send(new DatagramPacket(datagram, datagram.length));
    sent++;
    await()
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(1))
        .atMost(Duration.ofSeconds(30))
        .until(() -> listener.counts().get("decoded") == sent);
  }

  /** A good one behind them is taken, and what is not named is not counted. */
  private void expect(Object... counts) throws IOException {
    int before = queue.events().size();
    send(v5(1, 1));
    assertThat(queue.events()).hasSize(before + 1);
    expected.put("datagrams", sent);
    for (String zero :
        new String[] {
          "failed",
          "dropped_own",
          "dropped_kernel",
          "rejected_length",
          "rejected_version",
          "rejected_template",
          "rejected_no_template",
          "rejected_number_range"
        }) {
      expected.put(zero, 0L);
    }
    for (int i = 0; i < counts.length; i += 2) {
      expected.put((String) counts[i], ((Integer) counts[i + 1]).longValue());
    }
    assertThat(listener.counts()).containsAllEntriesOf(expected);
  }
}
