package dev.atalaya.connectors.search;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import dev.atalaya.connectors.Document;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The request that stores many documents, and its answer. */
final class Bulk {

  /** Of the answer only what is read here. */
  private static final String PATH =
      "/_bulk?filter_path=items.*.status,items.*.error.type,items.*.error.reason&timeout=";

  static final String CONTENT_TYPE = "application/x-ndjson";

  private static final JsonFactory JSON = new JsonFactory();

  private static final byte[] CREATE = "{\"create\":{\"_index\":\"".getBytes(UTF_8);
  private static final byte[] INDEX = "{\"index\":{\"_index\":\"".getBytes(UTF_8);
  private static final byte[] ID = "\",\"_id\":\"".getBytes(UTF_8);
  private static final byte[] END = "\"}}\n".getBytes(UTF_8);

  private Bulk() {}

  /**
   * What became of one document.
   *
   * @param type of the error, as the store names it; empty without one
   * @param reason in the store's words; empty without one
   */
  record Item(int status, String type, String reason) {}

  /** Whether the document must not be there yet. Findings never change; accounts may. */
  static boolean isCreated(Document document) {
    return document.kind() != Document.Kind.REPORT;
  }

  /**
   * The request's path. A shard that is away holds the whole answer up, for a minute unless told
   * otherwise; so it is told to end well before the request itself is given up.
   */
  static String path(SearchSettings settings) {
    return PATH + settings.timeoutMillis() / 2 + "ms";
  }

  /** Two lines for each document: where it goes, and itself. */
  static byte[] body(List<Entry> entries, SearchSettings settings) {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    for (Entry entry : entries) {
      Destination destination = Destination.of(entry.document(), settings);
      body.writeBytes(isCreated(entry.document()) ? CREATE : INDEX);
      body.writeBytes(quoted(destination.index()));
      body.writeBytes(ID);
      body.writeBytes(quoted(destination.id()));
      body.writeBytes(END);
      body.writeBytes(entry.document().json().getBytes(UTF_8));
      body.write('\n');
    }
    return body.toByteArray();
  }

  private static byte[] quoted(String text) {
    return JsonStringEncoder.getInstance().quoteAsUTF8(text);
  }

  /**
   * Reads an answer.
   *
   * @return one item for each document, in their order
   * @throws IOException when it is none to this request, or cut
   */
  static List<Item> items(String answer, int documents) throws IOException {
    List<Item> items = new ArrayList<>();
    try (JsonParser parser = JSON.createParser(answer)) {
      expect(parser.nextToken(), JsonToken.START_OBJECT);
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        boolean isItems = parser.currentName().equals("items");
        parser.nextToken();
        if (isItems && parser.currentToken() == JsonToken.START_ARRAY) {
          while (parser.nextToken() == JsonToken.START_OBJECT) {
            items.add(item(parser));
          }
          expect(parser.currentToken(), JsonToken.END_ARRAY);
        } else {
          parser.skipChildren();
        }
      }
      expect(parser.currentToken(), JsonToken.END_OBJECT);
    } catch (JsonProcessingException e) {
      // Its own message spans lines.
      throw new IOException("an answer that is no JSON: " + e.getOriginalMessage());
    }
    if (items.size() != documents) {
      throw new IOException(
          "an answer about " + items.size() + " documents instead of " + documents);
    }
    return items;
  }

  /** From the brace before the operation's name to the one that ends it. */
  private static Item item(JsonParser parser) throws IOException {
    int status = 0;
    String type = "";
    String reason = "";
    expect(parser.nextToken(), JsonToken.FIELD_NAME);
    expect(parser.nextToken(), JsonToken.START_OBJECT);
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String field = parser.currentName();
      parser.nextToken();
      if (field.equals("status")) {
        status = parser.getIntValue();
      } else if (field.equals("error") && parser.currentToken() == JsonToken.START_OBJECT) {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
          String detail = parser.currentName();
          parser.nextToken();
          String text = parser.getValueAsString("");
          if (detail.equals("type")) {
            type = text;
          } else if (detail.equals("reason")) {
            reason = text;
          }
          parser.skipChildren();
        }
      } else {
        parser.skipChildren();
      }
    }
    expect(parser.currentToken(), JsonToken.END_OBJECT);
    expect(parser.nextToken(), JsonToken.END_OBJECT);
    return new Item(status, type, reason);
  }

  private static void expect(JsonToken found, JsonToken expected) throws IOException {
    if (found != expected) {
      throw new IOException("an answer with " + found + " instead of " + expected);
    }
  }
}
