package dev.atalaya.capture.pcap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atalaya.capture.FlowEvent;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PcapReaderTest {

  private static final int SECONDS = 1_700_000_000;
  private static final byte[] PACKET = Packets.udp4(1024, 53, 4);
  private static final String EVENT =
      "{\"ts\":1700000000123,\"src\":\"10.0.0.1\",\"dst\":\"10.0.0.2\",\"sport\":1024,"
          + "\"dport\":53,\"proto\":17,\"bytes\":1500,\"packets\":1,\"flags\":0,\"tos\":0}";

  @ParameterizedTest
  @CsvSource({"true,false", "true,true", "false,false", "false,true"})
  void pcapOfEitherOrderAndResolution(boolean bigEndian, boolean nanos) throws IOException {
    byte[] file = pcap(bigEndian, nanos);

    assertThat(events(file)).containsExactly(EVENT, EVENT);
    assertThat(events(gzip(file))).containsExactly(EVENT, EVENT);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void pcapngOfEitherOrder(boolean bigEndian) throws IOException {
    assertThat(events(pcapng(bigEndian)))
        .containsExactly(
            EVENT,
            EVENT.replace("123,", "500,"),
            EVENT
                .replace("\"ts\":1700000000123,", "")
                .replace("1500", Integer.toString(PACKET.length)),
            EVENT);
  }

  @Test
  void everyMillisecondOfASecond() throws IOException {
    for (int milli = 0; milli < 1_000; milli++) {
      ByteBuffer file = buffer(false);
      section(file);
      describe(file, 6, 0);
      enhanced(file, 0, SECONDS * 1_000_000L + milli * 1_000L);
      assertThat(events(written(file)).get(0)).startsWith("{\"ts\":" + (SECONDS * 1_000L + milli));
    }
  }

  @Test
  void whatIsBeforeACutStays() throws IOException {
    byte[] file = pcap(false, false);
    for (int length = 25; length < file.length; length++) {
      byte[] cut = Arrays.copyOf(file, length);
      int first = 24 + 16 + PACKET.length;
      List<String> events = new ArrayList<>();
      if (length == first) {
        collect(cut, events);
      } else {
        assertThatThrownBy(() -> collect(cut, events))
            .isInstanceOf(MalformedCaptureException.class);
      }
      assertThat(events).hasSize(length < first ? 0 : 1);
    }
  }

  @Test
  void refusesWhatIsNoCapture() {
    assertThatThrownBy(() -> events(new byte[0])).hasMessageContaining("an empty file");
    assertThatThrownBy(
            () -> events("GET / HTTP/1.1, and so on".getBytes(StandardCharsets.US_ASCII)))
        .hasMessageContaining("no pcap or pcapng file: it begins with 47455420");
  }

  @Test
  void refusesAPacketOfAGigabyteWithoutTakingTheMemory() {
    byte[] file = pcap(false, false);
    ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putInt(24 + 8, 1 << 30);

    assertThatThrownBy(() -> events(file)).hasMessageContaining("a packet of 1073741824 bytes");
  }

  @Test
  void mutatedFilesGiveEventsOrOneException() {
    Random random = new Random(21);
    for (int i = 0; i < 20_000; i++) {
      byte[] file = i % 2 == 0 ? pcapng(i % 4 == 0) : pcap(false, false);
      for (int change = 0; change <= random.nextInt(4); change++) {
        file[random.nextInt(file.length)] = (byte) random.nextInt();
      }
      try {
        events(file);
      } catch (IOException e) {
        assertThat(e).isInstanceOf(IOException.class);
      }
    }
  }

  private static List<String> events(byte[] file) throws IOException {
    List<String> events = new ArrayList<>();
    collect(file, events);
    return events;
  }

  private static void collect(byte[] file, List<String> events) throws IOException {
    FlowEvent event = new FlowEvent();
    try (PcapReader reader = new PcapReader(new ByteArrayInputStream(file))) {
      while (reader.next()) {
        if (reader.read(event)) {
          events.add(event.toString());
        }
      }
    }
  }

  private static ByteBuffer buffer(boolean bigEndian) {
    return ByteBuffer.allocate(1_000)
        .order(bigEndian ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
  }

  private static byte[] written(ByteBuffer file) {
    byte[] bytes = new byte[file.flip().remaining()];
    file.get(bytes);
    return bytes;
  }

  private static byte[] pcap(boolean bigEndian, boolean nanos) {
    ByteBuffer file = buffer(bigEndian);
    file.putInt(nanos ? 0xa1b23c4d : 0xa1b2c3d4).putInt(0x00040002).putLong(0);
    file.putInt(65_535).putInt(PacketHeaders.ETHERNET);
    for (int i = 0; i < 2; i++) {
      file.putInt(SECONDS).putInt(nanos ? 123_999_999 : 123_999);
      file.putInt(PACKET.length).putInt(1_500).put(PACKET);
    }
    return written(file);
  }

  /** Two sections; of the first, one interface in microseconds, one in 1/1,024 seconds. */
  private static byte[] pcapng(boolean bigEndian) {
    ByteBuffer file = buffer(bigEndian);
    section(file);
    describe(file, 6, 0);
    describe(file, 0x8a, SECONDS);
    enhanced(file, 0, SECONDS * 1_000_000L + 123_999);
    enhanced(file, 1, 512);
    int padded = (PACKET.length + 3) / 4 * 4;
    file.putInt(3).putInt(16 + padded).putInt(PACKET.length).put(PACKET);
    file.put(new byte[padded - PACKET.length]).putInt(16 + padded);
    file.putInt(5).putInt(16).putInt(0).putInt(16); // statistics
    section(file);
    describe(file, 9, 0);
    enhanced(file, 0, SECONDS * 1_000_000_000L + 123_999_999);
    return written(file);
  }

  private static void section(ByteBuffer file) {
    file.putInt(0x0a0d0d0a).putInt(28).putInt(0x1a2b3c4d).putInt(1).putLong(-1).putInt(28);
  }

  private static void describe(ByteBuffer file, int resolution, long offsetSeconds) {
    file.putInt(1)
        .putInt(44)
        .putShort((short) PacketHeaders.ETHERNET)
        .putShort((short) 0)
        .putInt(0);
    file.putShort((short) 9).putShort((short) 1).put((byte) resolution).put(new byte[3]);
    file.putShort((short) 14).putShort((short) 8).putLong(offsetSeconds);
    file.putInt(0).putInt(44);
  }

  private static void enhanced(ByteBuffer file, int from, long ticks) {
    int padded = (PACKET.length + 3) / 4 * 4;
    file.putInt(6)
        .putInt(32 + padded)
        .putInt(from)
        .putInt((int) (ticks >>> 32))
        .putInt((int) ticks);
    file.putInt(PACKET.length).putInt(1_500).put(PACKET).put(new byte[padded - PACKET.length]);
    file.putInt(32 + padded);
  }

  private static byte[] gzip(byte[] bytes) throws IOException {
    ByteArrayOutputStream zipped = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(zipped)) {
      out.write(bytes);
    }
    return zipped.toByteArray();
  }
}
