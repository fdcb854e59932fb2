package dev.atalaya.dashboard.server;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.atalaya.dashboard.follow.Follower;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Whether the server lives, whether it has something to tell, and how its followers are. */
final class Health {

  private final List<Follower> followers;
  private final Set<Follower> couldRead = ConcurrentHashMap.newKeySet();

  Health(List<Follower> followers) {
    this.followers = List.copyOf(followers);
  }

  void addTo(Router router) {
    // The shape of the thesis's contract.
    router.route("/health", call -> Answer.json(parts()));
    router.route("/health/live", call -> Answer.json(Json.object().put("live", true)));
    router.route("/health/ready", call -> ready());
  }

  List<Follower.State> states() {
    List<Follower.State> states = new ArrayList<>();
    for (Follower follower : followers) {
      Follower.State state = follower.state();
      if (state.isHealthy()) {
        couldRead.add(follower);
      }
      states.add(state);
    }
    return states;
  }

  /** From the first time on that each follower could read its sink. */
  private Answer ready() {
    states();
    if (!couldRead.containsAll(followers)) {
      throw new RefusedException(503);
    }
    return Answer.json(Json.object().put("ready", true));
  }

  private ArrayNode parts() {
    String now = Json.time(Instant.now());
    ArrayNode parts = Json.array();
    for (Follower.State state : states()) {
      ObjectNode part = parts.addObject().putObject(state.what() + " " + state.where());
      part.put("healthy", state.isHealthy())
          .put("message", state.message())
          .putNull("error")
          .putNull("details")
          .put("timestamp", now);
    }
    return parts;
  }
}
