package dev.atalaya.job.decode;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.atalaya.connectors.Payload;
import dev.atalaya.fixtures.SharedData;
import dev.atalaya.job.config.FieldConfig;
import dev.atalaya.job.config.TimeConfig;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Real logs and captures: every record decodes, and two forms of one set say the same. */
class SharedDataDecodeTest {

  private static final String[] WEB_FIELDS = {
    "src", "user", "method", "url", "path", "status", "referer", "ua"
  };

  @ParameterizedTest
  @CsvSource({
    "elastic-apache/apache_logs.gz, elastic-apache/events/apache_logs.jsonl.gz, 10000",
    "hackers-access/hackers-access.log.gz, hackers-access/events/hackers-access.jsonl.gz, 3456",
  })
  void accessLogSaysTheSameAsItsJson(String log, String json, int count) {
    List<String> fromLog = web(DecoderFixture.combinedLog().key(WEB_FIELDS), SharedData.path(log));
    List<String> fromJson = web(DecoderFixture.json().key(WEB_FIELDS), SharedData.path(json));

    assertThat(fromLog).hasSize(count).containsExactlyInAnyOrderElementsOf(fromJson);
  }

  @Test
  void timesOf1995AreTimes() {
    List<String> events =
        web(
            DecoderFixture.json().key(WEB_FIELDS),
            SharedData.path("nasa-19950801/events/nasa_19950801.jsonl.gz"));
    assertThat(events).hasSize(30_969);
    assertThat(events.get(0)).startsWith("807256800000 1713 pppa006.compuserve.com - GET ");
  }

  static Stream<Path> captures() throws IOException {
    List<Path> files = new ArrayList<>();
    try (Stream<Path> sets = Files.list(SharedData.path("."))) {
      for (Path set : sets.toList()) {
        Path events = set.resolve("events");
        if (Files.isDirectory(events)) {
          try (Stream<Path> found = Files.list(events)) {
            found.filter(file -> file.toString().endsWith(".csv.gz")).forEach(files::add);
          }
        }
      }
    }
    assertThat(files).isNotEmpty();
    return files.stream();
  }

  @ParameterizedTest
  @MethodSource("captures")
  void captureTotalsAreThoseOfTheColumns(Path file) {
    List<String> rows = readLines(file);
    DecoderFixture fixture =
        DecoderFixture.csv()
            .fileHeader(rows.get(0))
            .key("src", "dst")
            .field(new FieldConfig("src", "src", FieldConfig.Type.TEXT, false, true, false))
            .time("ts", TimeConfig.Unit.MS);
    Payload header = fixture.payload(rows.get(0).getBytes(UTF_8));
    header.isFileHeader = true;
    assertThat(fixture.decode(header)).isEmpty();

    long bytes = 0;
    long expectedBytes = 0;
    for (String row : rows.subList(1, rows.size())) {
      String[] columns = row.split(",", -1);
      DecodedRecord record = fixture.one(row);
      assertThat(record.kind()).as(row).isEqualTo(DecodedRecord.Kind.EVENT);
      assertThat(record.timestampMillis()).isEqualTo(Long.parseLong(columns[0]));
      assertThat(record.textString(0)).isEqualTo(columns[1]);
      bytes += record.number(0);
      expectedBytes += Long.parseLong(columns[6]);
    }
    assertThat(bytes).isEqualTo(expectedBytes);
  }

  /** Each event as one line of text; user agents that the log cut are the same as none. */
  private static List<String> web(DecoderFixture fixture, Path file) {
    List<String> events = new ArrayList<>();
    for (String line : readLines(file)) {
      DecodedRecord record = fixture.one(line);
      assertThat(record.kind()).as(line).isEqualTo(DecodedRecord.Kind.EVENT);
      assertThat(record.truncatedFields()).isZero();
      StringBuilder event = new StringBuilder();
      event.append(record.timestampMillis()).append(' ').append(record.number(0));
      for (int slot = 0; slot < WEB_FIELDS.length - 1; slot++) {
        event.append(' ').append(record.textString(slot));
      }
      boolean isCut = line.chars().filter(c -> c == '"').count() % 2 == 1;
      events.add(event.append(' ').append(isCut ? "-" : record.textString(7)).toString());
    }
    return events;
  }

  private static List<String> readLines(Path file) {
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(new GZIPInputStream(Files.newInputStream(file)), UTF_8))) {
      return reader.lines().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
