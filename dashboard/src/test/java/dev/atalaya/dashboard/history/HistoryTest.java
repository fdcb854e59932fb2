package dev.atalaya.dashboard.history;

import static dev.atalaya.dashboard.Documents.CHANGER;
import static dev.atalaya.dashboard.Documents.HITTER;
import static dev.atalaya.dashboard.Documents.LENGTH_MILLIS;
import static dev.atalaya.dashboard.Documents.alert;
import static dev.atalaya.dashboard.Documents.deadLetter;
import static dev.atalaya.dashboard.Documents.id;
import static dev.atalaya.dashboard.Documents.json;
import static dev.atalaya.dashboard.Documents.ledger;
import static dev.atalaya.dashboard.Documents.report;
import static dev.atalaya.dashboard.Documents.startMillis;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.atalaya.dashboard.Documents;
import dev.atalaya.dashboard.history.History.Change;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class HistoryTest {

  private static final AlertQuery ALL = new AlertQuery(null, null, null, null, null, null);

  private final History history = new History(100, 1 << 20);

  private static Window window(int epoch, long hitters, long changers, long possible) {
    return new Window(
        epoch,
        startMillis(epoch),
        startMillis(epoch) + LENGTH_MILLIS,
        100,
        10_000,
        hitters,
        changers,
        Map.of(),
        possible,
        true,
        false,
        0,
        7,
        true);
  }

  private static Window unreported(int epoch, long total, long hitters) {
    return new Window(
        epoch,
        startMillis(epoch),
        startMillis(epoch) + LENGTH_MILLIS,
        0,
        total,
        hitters,
        0,
        Map.of(),
        0,
        true,
        false,
        0,
        0,
        false);
  }

  private static ObjectNode possible(ObjectNode alert) {
    alert.withObjectProperty("Atalaya").put("certainty", "possible");
    return alert;
  }

  @Test
  void nothingIsKnownAtFirst() {
    assertThat(history.detectors()).isEmpty();
    assertThat(history.detector("d")).isEmpty();
    assertThat(history.windows("d", 0, Long.MAX_VALUE)).isEmpty();
    assertThat(history.report("d", 0)).isEmpty();
    assertThat(history.alerts("d", 0)).isEmpty();
    assertThat(history.alert("x")).isEmpty();
    assertThat(history.ledger("d")).isEmpty();
    assertThat(history.deadLetters().total()).isZero();
    assertThat(history.alerts(ALL, 10, null)).isEqualTo(new AlertPage(List.of(), null, 0));
  }

  @Test
  void windowHasTheNumbersOfItsReport() {
    JsonNode report = report("d", 0, 5, 2);
    history.add(alert("d", 0, HITTER, "a", 1));
    history.add(possible(alert("d", 0, CHANGER, "b", 1)));
    history.add(report);

    assertThat(history.windows("d", 0, 9)).containsExactly(window(0, 5, 2, 1));
    assertThat(history.report("d", 0)).contains(report);
    assertThat(history.detectors())
        .containsExactly(new Detector("d", "bytes", LENGTH_MILLIS, 0, 0, 5, 2, Map.of(), 100));
    assertThat(history.documents()).isEqualTo(3);
  }

  @Test
  void beforeTheReportItHasThoseOfItsAlerts() {
    history.add(alert("d", 0, HITTER, "a", 1));
    assertThat(history.windows("d", 0, 0)).containsExactly(unreported(0, 10_000, 1));
  }

  @Test
  void windowsThatNobodyToldOfAreThereWithZeros() {
    history.add(report("d", 0, 1, 0));
    history.add(report("d", 2, 1, 0));
    assertThat(history.windows("d", Long.MIN_VALUE, Long.MAX_VALUE))
        .containsExactly(window(0, 1, 0, 0), unreported(1, 0, 0), window(2, 1, 0, 0));
    assertThat(history.windows("d", 1, 1)).containsExactly(unreported(1, 0, 0));
  }

  @Test
  void anEarlierWindowBecomesEpochZero() {
    history.add(report("d", 2, 1, 0));
    assertThat(history.windows("d", 0, 9)).extracting(Window::epoch).containsExactly(0L);
    history.add(report("d", 0, 0, 0));
    assertThat(history.windows("d", 0, 9))
        .containsExactly(window(0, 0, 0, 0), unreported(1, 0, 0), window(2, 1, 0, 0));
  }

  @Test
  void alertsAreByActionAndRank() {
    history.add(alert("d", 0, HITTER, "b", 2));
    history.add(alert("d", 0, HITTER, "a", 1));
    history.add(alert("d", 0, CHANGER, "c", 1));
    assertThat(history.alerts("d", 0)).extracting(Documents::key).containsExactly("c", "a", "b");
    assertThat(history.findings("d", 0))
        .containsExactly(
            new Finding(id(alert("d", 0, CHANGER, "c", 1)), CHANGER, "c", 1_000, 1, true),
            new Finding(id(alert("d", 0, HITTER, "a", 1)), HITTER, "a", 1_000, 1, true),
            new Finding(id(alert("d", 0, HITTER, "b", 2)), HITTER, "b", 1_000, 2, true));
  }

  @Test
  void whatComesTwiceCountsOnce() {
    for (int i = 0; i < 2; i++) {
      history.add(alert("d", 0, HITTER, "a", 1));
      history.add(report("d", 0, 1, 0));
      history.add(deadLetter("x", "syntax"));
      history.add(ledger("d", "2025-01-15T10:00:00.000Z", 0));
    }
    assertThat(history.documents()).isEqualTo(4);
    assertThat(history.detector("d")).get().extracting(Detector::hitters).isEqualTo(1L);
    assertThat(history.alerts("d", 0)).hasSize(1);
    assertThat(history.deadLetters().total()).isEqualTo(1);
  }

  @Test
  void reportWithOtherNumbersReplacesTheOld() {
    history.add(report("d", 0, 1, 0));
    history.add(report("d", 0, 4, 3));
    assertThat(history.windows("d", 0, 0)).containsExactly(window(0, 4, 3, 0));
    assertThat(history.report("d", 0)).contains(report("d", 0, 4, 3));
    assertThat(history.detector("d"))
        .contains(new Detector("d", "bytes", LENGTH_MILLIS, 0, 0, 4, 3, Map.of(), 100));
    assertThat(history.documents()).isEqualTo(1);
  }

  @Test
  void theNewestLedgerCounts() {
    JsonNode newest = ledger("d", "2025-01-15T10:00:01.000Z", 5);
    history.add(ledger("d", "2025-01-15T10:00:01.000Z", 4));
    history.add(newest);
    history.add(ledger("d", "2025-01-15T10:00:00.999Z", 6));
    ObjectNode undated = ledger("d", "2025-01-15T10:00:09.000Z", 7);
    undated.remove("@timestamp");
    history.add(undated);
    assertThat(history.ledger("d")).contains(newest);
    assertThat(history.detectors()).as("an account is no window").isEmpty();
  }

  @Test
  void deadLettersAreCountedByReasonAndTheNewestKept() {
    for (int i = 0; i < 150; i++) {
      history.add(deadLetter("id-" + i, i % 3 == 0 ? "shape" : "syntax"));
    }
    DeadLetters letters = history.deadLetters();
    assertThat(letters.reasons()).containsExactly(entry("shape", 50), entry("syntax", 100));
    assertThat(letters.latest()).hasSize(100);
    assertThat(id(letters.latest().get(0))).isEqualTo("id-149");
  }

  private static Map.Entry<String, Long> entry(String reason, long count) {
    return Map.entry(reason, count);
  }

  @Test
  void reasonsAreBounded() {
    for (int i = 0; i < 1_000; i++) {
      history.add(deadLetter("id-" + i, "reason-" + i));
    }
    assertThat(history.deadLetters().reasons()).hasSize(101).containsEntry("other", 900L);
  }

  @Test
  void oldWindowsAreForgottenAndWhatComesForThemIsLate() {
    History small = new History(3, 1 << 20);
    for (int i = 0; i < 5; i++) {
      small.add(alert("d", i, HITTER, "a", 1));
      small.add(report("d", i, 1, 0));
    }
    assertThat(small.windows("d", 0, 9)).extracting(Window::epoch).containsExactly(2L, 3L, 4L);
    assertThat(small.detector("d"))
        .contains(new Detector("d", "bytes", LENGTH_MILLIS, 2, 4, 5, 0, Map.of(), 500));
    assertThat(small.alerts(ALL, 10, null).total()).isEqualTo(3);
    assertThat(small.alert(id(alert("d", 1, HITTER, "a", 1)))).isEmpty();
    assertThat(small.late()).isZero();

    small.add(alert("d", 1, HITTER, "a", 1));
    small.add(report("d", 0, 9, 9));
    assertThat(small.late()).isEqualTo(2);
    assertThat(small.detector("d")).get().extracting(Detector::hitters).isEqualTo(5L);
    assertThat(small.documents()).isEqualTo(10);
  }

  @Test
  void aGapForgetsAllBeforeIt() {
    history.add(report("d", 0, 1, 0));
    history.add(report("d", 100_000_000, 1, 0));
    assertThat(history.windows("d", 0, Long.MAX_VALUE))
        .extracting(Window::epoch)
        .containsExactly(100_000_000L);
  }

  @Test
  void documentsOfTheOldestWindowsGoFirstAndTheirNumbersStay() {
    History small = new History(100, 10_000);
    for (int i = 0; i < 20; i++) {
      small.add(alert("d", i, HITTER, "a", 1));
      small.add(report("d", i, 1, 0));
    }
    assertThat(small.windows("d", 0, 99)).hasSize(20).allMatch(w -> w.hitters() == 1);
    List<JsonNode> kept = small.alerts(ALL, 99, null).alerts();
    assertThat(kept).hasSizeBetween(5, 15);
    assertThat(id(kept.get(0))).isEqualTo(id(alert("d", 19, HITTER, "a", 1)));
    assertThat(small.report("d", 0)).isEmpty();
    assertThat(small.report("d", 19)).isPresent();

    small.add(alert("d", 0, HITTER, "a", 1));
    small.add(report("d", 0, 2, 0));
    assertThat(small.late()).isEqualTo(1);
    assertThat(small.windows("d", 0, 0)).containsExactly(window(0, 2, 0, 0));
  }

  @Test
  void whatDoesNotFitIntoTheOnlyWindowIsLeftOut() {
    History small = new History(100, 10_000);
    for (int i = 0; i < 100; i++) {
      small.add(alert("d", 0, HITTER, "key-" + i, i + 1));
    }
    int kept = small.alerts("d", 0).size();
    assertThat(kept).isBetween(5, 30);
    assertThat(small.late()).isEqualTo(100 - kept);
  }

  @Test
  void anotherLengthOfWindowsBeginsAnew() {
    history.add(report("d", 0, 1, 0));
    history.add(alert("d", 3, HITTER, "a", 1));
    ObjectNode longer = report("d", 6, 2, 0);
    longer.withObjectProperty("event").put("end", "2025-01-15T10:02:00.000Z");
    history.add(longer);
    assertThat(history.detector("d"))
        .contains(new Detector("d", "bytes", 60_000, 0, 0, 2, 0, Map.of(), 100));
    assertThat(history.alerts(ALL, 10, null).total()).isZero();
    history.add(report("d", 3, 1, 0));
    assertThat(history.late()).isEqualTo(1);
  }

  @Test
  void pagesAreNewestFirstAndStayValidWhileAlertsCome() {
    for (int i = 0; i < 3; i++) {
      history.add(alert("e", i, CHANGER, "x", 1));
      history.add(alert("d", i, HITTER, "b", 2));
      history.add(alert("d", i, HITTER, "a", 1));
    }
    List<String> expected = new ArrayList<>();
    for (int i = 2; i >= 0; i--) {
      expected.add(id(alert("d", i, HITTER, "a", 1)));
      expected.add(id(alert("d", i, HITTER, "b", 2)));
      expected.add(id(alert("e", i, CHANGER, "x", 1)));
    }
    List<String> got = new ArrayList<>();
    AlertPage page = history.alerts(ALL, 2, null);
    int added = 0;
    while (true) {
      page.alerts().forEach(alert -> got.add(id(alert)));
      assertThat(page.total()).isEqualTo(9 + added);
      if (page.next() == null) {
        break;
      }
      history.add(alert("d", 3 + added++, HITTER, "new", 1));
      page = history.alerts(ALL, 2, page.next());
    }
    assertThat(got).isEqualTo(expected);
    assertThat(added).isEqualTo(4);
  }

  @Test
  void aPageThatIsFullAtTheEndHasNoNext() {
    history.add(alert("d", 0, HITTER, "a", 1));
    history.add(alert("d", 0, HITTER, "b", 2));
    assertThat(history.alerts(ALL, 2, null).next()).isNull();
    assertThat(history.alerts(ALL, 1, null).next()).isNotNull();
  }

  @Test
  void otherTextsAreNoCursors() {
    for (String text : List.of("x", "", "%%%", "bnVsbA", "WzEsMl0", "W")) {
      assertThatThrownBy(() -> history.alerts(ALL, 1, text))
          .as(text)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("is no cursor of a page before");
    }
  }

  @Test
  void queriesFilter() {
    history.add(alert("d", 0, HITTER, "Straße 10.0.0.1", 1));
    history.add(possible(alert("d", 1, CHANGER, "10.0.0.2", 1)));
    history.add(alert("e", 2, HITTER, "other", 1));
    assertThat(windows(new AlertQuery("d", null, null, null, null, null))).containsExactly(1, 0);
    assertThat(windows(new AlertQuery("x", null, null, null, null, null))).isEmpty();
    assertThat(windows(new AlertQuery(null, HITTER, null, null, null, null))).containsExactly(2, 0);
    assertThat(windows(new AlertQuery(null, null, "0.0.", null, null, null))).containsExactly(1, 0);
    assertThat(windows(new AlertQuery(null, null, "sTRASSE", null, null, null))).isEmpty();
    assertThat(windows(new AlertQuery(null, null, "sTRA", null, null, null))).containsExactly(0);
    assertThat(windows(new AlertQuery(null, null, null, "possible", null, null)))
        .containsExactly(1);
    assertThat(windows(new AlertQuery(null, null, null, "certain", null, null)))
        .containsExactly(2, 0);
    long border = startMillis(1);
    assertThat(windows(new AlertQuery(null, null, null, null, border, null))).containsExactly(2, 1);
    assertThat(windows(new AlertQuery(null, null, null, null, null, border))).containsExactly(0);
    assertThat(windows(new AlertQuery(null, null, null, null, border + 1, border + 2)))
        .containsExactly(1);
  }

  private List<Integer> windows(AlertQuery query) {
    return history.alerts(query, 99, null).alerts().stream()
        .map(alert -> Long.parseLong(id(alert).substring(0, 13)))
        .map(end -> (int) ((end - startMillis(0)) / LENGTH_MILLIS) - 1)
        .toList();
  }

  @Test
  void neighboursAreOfTheSameKeyAndDetectorNearestFirst() {
    for (int i = 0; i < 9; i++) {
      history.add(alert("d", i, HITTER, "a", 1));
      history.add(alert("d", i, HITTER, "b", 2));
      history.add(alert("e", i, HITTER, "a", 1));
    }
    JsonNode middle = alert("d", 4, HITTER, "a", 1);
    assertThat(history.neighbours(middle, true, 2))
        .containsExactly(alert("d", 5, HITTER, "a", 1), alert("d", 6, HITTER, "a", 1));
    assertThat(history.neighbours(middle, false, 9))
        .containsExactly(
            alert("d", 3, HITTER, "a", 1),
            alert("d", 2, HITTER, "a", 1),
            alert("d", 1, HITTER, "a", 1),
            alert("d", 0, HITTER, "a", 1));
    assertThat(history.neighbours(json("{}"), true, 2)).isEmpty();
  }

  @Test
  void listenersAreToldOnceOfEachWindowThatChanged() throws Exception {
    List<Change> changes = new ArrayList<>();
    AutoCloseable listening = history.listen(changes::add);
    history.add(
        List.of(
            alert("d", 0, HITTER, "a", 1),
            alert("d", 0, HITTER, "b", 2),
            report("d", 0, 2, 0),
            report("d", 1, 0, 0)));
    assertThat(changes)
        .containsExactly(new Change("d", window(0, 2, 0, 0)), new Change("d", window(1, 0, 0, 0)));
    changes.clear();
    history.add(report("d", 1, 0, 0));
    history.add(deadLetter("x", "syntax"));
    assertThat(changes).isEmpty();
    listening.close();
    history.add(report("d", 2, 0, 0));
    assertThat(changes).isEmpty();
  }

  @Test
  void listenersAreToldWhenTheEpochsMeanOtherWindows() {
    history.add(report("d", 2, 0, 0));
    List<Change> changes = new ArrayList<>();
    history.listen(changes::add);
    history.add(List.of(report("d", 3, 0, 0), report("d", 0, 0, 0), report("d", 1, 0, 0)));
    assertThat(changes)
        .containsExactly(
            new Change("d", null),
            new Change("d", window(3, 0, 0, 0)),
            new Change("d", window(0, 0, 0, 0)),
            new Change("d", window(1, 0, 0, 0)));
    changes.clear();

    ObjectNode longer = report("d", 6, 2, 0);
    longer.withObjectProperty("event").put("end", "2025-01-15T10:02:00.000Z");
    history.add(List.of(report("d", 4, 0, 0), longer));
    assertThat(changes).hasSize(2).first().isEqualTo(new Change("d", null));
    assertThat(changes.get(1).window()).isEqualTo(history.windows("d", 0, 9).get(0));
  }

  @Test
  void documentsOfAnyShapeAreCountedAsStrangers() {
    List<JsonNode> strangers = new ArrayList<>();
    for (JsonNode whole :
        List.of(
            alert("d", 0, HITTER, "a", 1),
            report("d", 0, 1, 1),
            ledger("d", "2025-01-15T10:00:00.000Z", 0),
            deadLetter("x", "syntax"))) {
      for (JsonNode wrong : wrongValues()) {
        for (String path : required(whole)) {
          ObjectNode broken = whole.deepCopy();
          String parent = path.substring(0, path.lastIndexOf('/'));
          ((ObjectNode) broken.at(parent)).set(path.substring(parent.length() + 1), wrong);
          strangers.add(broken);
        }
      }
    }
    strangers.addAll(wrongValues());
    strangers.add(json("{}"));
    strangers.add(alert("n".repeat(201), 0, HITTER, "a", 1));
    strangers.add(alert("d", 0, HITTER, "k".repeat(300_000), 1));
    ObjectNode backwards = report("d", 0, 1, 1);
    backwards.withObjectProperty("event").put("end", "2025-01-15T09:00:00.000Z");
    strangers.add(backwards);
    for (String time : List.of("+999999999-01-01T00:00:00Z", "-0001-01-01T00:00:00Z", "now")) {
      ObjectNode untimely = report("d", 0, 1, 1);
      untimely.withObjectProperty("event").put("end", time);
      strangers.add(untimely);
    }
    history.add(strangers);
    assertThat(strangers.size()).isGreaterThan(150);
    assertThat(history.strangers()).isEqualTo(strangers.size());
    assertThat(history.documents()).isZero();
    assertThat(history.detectors()).isEmpty();
  }

  /** None is a text, a whole number of 64 bits that is not negative, a flag, or absent. */
  private static List<JsonNode> wrongValues() {
    JsonNodeFactory nodes = JsonNodeFactory.instance;
    return List.of(
        nodes.nullNode(),
        nodes.arrayNode(),
        nodes.objectNode(),
        nodes.numberNode(1.5),
        nodes.numberNode(Double.POSITIVE_INFINITY),
        nodes.numberNode(BigInteger.TEN.pow(400)));
  }

  private static List<String> required(JsonNode whole) {
    List<String> paths = new ArrayList<>();
    for (Map.Entry<String, JsonNode> field : whole.properties()) {
      field
          .getValue()
          .fieldNames()
          .forEachRemaining(name -> paths.add("/" + field.getKey() + "/" + name));
    }
    // What nobody reads, or may be missing.
    String action = whole.at("/event/action").textValue();
    paths.remove("/rule/id");
    paths.removeAll(List.of("/Atalaya/received", "/Atalaya/counted"));
    switch (action) {
      case "dead_letter" -> paths.remove("/Atalaya/reason");
      case "ledger", "window_report" -> paths.remove("/event/id");
      default -> {}
    }
    return paths;
  }

  @Test
  void detectorsAreBounded() {
    for (int i = 0; i < 1_010; i++) {
      history.add(report("d" + i, 0, 0, 0));
      history.add(ledger("d" + i, "2025-01-15T10:00:00.000Z", 0));
    }
    assertThat(history.detectors()).hasSize(1_000);
    assertThat(history.strangers()).isEqualTo(20);
  }

  @Test
  void anyOrderByAnyNumberOfThreadsGivesTheSame() throws Exception {
    List<JsonNode> documents = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      documents.add(report("d", i, 3, 0));
      for (int rank = 1; rank <= 3; rank++) {
        documents.add(alert("d", i, HITTER, "key-" + rank, rank));
      }
    }
    documents.forEach(history::add);

    List<JsonNode> twice = new ArrayList<>(documents);
    twice.addAll(documents);
    Collections.shuffle(twice, new Random(1));
    History other = new History(100, 1 << 20);
    ExecutorService threads = Executors.newFixedThreadPool(4);
    for (JsonNode document : twice) {
      threads.execute(() -> other.add(document));
    }
    threads.shutdown();
    assertThat(threads.awaitTermination(30, TimeUnit.SECONDS)).isTrue();

    assertThat(other.detectors()).isEqualTo(history.detectors());
    assertThat(other.windows("d", 0, 99)).isEqualTo(history.windows("d", 0, 99));
    assertThat(other.alerts(ALL, 999, null)).isEqualTo(history.alerts(ALL, 999, null));
    assertThat(other.documents()).isEqualTo(200);
  }

  @Test
  void everyKindIsCounted() {
    history.add(alert("d", 0, "superspreader", "a", 1));
    history.add(alert("d", 0, "unusual_total", "", 1));
    history.add(alert("d", 0, "news_of_tomorrow", "a", 1));
    assertThat(history.windows("d", 0, 0).get(0).others())
        .isEqualTo(Map.of("superspreader", 1L, "unusual_total", 1L, "other", 1L));
    ObjectNode report = report("d", 0, 0, 0);
    report.withObjectProperty("Atalaya").putObject("spreaders").put("found", 3);
    report.withObjectProperty("Atalaya").putObject("first_seen").put("found", 2);
    history.add(report);
    Map<String, Long> others =
        Map.of("superspreader", 3L, "first_seen", 2L, "unusual_total", 1L, "other", 1L);
    assertThat(history.windows("d", 0, 0).get(0).others()).isEqualTo(others);
    assertThat(history.detector("d").orElseThrow().others()).isEqualTo(others);
  }

  @Test
  void theWindowAsAWholeHasNoKeyAndAnEndNoValue() {
    ObjectNode signal = alert("d", 0, "unusual_entropy", "", 1);
    signal.withObjectProperty("Atalaya").remove("key");
    ObjectNode end = alert("d", 1, "recovered", "a", 1);
    end.withObjectProperty("Atalaya").remove(List.of("actual", "rank", "certainty", "error_bound"));
    signal.withObjectProperty("Atalaya").put("measure", "millibits");
    history.add(List.of(signal, end, alert("d", 0, HITTER, "a", 1)));
    assertThat(history.detector("d").orElseThrow().measure()).isEqualTo("bytes");
    history.add(alert("d", 1, "unusual_total", "", 1));
    assertThat(history.findings("d", 0)).extracting(Finding::isOfKey).containsExactly(true, false);
    assertThat(history.findings("d", 1).get(0))
        .isEqualTo(new Finding(id(end), "recovered", "a", 0, 0, true));
    assertThat(history.windows("d", 1, 1).get(0).possible()).isZero();
    assertThat(history.neighbours(end, false, 9)).extracting(Documents::id).hasSize(1);
    assertThat(history.neighbours(signal, true, 9)).isEmpty();
  }
}
