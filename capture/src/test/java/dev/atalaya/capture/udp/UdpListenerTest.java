package dev.atalaya.capture.udp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.atalaya.capture.MemoryPublisher;
import dev.atalaya.capture.udp.UdpSettings.Content;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class UdpListenerTest {

  private static final Duration LONG = Duration.ofSeconds(30);

  private final MemoryPublisher queue = new MemoryPublisher();
  private UdpListener listener;

  @AfterEach
  void close() throws IOException {
    if (listener != null) {
      listener.close();
    }
  }

  @Test
  void flowsBecomeEvents() throws IOException {
    listen(Content.FLOWS, UdpSettings.DEFAULT_WAITING);
    send(v5(2, 2));
    await().atMost(LONG).until(() -> queue.events().size() == 2);
    assertThat(queue.events().get(0))
        .contains("\"src\":\"10.0.0.1\",\"dst\":\"10.0.0.2\"")
        .contains("\"bytes\":400,\"packets\":3")
        .contains("\"exporter\":\"127.0.0.1\"");
    assertThat(new HashSet<>(queue.ids())).hasSize(2);
    awaitCounts(Map.of("datagrams", 1L, "decoded", 1L, "events", 2L, "confirmed", 2L));
  }

  @Test
  void noDatagramEndsIt() throws IOException {
    listen(Content.FLOWS, UdpSettings.DEFAULT_WAITING);
    send(new byte[0]);
    send(new byte[3]);
    send(new byte[65_507]);
    send(new byte[] {0, 7, 0, 1});
    send(v5(30, 10));
    send(v5(0, 0));
    send(v5(1, 1));
    await().atMost(LONG).until(() -> queue.events().size() == 1);
    awaitCounts(
        Map.of(
            "datagrams", 7L,
            "decoded", 7L,
            "failed", 0L,
            "events", 1L,
            "rejected_length", 4L,
            "rejected_version", 2L));
  }

  @Test
  void aMessageIsHandedOnAsItCame() throws IOException {
    listen(Content.LINES, UdpSettings.DEFAULT_WAITING);
    send("<13>Nov 22 12:27:57 vm probe: one\n".getBytes(StandardCharsets.UTF_8));
    send("\r\n\0".getBytes(StandardCharsets.UTF_8));
    send("<13>1 - vm probe - - - two\u001b[2J\nlines\0".getBytes(StandardCharsets.UTF_8));
    await().atMost(LONG).until(() -> queue.events().size() == 2);
    assertThat(queue.events())
        .containsExactly(
            "<13>Nov 22 12:27:57 vm probe: one", "<13>1 - vm probe - - - two\u001b[2J\nlines");
    awaitCounts(Map.of("empty", 1L, "datagrams", 3L));
  }

  @Test
  void whatFindsNoRoomIsCounted() throws IOException {
    queue.room(0);
    listen(Content.LINES, 10_000);
    byte[] message = "m".repeat(1_000).getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < 50; i++) {
      send(message);
    }
    await().atMost(LONG).until(() -> count("dropped_own") + count("waiting") >= 49);
    assertThat(count("dropped_own")).isBetween(40L, 41L); // one may be in the decoder's hands
    queue.room(1_000);
    await().atMost(LONG).until(() -> count("decoded") + count("dropped_own") == 50);
    assertThat(count("confirmed")).isEqualTo(50 - count("dropped_own"));
  }

  @Test
  void whatWaitsIsHandedOnAtTheEnd() throws IOException {
    queue.room(0);
    listen(Content.LINES, UdpSettings.DEFAULT_WAITING);
    for (int i = 0; i < 20; i++) {
      send(("message " + i).getBytes(StandardCharsets.UTF_8));
    }
    await().atMost(LONG).until(() -> count("datagrams") == 20);
    queue.room(20);
    listener.close();
    assertThat(queue.events()).hasSize(20).endsWith("message 19");
  }

  @Test
  void whatTheKernelDropsIsKnown() throws IOException {
    assumeTrue(Files.exists(Path.of("/proc/net/udp")), "only Linux tells");
    try (DatagramSocket deaf =
        new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
      InetSocketAddress address = (InetSocketAddress) deaf.getLocalSocketAddress();
      assertThat(KernelDrops.of(address)).isZero();
      deaf.setReceiveBufferSize(10_000);
      for (int i = 0; i < 100; i++) {
        send(new byte[1_000], address);
      }
      await().atMost(LONG).until(() -> KernelDrops.of(address) > 0);
    }
  }

  @Test
  void dropsAreThoseOfTheAddress() throws IOException {
    String rest = " 00000000:0000 07 00000000:00000000 00:00000000 00000000 0 0 21318 2 0 ";
    List<String> table =
        List.of(
            "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid"
                + "  timeout inode ref pointer drops",
            " 215: 0100007F:0807" + rest + "17",
            " 216: 0200007F:0807" + rest + "1",
            " 217: 0100007F:0808" + rest + "2",
            " 218: 0000000000000000FFFF00000100007F:0807" + rest + "30",
            " 219: 00000000:0809" + rest + "400",
            " 220: 00000000000000000000000000000000:0809" + rest + "5000");
    assumeTrue(java.nio.ByteOrder.nativeOrder() == java.nio.ByteOrder.LITTLE_ENDIAN);
    byte[] loopback = {127, 0, 0, 1};
    assertThat(dropsIn(table, loopback, 2055)).isEqualTo(47);
    assertThat(dropsIn(table, new byte[4], 2057)).isEqualTo(5400);
    assertThat(dropsIn(table, new byte[16], 2057)).isEqualTo(5400);
    assertThat(dropsIn(table, loopback, 1)).isZero();
  }

  private static long dropsIn(List<String> table, byte[] address, int port) throws IOException {
    return KernelDrops.count(table, new InetSocketAddress(InetAddress.getByAddress(address), port));
  }

  private void listen(Content content, long waitingBytes) throws IOException {
    listener =
        new UdpListener(
            new UdpSettings(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                content,
                1 << 20,
                waitingBytes),
            queue);
    listener.start();
  }

  private long count(String name) {
    return listener.counts().get(name);
  }

  private void awaitCounts(Map<String, Long> expected) {
    await()
        .atMost(LONG)
        .untilAsserted(() -> assertThat(listener.counts()).containsAllEntriesOf(expected));
  }

  private void send(byte[] datagram) throws IOException {
    send(datagram, listener.address());
  }

  private static void send(byte[] datagram, InetSocketAddress to) throws IOException {
    try (DatagramSocket socket = new DatagramSocket()) {
      socket.send(new DatagramPacket(datagram, datagram.length, to));
    }
  }

  /** A datagram of NetFlow v5 that tells a number of records and has another. */
  private static byte[] v5(int count, int records) {
    ByteBuffer bytes = ByteBuffer.allocate(24 + 48 * records);
    bytes.putShort((short) 5).putShort((short) count).putInt(100_000).putInt(1_700_000_000);
    bytes.position(24);
    for (int i = 0; i < records; i++) {
      bytes.putInt(0x0a000001).putInt(0x0a000002).putInt(0).putInt(0);
      bytes.putInt(3).putInt(400).putInt(98_000).putInt(99_000);
      bytes.putShort((short) 1024).putShort((short) 80).put(new byte[] {0, 0x12, 6, 0});
      bytes.position(24 + 48 * (i + 1));
    }
    return bytes.array();
  }
}
