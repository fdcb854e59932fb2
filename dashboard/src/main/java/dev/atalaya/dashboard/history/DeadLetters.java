package dev.atalaya.dashboard.history;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.SortedMap;

/**
 * @param reasons how many of each reason, all that were seen
 * @param latest documents as the sinks hold them, the newest first, bounded
 */
public record DeadLetters(SortedMap<String, Long> reasons, List<JsonNode> latest) {

  public long total() {
    return reasons.values().stream().mapToLong(Long::longValue).sum();
  }
}
