package dev.atalaya.job.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atalaya.capture.follow.FollowSettings;
import dev.atalaya.capture.http.HttpSettings;
import dev.atalaya.capture.udp.UdpSettings;
import dev.atalaya.connectors.Secret;
import dev.atalaya.connectors.files.FileSinkSettings;
import dev.atalaya.connectors.kafka.KafkaSettings;
import dev.atalaya.connectors.kafka.KafkaSinkSettings;
import dev.atalaya.connectors.rabbitmq.RabbitMqSettings;
import dev.atalaya.connectors.rabbitmq.RabbitMqSettings.Binding;
import dev.atalaya.connectors.rabbitmq.RabbitMqSettings.Declare;
import dev.atalaya.connectors.rabbitmq.RabbitMqSettings.MessageId;
import dev.atalaya.connectors.rabbitmq.RabbitMqSettings.Tls;
import dev.atalaya.connectors.search.SearchSettings;
import dev.atalaya.job.Detectors;
import dev.atalaya.job.config.DetectorConfig.Allow;
import dev.atalaya.job.config.DetectorConfig.Also;
import dev.atalaya.job.config.DetectorConfig.Baseline;
import dev.atalaya.job.config.DetectorConfig.BaselineKind;
import dev.atalaya.job.config.DetectorConfig.Changers;
import dev.atalaya.job.config.DetectorConfig.Condition;
import dev.atalaya.job.config.DetectorConfig.Episodes;
import dev.atalaya.job.config.DetectorConfig.FirstSeen;
import dev.atalaya.job.config.DetectorConfig.Hitters;
import dev.atalaya.job.config.DetectorConfig.KeyGroup;
import dev.atalaya.job.config.DetectorConfig.Rollup;
import dev.atalaya.job.config.DetectorConfig.Sensitivity;
import dev.atalaya.job.config.DetectorConfig.Signals;
import dev.atalaya.job.config.DetectorConfig.Sleep;
import dev.atalaya.job.config.DetectorConfig.Spreaders;
import dev.atalaya.job.config.FormatConfig.Csv;
import dev.atalaya.job.config.FormatConfig.Grok;
import dev.atalaya.job.config.FormatConfig.Json;
import dev.atalaya.job.config.FormatConfig.Kind;
import dev.atalaya.job.config.FormatConfig.Limits;
import dev.atalaya.job.config.FormatConfig.Pairs;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DayOfWeek;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Every key there is: its default, another value for it, and its place in the documentation. */
class EveryKeyTest {

  private static final String KAFKA_AND_JSON =
      """
      name: flows-madrid
      source:
        kafka:
          servers: ["a:9092", "b:9093"]
          topic-pattern: flows-.*
          group: g
          start: 2026-08-26T10:00:00+02:00
          end: latest
          discovery: 5m
          on-lost-offsets: continue
          id: header
          security:
            protocol: sasl_ssl
            mechanism: SCRAM-SHA-512
            username: u
            password: p
            ca: ca.pem
            cert: cert.pem
            key: key.pem
          properties: { fetch.min.bytes: "1" }
      format:
        json:
          ndjson: true
          fields:
            src: { path: source.ip, type: ip, optional: true, allow-empty: true, normalize: nfc }
        charset: latin1
        compression: gzip
        lenient: true
        max-bytes: 2mb
        max-key-bytes: 2kb
        max-depth: 10
        max-fields: 20
        max-name-length: 30
        max-string-length: 40b
        max-number-length: 50
      time:
        field: ts
        broker-fallback: true
        unit: iso
        zone: Europe/Madrid
        year: 2016
        locale: es
        out-of-orderness: 1s
        idle: 2s
        max-ahead: 3s
      window: 1m
      detectors:
        - name: a
          key: [src, dst]
          weight: bytes
          signed: true
          filter: { proto: "6", flags: { not: ["2"] } }
          window: 2m
          lateness: 5s
          memory: 2mb
          slices: 4
          max-alerts: 7
          hitters: { share: 1%, count: 2 }
          changers: { share: 2%, delta: 100, ratio: 2.5, sensitivity: high, min: 9 }
          category: network
          contributors: { fields: [proto, flags], top: 3 }
          baseline: { kind: yesterday, half-life: 1h, keys: 50, warm-up: 4 }
          signals: { total: low, distinct-keys: medium, min-events: 7, silence: true }
          episodes:
            { open: 2, of: 3, close: 4, cooldown: 5m, growth: 1.5, notify: every, keys: 60 }
          allow: { src: [10.0.0.0/8, "a*"], proto: "17" }
          overrides:
            - where: { src: 192.0.2.0/24 }
              hitters: { share: 3%, count: 8 }
              changers: { share: 4%, delta: 5, ratio: 6, sensitivity: low, min: 7 }
          sleep: [ { days: [sat, sun], from: "22:00", to: "06:30", zone: Europe/Madrid } ]
        - name: b
          key: [src]
          distinct: [dst, dport]
          and: [ { weight: octets, rate: 8kbit/s }, { distinct: dport, count: 3 } ]
          rollup: { ipv4: [16, 24], ipv6: [48] }
          spreaders: { count: 100, ratio: 3, sensitivity: medium, min: 20 }
          first-seen: { count: 2, remember: 1d, keys: 5000 }
          signals: { entropy: high }
          overrides:
            - where: { src: 192.0.2.0/24 }
              spreaders: { count: 1, ratio: 2, sensitivity: high, min: 3 }
      ecs: { src: source.ip }
      labels: { site: lab }
      sinks:
        - files: { path: out/alerts, max-part: 1mb, roll: 1m }
        - kafka:
            servers: c:9092
            alerts: a
            reports: r
            dead-letters: d
            transaction-prefix: flows
            transaction-timeout: 10m
            security:
              protocol: sasl_ssl
              mechanism: PLAIN
              username: u
              password: p
              ca: ca.pem
              cert: cert.pem
              key: key.pem
            properties: { compression.type: zstd }
        - elasticsearch:
            url: [ "HTTPS://a:9200/", "https://b/es/" ]
            alerts: a
            reports: r
            dead-letters: d
            username: u
            password: p
            tls: { ca: ca.pem }
            batch: { documents: 100, size: 1mb, age: 2s, requests: 4 }
            timeout: 1m
        - opensearch:
            url: "https://c:9200"
            alerts: b
            reports: s
            dead-letters: e
            api-key: k
            tls: { fingerprint: "AB:cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd" }
        - console: { language: es, color: true }
      parallelism: 2
      checkpoint: { interval: 20s, dir: "file:///var/lib/atalaya/checkpoints" }
      seed: 000102030405060708090a0b0c0d0e0f
      """;

  private static final String FILES_AND_CSV =
      """
      source:
        files: { path: data, watch: 10s }
      format:
        csv:
          separator: ;
          columns: [ts, src]
          multiline: true
          fields: { s: { path: src, type: ip } }
      time: { field: ts }
      detectors:
        - { name: a, key: [s], hitters: { rate: 3/m }, rollup: { path: 4 }, overrides: [
            { where: { s: "x*" }, hitters: { rate: 600/h } } ] }
      rules: { file: "s3://lab/rules.yaml", check: 2s }
      """;

  private static final String TOPICS =
      """
      source: { kafka: { servers: "a:1", topics: [t, u] } }
      format: { combined-log: { fields: { host: { path: src } } } }
      detectors: [{ name: a, key: [host], hitters: { count: 1 } }]
      """;

  private static final String LISTENING =
      """
      source:
        capture:
          http:
            bind: 0.0.0.0
            port: 8443
            tls: { cert: c.pem, key: k.pem }
            keys: [ { key: secret, providers: [rec] } ]
            id-field: id
            max-body: 1mb
            max-connections: 9
            request-timeout: 2s
            confirm-timeout: 3s
          udp:
            - { bind: 127.0.0.2, port: 2055, content: lines, receive-buffer: 1mb, waiting: 2mb }
          follow: { paths: [/l/x.log], state: s.json, from: end, max-line: 1kb }
      format: { json: {} }
      time: { field: ts }
      detectors: [{ name: a, key: [src], hitters: { count: 1 } }]
      checkpoint: { interval: 1s }
      """;

  private static final String PACKETS =
      """
      source: { capture: { pcap: { paths: [a.pcap, b] } } }
      format: { json: {} }
      time: { field: ts }
      detectors: [{ name: a, key: [src], hitters: { count: 1 } }]
      """;

  private static final String PAIRS =
      """
      source: { kafka: { servers: "a:1", topics: [t] } }
      format: { key-value: { separator: ";", assign: ":" } }
      detectors: [{ name: a, key: [src], hitters: { count: 1 } }]
      """;

  private static final String GROK =
      """
      source: { kafka: { servers: "a:1", topics: [t] } }
      format:
        grok:
          patterns: "%{ACCOUNT:user} %{IP:client_ip} %{INT:bytes}"
          definitions: { ACCOUNT: "[a-z]{2}-[0-9]+" }
          timeout: 20ms
      detectors: [{ name: a, key: [user], weight: bytes, hitters: { count: 1 } }]
      """;

  private static final String RABBITMQ =
      """
      source:
        rabbitmq:
          servers: ["a:5672", "b:5673"]
          virtual-host: flows
          username: u
          password: p
          queues: q
          declare: { durable: false, arguments: { x-max-length: "9" } }
          bindings: [ { exchange: e, routing-keys: [a.*, b.#] } ]
          mqtt-topic: plant/+/flows
          id: message-id
          prefetch: 20000
          heartbeat: 5s
          tls: { ca: ca.pem, cert: cert.pem, key: key.pem }
      format: { json: {} }
      detectors: [{ name: a, key: [src], hitters: { count: 1 } }]
      rules:
        kafka:
          servers: ["a:9092", "b:9093"]
          topic: rules
          security:
            protocol: sasl_ssl
            mechanism: PLAIN
            username: u
            password: p
            ca: ca.pem
            cert: cert.pem
            key: key.pem
      """;

  private static final String LINES =
      """
      source: { kafka: { servers: "a:1", topics: [t] } }
      format: { lines: { fields: { ip: { path: line, type: ip } } } }
      detectors: [{ name: a, key: [ip], hitters: { count: 1 } }]
      """;

  private static final List<Allow> MADRID =
      List.of(new Allow("src", List.of("192.0.2.0/24"), List.of()));

  private static JobConfig load(String yaml) {
    return ConfigLoader.parse(yaml, "x.yaml", Map.of());
  }

  @Test
  void everyKeyTakesAnotherValueThanItsDefault() {
    assertThat(load(KAFKA_AND_JSON))
        .isEqualTo(
            new JobConfig(
                "flows-madrid",
                new SourceConfig.Kafka(
                    new KafkaSettings(
                        "a:9092,b:9093",
                        List.of(),
                        "flows-.*",
                        "g",
                        "2026-08-26T08:00:00Z",
                        "latest",
                        300_000,
                        KafkaSettings.LostOffsets.CONTINUE,
                        true,
                        new KafkaSettings.Security(
                            "sasl_ssl",
                            "SCRAM-SHA-512",
                            "u",
                            new Secret("p"),
                            "ca.pem",
                            "cert.pem",
                            "key.pem"),
                        Map.of("fetch.min.bytes", "1"))),
                new FormatConfig(
                    Kind.JSON,
                    Map.of(
                        "src",
                        new FieldConfig("src", "source.ip", FieldConfig.Type.IP, true, true, true)),
                    "latin1",
                    true,
                    new Limits(2 << 20, 2048, 10, 20, 30, 40, 50),
                    true,
                    new Json(true),
                    Csv.DEFAULT,
                    null,
                    null),
                new TimeConfig(
                    "ts",
                    true,
                    TimeConfig.Unit.ISO,
                    ZoneId.of("Europe/Madrid"),
                    2016,
                    Locale.forLanguageTag("es"),
                    1000,
                    2000,
                    3000),
                List.of(
                    Detectors.named("a")
                        .key("src", "dst")
                        .weight("bytes")
                        .signed(true)
                        .filter(
                            new Condition("proto", Set.of("6"), false),
                            new Condition("flags", Set.of("2"), true))
                        .window(120_000)
                        .lateness(5000)
                        .memory(2 << 20)
                        .slices(4)
                        .maxAlerts(7)
                        .hitters(new Hitters(2, Units.parseShare("1%")))
                        .changers(
                            new Changers(100, Units.parseShare("2%"), 2.5, Sensitivity.HIGH, 9))
                        .contributors(3, "proto", "flags")
                        .baseline(new Baseline(BaselineKind.SAME_HOUR_YESTERDAY, 3_600_000, 50, 4))
                        .signals(new Signals(Sensitivity.LOW, Sensitivity.MEDIUM, null, 7, true))
                        .episodes(new Episodes(2, 3, 4, 300_000, 1.5, true, 60))
                        .allow(
                            new Allow("src", List.of("10.0.0.0/8", "a*"), List.of()),
                            new Allow("proto", List.of("17"), List.of()))
                        .overrides(
                            new KeyGroup(
                                MADRID,
                                new Hitters(8, Units.parseShare("3%")),
                                new Changers(5, Units.parseShare("4%"), 6, Sensitivity.LOW, 7),
                                null))
                        .sleep(
                            new Sleep(
                                Set.of(DayOfWeek.SATURDAY, DayOfWeek.SUNDAY),
                                22 * 60,
                                6 * 60 + 30,
                                ZoneId.of("Europe/Madrid")))
                        .category("network")
                        .build(),
                    Detectors.named("b")
                        .key("src")
                        .distinct("dst", "dport")
                        .window(60_000)
                        .memory(1 << 20)
                        .also(
                            new Also("octets", List.of(), 60_000),
                            new Also(null, List.of("dport"), 3))
                        .rollup(new Rollup(List.of(16, 24), List.of(48), 0))
                        .baseline(new Baseline(BaselineKind.MOVING_AVERAGE, 720_000, 10_000, 12))
                        .changers(null)
                        .spreaders(new Spreaders(100, 3, Sensitivity.MEDIUM, 20))
                        .firstSeen(new FirstSeen(2, 86_400_000, 5000))
                        .signals(new Signals(null, null, Sensitivity.HIGH, 100, false))
                        .overrides(
                            new KeyGroup(
                                MADRID, null, null, new Spreaders(1, 2, Sensitivity.HIGH, 3)))
                        .build()),
                List.of(
                    new SinkConfig.Files(new FileSinkSettings("out/alerts", 1 << 20, 60_000)),
                    new SinkConfig.Kafka(
                        new KafkaSinkSettings(
                            "c:9092",
                            "a",
                            "r",
                            "d",
                            "flows",
                            600_000,
                            new KafkaSettings.Security(
                                "sasl_ssl",
                                "PLAIN",
                                "u",
                                new Secret("p"),
                                "ca.pem",
                                "cert.pem",
                                "key.pem"),
                            Map.of("compression.type", "zstd"))),
                    new SinkConfig.Search(
                        "elasticsearch",
                        new SearchSettings(
                            List.of("https://a:9200", "https://b/es"),
                            "a",
                            "r",
                            "d",
                            new SearchSettings.Basic("u", new Secret("p")),
                            new SearchSettings.Tls("ca.pem", null),
                            new SearchSettings.Batch(100, 1 << 20, 2000, 4),
                            60_000)),
                    new SinkConfig.Search(
                        "opensearch",
                        new SearchSettings(
                            List.of("https://c:9200"),
                            "b",
                            "s",
                            "e",
                            new SearchSettings.ApiKey(new Secret("k")),
                            new SearchSettings.Tls(null, "ab" + "cd".repeat(31)),
                            new SearchSettings.Batch(500, 5 << 20, 1000, 2),
                            30_000)),
                    new SinkConfig.Console("es", true)),
                new RuntimeConfig(
                    2,
                    20_000,
                    "file:///var/lib/atalaya/checkpoints",
                    new Secret("000102030405060708090a0b0c0d0e0f")),
                Map.of("src", "source.ip"),
                Map.of("site", "lab"),
                null));
  }

  @Test
  void theKeysOfTheOtherSourcesAndFormatsDoToo() {
    JobConfig config = load(FILES_AND_CSV);
    assertThat(config.source()).isEqualTo(new SourceConfig.Files("data", 10_000));
    assertThat(config.format().csv()).isEqualTo(new Csv(';', List.of("ts", "src"), true));
    assertThat(config.format().fields().get("s").path()).isEqualTo("src");
    assertThat(config.detectors())
        .containsExactly(
            Detectors.named("a")
                .key("s")
                .window(10_000)
                .memory(1 << 20)
                .hitters(new Hitters(1, null))
                .changers(null)
                .rollup(new Rollup(List.of(), List.of(), 4))
                .overrides(
                    new KeyGroup(
                        List.of(new Allow("s", List.of("x*"), List.of())),
                        new Hitters(2, null),
                        null,
                        null))
                .build());

    assertThat(config.rules().file()).isEqualTo("s3://lab/rules.yaml");
    assertThat(config.rules().checkMillis()).isEqualTo(2000);

    JobConfig log = load(TOPICS);
    assertThat(((SourceConfig.Kafka) log.source()).settings().topics()).containsExactly("t", "u");
    assertThat(log.time().field()).isEqualTo("time");
    assertThat(log.time().unit()).isEqualTo(TimeConfig.Unit.LOG);
    assertThat(load(RABBITMQ).source())
        .isEqualTo(
            new SourceConfig.RabbitMq(
                new RabbitMqSettings(
                    List.of("a:5672", "b:5673"),
                    "flows",
                    "u",
                    new Secret("p"),
                    List.of("q"),
                    new Declare(false, Map.of("x-max-length", "9")),
                    List.of(
                        new Binding("e", List.of("a.*", "b.#")),
                        new Binding("amq.topic", List.of("plant.*.flows"))),
                    MessageId.MESSAGE_ID,
                    20_000,
                    5_000,
                    new Tls("ca.pem", "cert.pem", "key.pem"))));
    assertThat(load(PACKETS).source())
        .isEqualTo(new SourceConfig.Packets(List.of("a.pcap", "b")));
    assertThat(load(LISTENING).source())
        .isEqualTo(
            new SourceConfig.Capture(
                new HttpSettings(
                    "0.0.0.0",
                    8443,
                    new HttpSettings.Tls("c.pem", "k.pem"),
                    List.of(new HttpSettings.Key(new Secret("secret"), List.of("rec"))),
                    "id",
                    1 << 20,
                    9,
                    2_000,
                    3_000),
                List.of(
                    new UdpSettings(
                        new InetSocketAddress("127.0.0.2", 2055),
                        UdpSettings.Content.LINES,
                        1 << 20,
                        2 << 20)),
                new FollowSettings(List.of("/l/x.log"), "s.json", true, 1_024)));
    assertThat(load(PAIRS).format().pairs()).isEqualTo(new Pairs(';', ':'));
    assertThat(load(GROK).format().grok())
        .isEqualTo(
            new Grok(
                List.of("%{ACCOUNT:user} %{IP:client_ip} %{INT:bytes}"),
                Map.of("ACCOUNT", "[a-z]{2}-[0-9]+"),
                20));
    assertThat(load(RABBITMQ).rules().kafka())
        .isEqualTo(
            new KafkaSettings(
                "a:9092,b:9093",
                List.of("rules"),
                null,
                "atalaya-rules",
                "earliest",
                null,
                0,
                KafkaSettings.LostOffsets.CONTINUE,
                new KafkaSettings.Security(
                    "sasl_ssl", "PLAIN", "u", new Secret("p"), "ca.pem", "cert.pem", "key.pem"),
                Map.of()));
    assertThat(load(LINES).format().fields().get("ip").type()).isEqualTo(FieldConfig.Type.IP);
  }

  /** So that a key added to the loader is added to the two tests above. */
  @Test
  void thoseAreAllTheKeysThereAre() {
    Set<String> written = new TreeSet<>();
    for (String yaml :
        List.of(KAFKA_AND_JSON, FILES_AND_CSV, LISTENING, PACKETS, TOPICS, LINES, PAIRS, GROK, RABBITMQ)) {
      collect("", new YamlReader("x", true, text -> text, List.of()).read(yaml), written);
    }
    Set<String> known = new TreeSet<>();
    ConfigLoader.keys().keySet().forEach(key -> known.add(oneFormat(key)));
    known.removeIf(key -> key.endsWith("<field>"));
    known.removeIf(key -> key.endsWith("<name>"));
    assertThat(written).containsAll(known);
  }

  private static void collect(String path, ConfigNode node, Set<String> written) {
    if (node instanceof ConfigNode.Mapping mapping) {
      mapping
          .entries()
          .forEach(
              (key, entry) -> {
                String step = path.endsWith("fields") ? "<name>" : key;
                collect(path.isEmpty() ? step : path + "." + step, entry.value(), written);
              });
    } else if (node instanceof ConfigNode.Sequence sequence) {
      sequence.items().forEach(item -> collect(path + "[]", item, written));
    }
    written.add(oneFormat(path));
  }

  @Test
  void everyKeyIsDocumentedWithItsDefault() throws IOException {
    Map<String, String> documented = new TreeMap<>();
    Matcher row =
        Pattern.compile("^\\| `([^`]+)` \\| (\\S+) \\|", Pattern.MULTILINE)
            .matcher(Files.readString(Path.of("../docs/configuration.md")));
    while (row.find()) {
      documented.put(row.group(1), row.group(2).replace("`", "").replace("—", ""));
    }
    Map<String, String> known = new TreeMap<>();
    ConfigLoader.keys().forEach((key, fallback) -> known.put(oneFormat(key), fallback));
    known.putAll(ConfigLoader.captureKeys());
    assertThat(documented).isEqualTo(known);
  }

  /** Formats share keys, and so do both names of one sink. */
  private static String oneFormat(String key) {
    return key.replaceFirst("^format\\.[^.]+\\.fields", "format.….fields")
        .replaceFirst("^format\\.(zeek|vpc-flow-log)\\.columns", "format.csv.columns")
        .replaceFirst("^format\\.[^.]+\\.ndjson", "format.json.ndjson")
        .replaceFirst("^sinks\\[]\\.opensearch", "sinks[].elasticsearch");
  }
}
