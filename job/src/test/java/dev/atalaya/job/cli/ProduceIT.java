package dev.atalaya.job.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.GetResponse;
import dev.atalaya.connectors.Decoder;
import dev.atalaya.connectors.Payload;
import dev.atalaya.connectors.kafka.KafkaSources;
import dev.atalaya.connectors.kafka.KafkaWriter;
import dev.atalaya.connectors.rabbitmq.RabbitMqSources;
import dev.atalaya.fixtures.KafkaBroker;
import dev.atalaya.fixtures.NaughtyStrings;
import dev.atalaya.fixtures.RabbitMqBroker;
import dev.atalaya.job.config.ConfigLoader;
import dev.atalaya.job.config.SourceConfig;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Real brokers receive exactly what is in the file, with ids, and say so. */
@Timeout(240)
class ProduceIT {

  private static final String REST =
      """
      format: { lines: {} }
      detectors: [ { name: d, key: [line], hitters: { count: 1 } } ]
      """;

  private static KafkaBroker kafka;
  private static RabbitMqBroker rabbitMq;

  @TempDir private Path dir;
  private final StringWriter err = new StringWriter();
  private final Map<String, String> env = new HashMap<>();

  @BeforeAll
  static void startBrokers() {
    kafka = KafkaBroker.start();
    rabbitMq = RabbitMqBroker.start();
  }

  @AfterAll
  static void stopBrokers() {
    kafka.close();
    rabbitMq.close();
  }

  private int produce(Path config, String... arguments) {
    CommandLine commandLine =
        AtalayaCommand.create(
            new CommandContext((job, from) -> OptionalLong.empty(), env, false, false));
    commandLine.setErr(new PrintWriter(err));
    List<String> all = new ArrayList<>(List.of("produce", config.toString(), "--language", "en"));
    all.addAll(List.of(arguments));
    return commandLine.execute(all.toArray(String[]::new));
  }

  private Path ofKafka(String topic) throws IOException {
    return config(
        "source: { kafka: { servers: '%s', topics: [%s], end: latest } }\n"
            .formatted(kafka.servers(), topic));
  }

  private Path ofRabbitMq(String queue) throws IOException {
    env.put("RABBITMQ_PASSWORD", rabbitMq.password());
    return config(
        """
        source:
          rabbitmq:
            servers: 'localhost:%d'
            username: %s
            password: ${RABBITMQ_PASSWORD}
            queues: [%s]
            declare: { durable: true }
            id: correlation-id
            prefetch: 10000
        checkpoint: { interval: 1s }
        """
            .formatted(rabbitMq.port(), rabbitMq.username(), queue));
  }

  private Path config(String source) throws IOException {
    return Files.writeString(dir.resolve("job.yaml"), source + REST);
  }

  private SourceConfig source(Path config) {
    return ConfigLoader.load(config, env, List.of(), warning -> {}).source();
  }

  // ---- naughty strings ----

  @Test
  void everyByteComesThroughKafkaIntoTheJob() throws Exception {
    kafka.createTopic("naughty", 3);
    Path config = ofKafka("naughty");
    Path file = dir.resolve("naughty.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
      out.write(naughtyLines());
    }
    assertThat(produce(config, "--input", file.toString())).isEqualTo(0);
    assertThat(err.toString()).contains("515 events in ", "; the broker confirmed all 515.");

    Map<String, String> stored = new TreeMap<>();
    for (ConsumerRecord<byte[], byte[]> record : records("naughty", 3)) {
      byte[] id = record.headers().lastHeader(KafkaWriter.ID_HEADER).value();
      stored.put(new String(id, StandardCharsets.UTF_8), hex(record.value()));
    }
    assertThat(stored).isEqualTo(naughtyById("naughty.gz"));

    StreamExecutionEnvironment flink = StreamExecutionEnvironment.createLocalEnvironment(1);
    List<String> read =
        flink
            .fromSource(
                KafkaSources.create(((SourceConfig.Kafka) source(config)).settings(), new ToHex()),
                WatermarkStrategy.noWatermarks(),
                "read",
                Types.STRING)
            .executeAndCollect(1000);
    assertThat(read).containsExactlyInAnyOrderElementsOf(naughtyById("x").values());
  }

  @Test
  void everyByteComesThroughRabbitMqIntoTheJob() throws Exception {
    Path config = ofRabbitMq("naughty");
    InputStream standardInput = System.in;
    try {
      System.setIn(new ByteArrayInputStream(naughtyLines()));
      assertThat(produce(config, "--input", "-", "--id-prefix", "n")).isEqualTo(0);
    } finally {
      System.setIn(standardInput);
    }
    assertThat(err.toString()).contains("; the broker confirmed all 515.");
    assertThat(rabbitMq.ready("naughty")).isEqualTo(515);

    StreamExecutionEnvironment flink = StreamExecutionEnvironment.createLocalEnvironment(1);
    flink.enableCheckpointing(1000);
    List<String> read =
        RabbitMqSources.read(
                flink,
                ((SourceConfig.RabbitMq) source(config)).settings(),
                new ToHex(),
                WatermarkStrategy.noWatermarks())
            .executeAndCollect(515);
    assertThat(read)
        .containsExactlyElementsOf(NaughtyStrings.all().stream().map(ProduceIT::hex).toList());
  }

  private static byte[] naughtyLines() {
    ByteArrayOutputStream lines = new ByteArrayOutputStream();
    for (byte[] line : NaughtyStrings.all()) {
      lines.writeBytes(line);
      lines.write('\n');
    }
    return lines.toByteArray();
  }

  private static Map<String, String> naughtyById(String prefix) {
    List<byte[]> all = NaughtyStrings.all();
    Map<String, String> byId = new TreeMap<>();
    IntStream.range(0, all.size()).forEach(i -> byId.put(prefix + "-" + (i + 1), hex(all.get(i))));
    return byId;
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }

  private static final class ToHex implements Decoder<String> {
    @Override
    public void open() {}

    @Override
    public void decode(Payload payload, RecordOutput<String> out) {
      int end = payload.offset + payload.length;
      out.emit(HexFormat.of().formatHex(payload.bytes, payload.offset, end));
    }

    @Override
    public TypeInformation<String> producedType() {
      return Types.STRING;
    }
  }

  private static List<ConsumerRecord<byte[], byte[]>> records(String topic, int partitions) {
    Map<String, Object> client = Map.of("bootstrap.servers", kafka.servers());
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(client, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      List<TopicPartition> all =
          IntStream.range(0, partitions).mapToObj(p -> new TopicPartition(topic, p)).toList();
      consumer.assign(all);
      consumer.seekToBeginning(all);
      long stored = consumer.endOffsets(all).values().stream().mapToLong(end -> end).sum();
      while (records.size() < stored) {
        consumer.poll(Duration.ofSeconds(1)).forEach(records::add);
      }
    }
    return records;
  }

  // ---- ids, confirmations, outages ----

  @Test
  void theSampleStreamIsConfirmedToTheLastEvent() throws Exception {
    kafka.createTopic("sample", 2);
    assertThat(produce(ofKafka("sample"), "--sample", "30000", "--seed", "3")).isEqualTo(0);
    List<ConsumerRecord<byte[], byte[]>> records = records("sample", 2);
    List<String> lines = new ArrayList<>();
    new SampleStream(30_000, 3).forEachLine(lines::add);
    assertThat(records).hasSize(lines.size());
    assertThat(
            records.stream()
                .map(
                    r ->
                        new String(
                            r.headers().lastHeader("message-id").value(), StandardCharsets.UTF_8))
                .distinct())
        .hasSize(lines.size())
        .contains("sample-3-1", "sample-3-" + lines.size());
  }

  @Test
  void aBrokerThatIsKilledIsWaitedForAndNothingIsLost() throws Exception {
    Path config = ofRabbitMq("outage");
    Numbers numbers = new Numbers();
    InputStream standardInput = System.in;
    try {
      System.setIn(numbers);
      CompletableFuture<Integer> producing =
          CompletableFuture.supplyAsync(
              () -> produce(config, "--input", "-", "--id-prefix", "numbers", "--rate", "1000"));
      await().atMost(Duration.ofSeconds(60)).until(() -> readyOrNone("outage") > 1000);
      rabbitMq.kill();
      await().atMost(Duration.ofSeconds(60)).until(() -> err.toString().contains("; waiting"));
      rabbitMq.restart();
      await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> err.toString().contains("It is there again."));
      numbers.ended = true;
      assertThat(producing.get()).as(() -> err.toString()).isEqualTo(0);
    } finally {
      System.setIn(standardInput);
    }
    assertThat(err.toString())
        .contains("%,d events in ".formatted(numbers.last))
        .contains("; the broker confirmed all %,d.".formatted(numbers.last));

    // At least once: an id may be there twice, none may be missing, and an id is always of its
    // line.
    Map<String, String> stored = new HashMap<>();
    try (var connection = rabbitMq.newConnection()) {
      var channel = connection.createChannel();
      GetResponse message = channel.basicGet("outage", true);
      while (message != null) {
        assertThat(message.getProps().getMessageId())
            .isEqualTo(message.getProps().getCorrelationId());
        stored.put(
            message.getProps().getMessageId(),
            new String(message.getBody(), StandardCharsets.UTF_8));
        message = channel.basicGet("outage", true);
      }
    }
    assertThat(stored).hasSize(numbers.last);
    stored.forEach((id, body) -> assertThat(id).isEqualTo("numbers-" + body));
  }

  /** Counts from 1, a line each, until it is ended: it is never at its end before a broker is. */
  private static final class Numbers extends InputStream {
    private volatile boolean ended;
    private int last;
    private byte[] line = {};
    private int at;

    @Override
    public int read() {
      if (at == line.length) {
        if (ended) {
          return -1;
        }
        last++;
        line = "%d%n".formatted(last).getBytes(StandardCharsets.UTF_8);
        at = 0;
      }
      return line[at++];
    }

    /** One byte: whoever reads is not ahead of what is written. */
    @Override
    public int read(byte[] bytes, int offset, int length) {
      int next = read();
      if (next < 0) {
        return -1;
      }
      bytes[offset] = (byte) next;
      return 1;
    }
  }

  @Test
  void aQueueThatIsDeletedMeanwhileIsARefusal() throws Exception {
    Path config = ofRabbitMq("deleted");
    CompletableFuture<Integer> producing = produceNumbers(config, 600_000);
    await().atMost(Duration.ofSeconds(60)).until(() -> readyOrNone("deleted") > 100);
    rabbitMq.ctl("delete_queue", "deleted");
    assertThat(producing.get()).isEqualTo(ExitCode.BROKER_REFUSED);
    assertThat(err.toString())
        .contains("RabbitMQ at localhost:" + rabbitMq.port() + " has no queue deleted any more");
  }

  /** In the background, a thousand lines a second. */
  private CompletableFuture<Integer> produceNumbers(Path config, int count) throws IOException {
    String file = numbers(count);
    return CompletableFuture.supplyAsync(() -> produce(config, "--input", file, "--rate", "1000"));
  }

  /** A file of that many lines. */
  private String numbers(int count) throws IOException {
    Path file = dir.resolve("numbers");
    Files.write(file, IntStream.rangeClosed(1, count).mapToObj(Integer::toString).toList());
    return file.toString();
  }

  private static long readyOrNone(String queue) {
    try {
      return rabbitMq.ready(queue);
    } catch (RuntimeException e) {
      return 0; // not declared yet
    }
  }

  /** 50 MB, more than the client's buffer holds, in far fewer than 5,000 messages. */
  @Test
  void aClientWithAFullBufferSaysThatItWaits() throws Exception {
    kafka.createTopic("large", 1);
    Path config = ofKafka("large");
    Path file = dir.resolve("large.gz");
    byte[] line = ("x".repeat(500_000) + "\n").getBytes(StandardCharsets.UTF_8);
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
      for (int i = 0; i < 100; i++) {
        out.write(line);
      }
    }
    CompletableFuture<Integer> producing =
        CompletableFuture.supplyAsync(
            () -> produce(config, "--input", file.toString(), "--rate", "20"));
    await().atMost(Duration.ofSeconds(60)).until(() -> !records("large", 1).isEmpty());
    kafka.pause();
    try {
      await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> err.toString().contains(" does not confirm; waiting"));
    } finally {
      kafka.resume();
    }
    assertThat(producing.get()).isEqualTo(0);
    assertThat(err.toString()).contains("It is there again.", "; the broker confirmed all 100.");
    assertThat(records("large", 1)).hasSize(100);
  }

  @Test
  void aBrokerThatTakesNoMessagesForNowIsWaitedFor() throws Exception {
    Path config = ofRabbitMq("alarm");
    String file = numbers(3000);
    CompletableFuture<Integer> producing;
    rabbitMq.ctl("set_vm_memory_high_watermark", "0");
    try {
      producing = CompletableFuture.supplyAsync(() -> produce(config, "--input", file));
      await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> err.toString().contains(" takes no messages: low on memory; waiting"));
    } finally {
      rabbitMq.ctl("set_vm_memory_high_watermark", "0.4");
    }
    assertThat(producing.get()).isEqualTo(0);
    assertThat(err.toString()).contains("It is there again.", "; the broker confirmed all 3,000.");
    assertThat(rabbitMq.ready("alarm")).isEqualTo(3000);
  }

  @Test
  void aProcessToldToEndSaysWhatIsConfirmed() throws Exception {
    kafka.createTopic("ended", 1);
    Path log = dir.resolve("log");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "produce",
                ofKafka("ended").toString(),
                "--input",
                "-",
                "--language",
                "es")
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    try {
      // Standard input stays open: the command waits for more.
      process.getOutputStream().write("a\nb\nc\n".getBytes(StandardCharsets.UTF_8));
      process.getOutputStream().flush();
      await().atMost(Duration.ofSeconds(90)).until(() -> records("ended", 1).size() == 3);
      process.destroy();
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    } finally {
      process.destroyForcibly();
    }
    assertThat(Files.readString(log)).contains("3 eventos en ", "los confirmó todos: 3.");
  }

  @Test
  void whatABrokerRefusesHasAnExitCodeOfItsOwn() throws Exception {
    Path input = Files.writeString(dir.resolve("one"), "1\n");
    assertThat(produce(ofKafka("nowhere"), "--input", input.toString()))
        .isEqualTo(ExitCode.BROKER_REFUSED);
    assertThat(err.toString()).contains(kafka.servers(), "nowhere");

    Path config = ofRabbitMq("any");
    env.put("RABBITMQ_PASSWORD", "wrong");
    assertThat(produce(config, "--input", input.toString())).isEqualTo(ExitCode.BROKER_REFUSED);
    assertThat(err.toString()).contains("localhost:" + rabbitMq.port(), "password");
  }

  @Test
  void anIdThatAmqpHasNoRoomForIsRefusedBeforeAnythingIsSent() throws Exception {
    Path config = ofRabbitMq("long-ids");
    Path fits = Files.writeString(dir.resolve("f".repeat(235)), "1\n");
    assertThat(produce(config, "--input", fits.toString())).isEqualTo(0);
    Path longer = Files.writeString(dir.resolve("f".repeat(236)), "1\n");
    assertThat(produce(config, "--input", longer.toString())).isEqualTo(ExitCode.REFUSED);
    assertThat(err.toString())
        .contains(
            "--id-prefix is needed: the file's name must be at most 235 bytes long for ids, got"
                + " 236");
    assertThat(produce(config, "--input", longer.toString(), "--id-prefix", "\u00f1".repeat(118)))
        .isEqualTo(ExitCode.REFUSED);
    assertThat(rabbitMq.ready("long-ids")).isEqualTo(1);
  }

  @Test
  void whatIsMissingIsNamed() throws Exception {
    Path config = ofKafka("any");
    assertThat(produce(config, "--input", dir.resolve("absent").toString()))
        .isEqualTo(ExitCode.ENVIRONMENT);
    assertThat(err.toString()).contains("--input: there is no file ");
    assertThat(produce(config)).isEqualTo(ExitCode.REFUSED);
    assertThat(produce(config, "--input", "a", "--sample", "30000")).isEqualTo(ExitCode.REFUSED);
    assertThat(produce(config, "--sample", "30000", "--rate", "-1")).isEqualTo(ExitCode.REFUSED);
    assertThat(produce(config, "--sample", "30000", "--rate", "0")).isEqualTo(ExitCode.REFUSED);
    assertThat(err.toString()).contains("--rate must be above 0 and at most 10000000, got 0.0");
    assertThat(produce(config, "--sample", "30000", "--topic", "other"))
        .isEqualTo(ExitCode.REFUSED);
  }
}
