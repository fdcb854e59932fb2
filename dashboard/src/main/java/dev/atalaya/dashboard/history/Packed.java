package dev.atalaya.dashboard.history;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;

/** A document as JSON text, a tenth of what it takes as a tree. Immutable. */
final class Packed {

  /** Of a document; those of the job have a few thousand. */
  static final int MAX_BYTES = 256 << 10;

  private static final ObjectMapper JSON = new ObjectMapper();

  private final byte[] json;

  private Packed(byte[] json) {
    this.json = json;
  }

  static Packed of(JsonNode document) throws Stranger {
    try {
      byte[] json = JSON.writeValueAsBytes(document);
      if (json.length > MAX_BYTES) {
        throw new Stranger("more than " + MAX_BYTES + " bytes");
      }
      return new Packed(json);
    } catch (JsonProcessingException e) {
      throw new Stranger("no JSON");
    }
  }

  int bytes() {
    return json.length;
  }

  JsonNode document() {
    try {
      return JSON.readTree(json);
    } catch (IOException e) {
      throw new UncheckedIOException("a document that was written must be readable", e);
    }
  }
}
