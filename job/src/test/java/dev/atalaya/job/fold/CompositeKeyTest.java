package dev.atalaya.job.fold;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atalaya.job.decode.DecodedRecord;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class CompositeKeyTest {

  @Test
  void oneFieldIsItsOwnKey() {
    assertThat(compose("a\0b")).isEqualTo("a\0b".getBytes(StandardCharsets.UTF_8));
    assertThat(CompositeKey.split(compose("ñ"), 1)).containsExactly("ñ");
  }

  @Test
  void fieldsCannotRunIntoEachOther() {
    assertThat(compose("ab", "c")).isNotEqualTo(compose("a", "bc"));
    assertThat(compose("", "abc")).isNotEqualTo(compose("abc", ""));
    // What looks like a length inside a value is a value.
    assertThat(compose("\1a", "b")).isNotEqualTo(compose("\1", "ab"));
  }

  @Test
  void fieldsOfAnyLengthComeBackAsTheyWere() {
    for (int length : new int[] {0, 1, 127, 128, 16_383, 16_384, 70_000}) {
      String value = "x".repeat(length);
      assertThat(CompositeKey.split(compose(value, "ñ", ""), 3)).containsExactly(value, "ñ", "");
    }
  }

  @Test
  void aMissingFieldMakesNoKey() {
    DecodedRecord record = new DecodedRecord(2, 0);
    byte[] value = {'a'};
    record.text(0, value, 0, 1);
    assertThat(new CompositeKey(new int[] {0, 1}).compose(record)).isFalse();
    assertThat(new CompositeKey(new int[] {1}).compose(record)).isFalse();
    assertThat(new CompositeKey(new int[] {0}).compose(record)).isTrue();
  }

  private static byte[] compose(String... values) {
    DecodedRecord record = new DecodedRecord(values.length, 0);
    int[] slots = new int[values.length];
    for (int i = 0; i < values.length; i++) {
      byte[] bytes = values[i].getBytes(StandardCharsets.UTF_8);
      record.text(i, bytes, 0, bytes.length);
      slots[i] = i;
    }
    CompositeKey key = new CompositeKey(slots);
    assertThat(key.compose(record)).isTrue();
    return Arrays.copyOfRange(key.bytes(), key.offset(), key.offset() + key.length());
  }
}
