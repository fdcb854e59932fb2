package dev.atalaya.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The published schemas of the documents, compiled once. Thread-safe. */
public final class DocumentSchemas {

  static final List<String> KINDS = List.of("alert", "report", "ledger", "dead-letter");

  private static final Path FOLDER = Path.of("../docs/schema").toAbsolutePath().normalize();
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Map<String, JsonSchema> BY_KIND = new LinkedHashMap<>();

  static {
    JsonSchemaFactory factory = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012);
    for (String kind : KINDS) {
      BY_KIND.put(kind, factory.getSchema(file(kind).toUri()));
    }
  }

  private DocumentSchemas() {}

  private static Path file(String kind) {
    return FOLDER.resolve(kind + ".schema.json");
  }

  /** Fails when a document is not what the schema of its kind says. */
  public static void validate(JsonNode document) {
    assertThat(BY_KIND.get(kind(document)).validate(document)).as("%s", document).isEmpty();
  }

  private static String kind(JsonNode document) {
    return switch (document.at("/event/action").asText()) {
      case "window_report" -> "report";
      case "ledger" -> "ledger";
      case "dead_letter" -> "dead-letter";
      default -> "alert";
    };
  }

  /**
   * The innermost schemas by the dotted names of their fields; {@code labels.*} stands for all that
   * is in {@code labels}.
   */
  static Map<String, JsonNode> fields(String kind) {
    Map<String, JsonNode> fields = new LinkedHashMap<>();
    collect("", tree(file(kind)), fields);
    return fields;
  }

  private static void collect(String name, JsonNode schema, Map<String, JsonNode> fields) {
    String reference = schema.path("$ref").asText();
    if (!reference.isEmpty()) {
      // All of them lead to the definitions in common.
      String pointer = reference.substring(reference.indexOf('#') + 1);
      collect(name, tree(file("common")).at(pointer), fields);
    } else if (schema.has("properties")) {
      schema
          .get("properties")
          .properties()
          .forEach(
              property ->
                  collect(
                      name.isEmpty() ? property.getKey() : name + "." + property.getKey(),
                      property.getValue(),
                      fields));
    } else if (schema.path("type").asText().equals("object")) {
      fields.put(name + ".*", schema.get("additionalProperties"));
    } else {
      fields.put(name, schema);
    }
  }

  private static JsonNode tree(Path file) {
    try {
      return JSON.readTree(file.toFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
