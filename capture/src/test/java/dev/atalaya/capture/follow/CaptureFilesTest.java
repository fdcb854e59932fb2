package dev.atalaya.capture.follow;

import static dev.atalaya.capture.flow.Datagram.template;
import static dev.atalaya.capture.flow.Datagram.v9;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.atalaya.capture.MemoryPublisher;
import dev.atalaya.capture.flow.Datagram;
import dev.atalaya.capture.follow.CaptureFileSettings.Content;
import dev.atalaya.capture.pcap.Packets;
import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CaptureFilesTest {

  private static final Duration LONG = Duration.ofSeconds(30);
  private static final int COUNT = 1_000;
  private static final int DATA = 256;

  @TempDir Path folder;

  private final MemoryPublisher queue = new MemoryPublisher();
  private final List<CaptureFiles> readers = new ArrayList<>();
  private Path state;

  @BeforeEach
  void nameState() {
    state = folder.resolve("state.json");
  }

  @AfterEach
  void close() throws IOException {
    for (CaptureFiles reader : readers) {
      reader.close();
    }
  }

  @Test
  void eachPacketOfEachFileIsAnEvent() throws IOException {
    CaptureFiles reader =
        start(
            Content.PACKETS, null, file("a.pcap", packets(1)), file("b.pcap", packets(COUNT + 1)));
    awaitDone(reader);
    assertThat(sports(queue.events())).isEqualTo(range(1, 2 * COUNT));
    assertThat(queue.byId()).hasSize(2 * COUNT);
    assertThat(queue.events().get(1))
        .isEqualTo(
            "{\"ts\":1700000000001,\"src\":\"10.0.0.1\",\"dst\":\"10.0.0.2\",\"sport\":2,\"dport\":"
                + "53,\"proto\":17,\"bytes\":42,\"packets\":1,\"flags\":0,\"tos\":0}");
  }

  @Test
  void aFileThatIsReadAgainGivesTheSameIds() throws IOException {
    Path file = file("a.pcap", packets(1));
    awaitDone(start(Content.PACKETS, null, file));
    awaitDone(start(Content.PACKETS, null, file));
    assertThat(queue.events()).hasSize(2 * COUNT);
    assertThat(queue.byId()).hasSize(COUNT);
  }

  @Test
  void itGoesOnBehindThePacketsThatAreConfirmed() throws IOException {
    Path file = file("a.pcap", packets(1));
    queue.room(300);
    CaptureFiles first = start(Content.PACKETS, state, file);
    await().atMost(LONG).until(() -> queue.events().size() == 300);
    first.close();
    queue.room(Integer.MAX_VALUE);

    CaptureFiles second = start(Content.PACKETS, state, file);
    awaitDone(second);
    second.close();
    assertThat(sports(queue.byId().values())).isEqualTo(range(1, COUNT));
    // Positions are those of 256 packets each.
    assertThat(second.counts()).containsEntry("known_packets", 256L);
    assertThat(queue.events()).hasSize(300 + COUNT - 256);

    CaptureFiles third = start(Content.PACKETS, state, file);
    awaitDone(third);
    assertThat(third.counts())
        .containsEntry("known_packets", 1_000L)
        .containsEntry("published", 0L);
  }

  @Test
  void whatIsNotConfirmedIsSentAgain() throws IOException {
    Path file = file("a.pcap", packets(1));
    queue.holdBack();
    CaptureFiles first = start(Content.PACKETS, state, file);
    await().atMost(LONG).until(() -> queue.events().size() == COUNT);
    assertThat(first.isDone()).isFalse();
    first.close();
    queue.confirmAll();

    awaitDone(start(Content.PACKETS, state, file));
    assertThat(queue.events()).hasSize(2 * COUNT);
    assertThat(queue.byId()).hasSize(COUNT);
  }

  @Test
  void flowsThatAreToldInPacketsAreEvents() throws IOException {
    List<byte[]> packets = exports();
    packets.add(1, Packets.udp4(1, 53, 0));
    packets.add(2, Packets.ethernet(0x0806));
    packets.add(3, Packets.udp4(2055, 2055, Datagram.v5(30, 10).toBytes()));
    CaptureFiles reader = start(Content.FLOWS, null, file("a.pcap", packets));
    awaitDone(reader);
    assertThat(queue.events()).hasSize(COUNT);
    assertThat(queue.events().get(999)).contains("\"bytes\":999,", "\"exporter\":\"10.0.0.1\"");
    assertThat(reader.counts())
        .containsEntry("events", 1_000L)
        .containsEntry("other_packets", 2L)
        .containsEntry("rejected_length", 1L);
  }

  @Test
  void flowsGoOnWithTheTemplatesThatCameBefore() throws IOException {
    Path file = file("a.pcap", exports());
    queue.room(300);
    CaptureFiles first = start(Content.FLOWS, state, file);
    await().atMost(LONG).until(() -> queue.events().size() == 300);
    first.close();
    queue.room(Integer.MAX_VALUE);

    CaptureFiles second = start(Content.FLOWS, state, file);
    awaitDone(second);
    assertThat(queue.byId()).hasSize(COUNT);
    assertThat(queue.byId().values().stream().distinct()).hasSize(COUNT);
    assertThat(second.counts()).containsEntry("rejected_no_template", 0L);
  }

  @Test
  void aDamagedFileIsReadAsFarAsItCanBe() throws IOException {
    byte[] whole = Packets.pcap(packets(1));
    Path cutOff = Files.write(folder.resolve("cut.pcap"), Arrays.copyOf(whole, whole.length - 1));
    Path none = Files.writeString(folder.resolve("none.pcap"), "no capture");
    Path empty = Files.createFile(folder.resolve("empty.pcap"));
    CaptureFiles reader =
        start(Content.PACKETS, state, cutOff, none, empty, file("b.pcap", packets(COUNT)));
    awaitDone(reader);
    assertThat(sports(queue.events())).isEqualTo(range(1, 2 * COUNT - 1));
    assertThat(reader.counts()).containsEntry("malformed_files", 3L);
  }

  @Test
  void whatIsNoFileIsRefusedAtTheStart() {
    assertThatThrownBy(() -> start(Content.PACKETS, null, folder))
        .hasMessageContaining("is no file");
    assertThatThrownBy(() -> start(Content.PACKETS, null, folder.resolve("missing")))
        .hasMessageContaining("is no file");
  }

  @Test
  void thePacketsOfAStreamComeAtOnce() throws IOException {
    byte[] whole = Packets.pcap(packets(1));
    int firstEnd = 24 + 16 + 42;
    CaptureFiles reader;
    try (PipedOutputStream out = new PipedOutputStream()) {
      reader = new CaptureFiles("stdin", new PipedInputStream(out, 1 << 20), queue);
      readers.add(reader);
      reader.start();
      out.write(whole, 0, firstEnd);
      out.flush();
      await().atMost(LONG).until(() -> queue.events().size() == 1);
      out.write(whole, firstEnd, whole.length - firstEnd);
    }
    awaitDone(reader);
    assertThat(sports(queue.events())).isEqualTo(range(1, COUNT));
  }

  /** Of UDP, each with a port of its own. */
  private static List<byte[]> packets(int firstPort) {
    return IntStream.range(firstPort, firstPort + COUNT)
        .mapToObj(port -> Packets.udp4(port, 53, 0))
        .toList();
  }

  /** A template, and a flow in each datagram behind it. */
  private static List<byte[]> exports() {
    List<byte[]> packets = new ArrayList<>();
    packets.add(
        Packets.udp4(2055, 2055, v9(0).set(0, template(DATA, 8, 4, 12, 4, 1, 4)).toBytes()));
    for (int i = 0; i < COUNT; i++) {
      Datagram flow = v9(i + 1).set(DATA, new Datagram().u32(0x0a000001, 0x0a000002, i));
      packets.add(Packets.udp4(2055, 2055, flow.toBytes()));
    }
    return packets;
  }

  private Path file(String name, List<byte[]> packets) throws IOException {
    return Files.write(folder.resolve(name), Packets.pcap(packets));
  }

  private CaptureFiles start(Content content, Path state, Path... files) throws IOException {
    CaptureFiles reader =
        new CaptureFiles(new CaptureFileSettings(List.of(files), content, state), queue);
    readers.add(reader);
    reader.start();
    return reader;
  }

  private static void awaitDone(CaptureFiles reader) {
    await().atMost(LONG).until(reader::isDone);
  }

  private static List<Integer> sports(Iterable<String> events) {
    List<Integer> sports = new ArrayList<>();
    events.forEach(event -> sports.add(Integer.valueOf(event.replaceAll(".*\"sport\":|,.*", ""))));
    return sports;
  }

  private static List<Integer> range(int first, int last) {
    return IntStream.rangeClosed(first, last).boxed().toList();
  }
}
