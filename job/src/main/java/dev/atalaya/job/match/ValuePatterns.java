package dev.atalaya.job.match;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.atalaya.job.match.AddressRanges.Range;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * Whether a value is among some texts, below some prefixes of addresses, or like some patterns.
 *
 * <p>A text with {@code *} (any text) or {@code ?} (one character) is a pattern. {@code 10.0.0.0/8}
 * and {@code 2001:db8::/32} are prefixes; a bare address is one of full length, so that it matches
 * however it is written. IPv4-mapped addresses are IPv4, in lists as in values, and no prefix of
 * IPv6 holds an IPv4 address. Anything else stands for itself, upper and lower case apart.
 *
 * <p>Cost: texts by hash, prefixes by halving, patterns one by one, each at most the product of the
 * two lengths.
 *
 * <p>Not thread-safe.
 */
public final class ValuePatterns {

  /** The bits above an IPv4 address in a number of 128. */
  private static final int MAPPED_BITS = IpAddresses.IPV6_BITS - IpAddresses.IPV4_BITS;

  private final ExactTexts texts;
  private final Glob[] globs;
  private final AddressRanges ipv4;
  private final AddressRanges ipv6;
  private final boolean anyRange;
  private final boolean exactOnly;
  private final IpAddresses address = new IpAddresses();

  private ValuePatterns(
      Collection<String> texts, List<Glob> globs, List<Range> ipv4, List<Range> ipv6) {
    this.texts = new ExactTexts(texts);
    this.globs = globs.toArray(Glob[]::new);
    this.ipv4 = new AddressRanges(ipv4);
    this.ipv6 = new AddressRanges(ipv6);
    anyRange = !ipv4.isEmpty() || !ipv6.isEmpty();
    exactOnly = !anyRange && globs.isEmpty();
  }

  /** Each text stands for itself alone, whatever it looks like. */
  public static ValuePatterns exact(Collection<String> texts) {
    return new ValuePatterns(texts, List.of(), List.of(), List.of());
  }

  /** Texts, prefixes and patterns, each by what it looks like. */
  public static ValuePatterns of(Collection<String> patterns) {
    List<String> texts = new ArrayList<>();
    List<Glob> globs = new ArrayList<>();
    List<Range> ipv4 = new ArrayList<>();
    List<Range> ipv6 = new ArrayList<>();
    for (String pattern : patterns) {
      if (Glob.isGlob(pattern)) {
        globs.add(new Glob(pattern));
      } else if (!addPrefix(pattern, ipv4, ipv6)) {
        texts.add(pattern);
      }
    }
    return new ValuePatterns(texts, globs, ipv4, ipv6);
  }

  /**
   * For who reads a list from people.
   *
   * @throws IllegalArgumentException when this begins as a prefix of an address and is none
   */
  public static void check(String pattern) {
    int slash = pattern.indexOf('/');
    byte[] text = pattern.substring(0, Math.max(0, slash)).getBytes(UTF_8);
    if (new IpAddresses().read(text, 0, text.length)
        && !addPrefix(pattern, new ArrayList<>(), new ArrayList<>())) {
      throw new IllegalArgumentException("is no prefix: write 10.0.0.0/8 or 2001:db8::/32");
    }
  }

  private static boolean addPrefix(String pattern, List<Range> ipv4, List<Range> ipv6) {
    int slash = pattern.indexOf('/');
    byte[] text = pattern.substring(0, slash < 0 ? pattern.length() : slash).getBytes(UTF_8);
    IpAddresses address = new IpAddresses();
    if (!address.read(text, 0, text.length)) {
      return false;
    }
    // A prefix of mapped addresses is written with its length in IPv6.
    int unwritten = address.isIpv4() && pattern.indexOf(':') >= 0 ? MAPPED_BITS : 0;
    int length = slash < 0 ? address.bits() : bits(pattern.substring(slash + 1)) - unwritten;
    if (length < 0 || length > address.bits()) {
      return false;
    }
    if (address.isIpv4()) {
      ipv4.add(Range.ofPrefix(0, address.low(), length + MAPPED_BITS));
    } else {
      ipv6.add(Range.ofPrefix(address.high(), address.low(), length));
    }
    return true;
  }

  /** A number of one to three digits, or -1. */
  private static int bits(String text) {
    return text.matches("[0-9]{1,3}") ? Integer.parseInt(text) : -1;
  }

  public boolean matches(String value) {
    byte[] text = value.getBytes(UTF_8);
    return matches(text, 0, text.length);
  }

  /**
   * @param text UTF-8
   */
  public boolean matches(byte[] text, int offset, int length) {
    return texts.contain(text, offset, length)
        || (!exactOnly && (inRange(text, offset, length) || isLike(text, offset, length)));
  }

  /**
   * Whether all that a prefix stands for matches, as far as one list entry says so: of addresses, a
   * prefix that holds this one, of paths and all else, the text.
   *
   * @param text such as {@code 203.0.113.0/24} or {@code /a/b/}
   */
  public boolean matchesPrefix(byte[] text, int offset, int length) {
    int slash = offset + length - 1;
    while (slash > offset && text[slash] != '/') {
      slash--;
    }
    int bits = bits(new String(text, slash + 1, offset + length - slash - 1, UTF_8));
    if (bits < 0 || !address.read(text, offset, slash - offset)) {
      return matches(text, offset, length);
    }
    return address.isIpv4()
        ? ipv4.contain(Range.ofPrefix(0, address.low(), bits + MAPPED_BITS))
        : ipv6.contain(Range.ofPrefix(address.high(), address.low(), bits));
  }

  private boolean inRange(byte[] text, int offset, int length) {
    return anyRange
        && address.read(text, offset, length)
        && (address.isIpv4() ? ipv4 : ipv6).contain(address.high(), address.low());
  }

  private boolean isLike(byte[] text, int offset, int length) {
    for (Glob glob : globs) {
      if (glob.matches(text, offset, length)) {
        return true;
      }
    }
    return false;
  }
}
