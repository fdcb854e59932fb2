package dev.atalaya.connectors.search;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.atalaya.connectors.Document;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Base64;
import java.util.Locale;

/** Makes the dead letter of a document that the store refused. */
final class RefusedDocument {

  private static final ObjectMapper JSON = new ObjectMapper();

  private static final String REASON = "store-refused";

  private static final int MAX_DETAIL = 1_000;

  private static final int MAX_RAW_BYTES = 4_096;

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private RefusedDocument() {}

  /**
   * The same for the same document in every replay.
   *
   * @param destination where the document should have gone
   * @param why type and reason that the store gave
   */
  static Document letter(Document refused, Destination destination, String why) {
    String origin = destination.index() + "/" + destination.id();
    boolean isDated = Destination.isDated(refused);
    String id =
        (isDated ? refused.eventTimeMillis() + "-" : "")
            + "dead_letter-"
            + Destination.hex128(origin.getBytes(UTF_8));
    String detail = StoreFailures.printable(why, MAX_DETAIL);
    byte[] raw = refused.json().getBytes(UTF_8);

    ObjectNode letter = JSON.createObjectNode();
    if (isDated) {
      letter.put("@timestamp", TIME.format(Instant.ofEpochMilli(refused.eventTimeMillis())));
    }
    letter.put("message", "rejected: " + REASON + ": " + detail);
    letter
        .putObject("event")
        .put("kind", "pipeline_error")
        .put("action", "dead_letter")
        .put("id", id)
        .put("reason", REASON);
    ObjectNode atalaya =
        letter
            .putObject("Atalaya")
            .put("reason", REASON)
            .put("detail", detail)
            .put("origin", origin)
            .put(
                "raw_base64",
                Base64.getEncoder()
                    .encodeToString(Arrays.copyOf(raw, Math.min(raw.length, MAX_RAW_BYTES))))
            .put("raw_length", raw.length);
    sign(letter, atalaya, refused);
    return new Document(
        Document.Kind.DEAD_LETTER,
        id,
        destination.index(),
        isDated ? refused.eventTimeMillis() : Document.UNDATED,
        letter.toString());
  }

  /** As the refused one is signed, if it can be read at all. */
  private static void sign(ObjectNode letter, ObjectNode atalaya, Document refused) {
    try {
      JsonNode from = JSON.readTree(refused.json());
      copy("config_hash", from.path("Atalaya"), atalaya);
      copy("observer", from, letter);
      copy("labels", from, letter);
    } catch (JsonProcessingException e) {
      // Its bytes are in the letter.
    }
  }

  private static void copy(String field, JsonNode from, ObjectNode to) {
    if (from.hasNonNull(field)) {
      to.set(field, from.get(field));
    }
  }
}
