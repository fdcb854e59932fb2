package dev.atalaya.connectors.search;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atalaya.connectors.Document;
import dev.atalaya.connectors.Document.Kind;
import dev.atalaya.connectors.search.Bulk.Item;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is sent, what is understood of the answer, and what is kept in state. */
class BulkTest {

  private static final SearchSettings SETTINGS =
      new SearchSettings(
          List.of("http://localhost"),
          "a",
          "r",
          "d",
          null,
          null,
          new SearchSettings.Batch(1, 1, 1, 1),
          1);

  private static final long NEW_YEAR = 1735689600000L;

  @Test
  void createsFindingsAndReplacesAccounts() {
    List<Entry> entries =
        List.of(
            Entry.of(new Document(Kind.ALERT, "1-\u0001\"é", "k", NEW_YEAR, "{\"x\":\"ñ\"}"), 0),
            Entry.of(new Document(Kind.REPORT, "2", "k", NEW_YEAR - 1, "{}"), 0),
            Entry.of(new Document(Kind.DEAD_LETTER, "3", "k", Document.UNDATED, "{}"), 0));
    assertThat(new String(Bulk.body(entries, SETTINGS), UTF_8))
        .isEqualTo(
            """
            {"create":{"_index":"a-2025.01","_id":"1-\\u0001\\"é"}}
            {"x":"ñ"}
            {"index":{"_index":"r-2024.12","_id":"2"}}
            {}
            {"create":{"_index":"d-undated","_id":"3"}}
            {}
            """);
  }

  @Test
  void hashesIdsThatAreTooLongForTheStore() {
    assertThat(destination("é".repeat(256), 0).id()).isEqualTo("é".repeat(256));
    assertThat(destination("x" + "é".repeat(256), 0).id()).hasSize(32).matches("[0-9a-f]+");
  }

  @Test
  void namesNoMonthOutsideOfTheYearsThatStoresKnow() {
    assertThat(destination("1", -62135596800000L).index()).isEqualTo("a-0001.01");
    assertThat(destination("1", -62135596800001L).index()).isEqualTo("a-undated");
    assertThat(destination("1", 253402300799999L).index()).isEqualTo("a-9999.12");
    assertThat(destination("1", 253402300800000L).index()).isEqualTo("a-undated");
    assertThat(destination("1", Long.MAX_VALUE).index()).isEqualTo("a-undated");
  }

  @Test
  void givesNoMonthToDeadLettersFromLongAgoOrAhead() {
    Instant now = Instant.now();
    assertThat(letterIndex(now))
        .isEqualTo(
            "d-" + DateTimeFormatter.ofPattern("uuuu.MM").format(now.atZone(ZoneOffset.UTC)));
    assertThat(letterIndex(now.minus(Duration.ofDays(367)))).isEqualTo("d-undated");
    assertThat(letterIndex(now.plus(Duration.ofDays(2)))).isEqualTo("d-undated");
  }

  private static String letterIndex(Instant time) {
    Document letter = new Document(Kind.DEAD_LETTER, "1", "k", time.toEpochMilli(), "{}");
    return Destination.of(letter, SETTINGS).index();
  }

  private static Destination destination(String id, long timeMillis) {
    return Destination.of(new Document(Kind.ALERT, id, "k", timeMillis, "{}"), SETTINGS);
  }

  @Test
  void readsWhatBecameOfEachDocument() throws IOException {
    String answer =
        "{\"took\":3,\"errors\":true,\"ingest\":{\"x\":[1,{}]},\"items\":["
            + "{\"create\":{\"_id\":\"1\",\"status\":201,\"_shards\":{\"total\":2}}},"
            + "{\"index\":{\"error\":{\"type\":\"t\",\"caused_by\":{\"type\":\"u\"},"
            + "\"reason\":\"r\"},\"status\":400}},"
            + "{\"create\":{\"status\":429,\"error\":{\"type\":null,\"reason\":null}}}]}";
    assertThat(Bulk.items(answer, 3))
        .containsExactly(new Item(201, "", ""), new Item(400, "t", "r"), new Item(429, "", ""));
    for (int length = 0; length < answer.length(); length++) {
      String cut = answer.substring(0, length);
      assertThatThrownBy(() -> Bulk.items(cut, 3)).isInstanceOf(IOException.class);
    }
    for (String other : List.of("<html>", "[]", "null", "{}", "{\"items\":[1]}", "{\"items\":3}")) {
      assertThatThrownBy(() -> Bulk.items(other, 1)).isInstanceOf(IOException.class);
    }
    assertThatThrownBy(() -> Bulk.items(answer, 2))
        .hasMessage("an answer about 3 documents instead of 2");
  }

  @Test
  void keepsTheBytesOfItsState() throws IOException {
    EntrySerializer serializer = new EntrySerializer();
    Entry entry = Entry.of(new Document(Kind.DEAD_LETTER, "id", "k", 258, "{}"), 3);
    byte[] golden =
        HexFormat.of()
            .parseHex(
                "00000003"
                    + "02"
                    + "0000000000000102"
                    + "000000026964"
                    + "000000016b"
                    + "000000027b7d");
    assertThat(serializer.serialize(entry)).isEqualTo(golden);
    assertThat(serializer.deserialize(1, golden)).isEqualTo(entry);
    assertThat(serializer.getVersion()).isEqualTo(1);
    assertThatThrownBy(() -> serializer.deserialize(2, golden))
        .isInstanceOf(IOException.class)
        .hasMessage("documents on their way to the store: version 2 is not known to this release");
  }

  @Test
  void aRefusedDocumentBecomesADeadLetter() {
    Document refused =
        new Document(
            Kind.ALERT,
            "id",
            "k",
            NEW_YEAR,
            "{\"Atalaya\":{\"config_hash\":\"c\"},\"observer\":{\"product\":\"atalaya\"},\"labels\":{\"a\":\"b\"}}");
    Document letter =
        RefusedDocument.letter(refused, Destination.of(refused, SETTINGS), "type: no\u001b[1m");
    assertThat(letter)
        .isEqualTo(
            new Document(
                Kind.DEAD_LETTER,
                "1735689600000-dead_letter-" + Destination.hex128("a-2025.01/id".getBytes(UTF_8)),
                "a-2025.01",
                NEW_YEAR,
                letter.json()));
    assertThat(letter.json())
        .isEqualTo(
            "{\"@timestamp\":\"2025-01-01T00:00:00.000Z\","
                + "\"message\":\"rejected: store-refused: type: no\\\\u001b[1m\","
                + "\"event\":{\"kind\":\"pipeline_error\",\"action\":\"dead_letter\",\"id\":\""
                + letter.id()
                + "\",\"reason\":\"store-refused\"},"
                + "\"Atalaya\":{\"reason\":\"store-refused\",\"detail\":\"type: no\\\\u001b[1m\","
                + "\"origin\":\"a-2025.01/id\",\"raw_base64\":\""
                + Base64.getEncoder().encodeToString(refused.json().getBytes(UTF_8))
                + "\",\"raw_length\":"
                + refused.json().length()
                + ",\"config_hash\":\"c\"},"
                + "\"observer\":{\"product\":\"atalaya\"},\"labels\":{\"a\":\"b\"}}");
  }

  @Test
  void theLetterOfWhatIsNoJsonHoldsItsFirstBytes() {
    Document refused = new Document(Kind.ALERT, "id", "k", Document.UNDATED, "x".repeat(5_000));
    String json =
        RefusedDocument.letter(refused, Destination.of(refused, SETTINGS), "y".repeat(2_000))
            .json();
    assertThat(json)
        .contains("\"detail\":\"" + "y".repeat(1_000) + "\"", "\"raw_length\":5000")
        .contains("\"raw_base64\":\"" + "eHh4".repeat(1_365) + "eA==\"")
        .doesNotContain("@timestamp");
  }
}
