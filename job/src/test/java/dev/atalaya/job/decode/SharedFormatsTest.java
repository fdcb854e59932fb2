package dev.atalaya.job.decode;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.atalaya.connectors.Payload;
import dev.atalaya.fixtures.SharedData;
import dev.atalaya.job.config.TimeConfig;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

/** Samples of real programs, each value compared with what plain splitting says. */
class SharedFormatsTest {

  private static final DateTimeFormatter SYSLOG =
      DateTimeFormatter.ofPattern("MMM d yyyy HH:mm:ss", Locale.ENGLISH);

  @Test
  void squid() {
    DecoderFixture fixture =
        DecoderFixture.squid()
            .key("src", "result", "status", "method", "url", "host", "user", "dst", "type");
    for (String line : lines("metron/SquidExampleOutput")) {
      String[] words = line.trim().split("\\s+");
      String[] result = words[3].split("/");
      expect(
          fixture.one(line),
          new BigDecimal(words[0]).movePointRight(3).longValue(),
          Long.parseLong(words[4]),
          words[2],
          result[0],
          result[1],
          words[5],
          words[6],
          words[6].replaceAll("http://|/$", ""),
          words[7],
          words[8].split("/")[1],
          words[9]);
    }
  }

  @Test
  void snort() {
    DecoderFixture fixture =
        DecoderFixture.snort()
            .weight("bytes")
            .key("gid", "sid", "rev", "msg", "proto", "src", "sport", "dst", "dport", "ttl");
    DateTimeFormatter time = DateTimeFormatter.ofPattern("MM/dd/yy-HH:mm:ss.SSSSSS");
    List<String> lines = lines("metron/SnortOutput");
    assertThat(lines).hasSize(3);
    for (String line : lines) {
      String[] columns = line.split(",", -1);
      expect(
          fixture.one(line),
          LocalDateTime.parse(columns[0].trim(), time).toInstant(ZoneOffset.UTC).toEpochMilli(),
          Long.parseLong(columns[21]),
          columns[1],
          columns[2],
          columns[3],
          columns[4].replace("\"", ""),
          columns[5],
          columns[6],
          columns[7],
          columns[8],
          columns[9],
          columns[18]);
    }
  }

  @Test
  void yaf() {
    DecoderFixture fixture =
        DecoderFixture.yaf().key("src", "sport", "dst", "dport", "proto", "flags", "end-reason");
    List<String> lines = lines("metron/YafExampleOutput");
    assertThat(lines).hasSize(10);
    for (String line : lines) {
      String[] columns = Arrays.stream(line.split("\\|")).map(String::trim).toArray(String[]::new);
      expect(
          fixture.one(line),
          LocalDateTime.parse(columns[0].replace(' ', 'T'))
              .toInstant(ZoneOffset.UTC)
              .toEpochMilli(),
          Long.parseLong(columns[18]) + Long.parseLong(columns[20]),
          columns[5],
          columns[6],
          columns[7],
          columns[8],
          columns[4],
          columns[9],
          columns[22]);
    }
  }

  @Test
  void syslogOfFirewalls() {
    String[] severities = "emerg alert crit err warning notice info debug".split(" ");
    Pattern asa =
        Pattern.compile("<(\\d+)>(\\w+ +\\d+)( \\d{4})? ([\\d:]{8})(?:: | (\\S+) )(%\\S+): (.*)");
    List<String> lines = lines("metron/asa_raw");
    assertThat(lines).hasSize(128);
    DecoderFixture fixture =
        DecoderFixture.syslog().year(2015).key("app", "severity", "message").filter("host");
    for (String line : lines) {
      Matcher match = asa.matcher(line);
      assertThat(match.matches()).as(line).isTrue();
      String year = match.group(3) == null ? " 2015" : match.group(3);
      DecodedRecord record = fixture.one(line);
      expect(
          record,
          syslogTime(match.group(2), year, match.group(4)),
          0,
          match.group(6),
          severities[Integer.parseInt(match.group(1)) % 8],
          match.group(7).strip());
      assertThat(record.textString(3)).isEqualTo(match.group(5));
    }
    assertThat(lines("metron/PaloaltoOutput"))
        .hasSize(100)
        .allSatisfy(
            line -> {
              DecodedRecord record =
                  DecoderFixture.syslog().year(2015).key("host", "message").one(line);
              assertThat(record.rejection()).isNull();
              assertThat(record.textString(1)).isEqualTo(line.split(" ", 6)[5].stripLeading());
            });
  }

  @Test
  void firewallsByTheStandardGrokPatterns() {
    String head = "^<%{NONNEGINT}>%{CISCOTIMESTAMP:time}(?: %{SYSLOGHOST:host}|:) %%{CISCOTAG}: ";
    DecoderFixture fixture =
        DecoderFixture.grok()
            .patterns(
                head + "%{CISCOFW302013_302014_302015_302016}",
                head + "%{CISCOFW106015}",
                head + "%{GREEDYDATA}")
            .key("src", "dst")
            .weight(null)
            .year(2015)
            .time("time", TimeConfig.Unit.SYSLOG);
    Pattern connection =
        Pattern.compile(
            ".*%ASA-6-30201[3-6]: (?:Built|Teardown) .*? for \\S+:([\\d.]+)/.* to \\S+?:([\\d.]+)/.*");
    int found = 0;
    for (String line : lines("metron/asa_raw")) {
      Matcher match = connection.matcher(line);
      DecodedRecord record = fixture.one(line);
      if (match.matches()) {
        assertThat(record.rejection()).as(line).isNull();
        assertThat(record.textString(0)).isEqualTo(match.group(1));
        assertThat(record.textString(1)).isEqualTo(match.group(2));
        found++;
      }
    }
    assertThat(found).isGreaterThan(50);
  }

  @Test
  void syslogOfDaemons() {
    Pattern line =
        Pattern.compile("(\\w+ +\\d+) ([\\d:]{8}) (\\S+) ([^ :\\[]+)(?:\\[(\\d+)\\])?: *(.*)");
    DecoderFixture fixture =
        DecoderFixture.syslog().year(2017).key("host", "app", "message").filter("pid");
    List<String> lines = lines("elastic-auth/auth.log.gz");
    assertThat(lines).hasSize(7121);
    for (String text : lines) {
      Matcher match = line.matcher(text);
      assertThat(match.matches()).as(text).isTrue();
      DecodedRecord record = fixture.one(text);
      expect(
          record,
          syslogTime(match.group(1), " 2017", match.group(2)),
          0,
          match.group(3),
          match.group(4),
          match.group(6));
      assertThat(record.textString(3)).isEqualTo(match.group(5));
    }
  }

  private static long syslogTime(String day, String year, String clock) {
    String text = day.replaceAll(" +", " ").replaceAll(" 0", " ") + year + ' ' + clock;
    return LocalDateTime.parse(text, SYSLOG).toInstant(ZoneOffset.UTC).toEpochMilli();
  }

  @Test
  void zeekConnectionsSayTheSameAsTheirCsv() {
    DecoderFixture fixture =
        DecoderFixture.zeek()
            .key("src", "dst", "sport", "dport", "packets")
            .fileHeader(header("zeek-zat/conn.log"));
    List<String> found = new ArrayList<>();
    for (DecodedRecord record : zeek(fixture, "zeek-zat/conn.log")) {
      found.add(
          record.timestampMillis()
              + ","
              + String.join(
                  ",",
                  record.textString(0),
                  record.textString(1),
                  record.textString(2),
                  record.textString(3))
              + ","
              + record.number(0));
    }
    List<String> expected =
        lines("zeek-zat/events/conn.csv.gz").stream()
            .skip(1)
            .map(row -> row.split(",", -1))
            .map(c -> String.join(",", c[0], c[1], c[2], c[3], c[4], c[6]))
            .toList();
    assertThat(found).containsExactlyInAnyOrderElementsOf(expected);
  }

  @Test
  void zeekRequestsAndQueries() {
    DecoderFixture http =
        DecoderFixture.zeek()
            .key("src", "dst", "dport", "method", "host", "url")
            .weight("response_body_len")
            .fileHeader(header("zeek-zat/http.log"));
    compare(http, "zeek-zat/http.log", 2, 4, 5, 7, 8, 9);
    DecoderFixture dns =
        DecoderFixture.zeek()
            .key("src", "proto", "query", "rcode_name")
            .weight("trans_id")
            .fileHeader(header("zeek-zat/dns.log"));
    compare(dns, "zeek-zat/dns.log", 2, 6, 8, 14);
  }

  private static void compare(DecoderFixture fixture, String file, int... columns) {
    List<DecodedRecord> records = zeek(fixture, file);
    List<String> rows = lines(file).stream().filter(line -> !line.startsWith("#")).toList();
    assertThat(records).hasSameSizeAs(rows);
    for (int row = 0; row < rows.size(); row++) {
      String[] values = rows.get(row).split("\t", -1);
      boolean isWhole = Arrays.stream(columns).noneMatch(column -> values[column].equals("-"));
      DecodedRecord record = records.get(row);
      assertThat(DecoderFixture.outcome(record)).isEqualTo(isWhole ? "event" : "no-key");
      for (int slot = 0; isWhole && slot < columns.length; slot++) {
        assertThat(record.textString(slot)).isEqualTo(values[columns[slot]]);
      }
    }
  }

  private static String header(String file) {
    return String.join("\n", lines(file).stream().takeWhile(line -> line.startsWith("#")).toList());
  }

  /** Header lines give nothing, rows one record each. */
  private static List<DecodedRecord> zeek(DecoderFixture fixture, String file) {
    List<DecodedRecord> records = new ArrayList<>();
    for (String line : lines(file)) {
      Payload payload = fixture.payload(line.getBytes(UTF_8));
      List<DecodedRecord> answer = fixture.decode(payload);
      assertThat(answer).hasSize(line.startsWith("#") ? 0 : 1);
      records.addAll(answer);
    }
    return records;
  }

  @Test
  void zeekDocuments() throws IOException {
    ObjectMapper json = new ObjectMapper();
    DecoderFixture fixture =
        DecoderFixture.zeek().key("src", "dst", "dport").weight("trans_id").filter("method");
    Map<String, Integer> seen = new TreeMap<>();
    for (String line : lines("metron/bro.out.gz")) {
      Map.Entry<String, JsonNode> wrapped = json.readTree(line).properties().iterator().next();
      JsonNode event = wrapped.getValue();
      DecoderFixture one =
          event.has("trans_id")
              ? fixture
              : DecoderFixture.zeek().key("src", "dst", "dport").weight(null).filter("method");
      DecodedRecord record = one.one(line);
      expect(
          record,
          event.get("ts").decimalValue().movePointRight(3).longValue(),
          event.path("trans_id").asLong(),
          event.get("id.orig_h").asText(),
          event.get("id.resp_h").asText(),
          event.get("id.resp_p").asText());
      assertThat(record.textString(3))
          .isEqualTo(event.has("method") ? event.get("method").asText() : null);
      seen.merge(wrapped.getKey(), 1, Integer::sum);
    }
    assertThat(seen).containsExactlyInAnyOrderEntriesOf(Map.of("dns", 297, "http", 1049));
  }

  private static void expect(DecodedRecord record, long millis, long weight, String... texts) {
    assertThat(record.rejection()).isNull();
    assertThat(record.timestampMillis()).isEqualTo(millis);
    if (record.numberFields() > 0) {
      assertThat(record.number(0)).isEqualTo(weight);
    }
    for (int slot = 0; slot < texts.length; slot++) {
      assertThat(record.textString(slot)).isEqualTo(texts[slot]);
    }
  }

  private static List<String> lines(String name) {
    Path file = SharedData.path(name);
    try (InputStream in = Files.newInputStream(file);
        BufferedReader reader =
            new BufferedReader(
                new InputStreamReader(
                    name.endsWith(".gz") ? new GZIPInputStream(in) : in, UTF_8))) {
      return reader.lines().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
