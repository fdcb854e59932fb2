package dev.atalaya.bench.job;

import java.util.Locale;

/** What a person who waits wants to see, on standard error. */
final class Progress {

  private Progress() {}

  static void say(String format, Object... arguments) {
    System.err.println("bench: " + String.format(Locale.ROOT, format, arguments));
  }
}
