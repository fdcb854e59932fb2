package dev.atalaya.job.match;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ValuePatternsTest {

  @ParameterizedTest
  @CsvSource({
    "10.0.0.0/8, 10.0.0.0/8, true",
    "10.0.0.0/8, 10.1.0.0/16, true",
    "10.1.0.0/16, 10.0.0.0/8, false",
    "10.0.0.0/8, 11.0.0.0/16, false",
    "10.0.0.0/8, 2001:db8::/32, false",
    "2001:db8::/32, 2001:db8:1::/48, true",
    "2001:db8:1::/48, 2001:db8::/32, false",
    "::ffff:10.0.0.0/104, 10.1.0.0/16, true",
    "/a/*, /a/b/, true",
    "/a/b/, /a/b/, true",
    "/a/b/, /a/, false",
  })
  void aPrefixMatchesWhenAllOfItDoes(String pattern, String prefix, boolean matches) {
    byte[] text = ("\u00ff" + prefix).getBytes(StandardCharsets.ISO_8859_1);
    ValuePatterns patterns = ValuePatterns.of(List.of(pattern));
    assertThat(patterns.matchesPrefix(text, 1, text.length - 1)).isEqualTo(matches);
  }

  @Test
  void aPrefixBetweenTwoThatMatchDoesNot() {
    ValuePatterns ends = ValuePatterns.of(List.of("10.0.0.0", "10.0.0.255"));
    byte[] text = "10.0.0.0/24".getBytes(StandardCharsets.UTF_8);
    assertThat(ends.matchesPrefix(text, 0, text.length)).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "web, web, true",
    "web, Web, false",
    "web, web1, false",
    "web, we, false",
    "80, 80, true",
    "80, 8080, false",
    "10.1.2.3, 10.1.2.3, true",
    "10.1.2.3, 10.1.2.30, false",
    "10.1.2.3, ::ffff:10.1.2.3, true",
    "::ffff:10.1.2.3, 10.1.2.3, true",
    "2001:DB8::1, 2001:db8:0::1, true",
    "10.0.0.0/8, 10.255.255.255, true",
    "10.0.0.0/8, 11.0.0.0, false",
    "10.0.0.0/8, 9.255.255.255, false",
    "10.9.9.9/8, 10.0.0.1, true",
    "10.0.0.0/8, 10.0.0.0/8, false",
    "0.0.0.0/0, 255.255.255.255, true",
    "0.0.0.0/0, 2001:db8::1, false",
    "192.0.2.77/32, 192.0.2.77, true",
    "192.0.2.77/32, 192.0.2.76, false",
    "128.0.0.0/1, 127.255.255.255, false",
    "128.0.0.0/1, 128.0.0.0, true",
    "::ffff:10.0.0.0/104, 10.7.7.7, true",
    "::ffff:10.0.0.0/104, 11.7.7.7, false",
    "::/0, 2001:db8::1, true",
    "::/0, ffff::, true",
    "::/0, 10.0.0.1, false",
    "2001:db8::/32, 2001:db8:ffff:ffff:ffff:ffff:ffff:ffff, true",
    "2001:db8::/32, 2001:db9::, false",
    "2001:db8::/64, 2001:db8::ffff:ffff:ffff:ffff, true",
    "2001:db8::/64, 2001:db8:0:1::, false",
    "2001:db8::/65, 2001:db8::7fff:ffff:ffff:ffff, true",
    "2001:db8::/65, 2001:db8::8000:0:0:0, false",
    "2001:db8::1/128, 2001:db8::1, true",
    "2001:db8::1/128, 2001:db8::2, false",
    "10.0.0.0/33, 10.0.0.0, false",
    "10.0.0.0/33, 10.0.0.0/33, true",
    "10.0.0.0/-1, 10.0.0.0, false",
    "10.0.0.0/1000, 10.0.0.0, false",
    "/a/b, /a/b, true",
    "/a/*, /a/b/c, true",
    "/a/*, /b/a/, false",
    "*, anything, true",
    "a?c, abc, true",
    "a?c, ac, false",
    "a?c, añc, true",
    "??, ñ, false",
    "*?, ñ, true",
    "*.example.com, www.example.com, true",
    "*.example.com, example.com, false",
    "*.example.com, www.example.com.evil, false",
    "a*b*c, a-b-b-c, true",
    "a*b*c, a-c-b, false",
    "*ab, aab, true",
    "10.*.*.1, 10.2.3.1, true",
  })
  void aValueIsAmongThem(String pattern, String value, boolean expected) {
    assertThat(ValuePatterns.of(List.of(pattern)).matches(value)).isEqualTo(expected);
    byte[] within = ("<" + value + ">").getBytes(StandardCharsets.UTF_8);
    assertThat(ValuePatterns.of(List.of("other", pattern)).matches(within, 1, within.length - 2))
        .isEqualTo(expected);
  }

  @Test
  void noneMatchNothing() {
    assertThat(ValuePatterns.of(List.of()).matches("")).isFalse();
    assertThat(ValuePatterns.of(List.of("*")).matches("")).isTrue();
    assertThat(ValuePatterns.of(List.of("?")).matches("")).isFalse();
    assertThat(ValuePatterns.of(List.of("")).matches("")).isTrue();
  }

  @Test
  void exactTextsAreNoPatterns() {
    ValuePatterns exact = ValuePatterns.exact(List.of("a*", "10.0.0.0/8", "10.0.0.1"));
    assertThat(exact.matches("a*")).isTrue();
    assertThat(exact.matches("ab")).isFalse();
    assertThat(exact.matches("10.0.0.0/8")).isTrue();
    assertThat(exact.matches("10.0.0.1")).isTrue();
    assertThat(exact.matches("10.0.0.2")).isFalse();
    assertThat(exact.matches("::ffff:10.0.0.1")).isFalse();
  }

  @Test
  void manyTextsAreFoundAndNoOthers() {
    for (int size : new int[] {8, 9, 15, 16, 17, 1_000}) {
      List<String> texts =
          IntStream.range(0, size).mapToObj(i -> "t" + 3 * i).collect(Collectors.toList());
      texts.add("t0");
      ValuePatterns patterns = ValuePatterns.of(texts);
      for (int i = 0; i < 3 * size; i++) {
        assertThat(patterns.matches("t" + i)).isEqualTo(i % 3 == 0);
      }
    }
  }

  @Test
  void prefixesAnswerAsEachAloneWould() {
    Random random = new Random(5);
    for (int round = 0; round < 300; round++) {
      List<int[]> prefixes = new ArrayList<>();
      List<String> texts = new ArrayList<>();
      for (int i = random.nextInt(12); i >= 0; i--) {
        int length = random.nextInt(33);
        int address = random.nextInt() & 0xc0c00003;
        prefixes.add(new int[] {address, length});
        texts.add(dotted(address) + "/" + length);
      }
      ValuePatterns patterns = ValuePatterns.of(texts);
      for (int i = 0; i < 100; i++) {
        int value = random.nextInt() & 0xc0c00003;
        boolean expected =
            prefixes.stream()
                .anyMatch(p -> p[1] == 0 || (value ^ p[0]) >>> (IpAddresses.IPV4_BITS - p[1]) == 0);
        assertThat(patterns.matches(dotted(value)))
            .as("%s in %s", value, texts)
            .isEqualTo(expected);
      }
    }
  }

  private static String dotted(int address) {
    return (address >>> 24)
        + "."
        + (address >>> 16 & 0xff)
        + "."
        + (address >>> 8 & 0xff)
        + "."
        + (address & 0xff);
  }

  @Test
  void globsAnswerAsRegularExpressionsDo() {
    Random random = new Random(6);
    for (int round = 0; round < 20_000; round++) {
      String glob = random(random, "aañ*?", 7);
      String value = random(random, "aañ", 9);
      Pattern pattern = Pattern.compile(glob.replace("*", ".*").replace('?', '.'));
      byte[] text = value.getBytes(StandardCharsets.UTF_8);
      assertThat(new Glob(glob).matches(text, 0, text.length))
          .as("%s like %s", value, glob)
          .isEqualTo(pattern.matcher(value).matches());
    }
  }

  private static String random(Random random, String letters, int longest) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(longest + 1); i > 0; i--) {
      text.append(letters.charAt(random.nextInt(letters.length())));
    }
    return text.toString();
  }

  /** With backtracking into every star this would take longer than there is time. */
  @Test
  void aPatternOfManyStarsIsNoTrap() {
    byte[] text = new byte[4_000];
    Arrays.fill(text, (byte) 'a');
    Glob glob = new Glob("*a".repeat(200) + "b");
    assertThat(glob.matches(text, 0, text.length)).isFalse();
  }
}
