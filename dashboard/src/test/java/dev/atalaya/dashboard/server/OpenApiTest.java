package dev.atalaya.dashboard.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OpenApiTest {

  private static final Map<String, String> EXAMPLES =
      Map.of(
          "{detector}", "floods",
          "{epoch}", "1",
          "{id}", "1736935220000-floods-heavy_hitter-192.0.2.1-0");

  @Test
  void describesWhatIsServedAndNothingElse() throws IOException {
    try (Served served = new Served(Floods.history())) {
      JsonNode paths = document(served).get("paths");
      List<String> described = new ArrayList<>();
      paths.fieldNames().forEachRemaining(described::add);
      assertThat(served.server.paths())
          .filteredOn(path -> !path.equals("/") && !path.matches("/(page|lib)/.*"))
          .containsExactlyInAnyOrderElementsOf(described);
    }
  }

  @Test
  void everyPathAnswersAsItSays() throws IOException {
    try (Served served = new Served(Floods.history())) {
      JsonNode document = document(served);
      for (Map.Entry<String, JsonNode> path : document.get("paths").properties()) {
        JsonNode answer = path.getValue().at("/get/responses/200/content");
        String type = answer.fieldNames().next();
        String url = path.getKey();
        for (Map.Entry<String, String> example : EXAMPLES.entrySet()) {
          url = url.replace(example.getKey(), example.getValue());
        }
        String head =
            served.raw("HEAD " + url + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        assertThat(head).startsWith("HTTP/1.1 200 OK\r\n").contains("Content-Type: " + type);
        if (type.equals("application/json")) {
          JsonNode schema = resolve(document, answer.get(type).get("schema"));
          assertMatches(document, schema, served.json(url), url);
        }
      }
    }
  }

  /** Of the schema, what this document makes use of: required fields, and no others. */
  private static void assertMatches(
      JsonNode document, JsonNode schema, JsonNode value, String where) {
    if (schema.has("properties")) {
      List<String> names = new ArrayList<>();
      value.fieldNames().forEachRemaining(names::add);
      List<String> required = new ArrayList<>();
      schema.get("required").forEach(name -> required.add(name.asText()));
      assertThat(names).as(where).containsExactlyElementsOf(required);
      for (String name : names) {
        JsonNode property = schema.get("properties").get(name);
        assertThat(property).as(where + " " + name).isNotNull();
        assertMatches(document, resolve(document, property), value.get(name), where + "." + name);
      }
    } else if (schema.has("items")) {
      assertThat(value.isArray()).as(where).isTrue();
      for (JsonNode item : value) {
        assertMatches(document, resolve(document, schema.get("items")), item, where + "[]");
      }
    } else if (schema.path("additionalProperties").isObject()) {
      for (JsonNode property : value) {
        assertMatches(
            document, resolve(document, schema.get("additionalProperties")), property, where);
      }
    } else if (schema.path("type").isTextual()) {
      assertThat(type(value)).as(where).isEqualTo(schema.get("type").asText());
    }
  }

  private static String type(JsonNode value) {
    return value.isIntegralNumber()
        ? "integer"
        : value.getNodeType().name().toLowerCase(Locale.ROOT);
  }

  private static JsonNode resolve(JsonNode document, JsonNode schema) {
    return schema.has("$ref") ? document.at(schema.get("$ref").asText().substring(1)) : schema;
  }

  private static JsonNode document(Served served) throws IOException {
    return new YAMLMapper().readTree(served.get("/api/v1/openapi.yaml").body());
  }
}
