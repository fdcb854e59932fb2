package dev.atalaya.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.atalaya.connectors.search.SearchSettings;
import dev.atalaya.job.decode.RejectReason;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The schemas against what they must agree with: the mapping of the stores, and docs/alert.md. */
class DocumentSchemasTest {

  private static final Path DOCUMENTATION = Path.of("../docs/alert.md");
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern CODE = Pattern.compile("`([^`]+)`");
  private static final Pattern EXAMPLE = Pattern.compile("```json\n(.*?)```", Pattern.DOTALL);

  static List<String> kinds() {
    return DocumentSchemas.KINDS;
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void aStoreHasEveryFieldAndNoOther(String kind) throws IOException {
    Map<String, String> stored = storedFields("every-document");
    stored.putAll(storedFields(kind));
    Map<String, JsonNode> fields = DocumentSchemas.fields(kind);
    assertThat(stored.keySet()).isEqualTo(new TreeMap<>(fields).keySet());
    fields.forEach(
        (name, schema) -> assertThat(fittingTypes(schema)).as(name).contains(stored.get(name)));
  }

  private static Map<String, String> storedFields(String list) throws IOException {
    try (InputStream in = SearchSettings.class.getResourceAsStream("fields/" + list + ".json")) {
      return new TreeMap<>(JSON.readValue(in, new TypeReference<Map<String, String>>() {}));
    }
  }

  /** The types under which a store can index all values that a schema allows. */
  private static Set<String> fittingTypes(JsonNode schema) {
    if (schema.has("items")) {
      return fittingTypes(schema.get("items"));
    }
    JsonNode value = schema.has("const") ? schema.get("const") : schema.path("enum").path(0);
    JsonNode sample = value.isArray() ? value.get(0) : value;
    String type =
        sample.isMissingNode()
            ? schema.get("type").asText()
            : sample.isTextual() ? "string" : "integer";
    return switch (type) {
      case "string" ->
          schema.path("format").asText().equals("date-time")
              ? Set.of("date")
              : Set.of("keyword", "text", "ip", "stored");
      case "integer" -> Set.of("long", "float");
      case "number" -> Set.of("double");
      default -> Set.of(type);
    };
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void everyFieldIsExplainedInTheDocumentation(String kind) throws IOException {
    Set<String> explained = explained("In every document");
    explained.addAll(explained(kind.replace('-', ' ')));
    explained.addAll(explained("Alert"));
    DocumentSchemas.fields(kind)
        .forEach(
            (name, schema) ->
                assertThat(explained)
                    .as(name)
                    .anyMatch(known -> known.equals(name) || matches(known, name)));
  }

  private static boolean matches(String known, String name) {
    return known.endsWith("*") && name.startsWith(known.substring(0, known.length() - 1));
  }

  /** The names in the first columns of the tables of a section. */
  private static Set<String> explained(String section) throws IOException {
    Set<String> names = new HashSet<>();
    boolean here = false;
    for (String line : Files.readAllLines(DOCUMENTATION)) {
      if (line.startsWith("## ")) {
        here = line.substring(3).toLowerCase(Locale.ROOT).equals(section.toLowerCase(Locale.ROOT));
      } else if (here && line.startsWith("| `")) {
        Matcher code = CODE.matcher(line.substring(0, line.indexOf('|', 1)));
        String object = "";
        while (code.find()) {
          // ".actual_upper" is beside the one before it.
          String name = code.group(1).startsWith(".") ? object + code.group(1) : code.group(1);
          object = name.substring(0, Math.max(0, name.lastIndexOf('.')));
          names.add(name.replaceFirst("<.*>", "*"));
        }
      }
    }
    return names;
  }

  @Test
  void theExamplesAreValidAndThereIsOneOfEachKind() throws IOException {
    Map<String, Integer> examples = new HashMap<>();
    Matcher example = EXAMPLE.matcher(Files.readString(DOCUMENTATION));
    while (example.find()) {
      JsonNode document = JSON.readTree(example.group(1));
      DocumentSchemas.validate(document);
      examples.merge(document.at("/event/action").asText(), 1, Integer::sum);
    }
    assertThat(examples)
        .isEqualTo(
            Map.of(
                "heavy_hitter", 2,
                "heavy_changer", 1,
                "superspreader", 1,
                "unusual_entropy", 1,
                "recovered", 1,
                "window_report", 2,
                "ledger", 1,
                "dead_letter", 2));
  }

  @Test
  void whatIsNotInTheSchemaIsRefusedAtEveryDepth() throws IOException {
    Matcher example = EXAMPLE.matcher(Files.readString(DOCUMENTATION));
    while (example.find()) {
      JsonNode document = JSON.readTree(example.group(1));
      List<ObjectNode> objects = new ArrayList<>();
      objects.add((ObjectNode) document);
      for (String name : List.of("event", "rule", "related", "Atalaya", "observer", "source")) {
        if (document.has(name)) {
          objects.add((ObjectNode) document.get(name));
        }
      }
      for (ObjectNode object : objects) {
        object.put("A new field", true);
        assertThatThrownBy(() -> DocumentSchemas.validate(document))
            .hasMessageContaining("A new field");
        object.remove("A new field");
      }
      DocumentSchemas.validate(document);
    }
  }

  @Test
  void everyReasonOfARejectionIsAWordOfTheSchema() {
    Pattern word =
        Pattern.compile(
            DocumentSchemas.fields("dead-letter").get("Atalaya.reason").get("pattern").asText());
    assertThat(RejectReason.values()).allMatch(reason -> word.matcher(reason.label()).matches());
  }
}
