package dev.atalaya.job.publish;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.atalaya.connectors.Document;
import dev.atalaya.connectors.Payload;
import dev.atalaya.job.DocumentSchemas;
import dev.atalaya.job.config.ConfigLoader;
import dev.atalaya.job.config.JobConfig;
import dev.atalaya.job.decode.RejectReason;
import dev.atalaya.job.decode.Rejection;
import dev.atalaya.job.detect.Finding;
import dev.atalaya.job.detect.KindFindings;
import dev.atalaya.job.detect.SliceFindings;
import dev.atalaya.job.detect.WindowFindings;
import dev.atalaya.job.ledger.LedgerState;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.functions.util.ListCollector;
import org.junit.jupiter.api.Test;

class PublisherTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long END = 1_700_000_010_000L;

  private static final JobConfig CONFIG =
      ConfigLoader.parse(
          """
          source: { kafka: { servers: "localhost:9092", topics: [flows], group: g } }
          format: { json: {} }
          time: { field: ts, unit: ms }
          detectors:
            - name: pairs
              key: [src, dport]
              weight: bytes
              window: 10s
              hitters: { count: 100 }
              changers: { delta: 100 }
              category: network
          ecs: { src: source.ip, dport: destination.port }
          labels: { site: lab }
          sinks: [ console: {} ]
          """,
          "test.yaml",
          Map.of());

  @Test
  void anAlertHasEveryFieldOfTheDocumentation() throws Exception {
    JsonNode alert = alert(changer("203.0.113.9", "443"), window(false));
    assertThat(alert)
        .isEqualTo(
            JSON.readTree(
                """
                {
                  "@timestamp": "2023-11-14T22:13:29.999Z",
                  "message": "src dport 203.0.113.9 443 rose from 50 (40 to 60) to 500 bytes, 10.0 times",
                  "event": {
                    "kind": "alert",
                    "category": ["network"],
                    "type": ["info"],
                    "action": "heavy_changer",
                    "id": "1700000010000-pairs-heavy_changer-%s-0",
                    "start": "2023-11-14T22:13:20.000Z",
                    "end": "2023-11-14T22:13:30.000Z",
                    "duration": 10000000000,
                    "severity": 73,
                    "risk_score_norm": 78,
                    "reason": "change 450 bytes against a threshold of 100"
                  },
                  "rule": {
                    "id": "pairs", "name": "pairs", "category": "heavy_changer", "version": "1"
                  },
                  "source": { "ip": "203.0.113.9" },
                  "destination": { "port": 443 },
                  "related": { "ip": ["203.0.113.9"] },
                  "Atalaya": {
                    "key": "203.0.113.9 443",
                    "key_fields": ["src", "dport"],
                    "key_values": ["203.0.113.9", "443"],
                    "measure": "bytes",
                    "actual": 500, "actual_lower": 500, "actual_upper": 500,
                    "expected": 50, "expected_lower": 40, "expected_upper": 60,
                    "expected_kind": "previous_window",
                    "direction": "up",
                    "delta": 450, "delta_lower": 440, "delta_upper": 460,
                    "ratio": 10.0,
                    "threshold": 100,
                    "certainty": "certain",
                    "error_bound": 7,
                    "window_total": 2000,
                    "share": 0.25,
                    "rank": 1,
                    "warmup": false,
                    "revision": 0,
                    "config_hash": "%s"
                  },
                  "observer": { "product": "atalaya", "version": "%s" },
                  "labels": { "site": "lab" },
                  "tags": ["atalaya", "heavy_changer"]
                }
                """
                    .formatted(
                        // SHA-256 of the composed key, its first half.
                        alert.at("/event/id").asText().split("-")[3],
                        alert.at("/Atalaya/config_hash").asText(),
                        Version.current())));
    assertThat(alert.at("/event/id").asText().split("-")[3]).matches("[0-9a-f]{32}");
    assertThat(alert.at("/Atalaya/config_hash").asText()).matches("[0-9a-f]{12}");
    assertThat(Version.current()).matches("\\d+\\.\\d+\\.\\d+");
  }

  @Test
  void inTheFirstWindowNothingIsSaidOfChange() throws Exception {
    JsonNode alert = alert(changer("203.0.113.9", "443"), window(true));
    assertThat(alert.at("/Atalaya/warmup").asBoolean()).isTrue();
    assertThat(alert.at("/Atalaya/expected").isMissingNode()).isTrue();
    assertThat(alert.at("/Atalaya/direction").isMissingNode()).isTrue();
  }

  @Test
  void theSameFindingHasTheSameIdAndAnotherKeyAnother() throws Exception {
    String id = alert(changer("a", "1"), window(false)).at("/event/id").asText();
    assertThat(alert(changer("a", "1"), window(false)).at("/event/id").asText()).isEqualTo(id);
    assertThat(alert(changer("a", "2"), window(false)).at("/event/id").asText()).isNotEqualTo(id);
  }

  @Test
  void hostileKeysAreValuesAndNothingElse() throws Exception {
    for (String hostile :
        List.of(
            "<script>alert(1)</script>",
            "a\u001b[2Jb\r\n{\"event\":{}}",
            "\u202egnp.exe",
            "a.b.c",
            "_id",
            "=HYPERLINK(\"http://x\",\"y\")",
            "../../etc/passwd",
            "${jndi:ldap://x}",
            "\u0000",
            "x".repeat(1_000))) {
      Document document = publish(changer(hostile, "1"), window(false)).get(0);
      assertThat(document.json()).doesNotContain("\n").doesNotContain("\u001b");
      JsonNode alert = tree(document);
      assertThat(alert.at("/Atalaya/key_values/0").asText()).isEqualTo(hostile);
      assertThat(alert.at("/source/ip").asText()).isEqualTo(hostile);
      assertThat(document.id()).matches("[0-9a-z_-]+");
    }
  }

  @Test
  void aReportSaysWhatWasFoundAndWhatIsCovered() throws Exception {
    WindowFindings findings = window(false);
    KindFindings changers = findings.summary.of(Finding.Kind.HEAVY_CHANGER);
    changers.count = 3;
    changers.weight = 1_000;
    changers.listed = new Finding[] {changer("a", "1")};
    List<Document> documents = publish(findings);
    JsonNode report = tree(documents.get(documents.size() - 1));
    assertThat(report.at("/event/kind").asText()).isEqualTo("metric");
    assertThat(report.at("/event/action").asText()).isEqualTo("window_report");
    assertThat(report.at("/message").asText())
        .isEqualTo(
            "every key with 100 bytes or more was found; every key whose bytes changed by 100 or"
                + " more was found; 2 of the findings are summed here, not listed");
    assertThat(report.at("/Atalaya/changers").toString())
        .isEqualTo(
            "{\"threshold\":100,\"certified\":true,\"found\":3,\"found_weight\":1000,"
                + "\"unlisted\":2,\"unlisted_weight\":550}");
    assertThat(report.at("/Atalaya/hitters/found").asLong()).isZero();
    assertThat(report.at("/Atalaya/window_total").asLong()).isEqualTo(2_000);
  }

  @Test
  void belowTheErrorBoundNothingIsPromised() throws Exception {
    WindowFindings findings = window(false);
    findings.summary.errorBound = 150;
    JsonNode report = tree(publish(findings).get(0));
    assertThat(report.at("/Atalaya/hitters/certified").asBoolean()).isFalse();
    assertThat(report.at("/message").asText()).startsWith("every key with 151 bytes or more");
  }

  @Test
  void aLedgerBalances() throws Exception {
    LedgerState account = new LedgerState();
    account.source = "kafka";
    account.newestMillis = END;
    account.revision = 4;
    account.terms =
        new String[] {
          "counted.pairs",
          "duplicate",
          "late.pairs",
          "received",
          "rejected.no-key",
          "rejected.syntax",
          "skewed"
        };
    account.counts = new long[] {80, 7, 5, 107, 3, 2, 10};
    List<Document> documents = new ArrayList<>();
    new Publisher(CONFIG).publish(account, new ListCollector<>(documents));
    JsonNode ledger = tree(documents.get(0));
    assertThat(ledger.at("/message").asText())
        .isEqualTo(
            "107 received from kafka: 80 counted, 5 late, 10 skewed, 5 rejected, 7 duplicate");
    assertThat(ledger.at("/Atalaya/duplicate").asLong()).isEqualTo(7);
    assertThat(ledger.at("/Atalaya/pending").asLong()).isZero();
    assertThat(ledger.at("/Atalaya/reject_reasons").toString())
        .isEqualTo("{\"no_key\":3,\"syntax\":2}");
    assertThat(documents.get(0).id()).isEqualTo("1700000010000-pairs-ledger-kafka-4");
  }

  @Test
  void reportsAndLedgersSayHowOftenAnEventIsCounted() throws Exception {
    String queue =
        """
        source:
          rabbitmq: { servers: "h:1", username: u, password: p, queues: q, prefetch: 60000, id: %s }
        format: { json: {} }
        time: { field: ts }
        detectors: [{ name: pairs, key: [src, dport], weight: bytes, hitters: { count: 100 } }]
        """;
    assertThat(guarantees(CONFIG)).containsOnly("exactly_once");
    for (String id : List.of("correlation-id", "message-id")) {
      JobConfig config = ConfigLoader.parse(queue.formatted(id), "test.yaml", Map.of());
      assertThat(guarantees(config)).containsOnly("exactly_once");
    }
    JobConfig withoutIds = ConfigLoader.parse(queue.formatted("none"), "test.yaml", Map.of());
    assertThat(guarantees(withoutIds)).containsOnly("at_least_once");
  }

  /** Of a report and a ledger. */
  private static List<String> guarantees(JobConfig config) throws Exception {
    List<Document> documents = new ArrayList<>();
    WindowFindings window = window(false);
    window.summary.detector = config.detectors().get(0).stateId();
    new Publisher(config).publish(window, new ListCollector<>(documents));
    LedgerState account = new LedgerState();
    account.source = config.source().system();
    new Publisher(config).publish(account, new ListCollector<>(documents));
    List<String> guarantees = new ArrayList<>();
    for (Document document : documents) {
      guarantees.add(tree(document).at("/Atalaya/guarantee").asText());
    }
    assertThat(guarantees).hasSize(2);
    return guarantees;
  }

  @Test
  void aDeadLetterNamesReasonAndOrigin() throws Exception {
    List<Document> documents = new ArrayList<>();
    Publisher publisher = new Publisher(CONFIG);
    publisher.publish(
        new Rejection(
            RejectReason.TIME_RANGE,
            "too old",
            "AAE=",
            2,
            "kafka:flows/3@1200",
            1_700_000_000_000L),
        new ListCollector<>(documents));
    publisher.publish(
        new Rejection(RejectReason.EMPTY, "", "", 0, "file:a@0", Payload.NO_TIMESTAMP),
        new ListCollector<>(documents));
    JsonNode letter = tree(documents.get(0));
    assertThat(letter.at("/Atalaya/reason").asText()).isEqualTo("time-range");
    assertThat(letter.at("/Atalaya/origin").asText()).isEqualTo("kafka:flows/3@1200");
    assertThat(letter.at("/Atalaya/raw_base64").asText()).isEqualTo("AAE=");
    assertThat(documents.get(0).eventTimeMillis()).isEqualTo(1_700_000_000_000L);
    assertThat(documents.get(1).eventTimeMillis()).isEqualTo(Document.UNDATED);
    assertThat(tree(documents.get(1)).has("@timestamp")).isFalse();
  }

  @Test
  void theConsoleSpeaksBothLanguagesAndEscapesKeys() {
    Document alert = publish(changer("\u001b[2J\u202ex", "443"), window(false)).get(0);
    assertThat(new ConsoleRenderer("en", false).render(alert).text())
        .isEqualTo(
            "2023-11-14 22:13:30 ▲ UP        pairs           src dport \\x1b[2J\\u202ex 443 rose"
                + " from 40–60 to 500 bytes (10.0×)");
    assertThat(new ConsoleRenderer("es", false).render(alert).text())
        .isEqualTo(
            "2023-11-14 22:13:30 ▲ SUBE      pairs           src dport \\x1b[2J\\u202ex 443 subió"
                + " de 40–60 a 500 bytes (10,0×)");
  }

  @Test
  void theConsoleSaysEventsOnceInItsLanguageAndInTheSingular() {
    assertThat(shown("en", "window_report", 1, 1))
        .isEqualTo("2023-11-14 22:13:30   ████████  d               1 event, 1 key (exact)");
    assertThat(shown("es", "window_report", 1200, 1200))
        .isEqualTo(
            "2023-11-14 22:13:30   ████████  d               1.200 eventos, 1 clave (exacto)");
    assertThat(shown("es", "window_report", 200, 100))
        .contains(" 200 eventos, 100 eventos, 1 clave");
    assertThat(shown("es", "heavy_hitter", 0, 1)).contains("src a: 1 evento, 50");
    assertThat(shown("en", "heavy_hitter", 0, 2)).contains("src a: 2 events, 50%");
  }

  /** A detector that counts events. */
  private static String shown(String language, String action, long events, long total) {
    String json =
        """
        {"event": {"action": "%s", "end": "2023-11-14T22:13:30.000Z"}, "rule": {"name": "d"},
         "Atalaya": {"measure": "events", "events": %d, "window_total": %d, "distinct_keys": 1,
           "exact": true, "key": "a", "key_fields": ["src"], "share": 0.5, "certainty": "certain",
           "actual_lower": %d, "actual_upper": %d}}
        """
            .formatted(action, events, total, total, total);
    Document document = new Document(Document.Kind.REPORT, "id", "d", END, json);
    return new ConsoleRenderer(language, false).render(document).text();
  }

  private static JsonNode tree(Document document) throws Exception {
    JsonNode tree = JSON.readTree(document.json());
    DocumentSchemas.validate(tree);
    return tree;
  }

  private static JsonNode alert(Finding finding, WindowFindings window) throws Exception {
    return tree(publish(finding, window).get(0));
  }

  private static List<Document> publish(Finding changer, WindowFindings window) {
    window.summary.of(Finding.Kind.HEAVY_CHANGER).listed = new Finding[] {changer};
    return publish(window);
  }

  private static List<Document> publish(WindowFindings window) {
    List<Document> documents = new ArrayList<>();
    new Publisher(CONFIG).publish(window, new ListCollector<>(documents));
    return documents;
  }

  private static WindowFindings window(boolean warmup) {
    SliceFindings summary = new SliceFindings();
    summary.detector = CONFIG.detectors().get(0).stateId();
    summary.startMillis = END - 10_000;
    summary.endMillis = END;
    summary.events = 20;
    summary.total = 2_000;
    summary.warmup = warmup;
    summary.errorBound = 7;
    summary.changeErrorBound = 9;
    summary.kinds =
        new KindFindings[] {kind(Finding.Kind.HEAVY_HITTER), kind(Finding.Kind.HEAVY_CHANGER)};
    WindowFindings window = new WindowFindings();
    window.summary = summary;
    window.slices = 1;
    return window;
  }

  private static KindFindings kind(Finding.Kind kind) {
    KindFindings found = new KindFindings();
    found.kind = kind;
    found.threshold = 100;
    return found;
  }

  private static Finding changer(String... values) {
    Finding finding = new Finding();
    finding.kind = Finding.Kind.HEAVY_CHANGER;
    finding.key = compose(values);
    finding.actual = 500;
    finding.actualLower = 500;
    finding.actualUpper = 500;
    finding.expected = 50;
    finding.expectedLower = 40;
    finding.expectedUpper = 60;
    finding.delta = 450;
    finding.deltaLower = 440;
    finding.deltaUpper = 460;
    finding.magnitude = 450;
    finding.up = true;
    finding.threshold = 100;
    finding.certain = true;
    finding.rank = 1;
    return finding;
  }

  /** Each value behind its length, which is below 16,384 here. */
  private static byte[] compose(String... values) {
    byte[] key = {};
    for (String value : values) {
      byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
      int at = key.length;
      boolean shortLength = bytes.length < 128;
      key = Arrays.copyOf(key, at + (shortLength ? 1 : 2) + bytes.length);
      key[at++] = (byte) (shortLength ? bytes.length : (bytes.length & 0x7f) | 0x80);
      if (!shortLength) {
        key[at++] = (byte) (bytes.length >>> 7);
      }
      System.arraycopy(bytes, 0, key, at, bytes.length);
    }
    return key;
  }
}
