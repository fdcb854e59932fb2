package dev.atalaya.job.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.atalaya.connectors.search.SearchSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The sinks {@code elasticsearch} and {@code opensearch}: their defaults, and what is refused. */
class SearchSinkConfigTest {

  private static final String JOB =
      """
      source: { kafka: { servers: "a:9092", topics: [flows] } }
      format: { json: {} }
      detectors: [{ name: top, key: [src], hitters: { share: 1% } }]
      """;

  @Test
  void needNothingButAUrl() {
    JobConfig config = load(JOB + "sinks: [{ opensearch: { url: 'http://localhost:9200' } }]");
    assertThat(config.sinks())
        .containsExactly(
            new SinkConfig.Search(
                "opensearch",
                new SearchSettings(
                    List.of("http://localhost:9200"),
                    "atalaya-alerts",
                    "atalaya-reports",
                    "atalaya-dead-letters",
                    null,
                    null,
                    new SearchSettings.Batch(500, 5 << 20, 1000, 2),
                    30_000)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "reports: R | .reports: 'R' must be up to 200 lower-case letters, digits, '.', '_' and '-', a letter or digit first",
        "reports: atalaya-alerts | .reports: its indices could not be told from those of 'alerts': one name is the beginning of the other; choose another",
        "alerts: atalaya | .dead-letters: its indices could not be told from those of 'alerts': one name is the beginning of the other; choose another",
        "username: u | .username: needs both 'username' and 'password'",
        "username: u, password: p, api-key: k | .api-key: give either this or username and password",
        "api-key: '' | .api-key: is empty; put the secret in it",
        "api-key: 'a b' | .api-key: is none: give what the store calls 'encoded', on one line",
        "tls: {} | .tls: needs either 'ca' or 'fingerprint'",
        "tls: { ca: c, fingerprint: 00 } | .tls.fingerprint: '00' is no SHA-256 fingerprint: 64 hexadecimal digits",
        "batch: { documents: 0 } | .batch.documents: '0' must be at least 1",
        "batch: { size: 100mb } | .batch.size: '100mb' must be at most 90mb",
        "index: x | .index: unknown key; known: alerts, api-key, batch, dead-letters, password, reports, timeout, tls, url, username",
      })
  void refuse(String setting, String problem) {
    assertThat(refusal("sinks: [{ elasticsearch: { url: 'https://s:9200', " + setting + " } }]"))
        .contains("x.yaml:4: sinks[0].elasticsearch" + problem);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "localhost:9200 | is no URL such as https://localhost:9200",
        "https:// | is no URL such as https://localhost:9200",
        "ftp://s | is no URL such as https://localhost:9200",
        "https://s:9200/?x=1 | must end with the port or a path",
      })
  void refuseAUrl(String url, String reason) {
    assertThat(refusal("sinks: [{ elasticsearch: { url: '" + url + "' } }]"))
        .containsExactly("x.yaml:4: sinks[0].elasticsearch.url: '" + url + "' " + reason);
  }

  @ParameterizedTest
  @CsvSource({
    "https://u:p@s:9200, must not hold a user or password: use 'username' and 'password' beside it",
    "https://u:p%@s:9200, is no URL such as https://localhost:9200",
  })
  void doNotShowThePasswordInAUrl(String url, String reason) {
    assertThat(refusal("sinks: [{ elasticsearch: { url: '" + url + "' } }]"))
        .containsExactly("x.yaml:4: sinks[0].elasticsearch.url: 's:9200' " + reason);
  }

  @Test
  void refuseTlsWithoutHttps() {
    assertThat(refusal("sinks: [{ elasticsearch: { url: 'http://s:9200', tls: { ca: c } } }]"))
        .containsExactly(
            "x.yaml:4: sinks[0].elasticsearch.tls: has no effect on http; write https in every url,"
                + " or remove it");
  }

  @Test
  void refuseTheSameAliasesTwice() {
    assertThat(
            refusal(
                "sinks:\n- elasticsearch: { url: 'http://a' }\n- opensearch: { url: 'http://b' }"))
        .containsExactly(
            "x.yaml:6: sinks[1].opensearch.alerts: another sink names the same aliases, if in"
                + " another store, and the state of both could not be told apart; name others");
  }

  @Test
  void aSecretOverHttpIsWarnedOfButOnTheMachineItself() {
    String login = ", username: u, password: p } }]";
    assertThat(warnings("sinks: [{ elasticsearch: { url: 'http://s:9200'" + login))
        .containsExactly(
            "x.yaml:4: sinks[0].elasticsearch.url: sends the secret readable over the network; use"
                + " https");
    for (String host : List.of("localhost", "127.0.0.1", "[::1]")) {
      String sink = "sinks: [{ elasticsearch: { url: 'http://" + host + ":9200'" + login;
      assertThat(warnings(sink)).isEmpty();
    }
  }

  private static List<String> refusal(String sinks) {
    ConfigException refused = catchThrowableOfType(ConfigException.class, () -> load(JOB + sinks));
    assertThat(refused).as(sinks).isNotNull();
    return refused.problems().stream().map(ConfigProblem::toString).toList();
  }

  private static List<String> warnings(String sinks) {
    List<String> warnings = new ArrayList<>();
    ConfigLoader.parse(
        JOB + sinks, "x.yaml", Map.of(), List.of(), warning -> warnings.add(warning.toString()));
    return warnings;
  }

  private static JobConfig load(String yaml) {
    return ConfigLoader.parse(yaml, "x.yaml", Map.of());
  }
}
