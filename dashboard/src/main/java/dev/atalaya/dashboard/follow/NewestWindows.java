package dev.atalaya.dashboard.follow;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/** How far back to read a sink, as its newest reports tell. */
final class NewestWindows {

  private NewestWindows() {}

  /**
   * When the last {@code windows} of all detectors have begun, in milliseconds since the epoch.
   *
   * @return {@link Long#MIN_VALUE} when there are no reports
   */
  static long beginning(Collection<JsonNode> reports, int windows) {
    Map<String, Long> beginnings = new HashMap<>();
    for (JsonNode report : reports) {
      JsonNode event = report.path("event");
      try {
        long start = Instant.parse(event.path("start").asText()).toEpochMilli();
        long end = Instant.parse(event.path("end").asText()).toEpochMilli();
        beginnings.merge(
            report.path("rule").path("name").asText(),
            Math.subtractExact(end, Math.multiplyExact(end - start, (long) windows)),
            Math::max);
      } catch (DateTimeException | ArithmeticException e) {
        // An account, or none of Atalaya's: it tells nothing.
      }
    }
    return beginnings.values().stream().mapToLong(Long::longValue).min().orElse(Long.MIN_VALUE);
  }
}
