package dev.atalaya.bench.job;

import java.lang.management.ManagementFactory;
import java.util.Locale;

/**
 * One run, measured.
 *
 * @param events that went in
 * @param seconds from the first event to the last result
 * @param cpuSeconds that the whole process used meanwhile, garbage collection included
 * @param counted events that the results speak of
 * @param results how many came out
 */
record Round(long events, double seconds, double cpuSeconds, long counted, long results) {

  double eventsPerSecond() {
    return events / seconds;
  }

  /** Processor time that all of this process has used so far. */
  static double cpuSecondsSoFar() {
    return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
            .getProcessCpuTime()
        / 1e9;
  }

  String line() {
    return String.format(
        Locale.ROOT, "%d %.3f %.3f %d %d", events, seconds, cpuSeconds, counted, results);
  }

  static Round of(String line) {
    String[] words = line.trim().split(" ");
    return new Round(
        Long.parseLong(words[0]),
        Double.parseDouble(words[1]),
        Double.parseDouble(words[2]),
        Long.parseLong(words[3]),
        Long.parseLong(words[4]));
  }
}
