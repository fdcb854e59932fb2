package dev.atalaya.connectors.search;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.atalaya.connectors.Document;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The fields that documents have in a store. They are listed in the folder {@code fields}, a file
 * for each kind of document; only a field listed there, or named by the configuration, can come
 * into a mapping, whatever an event says.
 *
 * <p>A value that does not fit the type of its field, such as a host name under {@code source.ip},
 * is stored with its document and not indexed.
 */
final class SearchFields {

  /** A term has at most 32,766 bytes, and a character up to four. */
  private static final int MAX_TERM_CHARS = 8191;

  /** Of a name that stands for all names under an object: they come from the configuration. */
  private static final String ANY = ".*";

  private static final ObjectMapper JSON = new ObjectMapper();

  private SearchFields() {}

  /**
   * The mapping of an index.
   *
   * @param keyFields the names under which alerts have parts of their key
   * @throws IllegalArgumentException when a name is a field and an object at once
   */
  static ObjectNode mapping(Document.Kind kind, Collection<String> keyFields) {
    Map<String, String> types = new TreeMap<>(read("every-document"));
    for (String list : lists(kind)) {
      types.putAll(read(list));
    }
    if (kind == Document.Kind.ALERT) {
      types.putAll(read("key-fields"));
      keyFields.forEach(field -> types.putIfAbsent(field, typeByName(field)));
    }
    ObjectNode mapping = JSON.createObjectNode().put("dynamic", "strict");
    ArrayNode templates = mapping.putArray("dynamic_templates");
    types.forEach(
        (name, type) -> {
          if (name.endsWith(ANY)) {
            String object = name.substring(0, name.length() - ANY.length());
            put(
                mapping,
                object,
                JSON.createObjectNode().put("type", "object").put("dynamic", true));
            ObjectNode template = templates.addObject().putObject(object);
            template.put("path_match", name).set("mapping", definition(type));
          } else {
            put(mapping, name, definition(type));
          }
        });
    return mapping;
  }

  private static List<String> lists(Document.Kind kind) {
    return switch (kind) {
      case ALERT -> List.of("alert");
      case REPORT -> List.of("report", "ledger");
      case DEAD_LETTER -> List.of("dead-letter");
    };
  }

  private static Map<String, String> read(String list) {
    try (InputStream in = SearchFields.class.getResourceAsStream("fields/" + list + ".json")) {
      return JSON.readValue(in, new TypeReference<Map<String, String>>() {});
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Of a field that is not in the list. */
  private static String typeByName(String field) {
    return switch (field.substring(field.lastIndexOf('.') + 1)) {
      case "ip" -> "ip";
      case "port", "bytes", "packets" -> "long";
      default -> "keyword";
    };
  }

  private static ObjectNode definition(String type) {
    ObjectNode definition = JSON.createObjectNode();
    return switch (type) {
      case "keyword" -> definition.put("type", type).put("ignore_above", MAX_TERM_CHARS);
      case "text", "boolean" -> definition.put("type", type);
      case "stored" ->
          definition.put("type", "keyword").put("index", false).put("doc_values", false);
      default -> definition.put("type", type).put("ignore_malformed", true);
    };
  }

  /** Names come in order, so a field is there before one that would be in it. */
  private static void put(ObjectNode mapping, String name, ObjectNode definition) {
    ObjectNode object = mapping;
    int from = 0;
    for (int dot = name.indexOf('.'); dot >= 0; dot = name.indexOf('.', from)) {
      object =
          object.withObjectProperty("properties").withObjectProperty(name.substring(from, dot));
      if (object.has("type")) {
        throw new IllegalArgumentException(
            name.substring(0, dot) + " and " + name + " cannot both be fields");
      }
      from = dot + 1;
    }
    object.withObjectProperty("properties").set(name.substring(from), definition);
  }
}
