package dev.atalaya.bench;

import dev.atalaya.bench.job.JobBench;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The command line of the benchmarks: names of those to run, or none for all; {@code --quick} to
 * see only that they work.
 */
public final class Main {

  private static final Path DOCUMENT = Path.of("docs", "benchmarks.md");

  private Main() {}

  public static void main(String[] args) throws Exception {
    List<String> names = new ArrayList<>(Arrays.asList(args));
    boolean quick = names.remove("--quick");
    List<String> known = JobBench.NAMES;
    for (String name : names) {
      if (!known.contains(name)) {
        System.err.println("bench: there is no benchmark " + name + "; there are " + known);
        System.exit(2);
      }
    }
    for (String name : names.isEmpty() ? known : names) {
      if (quick) {
        JobBench.quick(name);
      } else {
        JobBench.full(name, DOCUMENT);
      }
    }
    System.err.println("bench: done");
    System.exit(0);
  }
}
