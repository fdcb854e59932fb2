package dev.atalaya.job;

import dev.atalaya.fixtures.KafkaBroker;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.TreeSet;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * A seeded stream of network flows in a few partitions of Kafka, or as many queues of RabbitMQ,
 * with records of every fate but late: events (some without a field that a detector needs), skewed
 * ones, malformed ones.
 *
 * <p>Each partition is in order within 1.5 s, less than the out-of-orderness of the configuration,
 * so no event is late however the partitions are read. Skewed events are of the year 2090.
 */
final class FlowStream {

  static final String TOPIC = "flows";
  static final int PARTITIONS = 3;

  /** A multiple of every window's length. */
  static final long START = Instant.parse("2024-05-01T10:00:00Z").toEpochMilli();

  private static final long YEAR_2090 = Instant.parse("2090-01-01T00:00:00Z").toEpochMilli();
  private static final int JITTER_MILLIS = 1500;
  private static final int SOURCES = 2000;

  private static final String[] MALFORMED = {
    "",
    "{\"ts\":17",
    "[1,2]",
    "{\"src\":\"10.0.0.1\",\"dst\":\"192.0.2.1\",\"bytes\":1}",
    "{\"ts\":1714557600000,\"src\":\"10.0.0.1\",\"bytes\":-1}",
    "not JSON at all"
  };

  private final List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
  private final int partitions;
  private final TreeSet<Long> times = new TreeSet<>();
  private long skewed;
  private long rejected;

  /**
   * @param seconds of event time that the records are spread over
   */
  FlowStream(int records, int seconds, long seed) {
    this(records, seconds, seed, PARTITIONS);
  }

  FlowStream(int records, int seconds, long seed, int partitions) {
    this.partitions = partitions;
    Random random = new Random(seed);
    for (int i = 0; i < records; i++) {
      long second = (long) i * seconds / records;
      long time = START + (long) i * seconds * 1000 / records + random.nextInt(JITTER_MILLIS);
      int fate = random.nextInt(1000);
      if (fate < 5) {
        add(random, MALFORMED[random.nextInt(MALFORMED.length)]);
        rejected++;
      } else if (fate < 8) {
        add(random, flow(YEAR_2090 + i, random, second, seconds));
        skewed++;
      } else {
        add(random, flow(time, random, second, seconds));
        times.add(time);
      }
    }
  }

  private void add(Random random, String value) {
    records.add(
        new ProducerRecord<>(
            TOPIC,
            random.nextInt(partitions),
            null,
            value.isEmpty() ? null : value.getBytes(StandardCharsets.UTF_8)));
  }

  /** A few sources send most; one floods in the second third, one falls silent at the half. */
  private static String flow(long time, Random random, long second, int seconds) {
    int rank = (int) Math.pow(SOURCES, random.nextDouble());
    String source = "10.0." + rank / 250 + "." + rank % 250;
    int bytes = 40 + random.nextInt(1400);
    if (random.nextInt(10) == 0 && second * 3 / seconds == 1) {
      source = "203.0.113.66";
      bytes = 100_000;
    } else if (random.nextInt(10) == 0 && second * 2 < seconds) {
      source = "198.51.100.7";
    }
    String destination =
        random.nextInt(30) == 0 ? "" : ",\"dst\":\"192.0.2." + random.nextInt(20) + "\"";
    return String.format(
        Locale.ROOT,
        "{\"ts\":%d,\"src\":\"%s\"%s,\"proto\":\"%d\",\"bytes\":%d}",
        time,
        source,
        destination,
        random.nextInt(3) == 0 ? 17 : 6,
        bytes);
  }

  /** Creates the topic and appends all records. */
  void produceTo(KafkaBroker broker) {
    broker.createTopic(TOPIC, partitions);
    broker.produce(records);
  }

  /**
   * Creates the topic and appends the first half; the rest is held back, so that there is a middle.
   */
  void produceFirstHalfTo(KafkaBroker broker) {
    broker.createTopic(TOPIC, partitions);
    broker.produce(records.subList(0, records.size() / 2));
  }

  void produceSecondHalfTo(KafkaBroker broker) {
    broker.produce(records.subList(records.size() / 2, records.size()));
  }

  /** Appends the records from one to another; the topic must exist. */
  void produceTo(KafkaBroker broker, int from, int to) {
    broker.produce(records.subList(from, to));
  }

  /** The values of a partition, in order. */
  List<String> values(int partition) {
    return records.stream()
        .filter(record -> record.partition() == partition)
        .map(FlowStream::text)
        .toList();
  }

  /** One to a line, in the order of all partitions. */
  void writeTo(Path file) throws IOException {
    Files.write(file, records.stream().map(FlowStream::text).toList());
  }

  private static String text(ProducerRecord<byte[], byte[]> record) {
    return record.value() == null ? "" : new String(record.value(), StandardCharsets.UTF_8);
  }

  long received() {
    return records.size();
  }

  long skewed() {
    return skewed;
  }

  long rejected() {
    return rejected;
  }

  long counted() {
    return received() - skewed - rejected;
  }

  /** The start of the window that the newest event is in. */
  long lastWindow(long windowMillis) {
    return times.last() / windowMillis * windowMillis;
  }

  /** How many windows there are from the first event to the last. */
  long windows(long windowMillis) {
    return (lastWindow(windowMillis) - START) / windowMillis + 1;
  }

  /**
   * A configuration that reads the stream from Kafka.
   *
   * @param read how to read, such as {@code end: latest}
   * @param roll after which a file is closed, such as {@code 1s}
   * @param more whatever else, one setting a line
   */
  static String yaml(
      KafkaBroker broker, String group, String read, Path out, String roll, String... more) {
    return yaml(kafka(broker, group, read), out, roll, more);
  }

  /** The stream as a source in Kafka. */
  static String kafka(KafkaBroker broker, String group, String read) {
    return "kafka: { servers: \""
        + broker.servers()
        + "\", topics: ["
        + TOPIC
        + "], group: "
        + group
        + ", "
        + read
        + " }";
  }

  /**
   * A configuration that asks four questions of the stream: by bytes and by events, with a filter,
   * over keys in slices, with an optional field, over another length of windows.
   *
   * @param source where the stream is
   * @param roll after which a file is closed, such as {@code 1s}
   * @param more whatever else, one setting a line
   */
  static String yaml(String source, Path out, String roll, String... more) {
    return yamlTo("files: { path: \"" + out + "\", roll: " + roll + " }", source, more);
  }

  /** As {@link #yaml(String, Path, String, String...)}, to any sink. */
  static String yamlTo(String sink, String source, String... more) {
    return String.join(
        "\n",
        "source: { " + source + " }",
        "format: { json: { fields: { dst: { type: ip, optional: true } } } }",
        "detectors:",
        "  - name: sources",
        "    key: [src]",
        "    weight: bytes",
        "    hitters: { share: 2% }",
        "    changers: { share: 2%, ratio: 2 }",
        "  - name: destinations",
        "    key: [dst]",
        "    filter: { proto: \"17\" }",
        "    hitters: { count: 10 }",
        "    changers: { delta: 1 }",
        "  - name: pairs",
        "    key: [src, dst]",
        "    slices: 4",
        "    hitters: { share: 0.5% }",
        "    changers: { share: 0.1%, ratio: 2 }",
        "sinks: [ { " + sink + " } ]",
        String.join("\n", more),
        "");
  }

  static final List<String> DETECTORS = List.of("sources", "destinations", "pairs");
}
