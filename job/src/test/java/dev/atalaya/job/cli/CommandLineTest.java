package dev.atalaya.job.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atalaya.connectors.BrokerRefusedException;
import dev.atalaya.job.config.FormatConfig;
import dev.atalaya.job.config.JobConfig;
import dev.atalaya.job.config.SinkConfig;
import dev.atalaya.job.config.SourceConfig;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class CommandLineTest {

  @TempDir private Path dir;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private Path restoredFrom;
  private final List<JobConfig> ran = new ArrayList<>();
  private final Map<String, String> env = new HashMap<>();
  private Exception failure;
  private OptionalLong counted = OptionalLong.empty();
  private boolean ownProcess = true;
  private boolean terminal;
  private Path config;

  @BeforeEach
  void writeConfiguration() throws IOException {
    Path input = Files.createDirectory(dir.resolve("in"));
    config = dir.resolve("flows.yaml");
    Files.writeString(
        config,
        """
        source: { files: { path: '%s' } }
        format: { json: {} }
        time: { field: ts }
        detectors:
          - name: top
            key: [src]
            filter: { proto: ["6"], flags: { not: ["2"] } }
            hitters: { share: 0.5%%, count: 1000 }
            changers: { share: 1%%, delta: 5, ratio: 2.5 }
        sinks: [ console: {}, files: { path: '%s' } ]
        """
            .formatted(input, dir.resolve("out")));
  }

  private int execute(String... arguments) {
    JobRunner runner =
        (job, from) -> {
          restoredFrom = from;
          ran.add(job);
          if (failure != null) {
            throw failure;
          }
          return counted;
        };
    CommandContext context = new CommandContext(runner, env, ownProcess, terminal);
    CommandLine commandLine = AtalayaCommand.create(context);
    commandLine.setOut(new PrintWriter(out));
    commandLine.setErr(new PrintWriter(err));
    return commandLine.execute(arguments);
  }

  @Test
  void runGoesOnFromTheNewestFinishedCheckpoint() throws Exception {
    Path checkpoints = Files.createDirectories(dir.resolve("checkpoints"));
    String[] restoring = {"run", config.toString(), "--restore", checkpoints.toString()};
    assertThat(execute(restoring)).isEqualTo(2);
    assertThat(err.toString()).contains("has no finished checkpoint or savepoint");
    assertThat(ran).isEmpty();

    Path older = Files.createDirectories(checkpoints.resolve("job/chk-9"));
    Path newer = Files.createDirectories(checkpoints.resolve("job/chk-10"));
    Files.createDirectories(checkpoints.resolve("job/chk-11"));
    Files.createFile(older.resolve("_metadata")).toFile().setLastModified(1_000_000);
    Files.createFile(newer.resolve("_metadata")).toFile().setLastModified(2_000_000);
    assertThat(execute(restoring)).isEqualTo(0);
    assertThat(restoredFrom).isEqualTo(newer);

    ownProcess = false;
    assertThat(execute(restoring)).isEqualTo(2);
    assertThat(err.toString()).contains("flink run -s");
  }

  @Test
  void runRunsTheJobOfTheConfiguration() {
    assertThat(execute("run", config.toString())).isEqualTo(0);
    assertThat(ran).singleElement().extracting(JobConfig::name).isEqualTo("flows");
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void anInputAloneIsReadAsWhatItLooksLike() throws IOException {
    Path log = Files.writeString(dir.resolve("x.log"), "ts=1787738400 src=a\n");
    assertThat(execute("run", "--input", log.toString(), "--language", "en")).isEqualTo(0);
    assertThat(ran).singleElement().isNotNull();
    JobConfig job = ran.get(0);
    assertThat(job.source()).isEqualTo(new SourceConfig.Files(log.toString(), 0));
    assertThat(job.format().kind()).isEqualTo(FormatConfig.Kind.KEY_VALUE);
    assertThat(job.detectors()).singleElement().matches(one -> one.key().equals(List.of("src")));
    assertThat(job.sinks()).singleElement().isInstanceOf(SinkConfig.Console.class);
    assertThat(err.toString().replace(dir.toString(), "DIR"))
        .isEqualToNormalizingNewlines(
            """
            DIR/x.log looks like key-value: 1 of its first 1 records can be read so. To say so: \
            format: {key-value: {}}, time: {field: 'ts', unit: auto}
            watching src in windows of 10s; a configuration says otherwise
            """);
    assertThat(execute("run", "--input", log.toString(), "--language", "es")).isEqualTo(0);
    assertThat(err.toString()).contains("parece key-value: así se leen 1 de sus primeros 1");
  }

  @Test
  void anInputTakesThePlaceOfTheSource() throws IOException {
    Path log = Files.writeString(dir.resolve("x.log"), "ts=1787738400 src=a\n");
    assertThat(execute("run", config.toString(), "--input", log.toString())).isEqualTo(0);
    assertThat(ran.get(0).source()).isEqualTo(new SourceConfig.Files(log.toString(), 0));
    assertThat(ran.get(0).format().kind()).isEqualTo(FormatConfig.Kind.JSON);
    assertThat(err.toString()).isEmpty();

    Path formatless = dir.resolve("formatless.yaml");
    Files.writeString(formatless, "detectors: [{ name: top, key: [src], hitters: { count: 1 } }]");
    assertThat(execute("run", formatless.toString(), "--input", log.toString())).isEqualTo(0);
    assertThat(ran.get(1).format().kind()).isEqualTo(FormatConfig.Kind.KEY_VALUE);
    assertThat(ran.get(1).time().field()).isEqualTo("ts");
    assertThat(err.toString()).contains("key-value");
  }

  @Test
  void anInputThatCannotBeReadIsRefused() throws IOException {
    assertThat(execute("run", "--input", dir.resolve("none").toString())).isEqualTo(2);
    assertThat(err.toString()).contains("--input: ").contains("does not exist");
    Path prose = Files.writeString(dir.resolve("x.txt"), "once upon a time");
    assertThat(execute("run", "--input", prose.toString())).isEqualTo(2);
    assertThat(err.toString()).contains("looks like no format that is known");
    Path packets = Files.write(dir.resolve("x.pcap"), HexFormat.of().parseHex("d4c3b2a102000400"));
    assertThat(execute("run", "--input", packets.toString())).isEqualTo(2);
    assertThat(err.toString()).contains("x.pcap is a capture file", "capture: { pcap:");
    Path cut = Files.write(dir.resolve("x.gz"), new byte[] {0x1f, (byte) 0x8b, 8});
    assertThat(execute("run", "--input", cut.toString())).isEqualTo(2);
    assertThat(err.toString()).contains("x.gz cannot be read: line 1: compression");
    assertThat(execute("run")).isEqualTo(2);
    assertThat(err.toString()).contains("Missing required parameter: 'CONFIG'");
    assertThat(ran).isEmpty();
  }

  @Test
  void standardInputIsAnInputToo() {
    InputStream before = System.in;
    try {
      System.setIn(new ByteArrayInputStream("ts=1787738400 src=a\n".getBytes(UTF_8)));
      assertThat(execute("run", "--input", "-")).isEqualTo(0);
    } finally {
      System.setIn(before);
    }
    Path copy = Path.of(((SourceConfig.Files) ran.get(0).source()).path());
    assertThat(copy.getFileName()).hasToString("stdin");
    assertThat(copy).doesNotExist();
  }

  @Test
  void aRunThatPrintsNothingSaysWhereItWrites() {
    String files = "sinks=[files: {path: '" + dir.resolve("out") + "'}]";
    assertThat(execute("run", config.toString(), "--set", files, "--language", "en")).isEqualTo(0);
    assertThat(execute("run", config.toString(), "--set", files, "--language", "es")).isEqualTo(0);
    assertThat(err.toString())
        .isEqualToNormalizingNewlines(
            """
            reading files; writing to DIR/out; Ctrl-C ends it
            ended; what was found is in DIR/out
            se lee files; se escribe en DIR/out; Ctrl-C lo termina
            terminado; lo encontrado está en DIR/out
            """
                .replace("DIR", dir.toString()));
  }

  @Test
  void aRunThatCountedNothingPointsToTheDocumentation() {
    counted = OptionalLong.of(1);
    assertThat(execute("run", config.toString(), "--language", "en")).isEqualTo(0);
    assertThat(err.toString()).isEmpty();
    counted = OptionalLong.of(0);
    assertThat(execute("run", config.toString(), "--language", "en")).isEqualTo(0);
    assertThat(err.toString())
        .isEqualToNormalizingNewlines("no record was counted: see docs/troubleshooting.md\n");
  }

  @Test
  void settingsOfTheCommandLineWin() {
    env.put("ATALAYA__WINDOW", "3s");
    env.put("ATALAYA__PARALLELISM", "3");
    assertThat(
            execute(
                "run",
                config.toString(),
                "--set",
                "window=7s",
                "--set=detectors[top].slices=2",
                "--parallelism",
                "4",
                "--language",
                "es"))
        .isEqualTo(0);
    JobConfig job = ran.get(0);
    assertThat(job.detectors().get(0).windowMillis()).isEqualTo(7000);
    assertThat(job.detectors().get(0).slices()).isEqualTo(2);
    assertThat(job.runtime().parallelism()).isEqualTo(4);
    assertThat(job.sinks()).contains(new SinkConfig.Console("es", false));
  }

  @Test
  void aTerminalGetsColour() {
    terminal = true;
    execute("run", config.toString());
    assertThat(ran.get(0).sinks()).contains(new SinkConfig.Console("en", true));
  }

  @Test
  void aFailedJobIsExitCode1WithoutAStackTrace() {
    failure = new IllegalStateException("outer", new IOException("disk \u001b[2Jfull"));
    assertThat(execute("run", config.toString())).isEqualTo(1);
    assertThat(err.toString())
        .isEqualToNormalizingNewlines(
            "the job failed: disk \\x1b[2Jfull\nwith --verbose: the stack trace\n");
  }

  @Test
  void verboseShowsTheStackTrace() {
    failure = new IllegalStateException("outer");
    assertThat(execute("--verbose", "run", config.toString())).isEqualTo(1);
    assertThat(execute("run", "--verbose", config.toString())).isEqualTo(1);
    assertThat(err.toString()).contains("IllegalStateException: outer", "\tat ");
  }

  @Test
  void aRefusedConfigurationIsExitCode2WithEveryProblem() {
    assertThat(execute("run", config.toString(), "--set", "window=10", "--set", "parallelism=0"))
        .isEqualTo(2);
    assertThat(ran).isEmpty();
    assertThat(err.toString())
        .isEqualToNormalizingNewlines(
            """
            --set window: '10' has no unit: write 500ms, 10s, 5m, 1h or 1d
            --set parallelism: '0' must be at least 1
            """);
  }

  @Test
  void aConfigurationThatIsNotThereIsExitCode2() {
    assertThat(execute("validate", dir.resolve("none.yaml").toString())).isEqualTo(2);
    assertThat(err.toString()).contains("none.yaml: there is no such file");
  }

  @Test
  void aWrongCommandLineIsExitCode2() {
    assertThat(execute()).isEqualTo(2);
    assertThat(execute("rum")).isEqualTo(2);
    assertThat(execute("run")).isEqualTo(2);
    assertThat(execute("run", config.toString(), "--language", "fr")).isEqualTo(2);
    assertThat(execute("demo", "--events", "10")).isEqualTo(2);
    assertThat(execute("demo", "--keep", "\0")).isEqualTo(2);
  }

  @Test
  void aRefusedValueIsToldWithoutTheUsage() {
    assertThat(execute("run", config.toString(), "--restore", "out/nope")).isEqualTo(2);
    assertThat(execute("demo", "--events", "10")).isEqualTo(2);
    assertThat(execute("run", config.toString(), "--language", "fr")).isEqualTo(2);
    assertThat(execute("run", config.toString(), "--parallelism", "0")).isEqualTo(2);
    assertThat(err.toString())
        .isEqualToNormalizingNewlines(
            """
            --restore: out/nope does not exist
            see ./atalaya run --help
            --events must be 30000 to 1000000000, got 10
            see ./atalaya demo --help
            Invalid value for option '--language': 'fr' is unknown; known: en, es
            see ./atalaya run --help
            --parallelism: must be 1 to 1024, got 0
            """);
  }

  @Test
  void aFileOfWhichOnlyTheNameIsToldGetsAReason() {
    failure = new NoSuchFileException("/proc/foo");
    assertThat(execute("run", config.toString())).isEqualTo(1);
    assertThat(err.toString()).startsWith("the job failed: NoSuchFileException: /proc/foo");
  }

  @Test
  void anInputThatIsNotThereIsExitCode3() throws IOException {
    Files.delete(dir.resolve("in"));
    assertThat(execute("run", config.toString())).isEqualTo(3);
    assertThat(err.toString()).contains("source.files.path: ");
    assertThat(ran).isEmpty();
  }

  @Test
  void aBrokerThatDoesNotAnswerIsExitCode3() throws IOException {
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    String source = "source={kafka: {servers: '127.0.0.1:" + port + "', topics: [t]}}";
    assertThat(execute("run", config.toString(), "--set", source)).isEqualTo(3);
    assertThat(err.toString()).contains("no broker answers at 127.0.0.1:" + port);
    String queues =
        "source={rabbitmq: {servers: '127.0.0.1:"
            + port
            + "', username: u, password: p, queues: q, prefetch: 10000}}";
    assertThat(execute("run", config.toString(), "--set", queues)).isEqualTo(3);
    assertThat(err.toString()).contains("source.rabbitmq.servers: no broker answers at 127.0.0.1:");
  }

  @Test
  void whatABrokerRefusedIsExitCode5() {
    failure =
        new IllegalStateException(
            new BrokerRefusedException("RabbitMQ at b:5672 refused \u001b", new IOException("x")));
    assertThat(execute("run", config.toString())).isEqualTo(5);
    assertThat(err.toString()).isEqualToNormalizingNewlines("RabbitMQ at b:5672 refused \\x1b\n");
  }

  @Test
  void aPortInUseIsExitCode3WithAHintAtItsOwner() {
    failure = new IllegalStateException(new BindException("Address already in use: 8081"));
    assertThat(execute("run", config.toString())).isEqualTo(3);
    assertThat(err.toString()).contains("port in use", "8081", "ss -tulnp");
  }

  @Test
  void whatTheClusterReachesIsNotAskedOfTheClient() throws IOException {
    Files.delete(dir.resolve("in"));
    ownProcess = false;
    assertThat(execute("run", config.toString())).isEqualTo(0);
    assertThat(ran).hasSize(1);
  }

  @Test
  void twoJobsDoNotShareACheckpointDirectory() throws IOException {
    Path checkpoints = dir.resolve("checkpoints");
    String setting = "checkpoint.dir='" + checkpoints.toUri() + "'";
    assertThat(execute("run", config.toString(), "--set", setting)).isEqualTo(0);
    CheckpointLock lock = CheckpointLock.take(ran.get(0));
    try {
      assertThat(execute("run", config.toString(), "--set", setting)).isEqualTo(2);
      assertThat(err.toString()).contains("checkpoint.dir: another running job has it");
    } finally {
      lock.close();
    }
    assertThat(execute("run", config.toString(), "--set", setting)).isEqualTo(0);
  }

  @Test
  void validateSaysWhatWillHappenAndStartsNothing() {
    assertThat(execute("validate", config.toString(), "--language", "en")).isEqualTo(0);
    assertThat(ran).isEmpty();
    assertThat(out.toString())
        .isEqualTo(
            """
            Configuration flows is fine. Its rules have the hash HASH.
              reads    files: DIR/in
              format   json
              time     field ts, ms
              writes   console
              writes   files: DIR/out

            Detector top
              key          src
              adds up      events
              only if      proto is one of: 6
              only if      flags is none of: 2
              window       10s; the stream may be 2s out of order; late events are waited for 0s
              heavy is     at least 0.5% of the window's total and at least 1,000
              changed is   a change of at least 1% of the larger window's total and a change of at least 5 and at least 2.5 times as much or as little
              memory       1mb for each window, in 1 slice: up to 22,795 different keys of 17 bytes are counted exactly
              sure from    1, up to 22,795 different keys; beyond, about 0.0063% of the total, and each report says it exactly

            Guarantees
              files -> console   at least once: lines can repeat after a failure
              files -> files     exactly once
              checkpoints        every 10s, kept in a temporary folder in a local run: a failed task goes on where it was, a new process starts anew (set checkpoint.dir to keep them, and go on with run --restore)
            """
                .replace("DIR", dir.toString())
                .replace("HASH", "b98bb39398e3"));
  }

  @Test
  void validateSaysWhatAQueueGives() {
    String queues =
        "source={rabbitmq: {servers: '127.0.0.1:5672', username: u, password: p, queues: [q, r],"
            + " prefetch: 5000}}";
    String[] validate = {
      "validate", config.toString(), "--set", queues, "--language", "en", "--set"
    };
    assertThat(execute(with(validate, "checkpoint.interval=1s"))).isEqualTo(0);
    assertThat(err.toString()).isEmpty();
    assertThat(out.toString())
        .contains(
            """
              reads     rabbitmq: q, r @ 127.0.0.1:5672, vhost /
              at most   5,000 messages/s of each queue: 5,000 (prefetch) for each checkpoint, every 1s
              format    json
            """,
            """
              rabbitmq -> console   at least once: messages that come again after a failure are counted again, as none has an id (source.rabbitmq.id)
              rabbitmq -> files     at least once: messages that come again after a failure are counted again, as none has an id (source.rabbitmq.id)
            """);

    assertThat(execute(with(validate, "source.rabbitmq.id=message-id"))).isEqualTo(0);
    assertThat(err.toString()).contains("warning", "500 messages/s at most");
    assertThat(out.toString())
        .contains(
            """
              reads        rabbitmq: q, r @ 127.0.0.1:5672, vhost /
              told apart   by message-id: what is delivered again is counted once, and what has none is rejected (no-id)
              at most      500 messages/s of each queue: 5,000 (prefetch) for each checkpoint, every 10s
            """,
            """
              rabbitmq -> console   at least once: lines can repeat after a failure
              rabbitmq -> files     exactly once
            """);

    String ownTime = "time={idle: 30s}";
    assertThat(execute(with(validate, ownTime))).isEqualTo(0);
    assertThat(out.toString())
        .contains(
            "time      the timestamp of each message; of one without, as from MQTT, the moment when"
                + " it is read\n");

    validate[5] = "es";
    assertThat(execute(with(validate, ownTime))).isEqualTo(0);
    assertThat(out.toString()).contains("la marca de tiempo de cada mensaje; si no la lleva");
    assertThat(
            execute(
                with(
                    validate,
                    "source.rabbitmq.bindings=[{exchange: x, routing-keys: [a, b]}]",
                    "--set",
                    "source.rabbitmq.queues=[q]")))
        .isEqualTo(0);
    assertThat(out.toString())
        .contains("enlazada a", "x / a, b", "como mucho", "500 mensajes/s de cada cola");
  }

  @Test
  void whatAJobListensToItselfIsLookedAtBeforeItStarts() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String source = "source={capture: {http: {port: " + taken.getLocalPort() + "}}}";
      assertThat(execute("run", config.toString(), "--set", source)).isEqualTo(3);
      assertThat(err.toString())
          .contains(
              "source.capture: 127.0.0.1:" + taken.getLocalPort() + ": Address already in use");
      assertThat(ran).isEmpty();

      String[] validate = {"validate", config.toString(), "--language", "en", "--set", source};
      assertThat(execute(validate)).isEqualTo(0);
      assertThat(out.toString())
          .contains("  reads    capture: http 127.0.0.1:" + taken.getLocalPort() + "\n")
          .contains(
              "  http                 at least once: an answer 200 comes with the checkpoint");

      ownProcess = false;
      assertThat(execute("run", config.toString(), "--set", source)).isEqualTo(2);
      assertThat(err.toString()).contains("source.capture listens and follows on this machine");
    }
  }

  private static String[] with(String[] arguments, String... more) {
    return Stream.of(arguments, more).flatMap(Arrays::stream).toArray(String[]::new);
  }

  @Test
  void theDocumentationShowsWhatValidateSays() throws IOException {
    String example = "examples/flows-kafka.yaml";
    assertThat(execute("validate", "../" + example, "--language", "en")).isEqualTo(0);
    assertThat(Files.readString(Path.of("../docs/command-line.md")))
        .contains("$ ./atalaya validate " + example + "\n" + out + "```");
  }

  @Test
  void validateSaysWhatKafkaGuaranteesAndRefusesWhatItDoesNotAllow() throws IOException {
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    String sink = "sinks=[{kafka: {servers: '127.0.0.1:" + port + "'%s}}]";
    String once = sink.formatted(", transaction-prefix: p, transaction-timeout: %s");

    assertThat(validate(sink.formatted(""))).isEqualTo(0);
    assertThat(out.toString()).contains("files -> kafka   at least once: alerts can repeat");
    assertThat(validate(once.formatted("15m"))).isEqualTo(0);
    assertThat(out.toString()).contains("files -> kafka   exactly once, for readers of committed");
    assertThat(validate(once.formatted("16m"))).isEqualTo(2);
    assertThat(err.toString())
        .contains(
            "sinks[0].kafka.transaction-timeout: 16m is more than 15m, which Kafka at 127.0.0.1:")
        .contains("none answers");

    assertThat(execute("run", config.toString(), "--set", once.formatted("15m"))).isEqualTo(3);
    assertThat(err.toString()).contains("sinks[0].kafka.servers: no broker answers at 127.0.0.1:");
    assertThat(ran).isEmpty();
  }

  private int validate(String setting) {
    return execute("validate", config.toString(), "--language", "en", "--set", setting);
  }

  @Test
  void validateSpeaksSpanish() {
    assertThat(execute("validate", config.toString(), "--language", "es")).isEqualTo(0);
    assertThat(out.toString())
        .contains("La configuración flows está bien", "22.795 claves", "0,5")
        .contains("Garantías");
  }

  @Test
  void helpNamesTheCommandsAndTheExitCodes() {
    assertThat(execute("--help")).isEqualTo(0);
    assertThat(out.toString())
        .contains("run", "validate", "demo", "Exit codes:", "5   a broker refused");
    assertThat(execute("run", "--help")).isEqualTo(0);
    assertThat(execute("--version")).isEqualTo(0);
    assertThat(out.toString()).containsPattern("atalaya \\d+\\.\\d+");
  }

  @Test
  void insideAnotherProcessAFailureIsThrownAndNothingExits() {
    // This test is that other process: System.exit would end the test run.
    assertThatThrownBy(() -> Main.main(new String[] {"run"}))
        .isInstanceOf(Main.CommandFailedException.class)
        .hasMessageContaining("exit code 2");
  }
}
