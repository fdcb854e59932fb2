package dev.atalaya.bench.job;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A fresh JVM for each round, so that no round profits from what the one before compiled. */
final class Fork {

  private static final String ANSWER = "answer: ";

  private static final List<String> OPENS =
      List.of("lang", "net", "nio", "time", "util", "util.concurrent");

  private Fork() {}

  /** Called in the fork. */
  static void answer(String line) {
    System.out.println(ANSWER + line);
  }

  /** Runs a main class and returns its answer. */
  static String run(Class<?> main, List<String> jvmOptions, Object... args) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(jvmOptions);
    command.add("-Dlog4j2.configurationFile=log4j2-local.xml");
    for (String open : OPENS) {
      command.add("--add-opens=java.base/java." + open + "=ALL-UNNAMED");
    }
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(main.getName());
    Arrays.stream(args).forEach(arg -> command.add(arg.toString()));
    try {
      Process process =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
      Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
      String answer = null;
      try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
        for (String line = out.readLine(); line != null; line = out.readLine()) {
          if (line.startsWith(ANSWER)) {
            answer = line.substring(ANSWER.length());
          }
        }
      }
      int exit = process.waitFor();
      if (exit != 0 || answer == null) {
        throw new IllegalStateException(
            main.getSimpleName() + " " + Arrays.toString(args) + " ended with " + exit);
      }
      return answer;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
