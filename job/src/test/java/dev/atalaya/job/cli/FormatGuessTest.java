package dev.atalaya.job.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atalaya.fixtures.SharedData;
import dev.atalaya.job.config.ConfigLoader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FormatGuessTest {

  @TempDir private Path dir;

  @ParameterizedTest
  @CsvSource({
    "metron/SquidExampleOutput, squid, src, 2, 2",
    "metron/SnortOutput, snort, src, 3, 3",
    "metron/YafExampleOutput, yaf, src, 10, 10",
    "metron/asa_raw, syslog, app, 128, 128",
    "metron/PaloaltoOutput, syslog, host, 100, 100",
    "metron/bro.out.gz, zeek, src, 1000, 1000",
    "zeek-zat/conn.log, zeek, src, 360, 360",
    "zeek-zat/http.log, zeek, src, 150, 150",
    "elastic-apache/apache_logs.gz, combined-log, src, 1000, 1000",
    "elastic-auth/auth.log.gz, syslog, app, 1000, 1000",
    "mix-dev/events/mix-dev.csv.gz, csv, src, 999, 999",
    "elastic-apache/events/apache_logs.jsonl.gz, json, src, 1000, 1000",
  })
  void realSamplesAreWhatTheyAre(String file, String format, String key, int fitting, int records)
      throws IOException {
    FormatGuess guess = FormatGuess.of(SharedData.path(file));
    assertThat(guess.name()).isEqualTo(format);
    assertThat(guess.key()).containsExactly(key);
    assertThat(List.of(guess.fitting(), guess.records())).containsExactly(fitting, records);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      value = {
        "ts;client;bytes\\n2026-08-26T10:00:00Z;a;7 ~ csv ~ client",
        "time=1787738400 host=a n=1 ~ key-value ~ host",
        "2 1 eni-1 10.0.0.1 10.0.0.2 4 5 6 1 7 1787738400 1787738401 ACCEPT OK ~ vpc-flow-log ~ src",
        "CEF:0|v|p|1|s|n|5|rt=1787738400000 src=a ~ cef ~ src",
        "{\"ip_src\":\"a\",\"stamp_inserted\":\"2026-08-26 10:00:00\",\"bytes\":1} ~ pmacct ~ src",
      })
  void madeUpSamplesAreToo(String lines, String format, String key) throws IOException {
    FormatGuess guess = FormatGuess.of(write(lines.replace("\\n", "\n")));
    assertThat(guess.name()).isEqualTo(format);
    assertThat(guess.key()).containsExactly(key);
  }

  @Test
  void whatIsLikeNothingIsNotGuessed() throws IOException {
    assertThat(FormatGuess.of(write(""))).isNull();
    assertThat(FormatGuess.of(write("once upon a time\nthere was"))).isNull();
    assertThat(FormatGuess.of(write("{\"a\":1}"))).isNull();
    assertThat(FormatGuess.of(write("\0\1\2"))).isNull();
  }

  @Test
  void theFewestRecordsThatAreNoFaultDecide() throws IOException {
    String good = "time=1787738400 host=a\n";
    assertThat(FormatGuess.of(write(good + good + "x\n")).fitting()).isEqualTo(2);
    assertThat(FormatGuess.of(write(good + "x\n"))).isNull();
  }

  @Test
  void theJobOfAGuessIsWhole() throws IOException {
    FormatGuess guess = FormatGuess.of(write("time=1787738400 host=a\n"));
    String yaml = "source: {files: {path: x}}\n" + guess.configuration();
    assertThat(ConfigLoader.parse(yaml, "x.yaml", Map.of()).detectors())
        .singleElement()
        .satisfies(
            detector -> {
              assertThat(detector.key()).containsExactly("host");
              assertThat(detector.windowMillis()).isEqualTo(10_000);
            });
  }

  private Path write(String text) throws IOException {
    return Files.writeString(dir.resolve("in.log"), text);
  }
}
