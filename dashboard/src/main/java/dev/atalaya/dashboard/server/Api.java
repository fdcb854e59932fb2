package dev.atalaya.dashboard.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.atalaya.dashboard.history.AlertPage;
import dev.atalaya.dashboard.history.AlertQuery;
import dev.atalaya.dashboard.history.DeadLetters;
import dev.atalaya.dashboard.history.Detector;
import dev.atalaya.dashboard.history.Finding;
import dev.atalaya.dashboard.history.History;
import dev.atalaya.dashboard.history.Window;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** {@code /api/v1}, described in openapi.yaml beside this class. */
final class Api {

  private static final int MAX_WINDOWS = 10_000;
  private static final int MAX_ALERTS = 1_000;
  private static final int MAX_KEYS = 50;
  private static final int NEIGHBOURS = 10;

  private final History history;
  private final Shown shown;
  private final StatusDocument status;

  Api(History history, Shown shown, StatusDocument status) {
    this.history = history;
    this.shown = shown;
    this.status = status;
  }

  void addTo(Router router) {
    router.route("/api/v1/status", call -> Answer.json(status.make()));
    router.route("/api/v1/detectors", call -> Answer.json(detectors()));
    router.route("/api/v1/windows", call -> Answer.json(windows(call)));
    router.route("/api/v1/windows/{detector}/{epoch}", call -> Answer.json(window(call)));
    router.route("/api/v1/alerts", call -> Answer.json(alerts(call)));
    router.route("/api/v1/alerts/{id}", call -> Answer.json(alert(call)));
    router.route("/api/v1/timeline", call -> Answer.json(timeline(call)));
    router.route("/api/v1/dead-letters", call -> Answer.json(deadLetters()));
  }

  private ObjectNode detectors() {
    ObjectNode answer = Json.object();
    ArrayNode detectors = answer.putArray("detectors");
    for (Detector detector : history.detectors()) {
      detectors
          .addObject()
          .put("name", detector.name())
          .put("measure", detector.measure())
          .put("windowMillis", detector.windowMillis())
          .put("firstEpoch", detector.firstEpoch())
          .put("lastEpoch", detector.lastEpoch())
          .put("windows", detector.lastEpoch() - detector.firstEpoch() + 1)
          .put("hitters", detector.hitters())
          .put("changers", detector.changers())
          .<ObjectNode>set("others", Json.counts(detector.others()))
          .set(
              "ledger",
              history.ledger(detector.name()).map(ledger -> ledger.get("Atalaya")).orElse(null));
    }
    return answer;
  }

  private ObjectNode windows(Call call) {
    Detector detector = detector(call.text("detector"));
    ObjectNode answer = Json.object().put("detector", detector.name());
    ArrayNode windows = answer.putArray("windows");
    windows(call, detector).forEach(window -> windows.add(WindowDocument.of(window)));
    return answer;
  }

  /** Those of a range that the parameters name. */
  private List<Window> windows(Call call, Detector detector) {
    Long from = call.number("from");
    Long to = call.number("to");
    int count = call.number("count", 1, MAX_WINDOWS, from == null ? 300 : MAX_WINDOWS);
    return last(detector, from, to, count);
  }

  private ObjectNode window(Call call) {
    Detector detector = detector(call.part(0));
    long epoch = call.numberPart(1);
    Window window =
        last(detector, epoch, epoch, 1).stream()
            .findFirst()
            .orElseThrow(RefusedException::notFound);
    ObjectNode answer = Json.object();
    answer.set("window", WindowDocument.of(window));
    answer.set("report", history.report(detector.name(), epoch).orElse(null));
    answer.set("alerts", Json.array(history.alerts(detector.name(), epoch)));
    return answer;
  }

  private ObjectNode alerts(Call call) {
    AlertQuery query =
        new AlertQuery(
            call.text("detector"),
            call.oneOf("kind", Set.copyOf(Finding.ACTIONS)),
            call.text("key"),
            call.oneOf("certainty", Set.of("certain", "possible")),
            call.time("from"),
            call.time("to"));
    int limit = call.number("limit", 1, MAX_ALERTS, 50);
    AlertPage page;
    try {
      page = history.alerts(query, limit, call.text("cursor"));
    } catch (IllegalArgumentException e) {
      throw RefusedException.badRequest();
    }
    ObjectNode answer = Json.object();
    answer.set("alerts", Json.array(page.alerts()));
    return answer.put("next", page.next()).put("total", page.total());
  }

  private ObjectNode alert(Call call) {
    JsonNode alert = history.alert(call.part(0)).orElseThrow(RefusedException::notFound);
    ObjectNode answer = Json.object();
    answer.set("alert", alert);
    answer.set("before", Json.array(history.neighbours(alert, false, NEIGHBOURS)));
    answer.set("after", Json.array(history.neighbours(alert, true, NEIGHBOURS)));
    return answer;
  }

  private ObjectNode timeline(Call call) {
    int keys = call.number("keys", 1, MAX_KEYS, 8);
    Detector detector = detector(call.text("detector"));
    Timeline timeline = new Timeline();
    ObjectNode answer =
        Json.object().put("detector", detector.name()).put("measure", detector.measure());
    ArrayNode epochs = answer.putArray("epochs");
    for (Window window : windows(call, detector)) {
      epochs.add(window.epoch());
      timeline.add(history.findings(detector.name(), window.epoch()));
    }
    ArrayNode series = answer.putArray("keys");
    timeline.largest(keys).forEach(series::add);
    return answer;
  }

  private ObjectNode deadLetters() {
    DeadLetters letters = history.deadLetters();
    ObjectNode answer = Json.object().put("total", letters.total());
    ArrayNode reasons = answer.putArray("reasons");
    letters.reasons().entrySet().stream()
        .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
        .forEach(
            reason ->
                reasons.addObject().put("reason", reason.getKey()).put("count", reason.getValue()));
    answer.set("latest", Json.array(letters.latest()));
    return answer;
  }

  /**
   * @param name null for the one that is shown
   */
  private Detector detector(String name) {
    return (name == null ? shown.detector() : history.detector(name))
        .orElseThrow(RefusedException::notFound);
  }

  /**
   * The last {@code count} windows of a range, ascending.
   *
   * @param from null for the oldest
   * @param to null for the newest
   */
  private List<Window> last(Detector detector, Long from, Long to, int count) {
    long last = to == null ? detector.lastEpoch() : Math.min(to, detector.lastEpoch());
    long first = Math.max(detector.firstEpoch(), last - count + 1);
    return history.windows(detector.name(), from == null ? first : Math.max(from, first), last);
  }
}
