package dev.atalaya.connectors.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

class LineCutterTest {

  private static final int LIMIT = 10;

  @Test
  void endsLinesAtLfCrlfAndLoneCr() throws IOException {
    assertThat(cut("a\nb\r\nc\rd\n\r\r\n\ne")).containsExactly("a", "b", "c", "d", "", "", "", "e");
  }

  @Test
  void needsNoEndOfTheLastLine() throws IOException {
    assertThat(cut("a\nb")).containsExactly("a", "b");
    assertThat(cut("a\nb\n")).containsExactly("a", "b");
    assertThat(cut("a\nb\r")).containsExactly("a", "b");
    assertThat(cut("")).isEmpty();
    assertThat(cut("\n")).containsExactly("");
  }

  @Test
  void takesALineOfTheLimitAndCutsALongerOne() throws IOException {
    assertThat(cut("0123456789\r\n0123456789A\r\nb"))
        .containsExactly("0123456789", "oversize(11)@12:0123456789", "b");
    assertThat(cut("0123456789ABC")).containsExactly("oversize(13)@0:0123456789");
  }

  @Test
  void keepsLineEndsInsideQuotes() throws IOException {
    assertThat(cutQuoted("a,\"b\nc\"\nd\r\n\"\"\"\r\"\n"))
        .containsExactly("a,\"b\nc\"", "d", "\"\"\"\r\"");
  }

  @Test
  void givesUpAnUnclosedQuoteAtTheLimitAndGoesOnWithTheNextLine() throws IOException {
    assertThat(cutQuoted("x\na\"b\nc\nd\ne\nf\ng\nh\n"))
        .containsExactly("x", "quote(3)@2:a\"b", "c", "d", "e", "f", "g", "h");
  }

  @Test
  void givesUpAnUnclosedQuoteAtTheEndOfTheFile() throws IOException {
    assertThat(cutQuoted("a\"b\nc\n\"d")).containsExactly("a\"b\nc\n\"d");
    assertThat(cutQuoted("a\"b\nc\nd")).containsExactly("quote(3)@0:a\"b", "c", "d");
    assertThat(cutQuoted("a\nb\"c")).containsExactly("a", "quote(3)@2:b\"c");
  }

  @Test
  void blamesTheLineThatOpenedTheQuoteNotTheOneBefore() throws IOException {
    assertThat(cutQuoted("\"a\nb\",\"c\nd\ne\nf\ng\n"))
        .containsExactly("quote(8)@0:\"a\nb\",\"c", "d", "e", "f", "g");
  }

  @Test
  void aQuotedLineAboveTheLimitIsOversizeAsAnyOther() throws IOException {
    assertThat(cutQuoted("\"0123456789\n\"b\"\nc\n"))
        .containsExactly("oversize(11)@0:\"012345678", "\"b\"", "c");
  }

  @Test
  void boundsItsMemoryOnALineOfFiftyMegabytes() throws IOException {
    InputStream endless =
        new InputStream() {
          private int left = 50_000_000;

          @Override
          public int read() {
            return left-- > 0 ? 'x' : -1;
          }

          @Override
          public int read(byte[] target, int offset, int length) {
            int count = Math.min(left, Math.min(length, 100_000));
            Arrays.fill(target, offset, offset + count, (byte) 'x');
            left -= count;
            return count == 0 ? -1 : count;
          }
        };
    LineCutter cutter = new LineCutter(endless, 0, 1 << 20, false);

    Lines lines = cutter.next();

    assertThat(lines.fault).isEqualTo("oversize");
    assertThat(lines.lastFullLength).isEqualTo(50_000_000);
    assertThat(lines.length(0)).isEqualTo(1 << 20);
    assertThat(lines.bytes.length).isLessThan(4 << 20);
    assertThat(cutter.next()).isNull();
  }

  @Test
  void cutsTheSameHoweverTheBytesArrive() throws IOException {
    Random random = new Random(7);
    for (int round = 0; round < 2000; round++) {
      byte[] input = new byte[random.nextInt(60)];
      for (int i = 0; i < input.length; i++) {
        input[i] = (byte) "\n\r\"ab".charAt(random.nextInt(5));
      }
      boolean quoted = random.nextBoolean();
      List<String> whole = cut(new ByteArrayInputStream(input), quoted);
      List<String> dripping = cut(dripping(input, random), quoted);
      assertThat(dripping).isEqualTo(whole);
      assertThat(whole).isEqualTo(oracle(new String(input, UTF_8), quoted));
    }
  }

  @Test
  void inflatesEveryMember() throws IOException {
    byte[] two = concat(gzip("a\nb"), gzip("c\nd"));
    assertThat(cut(new GzipInput(new ByteArrayInputStream(two)), false))
        .containsExactly("a", "bc", "d");
  }

  @Test
  void givesTheLinesBeforeATruncation() throws IOException {
    byte[] whole = gzip("a\nb\nc");
    for (int length = 0; length < whole.length; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      List<String> lines = cut(new GzipInput(new ByteArrayInputStream(cut)), false);
      assertThat(lines).last().asString().startsWith("compression(");
      assertThat(lines.subList(0, lines.size() - 1)).isSubsetOf("a", "b");
    }
  }

  @Test
  void takesTrailingJunkForDamage() throws IOException {
    byte[] junk = concat(gzip("a\nb\n"), "junk".getBytes(UTF_8));
    assertThat(cut(new GzipInput(new ByteArrayInputStream(junk)), false))
        .containsExactly("a", "b", "compression(0)@4:");
  }

  @Test
  void takesAWrongChecksumForDamage() throws IOException {
    byte[] damaged = gzip("a\nb\n");
    damaged[damaged.length - 8] ^= 1;
    assertThat(cut(new GzipInput(new ByteArrayInputStream(damaged)), false))
        .containsExactly("a", "b", "compression(0)@4:");
  }

  @Test
  void throwsWhenTheFileSystemFails() {
    InputStream failing =
        new FilterInputStream(InputStream.nullInputStream()) {
          @Override
          public int read(byte[] target, int offset, int length) throws IOException {
            throw new IOException("disk");
          }
        };
    LineCutter cutter = new LineCutter(failing, 0, LIMIT, false);
    assertThatThrownBy(cutter::next).isInstanceOf(IOException.class).hasMessage("disk");
  }

  private static List<String> cut(String input) throws IOException {
    return cut(new ByteArrayInputStream(input.getBytes(UTF_8)), false);
  }

  private static List<String> cutQuoted(String input) throws IOException {
    return cut(new ByteArrayInputStream(input.getBytes(UTF_8)), true);
  }

  private static List<String> cut(InputStream in, boolean quoted) throws IOException {
    List<String> shown = new ArrayList<>();
    LineCutter cutter = new LineCutter(in, 0, LIMIT, quoted);
    for (Lines lines = cutter.next(); lines != null; lines = cutter.next()) {
      for (int line = 0; line < lines.count(); line++) {
        String text = new String(lines.bytes, lines.start(line), lines.length(line), UTF_8);
        boolean faulty = lines.fault != null && line == lines.count() - 1;
        shown.add(
            faulty
                ? lines.fault + "(" + lines.lastFullLength + ")@" + lines.offset(line) + ":" + text
                : text);
      }
    }
    return shown;
  }

  /** The rules again, with the whole input in memory. */
  private static List<String> oracle(String input, boolean quoted) {
    List<String> shown = new ArrayList<>();
    int start = 0;
    while (start < input.length()) {
      boolean inside = false;
      int openEnd = -1;
      int at = start;
      while (at < input.length() && at - start <= LIMIT) {
        char c = input.charAt(at);
        if (quoted && c == '"') {
          inside = !inside;
          openEnd = -1;
        } else if (c == '\n' || c == '\r') {
          if (!inside) {
            break;
          }
          if (openEnd < 0) {
            openEnd = at;
          }
          at = after(input, at) - 1;
        }
        at++;
      }
      if (at - start <= LIMIT && at < input.length()) {
        shown.add(input.substring(start, at));
        start = after(input, at);
      } else if (inside && openEnd >= 0) {
        shown.add(fault("quote", start, input.substring(start, openEnd), openEnd - start));
        start = after(input, openEnd);
      } else if (at - start <= LIMIT) {
        String rest = input.substring(start);
        shown.add(inside ? fault("quote", start, rest, rest.length()) : rest);
        start = input.length();
      } else {
        int end = start + LIMIT;
        while (end < input.length() && input.charAt(end) != '\n' && input.charAt(end) != '\r') {
          end++;
        }
        shown.add(fault("oversize", start, input.substring(start, start + LIMIT), end - start));
        start = end < input.length() ? after(input, end) : end;
      }
    }
    return shown;
  }

  private static String fault(String fault, int offset, String text, int fullLength) {
    return fault + "(" + fullLength + ")@" + offset + ":" + text;
  }

  private static int after(String input, int lineEnd) {
    return input.startsWith("\r\n", lineEnd) ? lineEnd + 2 : lineEnd + 1;
  }

  private static InputStream dripping(byte[] input, Random random) {
    return new FilterInputStream(new ByteArrayInputStream(input)) {
      @Override
      public int read(byte[] target, int offset, int length) throws IOException {
        return super.read(target, offset, Math.min(length, 1 + random.nextInt(3)));
      }
    };
  }

  static byte[] gzip(String text) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write(text.getBytes(UTF_8));
    }
    return bytes.toByteArray();
  }

  private static byte[] concat(byte[] first, byte[] second) {
    byte[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }
}
