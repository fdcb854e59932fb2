package dev.atalaya.capture.pcap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atalaya.connectors.files.BrokenContentException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PcapLinesTest {

  private static final byte[] PACKET = Packets.udp4(1024, 53, 4);
  private static final String LINE =
      "{\"ts\":1700000000000,\"src\":\"10.0.0.1\",\"dst\":\"10.0.0.2\",\"sport\":1024,"
          + "\"dport\":53,\"proto\":17,\"bytes\":1500,\"packets\":1,\"flags\":0,\"tos\":0}\n";

  private static byte[] pcap(int packets) {
    ByteBuffer file = ByteBuffer.allocate(24 + packets * (16 + PACKET.length));
    file.putInt(0xa1b2c3d4).putInt(0x00020004).putLong(0).putInt(65_535).putInt(1);
    for (int i = 0; i < packets; i++) {
      file.putInt(1_700_000_000).putInt(0).putInt(PACKET.length).putInt(1500).put(PACKET);
    }
    return file.array();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 100, 10_000})
  void eachPacketIsALineHoweverManyBytesAreAskedFor(int wanted) throws IOException {
    ByteArrayOutputStream read = new ByteArrayOutputStream();
    byte[] buffer = new byte[wanted];
    try (PcapLines lines = new PcapLines(new ByteArrayInputStream(pcap(3)))) {
      for (int count = lines.read(buffer); count >= 0; count = lines.read(buffer)) {
        read.write(buffer, 0, count);
      }
    }
    assertThat(read.toString(StandardCharsets.UTF_8)).isEqualTo(LINE.repeat(3));
  }

  @Test
  void whatIsBeforeTheDamageIsHandedOutBeforeItIsTold() throws IOException {
    byte[] whole = pcap(3);
    byte[] cut = Arrays.copyOf(whole, whole.length - 1);
    try (PcapLines lines = new PcapLines(new ByteArrayInputStream(cut))) {
      byte[] buffer = new byte[10_000];
      int count = lines.read(buffer);
      assertThat(new String(buffer, 0, count, StandardCharsets.UTF_8)).isEqualTo(LINE.repeat(2));
      for (int again = 0; again < 2; again++) {
        assertThatThrownBy(() -> lines.read(buffer))
            .isInstanceOfSatisfying(
                BrokenContentException.class, e -> assertThat(e.reason()).isEqualTo("format"));
      }
    }
  }

  @Test
  void aFileThatIsNoneIsToldWhenItIsRead() throws IOException {
    try (PcapLines lines = new PcapLines(new ByteArrayInputStream(new byte[100]))) {
      assertThatThrownBy(lines::read).isInstanceOf(BrokenContentException.class);
    }
  }
}
