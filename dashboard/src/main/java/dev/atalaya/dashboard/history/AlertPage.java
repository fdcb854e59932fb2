package dev.atalaya.dashboard.history;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/**
 * Some of the alerts that a query finds, newest window first and by rank in it.
 *
 * @param alerts documents as the sinks hold them
 * @param next where the next page begins, null at the end; stays valid while new alerts come
 * @param total how many there are on all pages
 */
public record AlertPage(List<JsonNode> alerts, String next, long total) {

  public AlertPage {
    alerts = List.copyOf(alerts);
  }
}
