package dev.atalaya.job.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is refused, and that the message names the line, the key and the remedy. */
class ConfigRefusalTest {

  private static final String SOURCE =
      "source: { kafka: { servers: 'localhost:9092', topics: [flows] } }\n";
  private static final String FORMAT = "format: { json: {} }\n";
  private static final String DETECTORS =
      """
      detectors:
        - name: top
          key: [src]
          hitters: { share: 1% }
      """;
  private static final String GOOD = SOURCE + FORMAT + DETECTORS;

  @TempDir private Path dir;

  /** The problems of a configuration that must be refused. */
  static List<String> refusal(String yaml) {
    return refusal(yaml, Map.of());
  }

  private static List<String> refusal(String yaml, Map<String, String> env) {
    ConfigException refused =
        catchThrowableOfType(
            ConfigException.class, () -> ConfigLoader.parse(yaml, "flows.yaml", env));
    assertThat(refused).as("refused: " + yaml).isNotNull();
    return refused.problems().stream().map(ConfigProblem::toString).toList();
  }

  private static void accept(String yaml) {
    assertThat(ConfigLoader.parse(yaml, "flows.yaml", Map.of())).isNotNull();
  }

  @Test
  void detectorsThatAreRefusedAreToldWithRulesToo() {
    String rules = "rules: { file: rules.yaml }\n";
    assertThat(refusal(GOOD.replace("name: top", "name: Top") + rules))
        .singleElement()
        .asString()
        .startsWith("flows.yaml:4: detectors[0].name: 'Top' is no name");
    assertThat(refusal(GOOD.replace("key: [src]", "allow: { src: a }") + rules))
        .anyMatch(problem -> problem.contains("detectors[0].key: is missing"));
  }

  @Test
  void allProblemsAreToldAtOnceInTheOrderOfTheFile() {
    String yaml =
        """
        source:
          kafka: { servers: localhost, topics: [flows] }
        format: { json: { ndjsn: true } }
        window: 10
        detectors:
          - name: Top
            key: []
            hitters: { share: 120% }
        """;
    assertThat(refusal(yaml))
        .containsExactly(
            "flows.yaml:2: source.kafka.servers: 'localhost' is no host:port such as"
                + " localhost:9092",
            "flows.yaml:3: format.json.ndjsn: unknown key; did you mean 'ndjson'?",
            "flows.yaml:4: window: '10' has no unit: write 500ms, 10s, 5m, 1h or 1d",
            "flows.yaml:6: detectors[0].name: 'Top' is no name: use up to 64 small letters, digits"
                + " and single '-', such as top-sources",
            "flows.yaml:7: detectors[0].key: is an empty list; give at least one or remove the"
                + " key",
            "flows.yaml:8: detectors[0].hitters.share: '120%' must be above 0 and at most 1"
                + " (100%)");
  }

  @Test
  void anEmptyFileIsToldWhatItNeeds() {
    assertThat(refusal(""))
        .containsExactly(
            "flows.yaml: source: name where events come from: one of kafka, rabbitmq, files, capture",
            "flows.yaml: format: name the format: one of json, csv, lines, combined-log,"
                + " squid, zeek, suricata-eve, snort, yaf, syslog, cef, key-value, grok,"
                + " vpc-flow-log, goflow2, pmacct, fastnetmon, akvorado, sentilo",
            "flows.yaml: detectors: give at least one, such as - { name: top, key: [src], … }");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0s          | must be at least 100ms",
        "-1s         | is not understood: write 500ms, 10s, 5m, 1h or 1d",
        "10          | has no unit: write 500ms, 10s, 5m, 1h or 1d",
        "10 minutos  | is not understood: write 500ms, 10s, 5m, 1h or 1d",
        "diez        | is not understood: write 500ms, 10s, 5m, 1h or 1d",
        "8d          | must be at most 7d",
        "1.5s        | is not understood: write 500ms, 10s, 5m, 1h or 1d",
        "99999999999999d | is too large",
      })
  void aWindowThatIsNoDurationIsRefused(String window, String message) {
    assertThat(refusal(GOOD + "window: " + window + "\n"))
        .containsExactly("flows.yaml:7: window: '" + window + "' " + message);
  }

  @ParameterizedTest
  @ValueSource(strings = {".nan", "-1%", "150%", "1.5", "0", "0%", "'1,5%'", "1e-3", "∞", "'%'"})
  void aShareOutsideItsRangeIsRefused(String share) {
    assertThat(
            refusal(
                SOURCE
                    + FORMAT
                    + "detectors: [{ name: a, key: [src], hitters: { share: "
                    + share
                    + " } }]\n"))
        .singleElement()
        .asString()
        .startsWith("flows.yaml:3: detectors[0].hitters.share: ");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "memory: 0b        | detectors[0].memory: '0b' must be at least 1kb",
        "memory: 2gb       | detectors[0].memory: '2gb' must be at most 1gb",
        "memory: 1048576   | detectors[0].memory: '1048576' has no unit: write 512b, 64kb, 1mb or 1gb",
        "slices: 0         | detectors[0].slices: '0' must be at least 1",
        "slices: 129       | detectors[0].slices: '129' must be at most 128",
        "slices: two       | detectors[0].slices: 'two' is no whole number",
        "max-alerts: 0     | detectors[0].max-alerts: '0' must be at least 1",
        "signed: yes       | detectors[0].signed: 'yes' is neither true nor false",
        "signed: true      | detectors[0].signed: has no effect without 'weight'; remove it",
        "category: netwrok | detectors[0].category: 'netwrok' is unknown; did you mean 'network'?",
        "window:           | detectors[0].window: has no value; give one or remove the key",
        "window: [1s]      | detectors[0].window: expected one value, got a list",
        "changers: {}      | detectors[0].changers: give 'delta', 'share', 'ratio', 'sensitivity' or several of them",
        "changers: { ratio: 1 } | detectors[0].changers.ratio: '1' must be above 1: 2 means doubled or halved",
        "changers: { ratio: .nan } | detectors[0].changers.ratio: '.nan' is no number such as 2 or 1.5",
        "changers: { delta: -3 } | detectors[0].changers.delta: '-3' must be at least 1",
        "changers: { sensitivity: huge } | detectors[0].changers.sensitivity: 'huge' is unknown; known: high, low, medium",
        "spreaders: { count: 3 } | detectors[0].spreaders: need 'distinct': the fields whose values are counted",
        "and: [{ count: 1, weight: b, distinct: d }] | detectors[0].and[0].distinct: give either 'weight' or 'distinct'",
        "and: [{ weight: b }] | detectors[0].and[0]: give 'count' or 'rate'",
        "and: [{ rate: 5 }] | detectors[0].and[0].rate: '5' is no rate: write 100/s, 6000/m or, of bytes, 100mbit/s",
        "and: [{ rate: 5mbit/s }] | detectors[0].and[0].rate: '5mbit/s' is in bits and needs a 'weight' of bytes",
        "and: [{ rate: 1/s, count: 2 }] | detectors[0].and[0].rate: give either 'count' or 'rate'",
        "rollup: {}        | detectors[0].rollup: needs an address, so that each has one form: declare 'src'",
        "rollup: { path: 9 } | detectors[0].rollup.path: '9' must be at most 8",
        "rollup: { path: 2, ipv4: 8 } | detectors[0].rollup.ipv4: give either 'path' or prefixes of addresses",
        "contributors: {}  | detectors[0].contributors.fields: is missing",
        "baseline: { kind: mean } | detectors[0].baseline.kind: 'mean' is unknown; known: last-week,",
        "signals: {}       | detectors[0].signals: give 'total', 'distinct-keys', 'entropy' or 'silence'",
        "episodes: { open: 3, of: 2 } | detectors[0].episodes.of: is less than 'open', which are 3",
        "episodes: { growth: 1 } | detectors[0].episodes.growth: '1' must be above 1: 2 means doubled or halved",
        "allow: { src: 10.0.0.0/33 } | detectors[0].allow.src: '10.0.0.0/33' is no prefix: ",
        "allow: { src: 'file:/no/such' } | detectors[0].allow.src: file:/no/such does not exist; create it",
        "overrides: [{ where: { src: a } }] | detectors[0].overrides[0]: give 'hitters', 'changers' or 'spreaders', or it",
        "overrides: [{ hitters: { count: 1 } }] | detectors[0].overrides[0].where: is missing: name the keys,",
        "overrides: [{ where: { dst: a }, hitters: { count: 1 } }] | detectors[0].overrides[0].where.dst: is no field of the key; ",
        "overrides: [{ where: { src: a }, changers: { delta: 1 } }] | detectors[0].overrides[0].changers: the detector has no 'changers' to override",
        "overrides: [{ where: { src: a }, hitters: { count: 1, sensitivity: low } }] | detectors[0].overrides[0].hitters.sensitivity: ",
        "and: [{ distinct: [a, b, c, d, e, f], count: 1 }] | detectors[0].and[0].distinct: has 6 fields; at most 5",
        "sleep: [{ from: 25:00 }] | detectors[0].sleep[0].from: '25:00' is no time of day such as 22:30",
        "sleep: [{ days: lunes }] | detectors[0].sleep[0].days: 'lunes' is no day: mon to sun",
        "first-seen: { remember: 1s } | detectors[0].first-seen.remember: '1s' must be at least 1m",
      })
  void aBadDetectorSettingIsRefused(String setting, String message) {
    assertThat(refusal(GOOD + "    " + setting + "\n"))
        .singleElement()
        .asString()
        .startsWith("flows.yaml:7: " + message);
  }

  @Test
  void distinctValuesAreNoWeight() {
    assertThat(refusal(GOOD + "    distinct: [dst]\n    weight: bytes\n"))
        .containsExactly(
            "flows.yaml:6: detectors[0].hitters: distinct values have 'spreaders' instead",
            "flows.yaml:8: detectors[0].weight: give either 'weight' or 'distinct'");
  }

  @Test
  void whatGroupsOfKeysOverrideIsCheckedWithTheRest() {
    String spread =
        SOURCE
            + FORMAT
            + "detectors: [{ name: a, key: [src], distinct: [dst], slices: 2, changers: { delta: 1 },"
            + " overrides: [{ where: { src: x }, changers: { share: 1% } }] }]\n";
    assertThat(refusal(spread))
        .containsExactly(
            "flows.yaml:3: detectors[0].slices: does not go with 'changers.share' of distinct"
                + " values");
    String learned =
        SOURCE
            + FORMAT
            + "detectors: [{ name: a, key: [src], changers: { delta: 1 },"
            + " overrides: [{ where: { src: x }, changers: { sensitivity: low } }] BASELINE}]\n";
    accept(learned.replace("BASELINE", ""));
    assertThat(
            ConfigLoader.parse(learned.replace("BASELINE", ""), "flows.yaml", Map.of())
                .detectors()
                .get(0)
                .baseline()
                .kind())
        .isEqualTo(DetectorConfig.BaselineKind.MOVING_AVERAGE);
    assertThat(refusal(learned.replace("BASELINE", ", baseline: { kind: previous-window }")))
        .singleElement()
        .asString()
        .contains("baseline.kind: a 'sensitivity' needs a learned baseline");
    assertThat(
            refusal(
                SOURCE
                    + FORMAT
                    + "detectors: [{ name: a, key: [k], distinct: [a, b, c, d, e, f],"
                    + " spreaders: { count: 1 } }]\n"))
        .containsExactly("flows.yaml:3: detectors[0].distinct: has 6 fields; at most 5");
  }

  @Test
  void aDetectorNeedsSomethingToAlertAbout() {
    assertThat(refusal(SOURCE + FORMAT + "detectors: [{ name: a, key: [src] }]\n"))
        .containsExactly(
            "flows.yaml:3: detectors[0]: give 'hitters', 'changers', 'spreaders', 'first-seen' or"
                + " 'signals', or there is nothing to alert about");
  }

  @Test
  void detectorNamesAreUnique() {
    assertThat(refusal(GOOD + "  - { name: top, key: [dst], hitters: { count: 1 } }\n"))
        .containsExactly(
            "flows.yaml:7: detectors[1].name: there is a detector 'top' already; rename it");
  }

  @ParameterizedTest
  @ValueSource(strings = {"'../../x'", "a--b", "-a", "Ñu", "'a b'", "a_b", "top/x"})
  void aDetectorNameIsSafeEverywhere(String name) {
    assertThat(
            refusal(
                SOURCE
                    + FORMAT
                    + "detectors: [{ name: "
                    + name
                    + ", key: [a], hitters: { count: 1 } }]\n"))
        .singleElement()
        .asString()
        .contains("is no name");
  }

  @Test
  void aKeyHasAtMostFiveFieldsAndNoneTwice() {
    assertThat(refusal(GOOD.replace("[src]", "[a, b, c, d, e, f]")))
        .containsExactly("flows.yaml:5: detectors[0].key: has 6 fields; at most 5");
    assertThat(refusal(GOOD.replace("[src]", "[a, a]")))
        .containsExactly("flows.yaml:5: detectors[0].key: 'a' is given twice; keep one");
  }

  @Test
  void oneWeightIsNotBothSignedAndUnsigned() {
    String signed =
        "detectors: [{ name: a, key: [s], weight: w, signed: true, hitters: { count: 1 } },"
            + " { name: b, key: [s], weight: w, hitters: { count: 1 } }]\n";
    assertThat(refusal(SOURCE + FORMAT + signed))
        .containsExactly(
            "flows.yaml:3: detectors[1].weight: 'w' is signed in one detector and not in another;"
                + " make both the same");
  }

  @Test
  void anUnknownSourceSinkOrFormatIsToldTheKnownOnes() {
    assertThat(refusal("source: { kinesis: {} }\n" + FORMAT + DETECTORS))
        .containsExactly(
            "flows.yaml:1: source.kinesis: unknown key; known: capture, files, kafka, rabbitmq");
    assertThat(refusal(GOOD + "sinks: [ redis: {} ]\n"))
        .containsExactly(
            "flows.yaml:7: sinks[0].redis: unknown key; known: console, elasticsearch, files, kafka,"
                + " opensearch");
    assertThat(refusal(SOURCE + "format: { jsn: {} }\n" + DETECTORS))
        .containsExactly("flows.yaml:2: format.jsn: unknown key; did you mean 'json'?");
    assertThat(refusal(GOOD + "sinks: []\n"))
        .containsExactly(
            "flows.yaml:7: sinks: expected a list with at least one item, got an empty list");
    assertThat(refusal(GOOD + "sinks: [{ console: {}, files: { path: out/x } }]\n"))
        .containsExactly("flows.yaml:7: sinks[0].console: there is 'files' already; keep one");
  }

  @Test
  void aBareKindIsToldHowItIsWritten() {
    assertThat(refusal(SOURCE + "format: json\n" + DETECTORS))
        .containsExactly("flows.yaml:2: format: write format: { json: {} }");
    assertThat(refusal(GOOD + "sinks: [ console ]\n"))
        .containsExactly("flows.yaml:7: sinks[0]: write - console: {}");
    assertThat(refusal(GOOD + "sinks: [ files: out/x ]\n"))
        .contains("flows.yaml:7: sinks[0].files: write files: { path: out/x }");
  }

  @ParameterizedTest
  @ValueSource(strings = {"5", "100", "1.5"})
  void aShareWithoutItsSignIsAskedForIt(String share) {
    assertThat(refusal(GOOD.replace("1%", share)))
        .singleElement()
        .asString()
        .endsWith("must be above 0 and at most 1 (100%); did you mean " + share + "%?");
  }

  @Test
  void fieldsThatTheFormatCannotHaveAreRefusedWithTheNearest() {
    String log = SOURCE + "format: { combined-log: {} }\n";
    assertThat(refusal(log + DETECTORS.replace("[src]", "[refererr]")))
        .containsExactly(
            "flows.yaml:5: detectors[0].key: there is no field 'refererr' in combined-log; did you"
                + " mean 'referer'?");
    assertThat(refusal(log + DETECTORS + "    weight: method\n"))
        .containsExactly(
            "flows.yaml:7: detectors[0].weight: 'method' is no number of combined-log; known:"
                + " status, bytes");
    accept(log + DETECTORS + "    weight: bytes\n");
    assertThat(
            refusal(
                SOURCE
                    + "format: { csv: { columns: [src, dst] } }\n"
                    + DETECTORS
                    + "    filter: { dts: x }\n"))
        .containsExactly(
            "flows.yaml:7: detectors[0].filter.dts: there is no field 'dts' in csv; did you mean"
                + " 'dst'?");
    assertThat(refusal(SOURCE + "format: { lines: {} }\n" + DETECTORS))
        .containsExactly(
            "flows.yaml:5: detectors[0].key: there is no field 'src' in lines; known: line");
    accept(SOURCE + "format: { lines: {} }\n" + DETECTORS.replace("[src]", "[line]"));
    accept(
        SOURCE + "format: { lines: { fields: { src: { path: line, type: ip } } } }\n" + DETECTORS);
  }

  @Test
  void filesAreInflatedByTheirNameAndNotRecordByRecord() {
    assertThat(
            refusal(
                "source: { files: { path: data } }\n"
                    + "format: { json: {}, compression: gzip }\n"
                    + DETECTORS
                    + "time: { field: ts }\n"))
        .containsExactly(
            "flows.yaml:2: format.compression: is for records; files named *.gz are inflated"
                + " without it: remove it");
  }

  @Test
  void csvFromAQueueNeedsItsColumns() {
    assertThat(refusal(SOURCE + "format: { csv: {} }\n" + DETECTORS))
        .containsExactly(
            "flows.yaml:2: format.csv: needs 'columns': only files have a header line");
  }

  @Test
  void filesHaveNoTimeOfTheirOwn() {
    String files = "source: { files: { path: data } }\n" + FORMAT + DETECTORS;
    assertThat(refusal(files))
        .containsExactly(
            "flows.yaml:1: time.field: is missing: name the field with the time, such as time: { field: ts, unit: ms }; a line of a file has no time of its own");
    assertThat(refusal(files + "time: { field: ts, broker-fallback: true }\n"))
        .containsExactly(
            "flows.yaml:7: time.broker-fallback: has no effect: files have no broker; remove it");
    accept(files + "time: { field: ts }\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "zone: Madrid   | time.zone: 'Madrid' is no time zone: write UTC, Europe/Madrid or +02:00",
        "locale: xx     | time.locale: 'xx' is no language: write en, es or de",
        "unit: seconds  | time.unit: 'seconds' is unknown; known: auto, iso, log, ms, ns, s, sentilo, snort, syslog, us",
        "idle: 0s       | time.idle: '0s' must be at least 100ms",
      })
  void aBadTimeSettingIsRefused(String setting, String message) {
    assertThat(refusal(GOOD + "time: { field: ts, " + setting + " }\n"))
        .containsExactly("flows.yaml:7: " + message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "start: 2026-08-26 | source.kafka.start: '2026-08-26' is neither earliest, latest, committed nor a time such as 2026-08-26T10:00:00Z",
        "topic-pattern: x | source.kafka.topic-pattern: give either 'topics' or 'topic-pattern'",
        "start: yesterday | source.kafka.start: 'yesterday' is neither earliest, latest, committed nor a time such as 2026-08-26T10:00:00Z",
        "end: never       | source.kafka.end: 'never' is neither latest nor a time such as 2026-08-26T10:00:00Z",
        "properties: { sasl.jaas.config: 'com.sun.security.auth.module.JndiLoginModule required;' } | source.kafka.properties[sasl.jaas.config]: is set by 'security' beside it; remove it here",
        "properties: { group.id: x } | source.kafka.properties[group.id]: is set by Atalaya itself; remove it here",
        "security: {}     | source.kafka.security.protocol: is missing; one of ssl, sasl_ssl, sasl_plaintext",
        "security: { protocol: ssl, username: u } | source.kafka.security.username: has no effect with ssl; use sasl_ssl or remove it",
        "security: { protocol: sasl_plaintext, mechanism: plain, username: u, password: p, ca: x } | source.kafka.security.ca: has no effect without TLS; use sasl_ssl or remove it",
        "security: { protocol: ssl, cert: x } | source.kafka.security.cert: needs both 'cert' and 'key'",
      })
  void aBadKafkaSettingIsRefused(String setting, String message) {
    String source = "source:\n  kafka:\n    servers: 'b:1'\n    topics: [t]\n    " + setting + "\n";
    assertThat(refusal(source + FORMAT + DETECTORS)).containsExactly("flows.yaml:5: " + message);
  }

  @Test
  void aServerIsAHostAndAPort() {
    for (String good : List.of("a:1", "'[::1]:9092'", "'a:1, b.c:65535'", "[a:1, b:2]")) {
      accept("source: { kafka: { servers: " + good + ", topics: [t] } }\n" + FORMAT + DETECTORS);
    }
    for (String bad : List.of("a", "a:65536", "':1'", "'a:1,b'", "http://a:1", "'a: 1'")) {
      assertThat(
              refusal(
                  "source: { kafka: { servers: "
                      + bad
                      + ", topics: [t] } }\n"
                      + FORMAT
                      + DETECTORS))
          .singleElement()
          .asString()
          .contains("is no host:port");
    }
  }

  @Test
  void saslNeedsAMechanismAUserAndAPassword() {
    String source =
        "source: { kafka: { servers: 'b:1', topics: [t], security: { protocol: sasl_ssl } } }\n";
    assertThat(refusal(source + FORMAT + DETECTORS))
        .hasSize(3)
        .allMatch(problem -> problem.endsWith("is missing; sasl_ssl needs it"));
  }

  @Test
  void duplicateKeysTabsTagsAliasesAndSecondDocumentsAreRefused() {
    assertThat(refusal(GOOD + "window: 1s\nwindow: 2s\n"))
        .containsExactly("flows.yaml:8: window: given twice, first on line 7; keep one");
    assertThat(refusal(GOOD + "time:\n\tfield: ts\n"))
        .containsExactly("flows.yaml:8: a tab character; indent with spaces");
    assertThat(refusal(GOOD + "name: !!javax.script.ScriptEngineManager [a]\n"))
        .containsExactly(
            "flows.yaml:7: name: YAML tags are not allowed, got"
                + " tag:yaml.org,2002:javax.script.ScriptEngineManager; remove it");
    assertThat(refusal("a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n"))
        .containsExactly(
            "flows.yaml:2: b[0]: YAML aliases (*name) are not allowed; write the value out");
    assertThat(refusal(GOOD + "---\nname: x\n"))
        .containsExactly("flows.yaml:7: a second document; one file holds one configuration");
    assertThat(refusal("[".repeat(100_000)))
        .singleElement()
        .asString()
        .contains("nested more than 32 deep");
    assertThat(refusal(GOOD + "name: [unclosed\n"))
        .singleElement()
        .asString()
        .contains("not valid YAML");
    assertThat(refusal("- just\n- a list\n"))
        .containsExactly("flows.yaml:1: expected keys such as 'source:', got a list");
  }

  @Test
  void hostileKeysAreShownEscaped() {
    assertThat(refusal(GOOD + "\"\\e[2J\\u202Ex\": 1\n"))
        .singleElement()
        .asString()
        .startsWith("flows.yaml:7: \\x1b[2J\\u202ex: unknown key");
  }

  @Test
  void aPlaceholderNeedsItsVariable() {
    assertThat(refusal(GOOD + "name: ${NO_SUCH}\n"))
        .containsExactly("flows.yaml:7: name: environment variable NO_SUCH is not set; set it");
    assertThat(refusal(GOOD + "name: ${NO-SUCH}\n"))
        .containsExactly(
            "flows.yaml:7: name: a placeholder is written ${NAME}; for the two characters"
                + " themselves write $${");
  }

  @Test
  void aPlaceholdersValueIsTextAndNothingMore() {
    String yaml = GOOD + "labels: { a: '${A}', b: '$${A}', c: 'x${A}y' }\n";
    assertThat(ConfigLoader.parse(yaml, "x", Map.of("A", "${B}: [")).labels())
        .isEqualTo(Map.of("a", "${B}: [", "b", "${A}", "c", "x${B}: [y"));
  }

  @Test
  void secretsAreReadFromFilesAndNeverShown() throws IOException {
    Path secret = dir.resolve("seed");
    String yaml = GOOD + "seed: 'file:" + secret + "'\n";
    assertThat(refusal(yaml)).singleElement().asString().contains("does not exist");

    Files.writeString(secret, "");
    assertThat(refusal(yaml)).containsExactly("flows.yaml:7: seed: is empty; put the secret in it");
    Files.writeString(secret, "\n");
    assertThat(refusal(yaml)).containsExactly("flows.yaml:7: seed: is empty; put the secret in it");

    Files.writeString(secret, "hunter2\n");
    assertThat(refusal(yaml)).singleElement().asString().doesNotContain("hunter2");

    Files.writeString(secret, "000102030405060708090a0b0c0d0e0f\r\n");
    List<ConfigProblem> warnings = new ArrayList<>();
    JobConfig config = ConfigLoader.parse(yaml, "flows.yaml", Map.of(), List.of(), warnings::add);
    assertThat(config.runtime().seed().value()).isEqualTo("000102030405060708090a0b0c0d0e0f");
    assertThat(config.toString()).doesNotContain("0001020304");
    assertThat(warnings).singleElement().asString().contains("can be read by everyone");
  }

  @Test
  void anInputThatIsNeitherFileNorDirectoryIsRefused() {
    String yaml = "source: { files: { path: /dev/null } }\n" + FORMAT + DETECTORS;
    assertThat(refusal(yaml + "time: { field: ts }\n"))
        .containsExactly(
            "flows.yaml:1: source.files.path: '/dev/null' is neither a file nor a directory (a pipe or a"
                + " device?)");
  }

  @Test
  void anOutputIsNoRootNoFileAndApartFromTheInput() throws IOException {
    Path input = Files.createDirectory(dir.resolve("in"));
    Path file = Files.createFile(dir.resolve("file"));
    Path link = Files.createSymbolicLink(dir.resolve("link"), input);
    assertThat(outputRefusal(input, Path.of("/"))).contains("is a root directory");
    assertThat(outputRefusal(input, Path.of("/tmp/../.."))).contains("is a root directory");
    assertThat(outputRefusal(input, file)).contains("is no directory");
    assertThat(outputRefusal(input, file.resolve("x"))).contains("is no directory");
    for (Path output : List.of(input, input.resolve("out/alerts"), dir, link.resolve("out"))) {
      assertThat(outputRefusal(input, output)).contains("overlaps the input");
    }
    accept(fromTo(input, dir.resolve("out")));
    accept(fromTo(input, Path.of(dir + "/in-other")));
  }

  private static String outputRefusal(Path input, Path output) {
    List<String> problems = refusal(fromTo(input, output));
    assertThat(problems).hasSize(1);
    return problems.get(0);
  }

  private static String fromTo(Path input, Path output) {
    return "source: { files: { path: '"
        + input
        + "' } }\n"
        + FORMAT
        + DETECTORS
        + "time: { field: ts }\nsinks: [{ files: { path: '"
        + output
        + "' } }]\n";
  }

  @Test
  void whatCanBeNoPathIsRefused() {
    for (String path : List.of("\"a\\0b\"", "''", "'file://%zz'")) {
      assertThat(
              refusal(
                  "source: { files: { path: "
                      + path
                      + " } }\n"
                      + FORMAT
                      + DETECTORS
                      + "time: { field: ts }\n"
                      + "sinks: [{ files: { path: "
                      + path
                      + " } }]\n"
                      + "checkpoint: { dir: "
                      + path
                      + " }\n"))
          .hasSize(3)
          .allMatch(problem -> problem.matches("(?s).*(path|dir): '.*' is no (path|URI).*"));
    }
  }

  @Test
  void twoSinksDoNotShareAPath() {
    assertThat(refusal(GOOD + "sinks: [{ files: { path: out/x } }, { files: { path: out/x } }]\n"))
        .containsExactly(
            "flows.yaml:7: sinks[1].files.path: another sink writes there already; give each its"
                + " own");
  }

  @Test
  void documentFieldsThatAtalayaWritesItselfAreKept() {
    assertThat(refusal(GOOD + "ecs: { src: event.id }\n"))
        .containsExactly(
            "flows.yaml:7: ecs.src: event.id is written by Atalaya itself; choose another");
    assertThat(refusal(GOOD + "ecs: { src: source }\n"))
        .containsExactly("flows.yaml:7: ecs.src: is no ECS field such as source.ip");
    assertThat(refusal(GOOD + "ecs: { src: source.ip, dst: source.ip }\n"))
        .containsExactly(
            "flows.yaml:7: ecs.dst: source.ip is taken by another field; choose another");
    assertThat(refusal(GOOD + "ecs: { src: a.b.c, dst: a.b, proto: source.ip.x }\n"))
        .containsExactly(
            "flows.yaml:7: ecs.dst: a.b and a.b.c cannot both be fields; choose another",
            "flows.yaml:7: ecs.proto: source.ip and source.ip.x cannot both be fields; choose"
                + " another");
    assertThat(refusal(GOOD + "labels: { 'a b': x }\n"))
        .containsExactly("flows.yaml:7: labels.a b: is no label: use letters, digits, '_' and '-'");
  }

  @Test
  void aFileInLatin1WithWindowsLineEndsIsRead() throws IOException {
    Path file = dir.resolve("señales.yaml");
    String yaml = (GOOD + "labels: { site: España }\n").replace("\n", "\r\n");
    Files.write(file, yaml.getBytes(StandardCharsets.ISO_8859_1));
    List<ConfigProblem> warnings = new ArrayList<>();
    JobConfig config = ConfigLoader.load(file, Map.of(), List.of(), warnings::add);
    assertThat(config.labels()).containsEntry("site", "España");
    assertThat(config.name()).isEqualTo("se-ales");
    assertThat(warnings).singleElement().asString().contains("read as Latin-1");

    Files.writeString(file, "\uFEFF" + yaml);
    assertThat(ConfigLoader.load(file, Map.of()).labels()).containsEntry("site", "España");
  }

  @Test
  void aFileThatIsNotThereOrADirectoryIsRefused() {
    assertThat(
            catchThrowableOfType(
                ConfigException.class, () -> ConfigLoader.load(dir.resolve("none.yaml"), Map.of())))
        .hasMessageEndingWith("none.yaml: there is no such file");
    assertThat(
            catchThrowableOfType(
                ConfigException.class, () -> ConfigLoader.load(Path.of("none.yaml"), Map.of())))
        .hasMessage(
            "none.yaml: there is no such file (looked in " + Path.of("").toAbsolutePath() + ")");
    assertThat(catchThrowableOfType(ConfigException.class, () -> ConfigLoader.load(dir, Map.of())))
        .hasMessageContaining("is a directory");
  }
}
