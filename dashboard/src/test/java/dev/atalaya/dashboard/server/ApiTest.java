package dev.atalaya.dashboard.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.atalaya.dashboard.Documents;
import dev.atalaya.dashboard.history.History;
import dev.atalaya.fixtures.NaughtyStrings;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ApiTest {

  private static final String ALERT = "1736935220000-floods-heavy_hitter-192.0.2.1-0";

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

  @Test
  void statusTellsOfJobAndFollowers() {
    JsonNode status = served.json("/api/v1/status");
    assertThat(status.get("lagMillis").asLong()).isPositive();
    assertThat(status.get("since").asText()).endsWith("Z");
    assertThat(without(status, "since", "lagMillis"))
        .isEqualTo(
            json(
                "{'name':'atalaya','documents':13,'follows':[{'what':'files',"
                    + "'where':'out/demo-run','healthy':true,'message':null,"
                    + "'lastDocument':'2025-01-15T10:05:00.000Z'},{'what':'kafka',"
                    + "'where':'localhost:9092','healthy':false,'message':'no broker answers',"
                    + "'lastDocument':null}],'events':{'received':5,'counted':5,'late':0,"
                    + "'skewed':0,'rejected':0,'duplicate':0,'pending':0},'eventsPerSecond':5,"
                    + "'newestWindowEnd':'2025-01-15T10:00:40.000Z','deadLetters':3,"
                    + "'detectors':['floods','paths'],'shown':'floods'}"));
  }

  @Test
  void detectorsHaveSumsAndLedgers() {
    assertThat(served.get("/api/v1/detectors").body())
        .isEqualTo(
            json(
                "{'detectors':[{'name':'floods','measure':'bytes','windowMillis':10000,"
                    + "'firstEpoch':0,'lastEpoch':3,'windows':4,'hitters':3,'changers':2,'others':{},"
                    + "'ledger':{'revision':3,'received':5,'counted':5}},{'name':'paths',"
                    + "'measure':'bytes','windowMillis':10000,'firstEpoch':0,'lastEpoch':0,"
                    + "'windows':1,'hitters':0,'changers':0,'others':{},'ledger':null}]}"));
  }

  @Test
  void windowsAreAscendingAndWithoutGaps() {
    assertThat(served.get("/api/v1/windows?from=2&to=3").body())
        .isEqualTo(
            json(
                "{'detector':'floods','windows':[{'epoch':2,'start':'2025-01-15T10:00:20.000Z',"
                    + "'end':'2025-01-15T10:00:30.000Z','events':0,'total':0,'hitters':0,"
                    + "'changers':0,'others':{},'possible':0,'exact':true,'warmup':false,'errorBound':0,"
                    + "'distinctKeys':0,'reported':false},{'epoch':3,"
                    + "'start':'2025-01-15T10:00:30.000Z','end':'2025-01-15T10:00:40.000Z',"
                    + "'events':100,'total':10000,'hitters':0,'changers':1,'others':{},'possible':0,"
                    + "'exact':true,'warmup':false,'errorBound':0,'distinctKeys':7,"
                    + "'reported':true}]}"));
    assertThat(epochs("/api/v1/windows")).containsExactly(0, 1, 2, 3);
    assertThat(epochs("/api/v1/windows?count=3")).containsExactly(1, 2, 3);
    assertThat(epochs("/api/v1/windows?to=1&count=1")).containsExactly(1);
    assertThat(epochs("/api/v1/windows?from=1&to=3&count=2")).containsExactly(2, 3);
    assertThat(epochs("/api/v1/windows?from=-9223372036854775808&to=9223372036854775807"))
        .containsExactly(0, 1, 2, 3);
    assertThat(epochs("/api/v1/windows?from=3&to=1")).isEmpty();
    assertThat(epochs("/api/v1/windows?to=-9223372036854775808")).isEmpty();
    assertThat(epochs("/api/v1/windows?detector=paths")).containsExactly(0);
  }

  @Test
  void aWindowHasItsDocuments() {
    JsonNode window = served.json("/api/v1/windows/floods/1");
    assertThat(window.at("/window/epoch").asInt()).isEqualTo(1);
    assertThat(window.get("report")).isEqualTo(served.history.report(Floods.NAME, 1).orElseThrow());
    assertThat(window.get("alerts")).hasSize(3);
    assertThat(window.at("/alerts/0/event/action").asText()).isEqualTo(Documents.CHANGER);
    assertThat(window.at("/alerts/2/Atalaya/rank").asInt()).isEqualTo(2);

    JsonNode gap = served.json("/api/v1/windows/floods/2");
    assertThat(gap.get("report").isNull()).isTrue();
    assertThat(gap.get("alerts")).isEmpty();
  }

  @Test
  void alertsAreFilteredAndPaged() {
    assertThat(ids("/api/v1/alerts")).hasSize(5);
    assertThat(ids("/api/v1/alerts?kind=heavy_hitter")).hasSize(3);
    assertThat(ids("/api/v1/alerts?key=2.2&kind=heavy_hitter")).hasSize(1);
    assertThat(ids("/api/v1/alerts?certainty=possible")).isEmpty();
    assertThat(ids("/api/v1/alerts?detector=nobody")).isEmpty();
    assertThat(ids("/api/v1/alerts?from=2025-01-15T10:00:20Z")).hasSize(1);
    assertThat(ids("/api/v1/alerts?to=2025-01-15T10:00:10Z")).hasSize(1);

    List<String> paged = new ArrayList<>();
    String cursor = "";
    int pages = 0;
    while (cursor != null) {
      JsonNode page = served.json("/api/v1/alerts?limit=2&cursor=" + encode(cursor));
      assertThat(page.get("total").asInt()).isEqualTo(5);
      page.get("alerts").forEach(alert -> paged.add(Documents.id(alert)));
      cursor = page.get("next").textValue();
      pages++;
    }
    assertThat(pages).isEqualTo(3);
    assertThat(paged).isEqualTo(ids("/api/v1/alerts"));
  }

  @Test
  void anAlertHasNeighbours() {
    JsonNode answer = served.json("/api/v1/alerts/" + ALERT);
    assertThat(Documents.id(answer.get("alert"))).isEqualTo(ALERT);
    assertThat(answer.get("before").findValuesAsText("id"))
        .containsExactly("1736935210000-floods-heavy_hitter-192.0.2.1-0", "floods");
    assertThat(answer.at("/after/0/event/start").asText()).isEqualTo("2025-01-15T10:00:30Z");
  }

  @Test
  void theTimelineHasTheLargestKeysFirst() {
    assertThat(served.get("/api/v1/timeline").body())
        .isEqualTo(
            json(
                "{'detector':'floods','measure':'bytes','epochs':[0,1,2,3],'keys':["
                    + "{'key':'192.0.2.1','values':[900,1900,null,0]},"
                    + "{'key':'192.0.2.2','values':[null,800,null,null]}]}"));
    assertThat(served.json("/api/v1/timeline?from=1&to=2").get("epochs").toString())
        .isEqualTo("[1,2]");
    assertThat(served.get("/api/v1/timeline?keys=1&count=2&detector=floods").body())
        .isEqualTo(
            json(
                "{'detector':'floods','measure':'bytes','epochs':[2,3],"
                    + "'keys':[{'key':'192.0.2.1','values':[null,0]}]}"));
  }

  @Test
  void deadLettersAreCountedByReason() {
    JsonNode letters = served.json("/api/v1/dead-letters");
    assertThat(letters.get("total").asInt()).isEqualTo(3);
    assertThat(letters.get("reasons").toString())
        .isEqualTo(json("[{'reason':'syntax','count':2},{'reason':'no-time','count':1}]"));
    assertThat(Documents.id(letters.at("/latest/0"))).isEqualTo("dead_letter-3");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/api/v1/windows?from=x",
        "/api/v1/windows?to=1.5",
        "/api/v1/windows?count=0",
        "/api/v1/windows?count=10001",
        "/api/v1/windows?count=99999999999999999999",
        "/api/v1/windows/floods/x",
        "/api/v1/alerts?kind=heavy",
        "/api/v1/alerts?certainty=sure",
        "/api/v1/alerts?from=yesterday",
        "/api/v1/alerts?to=%2B1000000000-12-31T23:59:59Z",
        "/api/v1/alerts?limit=0",
        "/api/v1/alerts?limit=1001",
        "/api/v1/alerts?cursor=x",
        "/api/v1/alerts?key=a&key=b",
        "/api/v1/timeline?keys=51",
        "/api/v1/timeline?count=-1"
      })
  void badParametersAreRefused(String path) {
    assertThat(served.get(path).statusCode()).isEqualTo(400);
    assertThat(served.get(path).body())
        .isEqualTo(json("{'code':400,'message':'HTTP 400 Bad Request'}"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/api/v1",
        "/api/v1/",
        "/api/v1/windows/floods",
        "/api/v1/windows/floods/4",
        "/api/v1/windows/floods/-1",
        "/api/v1/windows/nobody/0",
        "/api/v1/windows?detector=nobody",
        "/api/v1/timeline?detector=nobody",
        "/api/v1/alerts/nothing",
        "/api/v1/alerts/",
        "/api/v1/status/x"
      })
  void whatIsNotThereIsNotFound(String path) {
    assertThat(served.get(path).statusCode()).isEqualTo(404);
    assertThat(served.get(path).body())
        .isEqualTo(json("{'code':404,'message':'HTTP 404 Not Found'}"));
  }

  @Test
  void readyOnceEveryFollowerCouldRead() {
    assertThat(served.get("/health/live").body()).isEqualTo("{\"live\":true}");
    assertThat(served.get("/health/ready").statusCode()).isEqualTo(503);
    FixedFollower follower = FixedFollower.unhealthy();
    try (Served other =
        new Served(
            served.history,
            List.of(FixedFollower.healthy(), follower),
            ServerSettings.loopback(0),
            Limits.DEFAULT)) {
      assertThat(other.get("/health/ready").body())
          .isEqualTo(json("{'code':503,'message':'HTTP 503 Service Unavailable'}"));
      follower.recover();
      assertThat(other.get("/health/ready").body()).isEqualTo("{\"ready\":true}");
    }
  }

  @Test
  void metricsAreThoseOfTheThesisAndOurs() {
    String metrics = served.get("/metrics").body();
    assertThat(metrics)
        .contains(
            "# TYPE processed_events_per_second gauge\nprocessed_events_per_second 5\n",
            "\ndetected_heavy_hitters_per_epoch 0\n",
            "\ndetected_heavy_changers_per_epoch 1\n",
            "\natalaya_documents_total 13\n",
            "\natalaya_follower_healthy{what=\"kafka\",where=\"localhost:9092\"} 0\n",
            "\natalaya_dead_letters_total{reason=\"syntax\"} 2\n",
            "\natalaya_events{detector=\"floods\",term=\"received\"} 5\n",
            "\natalaya_window_events_total{detector=\"floods\"} 300\n",
            "\natalaya_windows{detector=\"floods\"} 4\n",
            "\natalaya_alerts_total{detector=\"floods\",kind=\"heavy_hitter\"} 3\n",
            "\natalaya_lag_seconds{detector=\"floods\"} ");
    // Every line is a comment or a sample; of a family all are together.
    assertThat(metrics.lines())
        .allMatch(
            line ->
                line.matches(
                    "# (HELP|TYPE) [a-z_]+ .+"
                        + "|[a-z_]+(\\{[a-z]+=\"[^\"]*\"(,[a-z]+=\"[^\"]*\")*})? -?[0-9.]+"));
  }

  @Test
  void hostileKeysComeBackAsTheyAre() {
    History history = new History(10, 10 << 20);
    Set<String> keys = new LinkedHashSet<>();
    for (byte[] naughty : NaughtyStrings.all()) {
      String key = new String(naughty, StandardCharsets.UTF_8);
      if (keys.add(key)) {
        history.add(Floods.alert(0, Documents.HITTER, key, keys.size(), 1_000));
      }
    }
    try (Served hostile = new Served(history)) {
      Set<String> shown = new LinkedHashSet<>();
      hostile.json("/heavykeys/heavyhitters?epoch=0").forEach(key -> shown.add(key.asText()));
      assertThat(shown).isEqualTo(keys);
      Set<String> found = new LinkedHashSet<>();
      hostile
          .json("/api/v1/alerts?limit=1000")
          .get("alerts")
          .forEach(alert -> found.add(Documents.key(alert)));
      assertThat(found).isEqualTo(keys);
    }
  }

  private static List<Integer> epochs(String path) {
    List<Integer> epochs = new ArrayList<>();
    served.json(path).get("windows").forEach(window -> epochs.add(window.get("epoch").asInt()));
    return epochs;
  }

  private static List<String> ids(String path) {
    List<String> ids = new ArrayList<>();
    served.json(path).get("alerts").forEach(alert -> ids.add(Documents.id(alert)));
    return ids;
  }

  private static String without(JsonNode tree, String... fields) {
    ObjectNode copy = tree.deepCopy();
    return copy.remove(List.of(fields)).toString();
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private static String json(String text) {
    return text.replace('\'', '"');
  }
}
