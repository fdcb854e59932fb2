package dev.atalaya.job.publish;

import dev.atalaya.connectors.Document;
import dev.atalaya.connectors.Payload;
import dev.atalaya.job.decode.Rejection;
import dev.atalaya.sketch.KeyId;
import java.nio.charset.StandardCharsets;

/** Writes a rejected payload with its reason, its coordinates and its first bytes. */
final class DeadLetters {

  private final DocumentContext context;

  DeadLetters(DocumentContext context) {
    this.context = context;
  }

  Document write(Rejection rejection) {
    boolean dated = rejection.timestampMillis() != Payload.NO_TIMESTAMP;
    // Where a payload lies tells it from all others, and a replay finds it there again; but the
    // tags of a queue begin anew with each connection, so the payload itself has a say.
    byte[] which =
        (rejection.origin() + '\n' + rejection.rawBase64()).getBytes(StandardCharsets.UTF_8);
    String id =
        (dated ? rejection.timestampMillis() + "-" : "")
            + "dead_letter-"
            + KeyId.hex128(which, 0, which.length);

    DocumentTree letter = new DocumentTree();
    if (dated) {
      letter.putTime("@timestamp", rejection.timestampMillis());
    }
    letter.put("message", "rejected: " + rejection.reason().label() + ": " + rejection.detail());
    letter.put("event.kind", "pipeline_error");
    letter.put("event.action", "dead_letter");
    letter.put("event.id", id);
    letter.put("event.reason", rejection.reason().label());
    letter.put("Atalaya.reason", rejection.reason().label());
    letter.put("Atalaya.detail", rejection.detail());
    letter.put("Atalaya.origin", rejection.origin());
    letter.put("Atalaya.raw_base64", rejection.rawBase64());
    letter.put("Atalaya.raw_length", rejection.fullLength());
    context.sign(letter);
    return new Document(
        Document.Kind.DEAD_LETTER,
        id,
        place(rejection.origin()),
        dated ? rejection.timestampMillis() : Document.UNDATED,
        letter.toJson());
  }

  /** The partition, queue or file, without the position in it. */
  private static String place(String origin) {
    int position = origin.lastIndexOf('@');
    return position < 0 ? origin : origin.substring(0, position);
  }
}
