package dev.atalaya.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.atalaya.fixtures.FlinkCluster;
import dev.atalaya.fixtures.KafkaBroker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Rules that change through a topic while events flow, TaskManagers are killed as {@code kill -9}
 * does, and the job is stopped with a savepoint and started again: every window is judged by one
 * version, and as that version says.
 */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class RulesChangeIT {

  private static final Logger LOG = LoggerFactory.getLogger(RulesChangeIT.class);

  private static final Path JAR = Path.of("target/atalaya-job-0.1.0-cluster.jar").toAbsolutePath();
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final List<String> TOPICS = List.of("alerts", "reports", "dead-letters");
  private static final String RULES = "rules";

  /** The group that the job reads the rules with. */
  private static final String RULES_GROUP = "atalaya-rules";

  /** Six windows between one disturbance and the next. */
  private static final int EVENTS = 8_400;

  private static final int SECONDS = 84;

  /** What a key must reach, less the version of the rules. */
  private static final Map<String, Integer> FLOORS =
      Map.of("sources", 20_000, "destinations", 2, "pairs", 2);

  private enum Disturbance {
    NEW_RULES,
    REFUSED_RULES,
    KILL,
    RESTART
  }

  private static final List<Disturbance> DISTURBANCES =
      List.of(
          Disturbance.NEW_RULES,
          Disturbance.KILL,
          Disturbance.NEW_RULES,
          Disturbance.REFUSED_RULES,
          Disturbance.RESTART,
          Disturbance.NEW_RULES);

  @TempDir Path work;

  @Test
  void everyWindowIsJudgedByOneVersionAndAsItSays() throws Exception {
    FlowStream flows = new FlowStream(EVENTS, SECONDS, 41);
    List<String> documents = disturbed(flows);
    List<String> refused = new ArrayList<>(documents);
    refused.removeIf(document -> !document.contains("\"rules-refused\""));
    documents.removeAll(refused);
    OutputFiles output = OutputFiles.of(documents);
    OutputFiles plain = undisturbed(flows, "");

    Accounts.assertExact(flows, output);
    assertThat(refused).hasSize(1).allMatch(letter -> letter.contains("what 'pairs' adds up"));
    NavigableSet<Long> versions = new TreeSet<>();
    for (String detector : FlowStream.DETECTORS) {
      assertThat(output.reports(detector).keySet()).isEqualTo(plain.reports(detector).keySet());
      versions.addAll(assertJudged(detector, output, plain));
    }
    LOG.info("{} documents, judged by the versions {}", documents.size(), versions);
    assertThat(versions).first().isEqualTo(1L);
    assertThat(versions).last().isEqualTo(4L);
    assertThat(versions.size()).isGreaterThan(2);
  }

  @Test
  void aFileThatIsThereAtTheStartJudgesABoundedInputFromItsFirstWindow() throws Exception {
    FlowStream flows = new FlowStream(8_000, 20, 43);
    Path rules = Files.writeString(work.resolve("rules.yaml"), detectors(2));
    OutputFiles output = undisturbed(flows, "rules: { file: \"" + rules + "\" }");
    Accounts.assertExact(flows, output);
    for (String detector : FlowStream.DETECTORS) {
      assertThat(output.reports(detector).values())
          .hasSize((int) flows.windows(2_000))
          .allMatch(report -> report.at("/rule/version").asText().equals("2"))
          .allMatch(
              report ->
                  report.at("/Atalaya/hitters/threshold").asLong() == FLOORS.get(detector) + 2);
    }
  }

  /** All versions that judged windows of a detector. */
  private static NavigableSet<Long> assertJudged(
      String detector, OutputFiles output, OutputFiles plain) {
    NavigableSet<Long> versions = new TreeSet<>();
    output
        .reports(detector)
        .forEach(
            (start, report) -> {
              long version = report.at("/rule/version").asLong();
              long threshold = FLOORS.get(detector) + version;
              if (!versions.isEmpty()) {
                assertThat(version)
                    .as("version at " + start)
                    .isGreaterThanOrEqualTo(versions.last());
              }
              versions.add(version);
              assertThat(report.at("/Atalaya/hitters/threshold").asLong()).isEqualTo(threshold);
              assertThat(report.at("/Atalaya/changers/threshold").asLong()).isEqualTo(threshold);
              String hash = report.at("/Atalaya/config_hash").asText();
              for (String action : List.of("heavy_hitter", "heavy_changer")) {
                List<JsonNode> alerts = at(start, output.alerts(detector, action));
                assertThat(alerts)
                    .allMatch(alert -> alert.at("/rule/version").asLong() == version)
                    .allMatch(alert -> alert.at("/Atalaya/threshold").asLong() == threshold)
                    .allMatch(alert -> alert.at("/Atalaya/config_hash").asText().equals(hash));
                String magnitude = action.equals("heavy_hitter") ? "actual" : "delta";
                assertThat(findings(alerts, magnitude, threshold))
                    .as(detector + " " + action + " at " + start)
                    .isEqualTo(
                        findings(at(start, plain.alerts(detector, action)), magnitude, threshold))
                    .hasSize(alerts.size());
              }
            });
    return versions;
  }

  private static List<JsonNode> at(long start, Map<Long, List<JsonNode>> alerts) {
    return alerts.getOrDefault(start, List.of());
  }

  /** Keys and values of the alerts that reach a threshold. */
  private static List<String> findings(List<JsonNode> alerts, String magnitude, long threshold) {
    return alerts.stream()
        .map(alert -> alert.at("/Atalaya"))
        .filter(own -> own.path(magnitude).asLong() >= threshold)
        .map(own -> own.path("key").asText() + " " + own.path(magnitude).asLong())
        .sorted()
        .toList();
  }

  private List<String> disturbed(FlowStream flows) throws Exception {
    try (KafkaBroker broker = KafkaBroker.start();
        FlinkCluster cluster = FlinkCluster.start(2)) {
      broker.createTopic(FlowStream.TOPIC, FlowStream.PARTITIONS);
      broker.createTopic(RULES, 1);
      TOPICS.forEach(topic -> broker.createTopic(topic, 1));
      Path config = config(broker);
      String job = cluster.submit(List.of("-p", "2"), JAR, "run", config.toString());
      int version = 1;
      int documents = 0;
      int produced = 0;
      try (CommittedReader reader = new CommittedReader(broker, partitions())) {
        for (Disturbance disturbance : DISTURBANCES) {
          int next = produced + EVENTS / (DISTURBANCES.size() + 1);
          flows.produceTo(broker, produced, next);
          // Part of it is behind a checkpoint, the rest is under way.
          broker.awaitCommitted("disturbed", (produced + next) / 2, PATIENCE);
          produced = next;
          LOG.info("{} at {} events", disturbance, produced);
          switch (disturbance) {
            case NEW_RULES -> {
              version++;
              documents++;
              broker.produce(RULES, 0, detectors(version));
              // The gate sends with the checkpoint that has them. (Its metric would not be told for
              // 20 s after a kill.)
              broker.awaitCommitted(RULES_GROUP, documents, PATIENCE);
            }
            case REFUSED_RULES -> {
              documents++;
              broker.produce(RULES, 0, detectors(99).replace("slices: 4", "slices: 2"));
            }
            case KILL -> {
              cluster.killTaskManager(cluster.taskManagerOf(job));
              cluster.startTaskManager();
            }
            case RESTART -> {
              String savepoint = cluster.stop(job);
              List<String> restored = List.of("-p", "1", "-s", savepoint);
              job = cluster.submit(restored, JAR, "run", config.toString());
            }
          }
        }
        flows.produceTo(broker, produced, EVENTS);
        broker.awaitCommitted("disturbed", EVENTS, PATIENCE);
        cluster.drain(job, work.resolve("end"));
        return new ArrayList<>(reader.awaitEnd(broker, PATIENCE));
      }
    }
  }

  private static List<TopicPartition> partitions() {
    return TOPICS.stream().map(topic -> new TopicPartition(topic, 0)).toList();
  }

  private Path config(KafkaBroker broker) throws IOException {
    String sink =
        "kafka: { servers: \""
            + broker.servers()
            + "\", alerts: alerts, reports: reports, dead-letters: dead-letters,"
            + " transaction-prefix: rules-change, transaction-timeout: 10m }";
    String rules =
        "rules: { kafka: { servers: \"" + broker.servers() + "\", topic: " + RULES + " } }";
    return Files.writeString(
        work.resolve("disturbed.yaml"),
        yaml("disturbed", FlowStream.kafka(broker, "disturbed", "start: earliest"), sink, rules));
  }

  /** The same stream from a file. */
  private OutputFiles undisturbed(FlowStream flows, String rules) throws Exception {
    Path input = work.resolve("flows.jsonl");
    flows.writeTo(input);
    Path output = work.resolve("undisturbed");
    String sink = "files: { path: \"" + output + "\" }";
    TestRuns.run(yaml("undisturbed", "files: { path: \"" + input + "\" }", sink, rules));
    return OutputFiles.read(output);
  }

  /** While the next events are held back, the wall clock must not close a window. */
  private String yaml(String name, String source, String sink, String rules) {
    return String.join(
        "\n",
        "name: " + name,
        "source: { " + source + " }",
        "format: { json: { fields: { dst: { type: ip, optional: true } } } }",
        "time: { field: ts, unit: ms, out-of-orderness: 2s, idle: 1h }",
        detectors(1),
        "sinks: [ { " + sink + " } ]",
        rules,
        "checkpoint: { interval: 500ms, dir: \"" + work.resolve(name + "-checkpoints") + "\" }");
  }

  /** The same in all versions but for the thresholds. */
  private static String detectors(int version) {
    return String.join(
        "\n",
        "detectors:",
        detector("sources", "key: [src], weight: bytes", version),
        detector("destinations", "key: [dst], filter: { proto: \"17\" }", version),
        detector("pairs", "key: [src, dst], slices: 4", version));
  }

  private static String detector(String name, String sketch, int version) {
    int threshold = FLOORS.get(name) + version;
    return String.format(
        Locale.ROOT,
        "  - { name: %s, %s, window: 2s, max-alerts: 10000, hitters: { count: %d },"
            + " changers: { delta: %d } }",
        name,
        sketch,
        threshold,
        threshold);
  }
}
