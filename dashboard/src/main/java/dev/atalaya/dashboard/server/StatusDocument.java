package dev.atalaya.dashboard.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.atalaya.dashboard.follow.Follower;
import dev.atalaya.dashboard.history.Detector;
import dev.atalaya.dashboard.history.History;
import dev.atalaya.dashboard.history.Window;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The state of the job and of its followers, as the first view shows it. */
final class StatusDocument {

  /** Of the ledger, in the order of its equation. */
  static final List<String> TERMS =
      List.of("received", "counted", "late", "skewed", "rejected", "duplicate", "pending");

  private final History history;
  private final Shown shown;
  private final Health health;
  private final String since = Json.time(Instant.now());

  StatusDocument(History history, Shown shown, Health health) {
    this.history = history;
    this.shown = shown;
    this.health = health;
  }

  ObjectNode make() {
    Optional<Detector> detector = shown.detector();
    Optional<Window> newest = shown.newest();
    ObjectNode status = Json.object();
    status.put("name", "atalaya").put("since", since).put("documents", history.documents());
    ArrayNode follows = status.putArray("follows");
    for (Follower.State state : health.states()) {
      Instant last = state.lastDocument();
      follows
          .addObject()
          .put("what", state.what())
          .put("where", state.where())
          .put("healthy", state.isHealthy())
          .put("message", state.message())
          .put("lastDocument", last == null ? null : Json.time(last));
    }
    status.set("events", events(detector.flatMap(d -> history.ledger(d.name()))));
    status
        .put("eventsPerSecond", shown.eventsPerSecond())
        .put("newestWindowEnd", newest.map(w -> Json.time(w.endMillis())).orElse(null))
        .put("lagMillis", newest.map(w -> System.currentTimeMillis() - w.endMillis()).orElse(null))
        .put(
            "deadLetters",
            history.deadLetterReasons().values().stream().mapToLong(Long::longValue).sum());
    ArrayNode detectors = status.putArray("detectors");
    history.detectors().forEach(d -> detectors.add(d.name()));
    return status.put("shown", detector.map(Detector::name).orElse(null));
  }

  private static ObjectNode events(Optional<JsonNode> ledger) {
    ObjectNode events = Json.object();
    for (String term : TERMS) {
      events.put(term, ledger.map(tree -> tree.at("/Atalaya").path(term).asLong()).orElse(0L));
    }
    return events;
  }
}
