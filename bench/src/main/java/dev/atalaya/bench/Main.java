package dev.atalaya.bench;

import dev.atalaya.bench.job.BenchmarksDocument;
import dev.atalaya.bench.job.JobBench;
import dev.atalaya.bench.sketch.SketchAccuracy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The command line of the benchmarks: names of those to run, or none for all; {@code --quick} to
 * see only that they work; {@code --document=FILE} for where the figures go.
 */
public final class Main {

  private static final String DOCUMENT = "--document=";
  private static final String SKETCH = "sketch";

  private Main() {}

  public static void main(String[] args) throws Exception {
    List<String> names = new ArrayList<>(Arrays.asList(args));
    boolean quick = names.remove("--quick");
    Path file = Path.of("docs", "benchmarks.md");
    for (String arg : args) {
      if (arg.startsWith(DOCUMENT)) {
        file = Path.of(arg.substring(DOCUMENT.length()));
        names.remove(arg);
      }
    }
    List<String> known = new ArrayList<>(List.of(SKETCH));
    known.addAll(JobBench.NAMES);
    for (String name : names) {
      if (!known.contains(name)) {
        System.err.println("bench: there is no benchmark " + name + "; there are " + known);
        System.exit(2);
      }
    }
    BenchmarksDocument document = new BenchmarksDocument(file);
    for (String name : names.isEmpty() ? known : names) {
      run(name, quick, document);
    }
    System.err.println("bench: done");
    System.exit(0);
  }

  private static void run(String name, boolean quick, BenchmarksDocument document)
      throws Exception {
    if (name.equals(SKETCH)) {
      sketch(quick, document);
    } else if (quick) {
      JobBench.quick(name);
    } else {
      JobBench.full(name, document);
    }
  }

  private static void sketch(boolean quick, BenchmarksDocument document) throws Exception {
    System.err.println("bench: sketch");
    Path tables = Files.createTempFile("atalaya-bench-", ".md");
    try {
      SketchAccuracy.main(quick ? new String[] {"--quick"} : new String[] {tables.toString()});
      if (!quick) {
        document.replace(SKETCH, Files.readString(tables));
      }
    } finally {
      Files.delete(tables);
    }
  }
}
