package dev.atalaya.job.decode;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The small pieces that handle text: UTF-8, the key limit, and text shown to people. */
class TextTest {

  @Test
  void utf8IsJudgedAsByTheJavaPlatform() {
    Random random = new Random(5);
    byte[] interesting = {
      'a',
      (byte) 0x80,
      (byte) 0xbf,
      (byte) 0xc0,
      (byte) 0xc2,
      (byte) 0xdf,
      (byte) 0xe0,
      (byte) 0xed,
      (byte) 0xef,
      (byte) 0xf0,
      (byte) 0xf4,
      (byte) 0xf5,
      (byte) 0x9f,
      (byte) 0xa0,
      (byte) 0x8f,
      (byte) 0x90
    };
    int good = 0;
    for (int round = 0; round < 300_000; round++) {
      byte[] bytes = new byte[random.nextInt(24)];
      for (int i = 0; i < bytes.length; i++) {
        bytes[i] =
            random.nextInt(4) > 0 ? (byte) 'x' : interesting[random.nextInt(interesting.length)];
      }
      boolean valid = isValid(bytes);
      good += valid ? 1 : 0;
      assertThat(Utf8.firstFault(bytes, 0, bytes.length) < 0)
          .as(() -> Arrays.toString(bytes))
          .isEqualTo(valid);
    }
    assertThat(good).isGreaterThan(10_000);
  }

  @Test
  void everyCharacterIsEncodedAsByTheJavaPlatform() {
    for (int point = 0; point <= Character.MAX_CODE_POINT; point += point < 0x3000 ? 1 : 37) {
      if (point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE) {
        continue;
      }
      char[] chars = Character.toChars(point);
      byte[] target = new byte[6];
      int length = Utf8.encode(chars, 0, chars.length, target, 0);
      assertThat(Arrays.copyOf(target, length)).isEqualTo(new String(chars).getBytes(UTF_8));
    }
  }

  @Test
  void everyLatin1CharacterIsTranscoded() {
    byte[] latin1 = new byte[256];
    for (int i = 0; i < latin1.length; i++) {
      latin1[i] = (byte) i;
    }
    byte[] target = new byte[512];
    int length = Utf8.fromLatin1(latin1, 0, latin1.length, target);
    assertThat(Arrays.copyOf(target, length))
        .isEqualTo(new String(latin1, ISO_8859_1).getBytes(UTF_8));
  }

  @Test
  void longKeysKeepTheirBeginningAndDifferInTheirHash() {
    KeyLimit limit = new KeyLimit(32);
    String one = cut(limit, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa1");
    String other = cut(limit, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa2");
    assertThat(one).hasSize(32).startsWith("aaaaaaa~").isNotEqualTo(other);
    assertThat(one).isEqualTo(cut(limit, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa1"));
    // Cutting inside a character would leave half of it.
    assertThat(cut(limit, "€".repeat(20))).startsWith("€€~").hasSize(2 + 25);
    assertThat(limit.exceeds(32)).isFalse();
    assertThat(limit.exceeds(33)).isTrue();
    assertThatThrownBy(() -> new KeyLimit(25)).hasMessageContaining("got 25");
  }

  @Test
  void textForPeopleHidesNothing() {
    assertThat(VisibleText.of("a\u001b[2J\r\n\u0000")).isEqualTo("a\\x1b[2J\\x0d\\x0a\\x00");
    assertThat(VisibleText.of("\u202egnp\u200b\ufeff\u2028\u0085"))
        .isEqualTo("\\u202egnp\\u200b\\ufeff\\u2028\\x85");
    assertThat(VisibleText.of("ma\u00f1ana \ud83d\ude00")).isEqualTo("ma\u00f1ana \ud83d\ude00");
    assertThat(VisibleText.of("\ud800")).isEqualTo("\\ud800");
    assertThat(VisibleText.of("x".repeat(500))).hasSize(VisibleText.MAX_CHARS + 3).endsWith("...");
    byte[] utf8 = "€".repeat(500).getBytes(UTF_8);
    assertThat(VisibleText.of(utf8, 0, utf8.length)).startsWith("€€€").hasSizeLessThan(130);
  }

  private static String cut(KeyLimit limit, String text) {
    byte[] bytes = text.getBytes(UTF_8);
    return new String(bytes, 0, limit.cut(bytes, 0, bytes.length), UTF_8);
  }

  private static boolean isValid(byte[] bytes) {
    try {
      var unused = UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }
}
