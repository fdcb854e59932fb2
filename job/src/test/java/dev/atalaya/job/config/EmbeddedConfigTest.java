package dev.atalaya.job.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atalaya.capture.http.HttpSettings;
import dev.atalaya.job.config.SourceConfig.Guarantee;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code source.capture} may say, and what is refused. */
class EmbeddedConfigTest {

  private static String yaml(String capture, String format) {
    return """
        source:
          capture: { %s }
        format: { %s: {} }
        time: { field: ts }
        detectors: [{ name: top, key: [src], hitters: { share: 1%% } }]
        """
        .formatted(capture, format);
  }

  private static SourceConfig source(String capture) {
    return ConfigLoader.parse(yaml(capture, "json"), "flows.yaml", Map.of()).source();
  }

  @Test
  void whatIsLeftOutHasItsDefault() {
    assertThat(source("http: {}"))
        .isEqualTo(
            new SourceConfig.Capture(
                new HttpSettings(
                    "127.0.0.1", 8090, null, List.of(), null, 4 << 20, 512, 30_000, 60_000),
                List.of(),
                null));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "http: {}                                      | AT_LEAST_ONCE",
        "udp: [ { port: 1 } ]                          | AT_MOST_ONCE",
        "http: {}, udp: [ { port: 1 } ]                | BY_WAY",
        "follow: { paths: x, state: y }                | EXACTLY_ONCE",
        "follow: { paths: x, state: y }, http: {}      | AT_LEAST_ONCE",
        "pcap: { paths: x }                            | EXACTLY_ONCE",
      })
  void eachWayPromisesWhatItCan(String capture, Guarantee guarantee) {
    assertThat(source(capture).guarantee()).isEqualTo(guarantee);
  }

  @Test
  void packetsEndAndTheOtherWaysDoNot() {
    assertThat(source("pcap: { paths: x }").bounded()).isTrue();
    assertThat(source("udp: [ { port: 1 } ]").bounded()).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "                         | json  | : names no way in: http, udp, follow or pcap",
        "stdin: {}, http: {}      | json  | .stdin: is for 'atalaya capture'; here, write it to a file",
        "htp: {}, http: {}        | json  | .htp: unknown key; did you mean 'http'?",
        "http: { port: 70000 }    | json  | .http.port: '70000' must be at most 65535",
        "http: { confirm-timeout: 15s } | json | .http.confirm-timeout: must be at least twice checkpoint.interval, 10s: an answer waits for a checkpoint",
        "http: { bind: 0.0.0.0 }  | json  | .http.bind: is open to the network, and everybody there could send; give 'keys' too",
        "http: {}, pcap: { paths: x } | json | .pcap: ends, and the other ways do not; read it in a job of its own",
        "udp: [ { port: 1 } ]     | key-value | .udp: gives JSON; write format: { json: {} }",
        "http: {}                 | key-value | .http: gives JSON; write format: { json: {} }",
        "pcap: { paths: x }       | key-value | .pcap: gives JSON; write format: { json: {} }",
        "follow: { paths: x }     | json  | .follow.state: is missing; it keeps how far each file was read",
      })
  void whatCannotBeIsRefusedWithLineAndKey(String capture, String format, String problem) {
    String yaml = yaml(capture == null ? "" : capture, format);
    assertThat(ConfigRefusalTest.refusal(yaml))
        .containsExactly("flows.yaml:2: source.capture" + problem);
  }

  @Test
  void linesByUdpNeedNoJson() {
    String yaml = yaml("udp: [ { port: 514, content: lines } ]", "syslog").replace("field: ts", "");
    assertThat(ConfigLoader.parse(yaml, "flows.yaml", Map.of()).source().system())
        .isEqualTo("capture");
  }

  @Test
  void linesOfFilesNeedATimeOfTheirOwn() {
    String yaml = yaml("follow: { paths: x, state: y }", "json").replace("{ field: ts }", "{}");
    assertThat(ConfigRefusalTest.refusal(yaml))
        .singleElement()
        .asString()
        .contains("time.field: is missing", "a line of a file has no time of its own");
  }
}
