package dev.atalaya.job.decode;

import static dev.atalaya.job.decode.DecoderFixture.NOW_MILLIS;
import static dev.atalaya.job.decode.DecoderFixture.combinedLog;
import static dev.atalaya.job.decode.DecoderFixture.csv;
import static dev.atalaya.job.decode.DecoderFixture.gzipped;
import static dev.atalaya.job.decode.DecoderFixture.json;
import static dev.atalaya.job.decode.DecoderFixture.lines;
import static dev.atalaya.job.decode.DecoderFixture.outcome;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.atalaya.connectors.Payload;
import dev.atalaya.job.config.FieldConfig;
import dev.atalaya.job.config.FormatConfig.Kind;
import dev.atalaya.job.config.FormatConfig.Limits;
import dev.atalaya.job.config.FormatNames;
import dev.atalaya.job.config.TimeConfig.Unit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every case of bad input that decode answers for, by number, with the one outcome it must have.
 */
class BadInputWalkTest {

  private static final int MEBI = 1 << 20;

  /** What a payload must give, between good neighbours in the same decoder. */
  record Case(
      int number,
      String what,
      DecoderFixture fixture,
      Payload payload,
      Consumer<List<DecodedRecord>> expected) {

    @Override
    public String toString() {
      return number + " " + what;
    }
  }

  private static final List<Case> CASES = new ArrayList<>();

  static {
    bytesAndEncodings();
    jsonStructure();
    numbersAndWeights();
    time();
    csvRows();
    accessLogs();
    keysAsWeapons();
    everyParser();
    deliveries();
  }

  private static void bytesAndEncodings() {
    for (DecoderFixture any : all()) {
      add(1, "empty payload", any, "", rejects("empty"));
      add(2, "null value", any, (byte[]) null, rejects("tombstone"));
      add(3, "white space only", any, " \t\r\n", rejects("empty"));
      add(4, "lone 0xff", any, bytes(0xff), rejects("encoding", "0xff at 0"));
    }
    add(5, "truncated UTF-8", lines(), bytes('a', 0xe2, 0x82), rejects("encoding", "at 1"));
    add(6, "overlong slash", lines(), bytes(0xc0, 0xaf), rejects("encoding", "0xc0"));
    add(
        7,
        "overlong 6-byte form",
        lines(),
        bytes(0xfc, 0x80, 0x80, 0x80, 0x80, 0xaf),
        rejects("encoding"));
    add(8, "encoded surrogate", lines(), bytes(0xed, 0xa0, 0x80), rejects("encoding"));
    add(
        9,
        "UTF-16LE with BOM",
        json(),
        join(bytes(0xff, 0xfe), event("\"k\"").getBytes(UTF_16LE)),
        rejects("encoding", "looks like UTF-16"));
    add(
        9,
        "UTF-16LE without BOM",
        json(),
        event("\"k\"").getBytes(UTF_16LE),
        rejects("encoding", "looks like UTF-16"));
    add(
        10,
        "UTF-8 BOM",
        json(),
        join(bytes(0xef, 0xbb, 0xbf), event("\"k\"").getBytes(UTF_8)),
        counts("k", 7));
    byte[] latin1 = event("\"a\u00f1o\"").getBytes(ISO_8859_1);
    add(11, "Latin-1 as such", json().charset("latin1"), latin1, counts("a\u00f1o", 7));
    add(11, "Latin-1 as UTF-8", json(), latin1, rejects("encoding", "0xf1"));
    add(12, "escaped NUL", json(), event("\"a\\u0000b\""), counts("a\0b", 7));
    add(13, "raw NUL", lines(), "a\0b", rejects("control"));
    add(13, "raw NUL in a log", combinedLog(), logLine("GET /\0 HTTP/1.1"), rejects("control"));
    add(13, "raw NUL in a row", csv(), row("a\0b"), rejects("control"));
    add(
        14,
        "10 MiB",
        json(),
        "x".repeat(10 * MEBI),
        all(
            rejects("oversize", "10485760", "1048576"),
            records -> {
              Rejection rejection = records.get(0).rejection();
              assertThat(rejection.fullLength()).isEqualTo(10 * MEBI);
              assertThat(Base64.getDecoder().decode(rejection.rawBase64()))
                  .hasSize(Rejection.MAX_RAW_BYTES);
            }));
    add(15, "exactly the limit", lines().maxBytes(64), "x".repeat(64), counts("x".repeat(64)));
    add(15, "limit + 1", lines().maxBytes(64), "x".repeat(65), rejects("oversize", "65", "64"));
    add(
        16,
        "gzip bomb",
        json().gzip(),
        gzipped(new byte[100 * MEBI]),
        rejects("inflate-limit", "1048576"));
    byte[] gzip = gzipped(event("\"k\"").getBytes(UTF_8));
    add(16, "gzip", json().gzip(), gzip, counts("k", 7));
    for (int length = 1; length < gzip.length; length += 3) {
      byte[] cut = Arrays.copyOf(gzip, length);
      add(17, "gzip cut to " + length, json().gzip(), cut, rejects("compression"));
    }
    add(17, "gzip and more", json().gzip(), join(gzip, bytes('x')), rejects("compression"));
    add(17, "no gzip", json().gzip(), event("\"k\""), rejects("compression"));
    byte[] damaged = gzip.clone();
    damaged[gzip.length - 6] ^= 1;
    add(17, "gzip checksum", json().gzip(), damaged, rejects("compression", "checksum"));
    add(18, "zip", json(), "PK\3\4\24\0\0\0\10\0", rejects("syntax"));
    add(
        18,
        "zip, binary",
        json(),
        join(bytes('P', 'K', 3, 4), bytes(0x14, 0, 0xff, 0xfe)),
        rejects("syntax", "zip"));
    for (DecoderFixture any : others()) {
      add(
          13,
          "raw NUL",
          any,
          new String(any.goodPayload(), UTF_8) + '\0',
          BadInputWalkTest::rejected);
      add(14, "10 MiB", any, "x".repeat(10 * MEBI), rejects("oversize", "10485760", "1048576"));
    }
    for (DecoderFixture any : all()) {
      add(19, "CRLF", any, new String(any.goodPayload(), UTF_8) + "\r\n", BadInputWalkTest::good);
    }
  }

  private static void jsonStructure() {
    add(22, "trailing comma", json(), "{\"key\":\"k\",}", rejects("syntax"));
    String two = event("\"a\"") + "\n" + event("\"b\"");
    add(23, "two documents", json(), two, rejects("syntax", "ndjson"));
    add(
        23,
        "two documents in ndjson",
        json().ndjson(),
        "\n" + two + "\r\n\n",
        records -> assertThat(records).extracting(r -> r.textString(0)).containsExactly("a", "b"));
    add(
        23,
        "bad between good in ndjson",
        json().ndjson(),
        event("\"a\"") + "\n{]\n" + event("\"b\""),
        records -> {
          assertThat(records)
              .extracting(DecoderFixture::outcome)
              .containsExactly("event", "syntax", "event");
          Rejection rejection = records.get(1).rejection();
          assertThat(rejection.origin()).isEqualTo("test:0@0#2");
          assertThat(rejection.fullLength()).isEqualTo(2);
          assertThat(Base64.getDecoder().decode(rejection.rawBase64()))
              .isEqualTo("{]".getBytes(UTF_8));
        });
    for (String top : List.of("[]", "[{\"key\":1}]", "\"text\"", "12", "-1.5", "null", "true")) {
      add(24, "top level " + top, json(), top, rejects("shape"));
    }
    add(25, "100,000 [", json(), "[".repeat(100_000), rejects("depth"));
    add(26, "50,000 [{\"\":", json(), "[{\"\":".repeat(50_000), rejects("depth"));
    add(27, "depth 64", json(), deep(64), counts("k", 7));
    add(27, "depth 65", json(), deep(65), rejects("depth"));
    String wide = "{" + "\"f\":1,".repeat(100_000);
    add(28, "100,000 fields", json(), wide + "\"key\":\"k\"}", rejects("fields", "1000"));
    String name = "n".repeat(60_000);
    add(29, "name of 60,000", json(), "{\"" + name + "\":1}", rejects("name-length"));
    Limits d = Limits.DEFAULT;
    DecoderFixture large =
        json()
            .limits(
                new Limits(
                    32 * MEBI,
                    d.maxKeyBytes(),
                    d.maxDepth(),
                    d.maxFields(),
                    d.maxNameLength(),
                    d.maxStringLength(),
                    d.maxNumberLength()));
    String text = '"' + "s".repeat(20 * MEBI) + '"';
    add(30, "string of 20 MiB as key", large, event(text), rejects("string-length"));
    String elsewhere = "{\"other\":" + text + ",\"key\":\"k\"}";
    add(30, "string of 20 MiB elsewhere", large, elsewhere, rejects("string-length"));
    String nested = "{\"other\":[{\"a\":" + text + "}],\"key\":\"k\"}";
    add(30, "string of 20 MiB deeper", large, nested, rejects("string-length"));
    add(
        31,
        "duplicate key",
        json(),
        "{\"key\":\"a\",\"key\":\"b\",\"bytes\":1}",
        rejects("duplicate-field", "key"));
    add(
        31,
        "duplicate weight",
        json(),
        "{\"key\":\"a\",\"bytes\":1,\"bytes\":2}",
        rejects("duplicate-field", "bytes"));
    add(
        31,
        "duplicate of a field nobody needs",
        json(),
        "{\"x\":1,\"x\":2," + event("\"k\"").substring(1),
        counts("k", 7));
    for (String bad :
        List.of("{/**/}", "{'key':1}", "{\"key\":NaN}", "{key:1}", "{\"a\":Infinity}", "{#\n}")) {
      add(32, bad, json(), bad, rejects("syntax"));
    }
    add(33, "lone surrogate in key", json(), event("\"a\\ud800b\""), rejects("encoding", "key"));
    add(33, "lone low surrogate", json(), event("\"\\udc00\""), rejects("encoding"));
    add(33, "surrogate pair", json(), event("\"\\ud83d\\ude00\""), counts("\ud83d\ude00", 7));
    add(34, "missing key", json(), "{\"bytes\":1}", rejects("no-key", "\"key\""));
    add(35, "null key", json(), event("null"), rejects("no-key"));
    add(35, "empty key", json(), event("\"\""), rejects("no-key"));
    DecoderFixture emptyAllowed =
        json().field(field("key", FieldConfig.Type.TEXT, false, true, false));
    add(35, "empty key allowed", emptyAllowed, event("\"\""), counts("", 7));
    add(36, "object as key", json(), event("{\"a\":1}"), rejects("key-type"));
    add(36, "array as key", json(), event("[1]"), rejects("key-type"));
    String[][] numbers = {
      {"12", "12"},
      {"-0", "0"},
      {"1.50", "1.5"},
      {"15e-1", "1.5"},
      {"2e3", "2000"},
      {"0.0", "0"},
      {"1e400", "1E+400"},
      {"12345678901234567890", "12345678901234567890"},
      {"true", "true"},
      {"false", "false"}
    };
    for (String[] number : numbers) {
      add(36, number[0] + " as key", json(), event(number[0]), counts(number[1], 7));
    }
    add(36, "1e9999999999 as key", json(), event("1e9999999999"), rejects("number-range"));
    add(
        37,
        "wrong case",
        json(),
        "{\"Key\":\"k\",\"bytes\":1}",
        rejects("no-key", "\"key\"", "\"Key\""));
    add(
        37,
        "wrong case in a path",
        json().key("s").field(path("s", "source.ip")).good(nestedEvent("good")),
        "{\"source\":{\"IP\":\"k\"},\"bytes\":1}",
        rejects("no-key", "source.ip", "source.IP"));
    String extra = "{\"x\":{\"key\":\"no\"},\"y\":[1,{\"key\":2}]," + event("\"k\"").substring(1);
    add(38, "extra fields", json(), extra, counts("k", 7));
    String proto = "{\"__proto__\":{\"key\":1},\"constructor\":2," + event("\"k\"").substring(1);
    add(39, "__proto__", json(), proto, counts("k", 7));
    add(40, "raw tab", json(), event("\"a\tb\""), rejects("syntax"));
    add(40, "raw newline", json(), event("\"a\nb\""), rejects("syntax"));
    add(41, "line separators", json(), event("\"a\u2028b\u2029\""), counts("a\u2028b\u2029", 7));
  }

  private static void numbersAndWeights() {
    weight(42, "1e400", rejects("number-range"));
    weight(42, "1e9999999999", rejects("number-range"));
    weight(43, "-5", rejects("negative", "-5"));
    add(43, "-5 signed", json().signed(), weighing("-5"), counts("k", -5));
    weight(44, "0", counts("k", 0));
    weight(45, "1.5", rejects("number-range", "whole"));
    weight(45, "1e-1", rejects("number-range", "whole"));
    weight(45, "1.0", counts("k", 1));
    weight(45, "15e1", counts("k", 150));
    weight(46, "9223372036854775807", counts("k", Long.MAX_VALUE));
    weight(46, "9223372036854775808", rejects("number-range", "64 bits"));
    weight(48, "1".repeat(1_000_000), rejects("number-length"));
    add(
        48,
        "1,000,000 digits elsewhere",
        json(),
        "{\"x\":" + "1".repeat(1_000_000) + "}",
        rejects("number-length"));
    weight(49, "\"12\"", rejects("type", "lenient"));
    add(49, "\"12\" lenient", json().lenient(), weighing("\"12\""), counts("k", 12));
    weight(49, "true", rejects("type"));
    weight(49, "[1]", rejects("type"));
    weight(49, "null", rejects("no-weight", "bytes"));
    for (DecoderFixture any : List.of(json(), json().lenient())) {
      add(50, "1,5", any, weighing("\"1,5\""), rejects("number-format", "comma"));
      add(50, "1.000,5", any, weighing("\"1.000,5\""), rejects("number-format", "comma"));
      add(50, "text", any, weighing("\"many\""), rejects("number-format", "many"));
      for (String infinite : List.of("Infinity", "-Infinity", "NaN", "inf")) {
        String payload = weighing('"' + infinite + '"');
        add(51, infinite, any, payload, rejects("number-range", infinite));
      }
    }
    add(50, "1,5 in CSV", csv(), row("k", "\"1,5\""), rejects("number-format", "comma"));
    add(51, "NaN in CSV", csv(), row("k", "NaN"), rejects("number-range"));
    weight(52, "-0", counts("k", 0));
    weight(52, "007", rejects("syntax"));
    add(52, "007 in CSV", csv(), row("k", "007"), counts("k", 7));
    add(52, "-0 in CSV", csv(), row("k", "-0"), counts("k", 0));
  }

  private static void time() {
    String noTime = "{\"key\":\"k\",\"bytes\":7}";
    add(53, "no time", json(), noTime, rejects("no-time", "\"ts\""));
    add(53, "no time, nor the broker", json().brokerFallback(), noTime, rejects("no-time"));
    add(53, "null time", json(), timed("null"), rejects("no-time"));
    time(54, Unit.MS, "1600000000", rejects("time-range", "looks like s"));
    time(54, Unit.AUTO, "1600000000", at(1_600_000_000_000L));
    time(54, Unit.S, "1600000000", at(1_600_000_000_000L));
    time(54, Unit.S, "1600000000.25", at(1_600_000_000_250L));
    time(54, Unit.S, "1600000000000", rejects("time-range", "looks like ms"));
    time(54, Unit.MS, "\"1600000000000\"", at(1_600_000_000_000L));
    time(55, Unit.MS, "1600000000000000", rejects("time-range", "looks like us"));
    time(55, Unit.MS, "1600000000000000000", rejects("time-range", "looks like ns"));
    time(55, Unit.AUTO, "1600000000000999", at(1_600_000_000_000L));
    time(55, Unit.AUTO, "1600000000000999999", at(1_600_000_000_000L));
    time(55, Unit.AUTO, "16000000000", rejects("time-range"));
    time(55, Unit.US, "1600000000000999", at(1_600_000_000_000L));
    time(55, Unit.NS, "1600000000000999999", at(1_600_000_000_000L));
    for (Unit unit : List.of(Unit.S, Unit.MS, Unit.US, Unit.NS, Unit.AUTO)) {
      time(56, unit, "0", rejects("time-range"));
      time(56, unit, "-1", rejects("time-range"));
      time(57, unit, "9223372036854775807", rejects("time-range"));
      time(57, unit, "-9223372036854775808", rejects("time-range"));
      time(57, unit, "1e999999999", rejects("time-range"));
    }
    time(58, Unit.MS, String.valueOf(NOW_MILLIS + 86_400_000), only("skewed"));
    time(58, Unit.MS, String.valueOf(NOW_MILLIS + 300_001), only("skewed"));
    time(59, Unit.MS, String.valueOf(NOW_MILLIS + 240_000), at(NOW_MILLIS + 240_000));
    time(59, Unit.MS, String.valueOf(NOW_MILLIS + 300_000), at(NOW_MILLIS + 300_000));
    for (String year : List.of("9999", "0000", "-0001", "-1", "+12026")) {
      time(60, Unit.ISO, quoted(year + "-08-26T10:00:00Z"), rejects("time-range"));
    }
    time(61, Unit.ISO, "\"2026-02-30T10:00:00Z\"", rejects("time-format"));
    time(61, Unit.ISO, "\"2026-08-26T24:00:00Z\"", rejects("time-format"));
    time(61, Unit.ISO, "\"2026-08-26T10:00:60Z\"", rejects("time-format"));
    time(61, Unit.ISO, "\"2025-12-31T23:59:60Z\"", atIso("2025-12-31T23:59:59Z"));
    time(61, Unit.ISO, "1600000000000", rejects("time-format"));
    time(61, Unit.MS, "\"2026-08-26T10:00:00Z\"", rejects("time-format", "looks like iso"));
    zoned("\"2026-07-01T12:00:00\"", atIso("2026-07-01T10:00:00Z"));
    zoned("\"2026-03-29T02:30:00\"", atIso("2026-03-29T01:30:00Z"));
    zoned("\"2025-10-26T02:30:00\"", atIso("2025-10-26T00:30:00Z"));
    String august = logLine("26/ago./2026:09:00:00 +0200", "GET /k HTTP/1.1", "7");
    add(
        63,
        "ago. with locale es",
        combinedLog().locale("es"),
        august,
        atIso("2026-08-26T07:00:00Z"));
    add(63, "ago. without", combinedLog(), august, rejects("time-format", "ago."));
  }

  private static void csvRows() {
    add(68, "fewer columns", csv(), NOW_MILLIS + ",k", rejects("columns", "2 columns", "3"));
    add(68, "more columns", csv(), row("k", "7") + ",x", rejects("columns", "4 columns", "3"));
    String twoLines = row("\"a\nb\"", "7");
    add(69, "line end in quotes", csv().multiline(), twoLines, counts("a\nb", 7));
    add(69, "line end in quotes, single line", csv(), twoLines, rejects("quote"));
    add(70, "unclosed quote", csv(), row("\"a", "7"), rejects("quote"));
    add(70, "unclosed quote, multiline", csv().multiline(), row("\"a", "7\n"), rejects("quote"));
    add(70, "text behind quotes", csv(), row("\"a\"b", "7"), rejects("quote"));
    add(70, "quote inside", csv(), row("a\"b", "7"), rejects("quote"));
    add(71, "doubled quotes", csv(), row("\"a \"\"b\"\", c\"", "7"), counts("a \"b\", c", 7));
    add(71, "only doubled quotes", csv(), row("\"\"\"\"", "7"), counts("\"", 7));
    String semicolons = NOW_MILLIS + ";k;7";
    add(72, "semicolons", csv(), semicolons, rejects("columns", "looks like ';'"));
    add(
        72,
        "semicolons in the header",
        csv().fileHeader("ts;key;bytes").separator(';').good(semicolons.replace('k', 'g')),
        semicolons,
        counts("k", 7));
    DecoderFixture withHeader =
        csv().fileHeader("\ufeffbytes,key,ts\r\n").good("7,good," + NOW_MILLIS);
    add(73, "BOM in the header", withHeader, "7,k," + NOW_MILLIS, counts("k", 7));
    add(73, "header repeated", withHeader, "bytes,key,ts", rejects("header", "again"));
    add(73, "header repeated, named columns", csv(), "ts,key,bytes", rejects("header", "again"));
    add(74, "100,000 columns", csv(), ",".repeat(100_000), rejects("fields", "1000"));
    add(75, "CR line end", csv(), row("k", "7") + "\r", counts("k", 7));
    add(75, "CR between rows", csv(), row("k", "7") + "\r" + row("l", "8"), rejects("format"));
    String formula = "\"=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\"";
    add(76, "formula", csv(), row(formula, "7"), counts("=HYPERLINK(\"http://x\",\"y\")", 7));
    for (String start : List.of("+", "-", "@", "\t")) {
      add(
          77,
          "key beginning " + (int) start.charAt(0),
          csv(),
          row(start + "k", "7"),
          counts(start + "k", 7));
    }
  }

  private static void accessLogs() {
    DecoderFixture url = combinedLog().key("url").good(good("/good"));
    add(
        78,
        "escaped quotes and spaces",
        url,
        logLine("GET /a\\\" b\\\\ HTTP/1.1"),
        counts("/a\\\" b\\\\", 7));
    add(78, "raw quote", url, logLine("GET /a\"b HTTP/1.1"), rejects("format", "request"));
    add(78, "raw quote and space", url, logLine("GET /a\" b HTTP/1.1"), rejects("format"));
    add(78, "two lines", url, good("/a") + "\n" + good("/b"), rejects("format", "line"));
    add(79, "TLS hello", url, logLine("\\x16\\x03\\x01"), counts("\\x16\\x03\\x01", 7));
    add(79, "no request", url, logLine("-"), counts("-", 7));
    String dashes = "- - - [26/Aug/2026:10:00:00 +0000] \"GET /k HTTP/1.1\" 304 - \"-\" \"-\"";
    add(80, "dashes", combinedLog().key("path", "user", "referer"), dashes, counts("/k", 0));
    DecoderFixture ip =
        combinedLog()
            .key("src")
            .field(field("src", FieldConfig.Type.IP, false, false, false))
            .good(good("/"));
    host(81, "2001:DB8:0:0:1:0:0:1", ip, counts("2001:db8::1:0:0:1", 7));
    host(81, "fe80::1%eth0", ip, counts("fe80::1", 7));
    host(81, "::ffff:192.0.2.1", ip, counts("192.0.2.1", 7));
    host(82, "999.1.1.1", ip, rejects("ip", "999.1.1.1"));
    host(82, "999.1.1.1", combinedLog().key("src").good(good("/")), counts("999.1.1.1", 7));
    for (String status : List.of("99", "1000", "000")) {
      String line = good("/k").replace(" 200 ", " " + status + " ");
      add(83, "status " + status, combinedLog(), line, rejects("range", status));
    }
    add(
        84,
        "64 KiB URL",
        combinedLog(),
        logLine("GET /" + "a".repeat(65_535) + " HTTP/1.1"),
        truncated("/" + "a".repeat(998)));
    add(85, "%zz", combinedLog(), logLine("GET /%zz HTTP/1.1"), counts("/%zz", 7));
    String traversal = "..%252f..%252fetc%252fpasswd";
    add(
        86,
        traversal,
        combinedLog(),
        logLine("GET " + traversal + " HTTP/1.1"),
        counts(traversal, 7));
    String jndi = "${jndi:ldap://x}";
    add(
        87,
        jndi,
        combinedLog().key("ua").good(good("/")),
        good("/").replace("\"ua\"", quoted(jndi)),
        counts(jndi, 7));
  }

  private static void keysAsWeapons() {
    keys(102, "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>");
    keys(103, "javascript:alert(1)");
    keys(104, "\u001b[2J", "\u001b]52;c;Zm9v\u0007");
    keys(105, "a\r\n2026-08-26 INFO all is well");
    keys(106, "\u202egnp.exe", "a\u200bb", "\u0430dmin", "admin");
    String composed = "ma\u00f1ana";
    String decomposed = "man\u0303ana";
    keys(107, composed, decomposed);
    DecoderFixture nfc = json().field(field("key", FieldConfig.Type.TEXT, false, false, true));
    add(107, "NFD to NFC", nfc, event(quoted(decomposed)), counts(composed, 7));
    add(107, "NFC stays", nfc, event(quoted(composed)), counts(composed, 7));
    add(108, "40,000 bytes", json(), event(quoted("k".repeat(40_000))), truncated("k".repeat(999)));
    add(
        108,
        "cut between characters",
        json(),
        event(quoted("\u20ac".repeat(20_000))),
        truncated("\u20ac".repeat(333)));
    keys(109, "../../etc/passwd", "CON", "nul", "C:\\Windows\\nul");
    // Strings with one String.hashCode: decode never puts a value into a hash map.
    keys(112, "AaAaAa", "BBBBBB", "AaBBAa");
    keys(
        113,
        "undefined",
        "null",
        "\\\\",
        "${HOME}",
        "%s%n%d",
        "' OR 1=1 --",
        "\ud83d\udc69\u200d\ud83d\ude80",
        "a\ufeffbom",
        "\uffff",
        "Z\u0351\u036b",
        "\u0130stanbul",
        "\u00a0",
        "\u202a\u202b",
        "-1e99");
  }

  private static List<DecoderFixture> all() {
    List<DecoderFixture> all = new ArrayList<>(List.of(json(), csv(), lines(), combinedLog()));
    all.addAll(others());
    return all;
  }

  /** Formats of other programs. */
  static List<DecoderFixture> others() {
    return List.of(
        DecoderFixture.squid(),
        DecoderFixture.zeek(),
        DecoderFixture.snort(),
        DecoderFixture.yaf(),
        DecoderFixture.syslog(),
        DecoderFixture.cef(),
        DecoderFixture.keyValue(),
        DecoderFixture.grok(),
        DecoderFixture.vpc(),
        DecoderFixture.goflow2());
  }

  private static void otherFormats() {
    for (int i = 0; i < others().size(); i++) {
      DecoderFixture any = others().get(i);
      String good = new String(any.goodPayload(), UTF_8);
      byte[] latin1 = good.replace("good", "g\u00f1od").getBytes(ISO_8859_1);
      add(11, "Latin-1 as UTF-8", any, latin1, rejects("encoding", "0xf1"));
      add(11, "Latin-1 as such", others().get(i).charset("latin1"), latin1, counts("g\u00f1od"));
      String escape = good.startsWith("{") ? "\\u001b2J" : "\u001b2J";
      add(104, "ESC", any, good.replace("good", escape), counts("\u001b2J"));
      add(
          108,
          "40,000 bytes",
          any,
          good.replace("good", "k".repeat(40_000)),
          truncated("k".repeat(999)));
      add(115, "V I V V", any, "x", BadInputWalkTest::rejected);
    }
    change(DecoderFixture.squid(), 50, " 7 ", " many ", rejects("number-format", "many"));
    change(DecoderFixture.squid(), 42, " 7 ", " 1e400 ", rejects("number-range"));
    change(DecoderFixture.squid(), 80, " 7 ", " - ", counts("good", 0));
    change(DecoderFixture.squid(), 83, "/200", "/2000", rejects("range", "2000"));
    change(DecoderFixture.squid(), 83, "/200", "/000", counts("good", 7));
    change(DecoderFixture.squid(), 78, "text/html", "", rejects("format", "9 words"));
    change(DecoderFixture.squid(), 78, "DIRECT/", "DIRECT", rejects("format", "word 9"));
    change(DecoderFixture.squid(), 56, NOW_MILLIS / 1000 + "", "0", rejects("time-range"));
    change(DecoderFixture.squid(), 61, ".000 ", ".0x0 ", rejects("time-format"));

    change(DecoderFixture.zeek(), 68, "\t4", "", rejects("columns", "3 columns", "4"));
    change(DecoderFixture.zeek(), 68, "\t4", "\t4\t5", rejects("columns", "5 columns", "4"));
    change(DecoderFixture.zeek(), 74, "\t4", "\t".repeat(2000), rejects("fields", "1000"));
    change(DecoderFixture.zeek(), 80, "\t4", "\t-", counts("good", 3));
    change(DecoderFixture.zeek(), 34, "good", "-", rejects("no-key"));
    change(DecoderFixture.zeek(), 43, "\t3", "\t-3", rejects("negative"));
    String most = String.valueOf(Long.MAX_VALUE);
    change(DecoderFixture.zeek(), 46, "\t3", "\t" + most, rejects("number-range", "64 bits"));
    change(
        DecoderFixture.zeek().weight("orig_bytes"),
        46,
        "\t3",
        "\t" + most,
        counts("good", Long.MAX_VALUE));
    add(73, "header line of a queue", DecoderFixture.zeek(), "#close\t2026", rejects("header"));
    add(
        73,
        "no header",
        DecoderFixture.zeek()
            .fileHeader("a\tb")
            .good("{\"ts\":1787738400,\"key\":\"good\",\"orig_bytes\":7}"),
        "a\tb",
        rejects("header", "#fields"));
    add(
        73,
        "a column twice",
        DecoderFixture.zeek()
            .fileHeader("#separator \\x09\n#fields\tts\tkey\tkey\torig_bytes")
            .good("{\"ts\":1787738400,\"key\":\"good\",\"orig_bytes\":7}"),
        "1\tb\tc\t4",
        rejects("duplicate-field", "key"));

    change(DecoderFixture.snort(), 78, "[1:2:3]", "[1:2]", rejects("format", "gid"));
    change(DecoderFixture.snort(), 78, "[**]", "**", rejects("format", "[**]"));
    change(DecoderFixture.snort(), 78, "{TCP}", "{TCP", rejects("format", "->"));
    change(DecoderFixture.snort(), 61, "08/26", "13/26", rejects("time-format"));
    change(DecoderFixture.snort(), 61, "08/26", "02/30", rejects("time-format"));
    change(DecoderFixture.snort(), 60, "08/26", "08/26/9999", rejects("time-range"));
    DecoderFixture rows =
        DecoderFixture.snort()
            .good("08/26-10:00:00.000000 ,1,2,3,\"a, b\",TCP,h,1,i,2,,,,,,,,,,,,,,,,,")
            .key("src");
    add(70, "unclosed quote", rows, "08/26-10:00:00 ,1,2,3,\"a", rejects("quote"));
    add(70, "text behind quotes", rows, "08/26-10:00:00 ,1,2,3,\"a\"b,", rejects("quote"));
    add(68, "fewer columns", rows, "08/26-10:00:00 ,1,2", rejects("columns", "3 columns", "27"));

    change(DecoderFixture.yaf(), 68, "|idle", "", rejects("columns", "22 columns", "23"));
    change(DecoderFixture.yaf(), 68, "|idle", "|idle|", rejects("columns", "24 columns"));
    change(DecoderFixture.yaf(), 45, "|  5|", "|  5.5|", rejects("number-range", "whole"));
    change(DecoderFixture.yaf(), 46, "|  5|", "|" + most + "|", rejects("number-range"));
    change(DecoderFixture.yaf(), 61, "2026-08-26", "2026-08-32", rejects("time-format"));

    change(DecoderFixture.syslog(), 83, "<134>", "<192>", rejects("range", "192"));
    change(DecoderFixture.syslog(), 78, "<134>", "<13x>", rejects("format", "priority"));
    change(DecoderFixture.syslog(), 78, "<134>", "<1340>", rejects("format", "priority"));
    change(DecoderFixture.syslog(), 61, "Aug 26", "Feb 30", rejects("time-format"));
    change(DecoderFixture.syslog(), 61, "Aug 26", "Xxx 26", rejects("time-format"));
    change(DecoderFixture.syslog(), 34, "good[7]: a", "a", rejects("no-key"));
    change(DecoderFixture.syslog(), 12, "<134>", "", counts("good"));
    DecoderFixture structured =
        DecoderFixture.syslog().good("<134>1 2026-08-26T10:00:00Z h good 7 - [e@1 a=\"x\"] text");
    String broken = "broken structured data";
    change(structured, 70, "\"x\"", "\"x", rejects("format", broken));
    change(structured, 70, "a=\"x\"", "a", rejects("format", broken));
    change(structured, 78, "7 - [e@1 a=\"x\"] text", "7", rejects("format", "not complete"));
    change(structured, 80, "[e@1 a=\"x\"] text", "-", counts("good"));
    DecoderFixture keyed =
        DecoderFixture.syslog()
            .key("a")
            .good("<134>1 2026-08-26T10:00:00Z h good 7 - [e@1 a=\"x\"] text");
    change(keyed, 31, "\"x\"]", "\"x\" a=\"y\"]", rejects("duplicate-field", "a"));

    change(DecoderFixture.cef(), 78, "CEF:", "CEX:", rejects("format", "CEF:"));
    change(DecoderFixture.cef(), 78, "|s|n|5|", "|s", rejects("format", "5 of its 7"));
    change(DecoderFixture.cef(), 31, "in=3", "in=3 src=b", rejects("duplicate-field", "src"));
    change(DecoderFixture.cef(), 46, "in=3", "in=" + most, rejects("number-range"));
    change(DecoderFixture.cef(), 53, "rt=", "xx=", rejects("no-time"));
    change(DecoderFixture.cef(), 61, "rt=", "rt=Xxx ", rejects("time-format"));

    change(DecoderFixture.keyValue(), 31, "key=good", "key=a key=b", rejects("duplicate-field"));
    change(DecoderFixture.keyValue(), 70, "key=good", "key=\"good", rejects("quote"));
    change(DecoderFixture.keyValue(), 70, "key=good", "key=\"a\"b", rejects("quote"));
    change(DecoderFixture.keyValue(), 71, "key=good", "key=\"a \\\"b\\\"\"", counts("a \"b\"", 7));
    change(DecoderFixture.keyValue(), 35, "key=good", "key=\"\"", rejects("no-key"));
    change(DecoderFixture.keyValue(), 49, "bytes=7", "bytes=\"7\"", counts("good", 7));
    change(
        DecoderFixture.keyValue(), 50, "bytes=7", "bytes=1,5", rejects("number-format", "comma"));
    add(78, "no pair", DecoderFixture.keyValue(), "a b c", rejects("format", "name=value"));

    add(
        46,
        "a number beyond the type in the pattern",
        DecoderFixture.grok().patterns("^%{INT:ts:long} %{NOTSPACE:key} %{INT:bytes:int}$"),
        NOW_MILLIS + " k 2147483648",
        rejects("number-range", "type"));
    change(DecoderFixture.grok(), 50, " 7", " seven", rejects("number-format"));
    add(
        115,
        "a pattern that takes for ever",
        DecoderFixture.grok().patterns("^%{INT:ts} %{WORD:key} %{INT:bytes}$", "^(?:a|aa)+\\d$"),
        "a".repeat(60) + "1x",
        rejects("timeout", "200 ms"));

    change(DecoderFixture.vpc(), 68, " OK", "", rejects("columns", "13 columns", "14"));
    change(DecoderFixture.vpc(), 34, "good 10.0.0.2 4 5 6 1 7", "- - - - - - -", rejects("no-key"));
    change(DecoderFixture.vpc(), 52, " 7 ", " 007 ", counts("good", 7));

    for (Kind kind :
        List.of(Kind.SURICATA_EVE, Kind.PMACCT, Kind.FASTNETMON, Kind.AKVORADO, Kind.SENTILO)) {
      DecoderFixture any = DecoderFixture.of(kind, documentOf(kind), "src").weight(null);
      add(115, "V I V V " + kind, any, "{]", rejects("syntax"));
      add(
          31,
          "duplicate " + kind,
          any,
          documentOf(kind).replace("}", ",") + documentOf(kind).substring(1),
          rejects("duplicate-field"));
    }

    sampled("0", counts("good", 7));
    sampled("1", counts("good", 7));
    sampled("1000", counts("good", 7000));
    sampled("\"1000\"", counts("good", 7000));
    sampled("1317624576693539401", counts("good", 7 * 1317624576693539401L));
    sampled("1317624576693539402", rejects("number-range", "64 bits"));
    sampled(most, rejects("number-range", "64 bits"));
    sampled("9223372036854775808", rejects("number-range", "sampling rate"));
    sampled("-1", rejects("negative", "sampling rate"));
    sampled("0.5", rejects("number-range", "sampling rate"));
    sampled("\"many\"", rejects("number-format", "sampling rate"));
  }

  private static String documentOf(Kind kind) {
    FormatNames names = FormatNames.of(kind);
    String time =
        switch (names.timeUnit()) {
          case ISO -> quoted("2026-08-26T10:00:00");
          case SENTILO -> quoted("26/08/2026T10:00:00");
          default -> String.valueOf(NOW_MILLIS);
        };
    return "{"
        + quoted(names.own(names.timeField()).get(0))
        + ":"
        + time
        + ","
        + quoted(names.own("src").get(0))
        + ":\"good\"}";
  }

  private static void sampled(String rate, Consumer<List<DecodedRecord>> expected) {
    change(
        DecoderFixture.goflow2(),
        46,
        "\"bytes\":7",
        "\"bytes\":7,\"sampling_rate\":" + rate,
        expected);
  }

  /** A good payload with one thing changed in it. */
  private static void change(
      DecoderFixture fixture,
      int number,
      String from,
      String to,
      Consumer<List<DecodedRecord>> expected) {
    String good = new String(fixture.goodPayload(), UTF_8);
    String bad = good.replace(from, to);
    if (bad.equals(good)) {
      throw new AssertionError("there is no " + from + " in " + good);
    }
    String shown = to.length() > 40 ? to.length() + " characters" : VisibleText.of(to);
    add(number, from + " -> " + shown, fixture, bad, expected);
  }

  private static void rejected(List<DecodedRecord> records) {
    assertThat(records).hasSize(1);
    assertThat(records.get(0).kind()).isEqualTo(DecodedRecord.Kind.REJECTED);
  }

  private static void everyParser() {
    otherFormats();
    add(115, "V I V V JSON", json(), "{]", rejects("syntax"));
    add(115, "V I V V ndjson", json().ndjson(), "{]", rejects("syntax"));
    add(115, "V I V V CSV", csv(), "x", rejects("columns"));
    add(115, "V I V V lines", lines(), "\0", rejects("control"));
    add(115, "V I V V combined-log", combinedLog(), "x", rejects("format"));
  }

  private static void deliveries() {
    for (DecoderFixture any : List.of(json(), json().ndjson(), csv(), lines(), combinedLog())) {
      fault(117, "message without an id", any, "no-id");
      fault(126, "message of $SYS", any, "system-topic");
      Payload again = any.payload(any.goodPayload());
      again.isDuplicate = true;
      CASES.add(new Case(118, "delivered again, good", any, again, only("duplicate")));
      Payload badAgain = any.payload(bytes(0xff));
      badAgain.isDuplicate = true;
      CASES.add(new Case(118, "delivered again, bad", any, badAgain, only("duplicate")));
    }
  }

  private static void fault(int number, String what, DecoderFixture any, String reason) {
    Payload good = any.payload(any.goodPayload());
    good.fault = reason;
    CASES.add(new Case(number, what, any, good, rejects(reason, "found by the connector")));
  }

  // ---- the walk ----

  static Stream<Case> cases() {
    return CASES.stream();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void hasItsOneOutcomeAndLeavesGoodNeighboursAlone(Case one) {
    good(one.fixture.decode(one.fixture.goodPayload()));
    List<DecodedRecord> answer = one.fixture.decode(one.payload);
    good(one.fixture.decode(one.fixture.goodPayload()));
    good(one.fixture.decode(one.fixture.goodPayload()));

    one.expected.accept(answer);
    for (DecodedRecord record : answer) {
      if (record.kind() == DecodedRecord.Kind.REJECTED) {
        assertThat(record.rejection().reason()).isNotEqualTo(RejectReason.INTERNAL);
        assertThat(record.rejection().detail()).isNotBlank().hasSizeLessThan(400);
        assertThat(record.rejection().detail().chars()).noneMatch(Character::isISOControl);
      }
    }
  }

  @Test
  void brokerTimeStandsInWhenAllowed() {
    DecoderFixture fixture = json().brokerFallback();
    Payload payload = fixture.payload("{\"key\":\"k\",\"bytes\":7}".getBytes(UTF_8));
    payload.timestampMillis = 1_600_000_000_000L;
    at(1_600_000_000_000L).accept(fixture.decode(payload));
  }

  @Test
  void wrongSeparatorInAHeaderIsNamed() {
    DecoderFixture fixture = csv().fileHeader("ts;key;bytes");
    rejects("columns", "looks like ';'")
        .accept(fixture.decode((NOW_MILLIS + ";k;7").getBytes(UTF_8)));
  }

  @Test
  void walkHasEveryCaseOfDecodeAndNoOther() {
    TreeSet<Integer> walked = new TreeSet<>();
    CASES.forEach(one -> walked.add(one.number));
    assertThat(walked).isEqualTo(BadInputCases.of(BadInputCases.Owner.DECODE));
  }

  @Test
  void everyCaseHasAnOwner() {
    assertThat(BadInputCases.anOwnerOfEach().keySet())
        .containsExactlyElementsOf(IntStream.rangeClosed(1, BadInputCases.COUNT).boxed().toList());
  }

  @Test
  void everyCaseOfTheConnectorsHasATest() throws IOException {
    assertThat(BadInputCases.CONNECTOR_TESTS.keySet())
        .containsExactlyInAnyOrderElementsOf(BadInputCases.of(BadInputCases.Owner.CONNECTORS));
    for (Map.Entry<Integer, String> test : BadInputCases.CONNECTOR_TESTS.entrySet()) {
      String[] parts = test.getValue().split("[.#]");
      String root = parts[0].equals("job") ? "" : "../connectors/";
      String folder = parts[0].equals("job") ? "job/" : "connectors/" + parts[0] + "/";
      Path file = Path.of(root + "src/test/java/dev/atalaya/" + folder + parts[1] + ".java");
      assertThat(Files.readString(file))
          .as("the test of case %d", test.getKey())
          .contains("  void " + parts[2] + "(");
    }
  }

  // ---- payloads ----

  private static void add(
      int number,
      String what,
      DecoderFixture fixture,
      byte[] payload,
      Consumer<List<DecodedRecord>> expected) {
    CASES.add(new Case(number, what, fixture, fixture.payload(payload), expected));
  }

  private static void add(
      int number,
      String what,
      DecoderFixture fixture,
      String payload,
      Consumer<List<DecodedRecord>> expected) {
    add(number, what, fixture, payload.getBytes(UTF_8), expected);
  }

  private static void weight(int number, String literal, Consumer<List<DecodedRecord>> expected) {
    String what = "weight " + literal.substring(0, Math.min(30, literal.length()));
    add(number, what, json(), weighing(literal), expected);
  }

  private static void time(
      int number, Unit unit, String literal, Consumer<List<DecodedRecord>> expected) {
    String good =
        switch (unit) {
          case S -> String.valueOf(NOW_MILLIS / 1000);
          case US -> NOW_MILLIS + "000";
          case NS -> NOW_MILLIS + "000000";
          case ISO -> quoted("2026-08-26T10:00:00Z");
          case LOG -> quoted("26/Aug/2026:10:00:00 +0000");
          case MS, AUTO -> String.valueOf(NOW_MILLIS);
          case SYSLOG -> quoted("Aug 26 10:00:00");
          case SNORT -> quoted("08/26-10:00:00.000000");
          case SENTILO -> quoted("26/08/2026T10:00:00");
        };
    DecoderFixture fixture =
        json().time("ts", unit).good("{\"ts\":" + good + ",\"key\":\"good\",\"bytes\":7}");
    add(number, unit + " " + literal, fixture, timed(literal), expected);
  }

  private static void zoned(String literal, Consumer<List<DecodedRecord>> expected) {
    DecoderFixture fixture =
        json()
            .time("ts", Unit.ISO)
            .zone("Europe/Madrid")
            .good(timed(quoted("2026-08-26T10:00:00Z")).replace("\"k\"", "\"good\""));
    add(62, "no zone " + literal, fixture, timed(literal), expected);
  }

  private static void host(
      int number, String host, DecoderFixture fixture, Consumer<List<DecodedRecord>> expected) {
    add(number, host, fixture, good("/k").replace("10.0.0.1", host), expected);
  }

  private static void keys(int number, String... keys) {
    for (String key : keys) {
      StringBuilder escaped = new StringBuilder();
      key.chars()
          .forEach(
              c -> escaped.append("\\u").append(Integer.toHexString(0x10000 | c).substring(1)));
      String name = VisibleText.of(key);
      add(number, name, json(), event(quoted(escaped.toString())), counts(key, 7));
      add(
          number,
          name + " (CSV)",
          csv().multiline(),
          row(quoted(key.replace("\"", "\"\"")), "7"),
          counts(key, 7));
      add(number, name + " (line)", lines(), key, counts(key));
    }
  }

  private static String event(String key) {
    return "{\"ts\":" + NOW_MILLIS + ",\"key\":" + key + ",\"bytes\":7}";
  }

  private static String nestedEvent(String ip) {
    return "{\"ts\":" + NOW_MILLIS + ",\"source\":{\"ip\":\"" + ip + "\"},\"bytes\":7}";
  }

  private static String weighing(String weight) {
    return "{\"ts\":" + NOW_MILLIS + ",\"key\":\"k\",\"bytes\":" + weight + "}";
  }

  private static String timed(String time) {
    return "{\"ts\":" + time + ",\"key\":\"k\",\"bytes\":7}";
  }

  private static String deep(int depth) {
    int more = depth - 1;
    return "{\"x\":" + "[".repeat(more) + "]".repeat(more) + "," + event("\"k\"").substring(1);
  }

  private static String row(String key) {
    return row(key, "7");
  }

  private static String row(String key, String bytes) {
    return NOW_MILLIS + "," + key + "," + bytes;
  }

  private static String good(String url) {
    return logLine("GET " + url + " HTTP/1.1");
  }

  private static String logLine(String request) {
    return logLine("26/Aug/2026:10:00:00 +0000", request, "7");
  }

  private static String logLine(String time, String request, String bytes) {
    return "10.0.0.1 - - [" + time + "] \"" + request + "\" 200 " + bytes + " \"-\" \"ua\"";
  }

  private static String quoted(String text) {
    return '"' + text + '"';
  }

  private static FieldConfig field(
      String name, FieldConfig.Type type, boolean optional, boolean allowEmpty, boolean nfc) {
    return new FieldConfig(name, name, type, optional, allowEmpty, nfc);
  }

  private static FieldConfig path(String name, String path) {
    return new FieldConfig(name, path, FieldConfig.Type.TEXT, false, false, false);
  }

  private static byte[] bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return bytes;
  }

  private static byte[] join(byte[] one, byte[] other) {
    byte[] joined = Arrays.copyOf(one, one.length + other.length);
    System.arraycopy(other, 0, joined, one.length, other.length);
    return joined;
  }

  // ---- outcomes ----

  private static void good(List<DecodedRecord> records) {
    only("event").accept(records);
  }

  private static Consumer<List<DecodedRecord>> only(String outcome) {
    return records ->
        assertThat(records).extracting(DecoderFixture::outcome).containsExactly(outcome);
  }

  private static Consumer<List<DecodedRecord>> rejects(String reason, String... hints) {
    return records -> {
      assertThat(records).hasSize(1);
      DecodedRecord record = records.get(0);
      String detail = record.rejection() == null ? "" : record.rejection().detail();
      assertThat(outcome(record)).as(detail).isEqualTo(reason);
      for (String hint : hints) {
        assertThat(detail).contains(hint);
      }
      assertThat(record.rejection().origin()).startsWith("test:0@0");
    };
  }

  private static Consumer<List<DecodedRecord>> counts(String key) {
    return records -> {
      assertThat(records).hasSize(1);
      DecodedRecord record = records.get(0);
      assertThat(record.rejection()).isNull();
      assertThat(record.kind()).isEqualTo(DecodedRecord.Kind.EVENT);
      assertThat(record.textString(0)).isEqualTo(key);
      assertThat(record.truncatedFields()).isZero();
    };
  }

  private static Consumer<List<DecodedRecord>> counts(String key, long weight) {
    return all(counts(key), records -> assertThat(records.get(0).number(0)).isEqualTo(weight));
  }

  private static Consumer<List<DecodedRecord>> at(long millis) {
    return all(
        only("event"), records -> assertThat(records.get(0).timestampMillis()).isEqualTo(millis));
  }

  private static Consumer<List<DecodedRecord>> atIso(String instant) {
    return at(java.time.Instant.parse(instant).toEpochMilli());
  }

  private static Consumer<List<DecodedRecord>> truncated(String kept) {
    return all(
        only("event"),
        records -> {
          DecodedRecord record = records.get(0);
          assertThat(record.truncatedFields()).isEqualTo(1);
          assertThat(record.textString(0)).startsWith(kept + "~").hasSize(kept.length() + 25);
          assertThat(record.textLength(0)).isLessThanOrEqualTo(Limits.DEFAULT.maxKeyBytes());
        });
  }

  private static Consumer<List<DecodedRecord>> all(
      Consumer<List<DecodedRecord>> one, Consumer<List<DecodedRecord>> other) {
    return one.andThen(other);
  }
}
