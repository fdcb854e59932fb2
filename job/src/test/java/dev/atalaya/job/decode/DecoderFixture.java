package dev.atalaya.job.decode;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.atalaya.connectors.Payload;
import dev.atalaya.job.Detectors;
import dev.atalaya.job.config.DetectorConfig;
import dev.atalaya.job.config.FieldConfig;
import dev.atalaya.job.config.FormatConfig;
import dev.atalaya.job.config.FormatNames;
import dev.atalaya.job.config.TimeConfig;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.zip.GZIPOutputStream;

/** A decoder with its configuration, easy to vary, and a payload that it takes for good. */
final class DecoderFixture {

  static final Instant NOW = Instant.parse("2026-08-26T10:00:00Z");
  static final long NOW_MILLIS = NOW.toEpochMilli();

  private final FormatConfig.Kind kind;
  private final Map<String, FieldConfig> fields = new LinkedHashMap<>();
  private String charset = "utf-8";
  private boolean gzip;
  private boolean lenient;
  private boolean ndjson;
  private FormatConfig.Limits limits = FormatConfig.Limits.DEFAULT;
  private char separator = ',';
  private List<String> columns = List.of("ts", "key", "bytes");
  private boolean multiline;
  private List<String> key = List.of("key");
  private String weight = "bytes";
  private boolean signed;
  private UnaryOperator<Detectors> further = UnaryOperator.identity();
  private String timeField = "ts";
  private boolean brokerFallback;
  private TimeConfig.Unit unit = TimeConfig.Unit.MS;
  private String zone = "UTC";
  private int year;
  private FormatConfig.Pairs pairs = new FormatConfig.Pairs(' ', '=');
  private FormatConfig.Grok grok;
  private String locale = "en";
  private byte[] fileHeader;
  private String good;

  private RecordDecoder decoder;

  private DecoderFixture(FormatConfig.Kind kind, String good) {
    this.kind = kind;
    this.good = good;
  }

  static DecoderFixture json() {
    return new DecoderFixture(
        FormatConfig.Kind.JSON, "{\"ts\":" + NOW_MILLIS + ",\"key\":\"good\",\"bytes\":7}");
  }

  static DecoderFixture csv() {
    return new DecoderFixture(FormatConfig.Kind.CSV, NOW_MILLIS + ",good,7");
  }

  static DecoderFixture lines() {
    DecoderFixture fixture = new DecoderFixture(FormatConfig.Kind.LINES, "good");
    fixture.key = List.of("line");
    fixture.weight = null;
    fixture.timeField = null;
    return fixture;
  }

  static DecoderFixture combinedLog() {
    DecoderFixture fixture =
        new DecoderFixture(
            FormatConfig.Kind.COMBINED_LOG,
            "10.0.0.1 - - [26/Aug/2026:10:00:00 +0000] \"GET /good HTTP/1.1\" 200 7 \"-\" \"ua\"");
    fixture.key = List.of("path");
    fixture.timeField = "time";
    fixture.unit = TimeConfig.Unit.LOG;
    return fixture;
  }

  /** One of the formats of other programs, with its own time and a good payload. */
  static DecoderFixture of(FormatConfig.Kind kind, String good, String... key) {
    DecoderFixture fixture = new DecoderFixture(kind, good);
    FormatNames names = FormatNames.of(kind);
    fixture.columns = null;
    fixture.key = List.of(key);
    fixture.timeField = names.timeField();
    fixture.unit = names.timeUnit();
    return fixture;
  }

  static DecoderFixture squid() {
    return of(
        FormatConfig.Kind.SQUID,
        NOW_MILLIS / 1000
            + ".000      5 10.0.0.1 TCP_MISS/200 7 GET http://h.example/ good DIRECT/10.0.0.2 text/html",
        "user");
  }

  static DecoderFixture zeek() {
    return of(FormatConfig.Kind.ZEEK, NOW_MILLIS / 1000 + ".000000\tgood\t3\t4", "key")
        .columns("ts", "key", "orig_bytes", "resp_bytes");
  }

  static DecoderFixture snort() {
    return of(
            FormatConfig.Kind.SNORT,
            "08/26-10:00:00.000000  [**] [1:2:3] good [**] [Priority: 1] {TCP} 10.0.0.1:4 -> 10.0.0.2:5",
            "msg")
        .weight(null);
  }

  static DecoderFixture yaf() {
    return of(
        FormatConfig.Kind.YAF,
        "2026-08-26 10:00:00.000|2026-08-26 10:00:01.000|  1.0|  0.0|  6|  good|   80|  10.0.0.2|"
            + "4000|  AS|  0|  0|  0|22efa001|00000000|000|000|  1|  5|  1|  2|  0|idle ",
        "src");
  }

  static DecoderFixture syslog() {
    return of(FormatConfig.Kind.SYSLOG, "<134>Aug 26 10:00:00 host good[7]: a message", "app")
        .weight(null);
  }

  static DecoderFixture cef() {
    return of(
        FormatConfig.Kind.CEF,
        "CEF:0|v|p|1|s|n|5|rt=" + NOW_MILLIS + " src=good in=3 out=4 msg=a text",
        "src");
  }

  static DecoderFixture keyValue() {
    return of(FormatConfig.Kind.KEY_VALUE, "ts=" + NOW_MILLIS + " key=good bytes=7", "key")
        .time("ts", TimeConfig.Unit.MS);
  }

  static DecoderFixture grok() {
    return of(FormatConfig.Kind.GROK, NOW_MILLIS + " good 7", "key")
        .time("ts", TimeConfig.Unit.MS)
        .patterns("^%{INT:ts} %{NOTSPACE:key} %{NOTSPACE:bytes}$");
  }

  static DecoderFixture vpc() {
    long seconds = NOW_MILLIS / 1000;
    return of(
        FormatConfig.Kind.VPC_FLOW_LOG,
        "2 123456789010 eni-1 good 10.0.0.2 4 5 6 1 7 " + seconds + " " + seconds + " ACCEPT OK",
        "src");
  }

  static DecoderFixture goflow2() {
    return of(
        FormatConfig.Kind.GOFLOW2,
        "{\"time_received_ns\":" + NOW_MILLIS + "000000,\"src_addr\":\"good\",\"bytes\":7}",
        "src");
  }

  DecoderFixture pairs(char newSeparator, char assign) {
    pairs = new FormatConfig.Pairs(newSeparator, assign);
    return this;
  }

  DecoderFixture patterns(String... patterns) {
    grok = new FormatConfig.Grok(List.of(patterns), Map.of(), 200);
    return this;
  }

  DecoderFixture year(int ofTimesWithoutOne) {
    year = ofTimesWithoutOne;
    return this;
  }

  @Override
  public String toString() {
    return kind.name().toLowerCase(Locale.ROOT);
  }

  DecoderFixture charset(String name) {
    charset = name;
    return this;
  }

  DecoderFixture gzip() {
    gzip = true;
    return this;
  }

  DecoderFixture lenient() {
    lenient = true;
    return this;
  }

  DecoderFixture ndjson() {
    ndjson = true;
    return this;
  }

  DecoderFixture limits(FormatConfig.Limits newLimits) {
    limits = newLimits;
    return this;
  }

  DecoderFixture maxBytes(int maxBytes) {
    FormatConfig.Limits d = FormatConfig.Limits.DEFAULT;
    return limits(
        new FormatConfig.Limits(
            maxBytes,
            d.maxKeyBytes(),
            d.maxDepth(),
            d.maxFields(),
            d.maxNameLength(),
            d.maxStringLength(),
            d.maxNumberLength()));
  }

  DecoderFixture separator(char newSeparator) {
    separator = newSeparator;
    return this;
  }

  DecoderFixture columns(String... names) {
    columns = List.of(names);
    return this;
  }

  DecoderFixture multiline() {
    multiline = true;
    return this;
  }

  /** Payloads are lines of a file that begins with this one, which names the columns. */
  DecoderFixture fileHeader(String header) {
    columns = null;
    fileHeader = header.getBytes(UTF_8);
    return this;
  }

  DecoderFixture key(String... names) {
    key = List.of(names);
    return this;
  }

  DecoderFixture field(FieldConfig field) {
    fields.put(field.name(), field);
    return this;
  }

  DecoderFixture weight(String name) {
    weight = name;
    return this;
  }

  DecoderFixture signed() {
    signed = true;
    return this;
  }

  DecoderFixture filter(String field) {
    return detector(test -> test.filter(new DetectorConfig.Condition(field, Set.of("x"), false)));
  }

  /** What else the one detector asks for. */
  DecoderFixture detector(UnaryOperator<Detectors> asks) {
    further = asks;
    return this;
  }

  DecoderFixture time(String field, TimeConfig.Unit newUnit) {
    timeField = field;
    unit = newUnit;
    return this;
  }

  DecoderFixture brokerFallback() {
    brokerFallback = true;
    return this;
  }

  DecoderFixture zone(String id) {
    zone = id;
    return this;
  }

  DecoderFixture locale(String tag) {
    locale = tag;
    return this;
  }

  DecoderFixture good(String payload) {
    good = payload;
    return this;
  }

  byte[] goodPayload() {
    byte[] plain = good.getBytes(UTF_8);
    return gzip ? gzipped(plain) : plain;
  }

  static byte[] gzipped(byte[] plain) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write(plain);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  FieldPlan plan() {
    Detectors detector =
        Detectors.named("test").key(key.toArray(String[]::new)).weight(weight).signed(signed);
    return FieldPlan.of(List.of(further.apply(detector).build()), fields);
  }

  RecordDecoder decoder() {
    if (decoder == null) {
      FormatConfig format =
          new FormatConfig(
              kind,
              fields,
              charset,
              gzip,
              limits,
              lenient,
              new FormatConfig.Json(ndjson),
              new FormatConfig.Csv(separator, columns, multiline),
              pairs,
              grok);
      TimeConfig time =
          new TimeConfig(
              timeField,
              brokerFallback,
              unit,
              ZoneId.of(zone),
              year,
              Locale.forLanguageTag(locale),
              2_000,
              30_000,
              300_000);
      decoder = new RecordDecoder(format, time, plan(), Clock.fixed(NOW, ZoneOffset.UTC));
      decoder.open();
    }
    return decoder;
  }

  Payload payload(byte[] bytes) {
    Payload payload = new Payload();
    payload.set(bytes, 0, bytes == null ? 0 : bytes.length, () -> "test:0@0");
    payload.fileHeader = fileHeader;
    if (kind == FormatConfig.Kind.LINES) {
      payload.timestampMillis = NOW_MILLIS;
    }
    return payload;
  }

  List<DecodedRecord> decode(Payload payload) {
    List<DecodedRecord> records = new ArrayList<>();
    decoder().decode(payload, record -> records.add(record.copy()));
    return records;
  }

  List<DecodedRecord> decode(byte[] bytes) {
    return decode(payload(bytes));
  }

  /** Decodes a payload that holds one record. */
  DecodedRecord one(String payload) {
    return one(payload.getBytes(UTF_8));
  }

  DecodedRecord one(byte[] payload) {
    List<DecodedRecord> records = decode(payload);
    if (records.size() != 1) {
      throw new AssertionError("expected one record, got " + records.size());
    }
    return records.get(0);
  }

  /** The reason label of a rejection, or the kind of record in lower case. */
  static String outcome(DecodedRecord record) {
    return record.kind() == DecodedRecord.Kind.REJECTED
        ? record.rejection().reason().label()
        : record.kind().name().toLowerCase(Locale.ROOT);
  }
}
