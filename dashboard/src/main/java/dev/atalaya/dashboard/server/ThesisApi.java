package dev.atalaya.dashboard.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.atalaya.dashboard.history.Detector;
import dev.atalaya.dashboard.history.Finding;
import dev.atalaya.dashboard.history.History;
import dev.atalaya.dashboard.history.Window;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * The REST contract of the thesis that Atalaya comes from, field for field, of one detector. What
 * its fields mean here is in docs/rest.md.
 */
final class ThesisApi {

  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("uuuu:MM:dd HH:mm:ss").withZone(ZoneOffset.UTC);

  private final History history;
  private final Shown shown;

  ThesisApi(History history, Shown shown) {
    this.history = history;
    this.shown = shown;
  }

  void addTo(Router router) {
    router.route("/status", call -> Answer.json(status()));
    router.route("/heavykeys", call -> Answer.json(each("HeavyKeys", call, this::heavyKeys)));
    router.route("/heavykeys/heavyhitters", call -> Answer.json(keys(call, Finding.HITTER)));
    router.route("/heavykeys/heavychangers", call -> Answer.json(keys(call, Finding.CHANGER)));
    router.route(
        "/sketchhistory", call -> Answer.json(each("SketchHistoryQueue", call, this::sketch)));
  }

  private ObjectNode status() {
    Optional<Detector> detector = shown.detector();
    Optional<JsonNode> report = detector.flatMap(d -> history.report(d.name(), lastReported(d)));
    ObjectNode status = Json.object();
    status
        .putObject("SketchConfig")
        // Every key has one place, there are as many as keys, and no hash is a remainder.
        .put("rows", 1)
        .put("cols", number(report, "/Atalaya/distinct_keys"))
        .put("prime", 0);
    status
        .putObject("HeavyKeyDetector")
        .put("detectedHeavyHitters", detector.map(Detector::hitters).orElse(0L))
        .put("detectedHeavyChangers", detector.map(Detector::changers).orElse(0L))
        .put("eventsProcessingSpeed", shown.eventsPerSecond());
    status
        .putObject("DetectionParameters")
        .put("heavyHitterThreshold", number(report, "/Atalaya/hitters/threshold"))
        .put("heavyChangerThreshold", number(report, "/Atalaya/changers/threshold"))
        .put("sketchRotationInterval", detector.map(ThesisApi::seconds).orElse(0L))
        .put("maxHistoryQueueLength", history.maxWindows());
    status
        .putObject("SketchManager")
        .put("processedEvents", detector.map(Detector::events).orElse(0L))
        // The one that is being filled.
        .put("currentEpoch", detector.map(d -> d.lastEpoch() + 1).orElse(0L));
    return status;
  }

  /** The newest window may have alerts and no report yet. */
  private long lastReported(Detector detector) {
    return history.windows(detector.name(), detector.lastEpoch() - 1, detector.lastEpoch()).stream()
        .filter(Window::isReported)
        .mapToLong(Window::epoch)
        .max()
        .orElse(detector.lastEpoch());
  }

  private static long number(Optional<JsonNode> document, String path) {
    return document.map(tree -> tree.at(path).asLong()).orElse(0L);
  }

  private static long seconds(Detector detector) {
    return Math.max(1, Math.round(detector.windowMillis() / 1_000.0));
  }

  /** One entry for each of the last {@code count} epochs, ascending. */
  private ObjectNode each(String name, Call call, Function<EpochOf, ObjectNode> entry) {
    int count = call.number("count", 0, Integer.MAX_VALUE, Integer.MAX_VALUE);
    ObjectNode answer = Json.object();
    ObjectNode epochs = answer.putObject(name);
    shown
        .detector()
        .ifPresent(
            detector -> {
              long from = Math.max(detector.firstEpoch(), detector.lastEpoch() - count + 1);
              for (Window window : history.windows(detector.name(), from, detector.lastEpoch())) {
                EpochOf epoch =
                    new EpochOf(window, history.findings(detector.name(), window.epoch()));
                epochs.set(Long.toString(window.epoch()), entry.apply(epoch));
              }
            });
    return answer;
  }

  private ObjectNode heavyKeys(EpochOf epoch) {
    ObjectNode entry =
        Json.object()
            .put("heavyHittersCounter", epoch.window().hitters())
            .put("heavyChangersCounter", epoch.window().changers())
            .put("detectionDate", date(epoch.window().endMillis()));
    entry.set("heavyHitters", uniqueKeys(epoch.findings(), Finding.HITTER));
    entry.set("heavyChangers", uniqueKeys(epoch.findings(), Finding.CHANGER));
    return entry;
  }

  private ObjectNode sketch(EpochOf epoch) {
    return Json.object()
        .put("processed_elements", epoch.window().events())
        .put("creationDate", date(epoch.window().startMillis()))
        .put("meanError", epoch.window().errorBound())
        .put(
            "biggestBucketCounter",
            epoch.findings().stream()
                .filter(ThesisApi::isOfThesis)
                .mapToLong(Finding::actual)
                .max()
                .orElse(0));
  }

  private static boolean isOfThesis(Finding finding) {
    return finding.action().equals(Finding.HITTER) || finding.action().equals(Finding.CHANGER);
  }

  private ArrayNode keys(Call call, String action) {
    Long epoch = call.number("epoch");
    if (epoch == null) {
      return Json.array();
    }
    Detector detector = shown.detector().orElseThrow(RefusedException::notFound);
    if (epoch < detector.firstEpoch() || epoch > detector.lastEpoch()) {
      throw RefusedException.notFound();
    }
    return uniqueKeys(history.findings(detector.name(), epoch), action);
  }

  private static ArrayNode uniqueKeys(List<Finding> findings, String action) {
    // Two keys of several fields may read the same.
    Set<String> keys = new LinkedHashSet<>();
    for (Finding finding : findings) {
      if (finding.action().equals(action)) {
        keys.add(finding.key());
      }
    }
    ArrayNode array = Json.array();
    keys.forEach(array::add);
    return array;
  }

  private static String date(long millis) {
    return DATE.format(Instant.ofEpochMilli(millis));
  }

  private record EpochOf(Window window, List<Finding> findings) {}
}
