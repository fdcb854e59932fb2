package dev.atalaya.capture.flow;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.atalaya.fixtures.SharedData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Datagrams of real exporters, against what tshark reads in them. */
class FixturesTest {

  private static final String FOLDER = "netflow-fixtures/logstash-codec-netflow/";
  private static final ObjectMapper JSON = new ObjectMapper();

  /** tshark's columns, and the field of an event with the same meaning. */
  private static final Map<String, String> COLUMNS =
      Map.of(
          "srcport",
          "sport",
          "dstport",
          "dport",
          "protocol",
          "proto",
          "octets",
          "bytes",
          "packets",
          "packets");

  @TestFactory
  Stream<DynamicTest> everyDatagram() throws IOException {
    Map<String, FlowExportDecoder> decoders = new LinkedHashMap<>();
    List<DynamicTest> tests = new ArrayList<>();
    for (String line :
        Files.readAllLines(SharedData.path("netflow-fixtures/decoded_by_tshark.jsonl"))) {
      JsonNode tshark = JSON.readTree(line);
      String file = tshark.get("file").asText();
      FlowExportDecoder decoder =
          decoders.computeIfAbsent(tshark.get("exporter").asText(), k -> new FlowExportDecoder());
      tests.add(DynamicTest.dynamicTest(file, () -> check(decoder, file, tshark)));
    }
    return tests.stream();
  }

  private static void check(FlowExportDecoder decoder, String file, JsonNode tshark)
      throws IOException {
    Path path = SharedData.path(FOLDER + file);
    Collected collected = new Collected();
    collected.decode(decoder, Files.readAllBytes(path));
    Map<String, List<String>> ours = columns(collected.events);
    Map<String, List<String>> theirs = new LinkedHashMap<>();
    for (String column : ours.keySet()) {
      theirs.put(column, texts(tshark.get(column)));
    }
    assertThat(ours).as(collected.rejections.toString()).isEqualTo(theirs);
  }

  private static Map<String, List<String>> columns(List<String> events) throws IOException {
    Map<String, List<String>> columns = new LinkedHashMap<>();
    for (String column :
        List.of(
            "srcaddr",
            "srcaddrv6",
            "dstaddr",
            "dstaddrv6",
            "srcport",
            "dstport",
            "protocol",
            "octets",
            "packets")) {
      columns.put(column, new ArrayList<>());
    }
    for (String event : events) {
      JsonNode json = JSON.readTree(event);
      addAddress(columns, "srcaddr", json.path("src").asText());
      addAddress(columns, "dstaddr", json.path("dst").asText());
      COLUMNS.forEach(
          (column, field) -> {
            if (json.has(field)) {
              columns.get(column).add(json.get(field).asText());
            }
          });
    }
    return columns;
  }

  private static void addAddress(Map<String, List<String>> columns, String column, String address) {
    if (!address.isEmpty()) {
      columns.get(address.indexOf(':') < 0 ? column : column + "v6").add(address);
    }
  }

  private static List<String> texts(JsonNode value) {
    List<String> texts = new ArrayList<>();
    if (value != null && value.isArray()) {
      value.forEach(item -> texts.add(item.asText()));
    } else if (value != null) {
      texts.add(value.asText());
    }
    return texts;
  }
}
