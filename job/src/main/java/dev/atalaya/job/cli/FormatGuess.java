package dev.atalaya.job.cli;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.atalaya.connectors.Payload;
import dev.atalaya.connectors.files.LineReader;
import dev.atalaya.job.config.ConfigLoader;
import dev.atalaya.job.config.JobConfig;
import dev.atalaya.job.config.Units;
import dev.atalaya.job.decode.DecodedRecord;
import dev.atalaya.job.decode.FieldPlan;
import dev.atalaya.job.decode.RecordDecoder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What the beginning of an input is written in: the format by which most of its records can be
 * read. Each is tried with the decoder that a job has; of two that read the same, the more
 * particular one wins.
 *
 * @param name of the format
 * @param format as YAML
 * @param time as YAML
 * @param key the fields that tell who a record is from
 * @param fitting how many of the records tried can be read
 * @param records how many were tried
 * @param windowMillis in which there are about a hundred records or more
 */
record FormatGuess(
    String name,
    String format,
    String time,
    List<String> key,
    int fitting,
    int records,
    long windowMillis) {

  private static final int SAMPLE_LINES = 1000;
  private static final int SAMPLE_BYTES = 1 << 20;
  private static final int RECORDS_PER_WINDOW = 100;
  private static final List<String> WINDOWS = List.of("10s", "1m", "10m", "1h", "6h", "1d");

  /** Formats that say themselves what their fields are, the more particular ones first. */
  private static final List<Candidate> OWN_NAMES =
      List.of(
          own("combined-log", "src"),
          own("squid", "src"),
          own("snort", "src"),
          own("yaf", "src"),
          own("cef", "src"),
          own("zeek", "src"),
          own("suricata-eve", "src"),
          own("goflow2", "src"),
          own("pmacct", "src"),
          own("fastnetmon", "src"),
          own("akvorado", "src"),
          own("sentilo", "provider", "sensor"),
          own("vpc-flow-log", "src"),
          own("syslog", "app"),
          own("syslog", "host"));

  /** What producers call the time, and what they call the one that a record is from. */
  private static final List<String> TIMES =
      List.of("ts", "time", "timestamp", "@timestamp", "datetime", "date", "start");

  private static final List<String> SOURCES =
      List.of(
          "src",
          "src_ip",
          "srcip",
          "source_ip",
          "client",
          "client_ip",
          "clientip",
          "ip",
          "host",
          "user",
          "key",
          "sensor",
          "device",
          "id",
          "path",
          "url",
          "name");

  private record Candidate(String name, String options, String time, List<String> key) {
    String format() {
      return "{" + name + ": " + options + "}";
    }
  }

  private static Candidate own(String name, String... key) {
    return new Candidate(name, "{}", "{}", List.of(key));
  }

  /** What the input looks like; null when it is like nothing that is known. */
  static FormatGuess of(Path input) throws IOException {
    List<byte[]> sample = sample(input);
    FormatGuess best = null;
    for (Candidate candidate : candidates(sample)) {
      FormatGuess guess = tried(candidate, sample);
      if (2 * guess.fitting > guess.records && (best == null || guess.fitting > best.fitting)) {
        best = guess;
      }
    }
    return best;
  }

  /** How a configuration says what was guessed. */
  String settings() {
    return "format: " + format + (time.equals("{}") ? "" : ", time: " + time);
  }

  /** A job that watches who records are from, but for its source. */
  String configuration() {
    String window = Units.formatDuration(windowMillis);
    return "name: input\nformat: "
        + format
        + "\ntime: "
        + time.substring(0, time.length() - 1)
        + (time.equals("{}") ? "" : ", ")
        + "out-of-orderness: "
        + window
        + "}\nwindow: "
        + window
        + "\ndetectors:\n  - {name: top, key: ["
        + String.join(", ", key)
        + "], hitters: {share: 5%}, changers: {share: 5%, ratio: 2}}\nsinks: [ console: {} ]\n";
  }

  private static List<byte[]> sample(Path input) throws IOException {
    List<byte[]> lines = new ArrayList<>();
    int bytes = 0;
    try (LineReader reader = LineReader.of(firstFile(input), SAMPLE_BYTES)) {
      byte[] line = reader.next();
      while (line != null && lines.size() < SAMPLE_LINES && bytes < SAMPLE_BYTES) {
        lines.add(line);
        bytes += line.length;
        line = reader.next();
      }
    } catch (IOException e) {
      if (lines.isEmpty()) {
        throw e; // else what there is up to a line that is too long is sample enough
      }
    }
    return lines;
  }

  private static Path firstFile(Path input) throws IOException {
    if (!Files.isDirectory(input)) {
      return input;
    }
    try (Stream<Path> files = Files.walk(input)) {
      return files
          .filter(Files::isRegularFile)
          .filter(file -> !file.getFileName().toString().startsWith("."))
          .sorted()
          .findFirst()
          .orElseThrow(() -> new IOException(input + " has no file in it"));
    }
  }

  // ---- what may be ----

  private static List<Candidate> candidates(List<byte[]> sample) {
    List<Candidate> candidates = new ArrayList<>(OWN_NAMES);
    String first = text(sample, 0);
    add(candidates, "json", "{}", jsonFields(first));
    add(candidates, "key-value", "{}", pairs(first));
    for (String separator : List.of(",", ";", "\t", "|")) {
      String written = separator.equals("\t") ? "tab" : separator;
      add(
          candidates,
          "csv",
          "{separator: '" + written + "'}",
          columns(first, text(sample, 1), separator));
    }
    return candidates;
  }

  private static String text(List<byte[]> sample, int line) {
    return line < sample.size() ? new String(sample.get(line), StandardCharsets.UTF_8) : "";
  }

  /** Adds a format whose fields are named as everyone likes, if a time and a source are found. */
  private static void add(
      List<Candidate> candidates, String name, String options, Map<String, String> fields) {
    String time = firstOf(TIMES, fields);
    String source = firstOf(SOURCES, fields);
    if (time != null && source != null) {
      boolean isNumber = fields.get(time).matches("\\d+(\\.\\d+)?");
      String unit = isNumber ? "auto" : "iso";
      candidates.add(
          new Candidate(
              name, options, "{field: '" + time + "', unit: " + unit + "}", List.of(source)));
    }
  }

  private static String firstOf(List<String> known, Map<String, String> fields) {
    return known.stream().filter(fields::containsKey).findFirst().orElse(null);
  }

  private static Map<String, String> jsonFields(String line) {
    Map<String, String> fields = new LinkedHashMap<>();
    try {
      JsonNode document = new ObjectMapper().readTree(line);
      document.properties().forEach(field -> fields.put(field.getKey(), field.getValue().asText()));
    } catch (JacksonException e) {
      return Map.of(); // no JSON
    }
    return fields;
  }

  private static Map<String, String> pairs(String line) {
    Map<String, String> fields = new LinkedHashMap<>();
    for (String word : line.split("[ \t]+")) {
      int equals = word.indexOf('=');
      if (equals > 0) {
        fields.put(word.substring(0, equals), word.substring(equals + 1).replace("\"", ""));
      }
    }
    return fields;
  }

  private static Map<String, String> columns(String header, String row, String separator) {
    String[] names = header.replace("\ufeff", "").split(Pattern.quote(separator), -1);
    String[] values = row.split(Pattern.quote(separator), -1);
    Map<String, String> fields = new LinkedHashMap<>();
    for (int column = 0; column < names.length && column < values.length; column++) {
      fields.put(names[column].strip(), values[column].strip());
    }
    return fields;
  }

  // ---- trying ----

  private static FormatGuess tried(Candidate candidate, List<byte[]> sample) {
    FormatGuess untried =
        new FormatGuess(
            candidate.name, candidate.format(), candidate.time, candidate.key, 0, 0, 10_000);
    String yaml = "source: {files: {path: sample}}\n" + untried.configuration();
    JobConfig config = ConfigLoader.parse(yaml, "guess.yaml", Map.of());
    RecordDecoder decoder = new RecordDecoder(config.format(), config.time(), FieldPlan.of(config));
    decoder.open();
    byte[] header = header(sample);
    Tally tally = new Tally();
    for (int line = 0; line < sample.size(); line++) {
      byte[] bytes = sample.get(line);
      Payload payload = new Payload().set(bytes, 0, bytes.length, () -> "sample");
      payload.fileHeader = header;
      payload.isFileHeader = line == 0;
      decoder.decode(payload, tally::add);
    }
    return new FormatGuess(
        candidate.name,
        candidate.format(),
        candidate.time,
        candidate.key,
        tally.fitting,
        tally.records,
        tally.windowMillis());
  }

  /** As the file source hands it on: the first line, or the comments at the beginning. */
  private static byte[] header(List<byte[]> sample) {
    ByteArrayOutputStream header = new ByteArrayOutputStream();
    for (byte[] line : sample) {
      if (header.size() > 0 && (line.length == 0 || line[0] != '#')) {
        break;
      }
      header.writeBytes(line);
      header.write('\n');
      if (line.length == 0 || line[0] != '#') {
        break;
      }
    }
    return header.toByteArray();
  }

  private static final class Tally {

    private int records;
    private int fitting;
    private long firstMillis = Long.MAX_VALUE;
    private long lastMillis = Long.MIN_VALUE;

    void add(DecodedRecord record) {
      records++;
      if (record.kind() != DecodedRecord.Kind.REJECTED) {
        fitting++;
        firstMillis = Math.min(firstMillis, record.timestampMillis());
        lastMillis = Math.max(lastMillis, record.timestampMillis());
      }
    }

    long windowMillis() {
      for (String window : WINDOWS) {
        long millis = Units.parseDuration(window);
        if (fitting > 0 && fitting * millis >= RECORDS_PER_WINDOW * (lastMillis - firstMillis)) {
          return millis;
        }
      }
      return Units.parseDuration(WINDOWS.get(WINDOWS.size() - 1));
    }
  }
}
