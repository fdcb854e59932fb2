package dev.atalaya.dashboard.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.atalaya.dashboard.history.History;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against recorded answers, byte for byte but for blanks and the wall clock. */
class ThesisApiTest {

  private static Served served;

  @BeforeAll
  static void start() {
    served =
        new Served(
            Floods.history(),
            List.of(FixedFollower.healthy(), FixedFollower.unhealthy()),
            ServerSettings.loopback(0),
            Limits.DEFAULT);
  }

  @AfterAll
  static void stop() {
    served.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "status",
        "heavykeys",
        "heavykeys-count",
        "heavykeys-count-0",
        "heavykeys-count-negative",
        "heavykeys-count-no-number",
        "heavykeys-count-twice",
        "heavyhitters",
        "heavyhitters-no-epoch",
        "heavyhitters-unknown-epoch",
        "heavyhitters-epoch-no-number",
        "heavychangers",
        "heavychangers-no-epoch",
        "heavychangers-unknown-epoch",
        "sketchhistory",
        "sketchhistory-count",
        "sketchhistory-count-negative",
        "health",
        "unknown-path"
      })
  void answersAsRecorded(String name) throws IOException {
    JsonNode recorded = recorded(name);
    HttpResponse<String> answer = served.get(recorded.get("request").asText());
    assertThat(answer.statusCode()).isEqualTo(recorded.get("status").asInt());
    assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/json");
    // As text, so that the order of fields counts and 1 is not 1.0.
    assertThat(withoutClock(answer.body())).isEqualTo(recorded.get("answer").toString());
  }

  @Test
  void anEmptyHistoryHasTheSameShapes() {
    try (Served empty = new Served(new History(1_000, 1 << 20))) {
      assertThat(empty.get("/status").body())
          .isEqualTo(
              "{\"SketchConfig\":{\"rows\":1,\"cols\":0,\"prime\":0},"
                  + "\"HeavyKeyDetector\":{\"detectedHeavyHitters\":0,"
                  + "\"detectedHeavyChangers\":0,\"eventsProcessingSpeed\":0},"
                  + "\"DetectionParameters\":{\"heavyHitterThreshold\":0,"
                  + "\"heavyChangerThreshold\":0,\"sketchRotationInterval\":0,"
                  + "\"maxHistoryQueueLength\":1000},"
                  + "\"SketchManager\":{\"processedEvents\":0,\"currentEpoch\":0}}");
      assertThat(empty.get("/heavykeys?count=30").body()).isEqualTo("{\"HeavyKeys\":{}}");
      assertThat(empty.get("/sketchhistory").body()).isEqualTo("{\"SketchHistoryQueue\":{}}");
      assertThat(empty.get("/heavykeys/heavyhitters").body()).isEqualTo("[]");
      assertThat(empty.get("/heavykeys/heavyhitters?epoch=0").statusCode()).isEqualTo(404);
    }
  }

  @Test
  void showsTheDetectorOfTheSettings() {
    ServerSettings settings =
        new ServerSettings(ServerSettings.LOOPBACK, 0, Set.of(), Set.of(), "paths");
    try (Served paths = new Served(served.history, List.of(), settings, Limits.DEFAULT)) {
      assertThat(paths.json("/status").at("/SketchManager").toString())
          .isEqualTo("{\"processedEvents\":100,\"currentEpoch\":1}");
      assertThat(paths.json("/api/v1/status").get("shown").asText()).isEqualTo("paths");
    }
  }

  private static JsonNode recorded(String name) throws IOException {
    try (InputStream file = ThesisApiTest.class.getResourceAsStream("contract/" + name + ".json")) {
      return Served.MAPPER.readTree(file);
    }
  }

  private static String withoutClock(String json) {
    return json.replaceAll(
        "\"timestamp\":\"\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z\"",
        "\"timestamp\":\"NOW\"");
  }
}
