package dev.atalaya.job.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atalaya.job.AtalayaJob;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
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
}
