package dev.atalaya.capture;

import java.security.SecureRandom;

/**
 * Ids for events that exist only once, such as those of datagrams: {@code 1f0c9e2b7a34d581-1}, a
 * number drawn for this run and a count. What is sent again by a publisher or a spool keeps its id.
 *
 * <p>Not thread-safe.
 */
public final class RunIds {

  private static final SecureRandom RANDOM = new SecureRandom();

  private final String prefix = random() + "-";
  private long count;

  public String next() {
    return prefix + ++count;
  }

  /** 64 bits drawn by chance, in 16 hexadecimal digits. */
  public static String random() {
    return String.format(java.util.Locale.ROOT, "%016x", RANDOM.nextLong());
  }
}
