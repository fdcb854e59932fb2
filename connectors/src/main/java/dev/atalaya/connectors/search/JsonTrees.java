package dev.atalaya.connectors.search;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** What a store has, compared with what is wanted. */
final class JsonTrees {

  private JsonTrees() {}

  /**
   * Whether all that is wanted is there, whatever else is. Scalars are compared by their texts:
   * stores answer {@code "1"} and {@code "true"} where they were given {@code 1} and {@code true},
   * and they leave out that the type of an object is object.
   */
  static boolean covers(JsonNode there, JsonNode wanted) {
    if (wanted.isObject()) {
      return there.isObject()
          && wanted.properties().stream()
              .allMatch(
                  field ->
                      field.getValue().asText().equals("object")
                          || covers(there.path(field.getKey()), field.getValue()));
    }
    if (wanted.isArray()) {
      if (!there.isArray() || there.size() != wanted.size()) {
        return false;
      }
      for (int i = 0; i < wanted.size(); i++) {
        if (!covers(there.get(i), wanted.get(i))) {
          return false;
        }
      }
      return true;
    }
    return there.isValueNode() && there.asText().equals(wanted.asText());
  }

  /** What is there with what is wanted in it, as a new tree; lists and scalars are replaced. */
  static ObjectNode merged(JsonNode there, ObjectNode wanted) {
    ObjectNode merged = there.isObject() ? there.deepCopy() : wanted.objectNode();
    for (var field : wanted.properties()) {
      JsonNode value = field.getValue();
      merged.set(
          field.getKey(),
          value.isObject() ? merged(merged.path(field.getKey()), (ObjectNode) value) : value);
    }
    return merged;
  }
}
