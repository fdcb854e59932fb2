package dev.atalaya.job.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atalaya.job.AtalayaJob;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** The demo with the real job: any seed gives another stream, and none hides what is planted. */
class DemoIT {

  @ParameterizedTest
  @ValueSource(strings = {"1", "7"})
  void theDemoFindsWhatWasPlantedAndNothingElse(String seed) {
    StringWriter out = new StringWriter();
    CommandLine commandLine =
        AtalayaCommand.create(new CommandContext(AtalayaJob::execute, Map.of(), true, false));
    commandLine.setOut(new PrintWriter(out));
    int code = commandLine.execute("demo", "--events", "30000", "--seed", seed);
    assertThat(code).as(out.toString()).isEqualTo(ExitCode.OK);
  }

  @Test
  void nothingStaysInTheTemporaryFolder(@TempDir Path temporary) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(argument -> argument.startsWith("--add-opens"))
        .forEach(command::add);
    command.add("-Djava.io.tmpdir=" + temporary);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
    command.addAll(List.of("demo", "--events", "30000"));
    Process demo =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      assertThat(demo.waitFor()).isEqualTo(ExitCode.OK);
    } finally {
      demo.destroyForcibly();
    }
    assertThat(temporary).isEmptyDirectory();
  }
}
