package dev.atalaya.job.decode;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.atalaya.connectors.Payload;
import dev.atalaya.job.config.ConfigLoader;
import dev.atalaya.job.config.FormatConfig;
import dev.atalaya.job.config.JobConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code docs/capture/formats.md}: each record there gives the fields that stand beside it. */
class FormatsPageTest {

  private static final Pattern SECTION =
      Pattern.compile(
          "## (?<title>[^\n]+)\n\n[^\n]+\n\n```yaml\n(?<yaml>.*?)```\n```\n(?<record>[^\n]+)\n```\n\n"
              + "\\| field \\| value \\|\n\\|---\\|---\\|\n(?<fields>(?:\\| `[^\n]+` \\|\n)+)",
          Pattern.DOTALL);

  /** Numbers that add up; all others are read as text. */
  private static final Set<String> WEIGHTS = Set.of("bytes", "packets");

  private static final Pattern FIELD = Pattern.compile("\\| `(\\S+)` \\| `(.+)` \\|\n");

  /** What a section shows. */
  record Shown(String title, String yaml, String record, Map<String, String> fields) {

    JobConfig config() {
      StringBuilder yaml = new StringBuilder(this.yaml);
      yaml.append("source: { kafka: { servers: 'localhost:9092', topics: [t] } }\ndetectors:\n");
      String first = fields.keySet().iterator().next();
      for (String field : fields.keySet()) {
        yaml.append("  - { name: d-").append(yaml.length()).append(", key: ['");
        yaml.append(WEIGHTS.contains(field) ? first + "'], weight: " + field : field + "']");
        yaml.append(", hitters: { share: 1% } }\n");
      }
      return ConfigLoader.parse(yaml.toString(), title, Map.of());
    }

    @Override
    public String toString() {
      return title;
    }
  }

  static List<Shown> sections() throws IOException {
    List<Shown> sections = new ArrayList<>();
    Matcher section = SECTION.matcher(Files.readString(Path.of("../docs/capture/formats.md")));
    while (section.find()) {
      Map<String, String> fields = new LinkedHashMap<>();
      Matcher field = FIELD.matcher(section.group("fields"));
      while (field.find()) {
        fields.put(field.group(1), field.group(2));
      }
      sections.add(
          new Shown(
              section.group("title"), section.group("yaml"), section.group("record"), fields));
    }
    return sections;
  }

  @ParameterizedTest
  @MethodSource("sections")
  void theRecordGivesTheFields(Shown shown) {
    JobConfig config = shown.config();
    FieldPlan plan = FieldPlan.of(config);
    RecordDecoder decoder = new RecordDecoder(config.format(), config.time(), plan);
    decoder.open();
    byte[] bytes = shown.record().getBytes(UTF_8);
    Payload payload = new Payload().set(bytes, 0, bytes.length, () -> "page");
    payload.timestampMillis = DecoderFixture.NOW_MILLIS;
    List<DecodedRecord> records = new ArrayList<>();
    decoder.decode(payload, record -> records.add(record.copy()));

    assertThat(records).hasSize(1);
    assertThat(records.get(0).rejection()).isNull();
    Map<String, String> found = new LinkedHashMap<>();
    for (String name : shown.fields().keySet()) {
      DecodedRecord record = records.get(0);
      found.put(
          name,
          WEIGHTS.contains(name)
              ? Long.toString(record.number(plan.numberSlot(name)))
              : record.textString(plan.textSlot(name)));
    }
    assertThat(found).isEqualTo(shown.fields());
  }

  @Test
  void everyFormatIsShown() throws IOException {
    Set<FormatConfig.Kind> shown = new HashSet<>();
    sections().forEach(section -> shown.add(section.config().format().kind()));
    assertThat(shown)
        .containsExactlyInAnyOrderElementsOf(Arrays.asList(FormatConfig.Kind.values()));
  }
}
