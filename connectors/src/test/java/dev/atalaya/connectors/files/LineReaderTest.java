package dev.atalaya.connectors.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

class LineReaderTest {

  private static List<String> lines(byte[] input) throws IOException {
    List<String> lines = new ArrayList<>();
    try (LineReader reader = LineReader.of(new ByteArrayInputStream(input), 100)) {
      for (byte[] line = reader.next(); line != null; line = reader.next()) {
        lines.add(new String(line, UTF_8));
      }
    }
    return lines;
  }

  private static byte[] gzip(String text) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write(text.getBytes(UTF_8));
    }
    return bytes.toByteArray();
  }

  @Test
  void linesAreThoseOfTheFileSource() throws IOException {
    assertThat(lines("a\nb\r\nc\rd\n\n\"e\nf".getBytes(UTF_8)))
        .containsExactly("a", "b", "c", "d", "", "\"e", "f");
    assertThat(lines(new byte[0])).isEmpty();
    assertThat(lines(new byte[] {0x1f})).hasSize(1);
  }

  @Test
  void gzipIsKnownByItsBytes() throws IOException {
    assertThat(lines(gzip("a\nb\n"))).containsExactly("a", "b");
  }

  @Test
  void noLineIsHandedOnInPart() throws IOException {
    assertThatThrownBy(() -> lines(("a\n" + "b".repeat(101) + "\nc").getBytes(UTF_8)))
        .isInstanceOf(IOException.class)
        .hasMessage("line 2: oversize, 101 bytes");
    byte[] whole = gzip("a\nb\n");
    assertThatThrownBy(() -> lines(Arrays.copyOf(whole, whole.length - 9)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("compression");
  }
}
