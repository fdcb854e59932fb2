package dev.atalaya.bench.job;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Locale;

/** {@code docs/benchmarks.md}: what stands between a benchmark's two markers is replaced. */
public final class BenchmarksDocument {

  private final Path file;

  public BenchmarksDocument(Path file) {
    this.file = file;
  }

  /**
   * @param section whose markers are {@code <!-- section -->} and {@code <!-- /section -->}
   */
  public void replace(String section, String content) {
    String begin = "<!-- " + section + " -->\n";
    String end = "<!-- /" + section + " -->";
    try {
      String text = Files.readString(file);
      int from = text.indexOf(begin) + begin.length();
      int to = text.indexOf(end);
      if (from < begin.length() || to < from) {
        throw new IllegalStateException(file + " has no markers of section " + section);
      }
      Files.writeString(
          file, text.substring(0, from) + content + '\n' + machine() + '\n' + text.substring(to));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Progress.say("wrote the section %s of %s", section, file);
  }

  /** What the figures were measured on. */
  static String machine() throws IOException {
    String cpu = System.getProperty("os.arch");
    Path cpus = Path.of("/proc/cpuinfo");
    if (Files.exists(cpus)) {
      cpu =
          Files.readAllLines(cpus).stream()
              .filter(line -> line.startsWith("model name"))
              .map(line -> line.substring(line.indexOf(':') + 2))
              .findFirst()
              .orElse(cpu);
    }
    long memory =
        ((com.sun.management.OperatingSystemMXBean)
                java.lang.management.ManagementFactory.getOperatingSystemMXBean())
            .getTotalMemorySize();
    return String.format(
        Locale.ROOT,
        "Measured on %s: %s, %d cores, %.0f GB of memory, %s %s, %s.\n",
        LocalDate.now(ZoneOffset.UTC),
        cpu,
        Runtime.getRuntime().availableProcessors(),
        memory / 1e9,
        System.getProperty("java.vm.name"),
        System.getProperty("java.version"),
        System.getProperty("os.name"));
  }
}
