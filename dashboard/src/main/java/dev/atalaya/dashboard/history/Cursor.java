package dev.atalaya.dashboard.history;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;

/**
 * The place of an alert in the order of pages: the newest window first, in it by action and rank.
 * It tells where to go on even when the alert itself is forgotten.
 */
record Cursor(long endMillis, String detector, String action, long rank, String id)
    implements Comparable<Cursor> {

  private static final ObjectMapper JSON = new ObjectMapper();

  private static final Comparator<Cursor> ORDER =
      Comparator.comparingLong(Cursor::endMillis)
          .reversed()
          .thenComparing(Cursor::detector)
          .thenComparing(Cursor::action)
          .thenComparingLong(Cursor::rank)
          .thenComparing(Cursor::id);

  static Cursor of(Alert alert) {
    return new Cursor(
        alert.window.endMillis(),
        alert.window.detector.name,
        alert.finding.action(),
        alert.finding.rank(),
        alert.finding.id());
  }

  @Override
  public int compareTo(Cursor other) {
    return ORDER.compare(this, other);
  }

  String text() {
    try {
      String json = JSON.writeValueAsString(List.of(endMillis, detector, action, rank, id));
      return Base64.getUrlEncoder().withoutPadding().encodeToString(json.getBytes(UTF_8));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("texts and numbers must be writable", e);
    }
  }

  static Cursor parse(String text) {
    try {
      JsonNode parts = JSON.readTree(Base64.getUrlDecoder().decode(text));
      if (parts.size() == 5) {
        return new Cursor(
            parts.get(0).longValue(),
            parts.get(1).asText(),
            parts.get(2).asText(),
            parts.get(3).longValue(),
            parts.get(4).asText());
      }
    } catch (IllegalArgumentException | IOException e) {
      // Told below.
    }
    throw new IllegalArgumentException("is no cursor of a page before");
  }
}
