package dev.atalaya.dashboard.server;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.atalaya.dashboard.history.Window;

/** A window as the API tells of it. */
final class WindowDocument {

  private WindowDocument() {}

  static ObjectNode of(Window window) {
    return putInto(Json.object(), window);
  }

  static ObjectNode putInto(ObjectNode tree, Window window) {
    tree.put("epoch", window.epoch())
        .put("start", Json.time(window.startMillis()))
        .put("end", Json.time(window.endMillis()))
        .put("events", window.events())
        .put("total", window.total())
        .put("hitters", window.hitters())
        .put("changers", window.changers())
        .set("others", Json.counts(window.others()));
    return tree.put("possible", window.possible())
        .put("exact", window.isExact())
        .put("warmup", window.isWarmup())
        .put("errorBound", window.errorBound())
        .put("distinctKeys", window.distinctKeys())
        .put("reported", window.isReported());
  }
}
