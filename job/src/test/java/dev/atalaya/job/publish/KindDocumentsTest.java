package dev.atalaya.job.publish;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.atalaya.connectors.Document;
import dev.atalaya.job.Detectors;
import dev.atalaya.job.DocumentSchemas;
import dev.atalaya.job.config.ConfigLoader;
import dev.atalaya.job.config.DetectorConfig;
import dev.atalaya.job.config.DetectorConfig.Also;
import dev.atalaya.job.config.DetectorConfig.Baseline;
import dev.atalaya.job.config.DetectorConfig.BaselineKind;
import dev.atalaya.job.config.DetectorConfig.Changers;
import dev.atalaya.job.config.DetectorConfig.Episodes;
import dev.atalaya.job.config.DetectorConfig.FirstSeen;
import dev.atalaya.job.config.DetectorConfig.Rollup;
import dev.atalaya.job.config.DetectorConfig.Sensitivity;
import dev.atalaya.job.config.DetectorConfig.Signals;
import dev.atalaya.job.config.JobConfig;
import dev.atalaya.job.detect.Finding;
import dev.atalaya.job.detect.Finding.Kind;
import dev.atalaya.job.detect.KindFindings;
import dev.atalaya.job.detect.SignalValue;
import dev.atalaya.job.detect.SliceFindings;
import dev.atalaya.job.detect.WindowFindings;
import dev.atalaya.job.episode.Episode;
import dev.atalaya.job.episode.EpisodeCounts;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The documents of each kind of finding: those that docs/alert.md shows are what is written. */
class KindDocumentsTest {

  private static final Path DOCUMENTATION = Path.of("../docs/alert.md");
  private static final Pattern EXAMPLE = Pattern.compile("```json\n(.*?)```", Pattern.DOTALL);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long MINUTE = 60_000;
  private static final long START = Instant.parse("2025-01-15T10:01:00Z").toEpochMilli();

  private static final DetectorConfig SCANNERS =
      Detectors.named("scanners")
          .key("src")
          .distinct("dst", "dport")
          .window(MINUTE)
          .category("network")
          .build();

  private static final DetectorConfig FLOODED =
      Detectors.named("flooded")
          .key("dst")
          .weight("bytes")
          .window(MINUTE)
          .rollup(new Rollup(List.of(16, 24), List.of(), 0))
          .also(new Also(null, List.of("src"), 1_000))
          .contributors(2, "sport")
          .episodes(new Episodes(1, 1, 3, 0, 2, false, 1_000))
          .category("network")
          .build();

  private static final DetectorConfig SHAPE =
      Detectors.named("shape")
          .key("src")
          .hitters(null)
          .changers(null)
          .firstSeen(new FirstSeen(10, 86_400_000, 100_000))
          .baseline(new Baseline(BaselineKind.SAME_HOUR_YESTERDAY, 86_400_000, 1_000, 60))
          .signals(new Signals(Sensitivity.MEDIUM, null, Sensitivity.MEDIUM, 100, true))
          .window(MINUTE)
          .build();

  private static final DocumentContext CONTEXT =
      new DocumentContext(config(SCANNERS, FLOODED, SHAPE), "ccc7482ba20b", "0.1.0");

  private static JobConfig config(DetectorConfig... detectors) {
    return ConfigLoader.parse(
            """
            source: { files: { path: a } }
            format: { json: {} }
            time: { field: ts }
            detectors: [ { name: d, key: [dst], hitters: { count: 1 } } ]
            ecs: { src: source.ip, dst: destination.ip }
            labels: { site: demo }
            """,
            "test.yaml",
            Map.of())
        .with(List.of(detectors));
  }

  private static Finding finding(Kind kind, String key, long value, long threshold) {
    Finding finding = new Finding();
    finding.kind = kind;
    finding.key = key.getBytes(StandardCharsets.UTF_8);
    finding.magnitude = value;
    finding.actual = value;
    finding.actualLower = value;
    finding.actualUpper = value;
    finding.delta = value;
    finding.deltaLower = value;
    finding.deltaUpper = value;
    finding.up = true;
    finding.threshold = threshold;
    finding.certain = true;
    finding.rank = 1;
    return finding;
  }

  private static Finding spreader() {
    Finding finding = finding(Kind.SUPERSPREADER, "203.0.113.77", 18_250, 1_000);
    finding.actualLower = 17_918;
    finding.actualUpper = 18_582;
    finding.deltaLower = 17_918;
    finding.deltaUpper = 18_582;
    return finding;
  }

  private static Finding flood() {
    Finding finding = finding(Kind.HEAVY_HITTER, "", 91_000_000, 45_000_000);
    finding.prefix = true;
    byte[] prefix = "\u00ff203.0.113.0/24".getBytes(StandardCharsets.ISO_8859_1);
    finding.key = prefix;
    Finding.Also sources = new Finding.Also();
    sources.value = 198_400;
    sources.lower = 194_300;
    sources.upper = 202_500;
    sources.threshold = 1_000;
    finding.also = new Finding.Also[] {sources};
    Finding.ContributorField ports = new Finding.ContributorField();
    ports.field = "sport";
    ports.entries =
        new Finding.Contributor[] {contributor("53", 72_800_000), contributor("123", 9_100_000)};
    ports.remainder = 9_100_000;
    ports.remainderUpper = 9_100_000;
    finding.contributors = new Finding.ContributorField[] {ports};
    finding.episode = episode(Episode.State.OPENED, 1, 91_000_000, 0);
    return finding;
  }

  private static Finding.Contributor contributor(String value, long amount) {
    Finding.Contributor contributor = new Finding.Contributor();
    contributor.value = value;
    contributor.amount = amount;
    contributor.lower = amount;
    contributor.upper = amount;
    return contributor;
  }

  private static Episode episode(Episode.State state, long windows, long peak, int peakWindow) {
    Episode episode = new Episode();
    episode.id = "1736935260000-flooded-093d9a3dec1e35c49775f490d3ffcbd2";
    episode.state = state;
    episode.startMillis = START;
    episode.windows = windows;
    episode.peak = peak;
    episode.peakMillis = START + peakWindow * MINUTE;
    return episode;
  }

  private static Finding recovery() {
    Finding finding = flood();
    finding.episode = episode(Episode.State.CLOSED, 6, 214_000_000, 2);
    return finding;
  }

  private static Finding entropy() {
    Finding finding = finding(Kind.UNUSUAL_ENTROPY, "", 2_114, 873);
    finding.actualLower = 2_109;
    finding.actualUpper = 2_119;
    finding.expected = 7_950;
    finding.expectedLower = 7_077;
    finding.expectedUpper = 8_823;
    finding.expectedKind = BaselineKind.SAME_HOUR_YESTERDAY;
    finding.deviations = 26.738;
    finding.magnitude = 5_836;
    finding.delta = 5_836;
    finding.deltaLower = 5_831;
    finding.deltaUpper = 5_841;
    finding.up = false;
    return finding;
  }

  private static SliceFindings window(DetectorConfig detector, int number) {
    SliceFindings window = new SliceFindings();
    window.detector = detector.stateId();
    window.startMillis = START + number * MINUTE;
    window.endMillis = window.startMillis + MINUTE;
    window.events = 60_000;
    window.total = 120_000_000;
    window.distinctKeys = 2_500;
    window.exact = true;
    return window;
  }

  private static JsonNode alert(DetectorConfig detector, int number, Finding finding) {
    SliceFindings window = window(detector, number);
    if (detector.equals(SCANNERS)) {
      window.total = 95_500;
    }
    return tree(new Alerts(CONTEXT).write(finding, window));
  }

  private static JsonNode tree(Document document) {
    try {
      JsonNode tree = JSON.readTree(document.json());
      DocumentSchemas.validate(tree);
      return tree;
    } catch (java.io.IOException e) {
      throw new AssertionError(document.json(), e);
    }
  }

  private static JsonNode report() {
    WindowFindings findings = new WindowFindings();
    findings.summary = window(SHAPE, 1);
    findings.summary.total = 60_000;
    findings.summary.baselineTotal = 61_200;
    KindFindings firstSeen = new KindFindings();
    firstSeen.kind = Kind.FIRST_SEEN;
    firstSeen.threshold = 10;
    findings.summary.kinds = new KindFindings[] {firstSeen};
    findings.signals =
        new SignalValue[] {
          signal(Kind.UNUSUAL_TOTAL, 60_000, 60_000, 60_000, 58_700, 9_800),
          signal(Kind.UNUSUAL_ENTROPY, 7_912, 7_907, 7_917, 7_950, 873)
        };
    return tree(new Reports(CONTEXT).write(findings));
  }

  private static SignalValue signal(
      Kind kind, long actual, long lower, long upper, long expected, long threshold) {
    SignalValue signal = new SignalValue();
    signal.kind = kind;
    signal.actual = actual;
    signal.lower = lower;
    signal.upper = upper;
    signal.expected = expected;
    signal.threshold = threshold;
    return signal;
  }

  @Test
  void examplesOfTheDocumentationAreWhatIsWritten() throws Exception {
    List<JsonNode> examples = new ArrayList<>();
    Matcher example = EXAMPLE.matcher(Files.readString(DOCUMENTATION));
    while (example.find()) {
      examples.add(JSON.readTree(example.group(1)));
    }
    for (JsonNode written :
        List.of(
            alert(SCANNERS, 0, spreader()),
            alert(FLOODED, 0, flood()),
            alert(FLOODED, 8, recovery()),
            alert(SHAPE, 1, entropy()),
            report())) {
      assertThat(examples.contains(written)).as(written.toString()).isTrue();
    }
  }

  @Test
  void everyKindHasItsSentence() {
    assertThat(message(alert(SHAPE, 0, finding(Kind.FIRST_SEEN, "192.0.2.9", 12, 10))))
        .isEqualTo("src 192.0.2.9 was not seen before: it has 12 events");
    assertThat(message(alert(SHAPE, 0, unusual(Kind.UNUSUAL_TOTAL))))
        .isEqualTo("the total rose to 900 events, 50 to 150 are usual");
    assertThat(message(alert(SHAPE, 0, unusual(Kind.UNUSUAL_DISTINCT))))
        .isEqualTo("the number of keys rose to 900, 50 to 150 are usual");
    Finding changer = unusual(Kind.HEAVY_CHANGER);
    changer.key = "192.0.2.9".getBytes(StandardCharsets.UTF_8);
    assertThat(message(alert(SHAPE, 0, changer)))
        .isEqualTo("src 192.0.2.9 rose to 900 events, 50 to 150 are usual");
    assertThat(message(alert(SHAPE, 0, finding(Kind.SILENCE, "", 0, 1))))
        .isEqualTo("no events came");
  }

  private static Finding unusual(Kind kind) {
    Finding finding = finding(kind, "", 900, 50);
    finding.expected = 100;
    finding.expectedLower = 50;
    finding.expectedUpper = 150;
    finding.expectedKind = BaselineKind.MOVING_AVERAGE;
    finding.deviations = 64;
    return finding;
  }

  private static String message(JsonNode document) {
    return document.get("message").asText();
  }

  @Test
  void aKeyThatWasNeverThereIsComparedWithNothing() {
    JsonNode own = alert(SHAPE, 0, finding(Kind.FIRST_SEEN, "192.0.2.9", 12, 10)).get("Atalaya");
    assertThat(own.has("expected")).isFalse();
    assertThat(own.get("share").asDouble()).isEqualTo(0.0);
  }

  @Test
  void theWindowAsAWholeHasNeitherKeyNorShare() {
    JsonNode alert = alert(SHAPE, 0, unusual(Kind.UNUSUAL_TOTAL));
    assertThat(alert.get("Atalaya").has("key")).isFalse();
    assertThat(alert.get("Atalaya").has("share")).isFalse();
    assertThat(alert.has("source")).isFalse();
  }

  @Test
  void aLearnedRuleHasNoThresholdOfTheWindow() {
    DetectorConfig learned =
        Detectors.named("shape").changers(new Changers(0, null, 0, Sensitivity.HIGH, 0)).build();
    SliceFindings window = window(learned, 0);
    KindFindings changers = new KindFindings();
    changers.kind = Kind.HEAVY_CHANGER;
    changers.threshold = 1;
    window.kinds = new KindFindings[] {changers};
    WindowFindings findings = new WindowFindings();
    findings.summary = window;
    DocumentContext context = new DocumentContext(config(learned), "ccc7482ba20b", "0.1.0");
    JsonNode report = tree(new Reports(context).write(findings));
    assertThat(report.at("/Atalaya/changers/threshold").isMissingNode()).isTrue();
    assertThat(report.at("/Atalaya/changers/certified").asBoolean()).isTrue();
    assertThat(message(report))
        .isEqualTo("every key whose events changed by 1 or more and is not usual was found");
  }

  /** What is said to have been found was, also where the threshold is not all that is asked for. */
  @Test
  void whatIsCoveredNamesFurtherConditionsAndTheWarmUp() {
    DetectorConfig ratio =
        Detectors.named("scanners")
            .key("src")
            .distinct("dst")
            .spreaders(new DetectorConfig.Spreaders(100, 3, null, 0))
            .build();
    SliceFindings window = window(ratio, 0);
    KindFindings spreaders = new KindFindings();
    spreaders.kind = Kind.SUPERSPREADER;
    spreaders.threshold = 100;
    window.kinds = new KindFindings[] {spreaders};
    WindowFindings findings = new WindowFindings();
    findings.summary = window;
    DocumentContext context = new DocumentContext(config(ratio), "ccc7482ba20b", "0.1.0");
    assertThat(message(tree(new Reports(context).write(findings))))
        .isEqualTo(
            "every key with 100 distinct dst or more that meets the rule's other conditions was"
                + " found");
    window.warmup = true;
    JsonNode report = tree(new Reports(context).write(findings));
    assertThat(message(report)).isEqualTo("no window before, so no change can be told");
    assertThat(report.at("/Atalaya/spreaders/certified").asBoolean()).isFalse();
  }

  @Test
  void aReportCountsEpisodesOnlyWhereThereAreSome() {
    WindowFindings findings = new WindowFindings();
    findings.summary = window(FLOODED, 0);
    findings.episodes = new EpisodeCounts();
    findings.episodes.open = 3;
    findings.episodes.suppressed = 2;
    assertThat(tree(new Reports(CONTEXT).write(findings)).at("/Atalaya/episodes").toString())
        .isEqualTo("{\"open\":3,\"opened\":0,\"closed\":0,\"suppressed\":2}");
    assertThat(report().get("Atalaya").has("episodes")).isFalse();
  }

  @Test
  void theConsoleHasALineForEveryKindInBothLanguages() {
    assertThat(line("en", SCANNERS, spreader()))
        .endsWith(
            "✱ SPREAD    scanners        src 203.0.113.77 met 17,918–18,582 distinct dst dport");
    assertThat(line("es", SCANNERS, spreader()))
        .endsWith(
            "✱ DISPERSA  scanners        src 203.0.113.77 se cruzó con 17.918–18.582 dst dport"
                + " distintos");
    assertThat(line("en", FLOODED, flood()))
        .endsWith(" of the window, with 198,400 distinct src; sport 53: 80%");
    assertThat(line("es", FLOODED, flood()))
        .endsWith(" de la ventana, con 198.400 src distintos; sport 53: 80\u00a0%");
    assertThat(line("en", FLOODED, recovery()))
        .endsWith(
            "✓ OVER      flooded         dst 203.0.113.0/24 is as usual again, after 6 windows; the"
                + " peak was 214,000,000 bytes");
    for (Kind kind : Kind.values()) {
      for (String language : List.of("en", "es")) {
        Finding finding = unusual(kind);
        assertThat(line(language, SHAPE, finding)).startsWith("2025-01-15 10:02:00 ");
        finding.up = false;
        assertThat(line(language, SHAPE, finding)).startsWith("2025-01-15 10:02:00 ");
      }
    }
  }

  private static String line(String language, DetectorConfig detector, Finding finding) {
    Document document = new Alerts(CONTEXT).write(finding, window(detector, 0));
    return new ConsoleRenderer(language, false).render(document).text();
  }
}
