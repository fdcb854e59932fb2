package dev.atalaya.job.decode;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.atalaya.job.config.FieldConfig;
import dev.atalaya.job.config.TimeConfig;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Good payloads mutated at random: always answered, never by an exception or an internal fault. */
class DecoderFuzzTest {

  private static final int ROUNDS = 20_000;

  /** Bytes that mean something to some format. */
  private static final byte[] SIGNIFICANT =
      "\"\\,;:{}[]()-+.eE0129 \t\r\n\0/?%'uTZ\u00f1\ud83d\ude00".getBytes(UTF_8);

  record Subject(String name, DecoderFixture fixture, List<String> good) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Subject> subjects() {
    List<String> documents =
        List.of(
            "{\"ts\":1600000000000,\"key\":\"a\\u00f1\\ud83d\\ude00\",\"bytes\":-1.5e3,\"x\":[{\"y\":null}]}",
            "{\"key\":12.50,\"ts\":\"1600000000000\",\"bytes\":7,\"deep\":{\"key\":{\"a\":[1,2,[]]}}}");
    List<String> rows = List.of("1600000000000,\"a \"\"b\"\"\nc\",7", "1600000000000,k,007");
    List<String> log =
        List.of(
            "fe80::1%eth0 - - [26/Aug/2026:10:00:00 +0000] \"GET /a?b=c HTTP/1.1\" 200 - \"-\" \"u\\\"a\"",
            "10.0.0.1 - u [26/ago./2026:10:00:00 -0330] \"\\x16\\x03\" 400 226");
    Stream<Subject> others =
        BadInputWalkTest.others().stream()
            .map(
                fixture ->
                    new Subject(
                        fixture.toString(),
                        fixture,
                        List.of(new String(fixture.goodPayload(), UTF_8))));
    Stream<Subject> own =
        Stream.of(
            new Subject("json", DecoderFixture.json().lenient(), documents),
            new Subject("ndjson", DecoderFixture.json().ndjson(), documents),
            new Subject("json-latin1", DecoderFixture.json().charset("latin1"), documents),
            new Subject("json-iso", iso(), List.of(isoDocument(), isoDocument().replace("Z", ""))),
            new Subject("csv", DecoderFixture.csv(), rows),
            new Subject("csv-multiline", DecoderFixture.csv().multiline(), rows),
            new Subject("lines", DecoderFixture.lines(), List.of("one line", "ma\u00f1ana")),
            new Subject(
                "log", DecoderFixture.combinedLog().locale("es").key("src", "path", "ua"), log),
            new Subject("log-ip", DecoderFixture.combinedLog().key("src").field(ip()), log),
            new Subject("gzip", DecoderFixture.json().gzip(), documents));
    return Stream.concat(own, others);
  }

  private static DecoderFixture iso() {
    return DecoderFixture.json().time("ts", TimeConfig.Unit.ISO).zone("Europe/Madrid");
  }

  private static String isoDocument() {
    return "{\"ts\":\"2026-03-29T02:30:00.123Z\",\"key\":\"k\",\"bytes\":1}";
  }

  private static FieldConfig ip() {
    return new FieldConfig("src", "src", FieldConfig.Type.IP, false, false, true);
  }

  @ParameterizedTest
  @MethodSource("subjects")
  void everyMutationIsAnsweredByEventOrReason(Subject subject) {
    Random random = new Random(42);
    for (int round = 0; round < ROUNDS; round++) {
      byte[] payload = payload(subject, random);
      List<DecodedRecord> records = subject.fixture.decode(payload);
      assertThat(records).as(() -> hex(payload)).isNotEmpty();
      if (!subject.name.equals("ndjson")) {
        assertThat(records).hasSize(1);
      }
      records.forEach(record -> check(record, payload));
    }
  }

  private static void check(DecodedRecord record, byte[] payload) {
    if (record.kind() != DecodedRecord.Kind.REJECTED) {
      assertThat(record.timestampMillis()).isBetween(TimeParser.MIN_MILLIS, TimeParser.MAX_MILLIS);
      assertThat(record.hasText(0)).isTrue();
      assertThat(Utf8.firstFault(record.text(), record.textStart(0), record.textEnd()))
          .isNegative();
      return;
    }
    Rejection rejection = record.rejection();
    assertThat(rejection.reason())
        .as(() -> rejection.detail() + " " + hex(payload))
        .isNotEqualTo(RejectReason.INTERNAL);
    assertThat(rejection.detail()).isNotBlank().hasSizeLessThan(400);
    assertThat(rejection.detail().chars()).noneMatch(Character::isISOControl);
  }

  private static byte[] payload(Subject subject, Random random) {
    byte[] good = subject.good.get(random.nextInt(subject.good.size())).getBytes(UTF_8);
    if (subject.name.equals("gzip")) {
      byte[] packed = DecoderFixture.gzipped(good);
      return random.nextBoolean()
          ? mutate(packed, random)
          : DecoderFixture.gzipped(mutate(good, random));
    }
    return mutate(good, random);
  }

  private static byte[] mutate(byte[] good, Random random) {
    byte[] bytes = good;
    int mutations = 1 + random.nextInt(3);
    for (int i = 0; i < mutations; i++) {
      int at = random.nextInt(bytes.length + 1);
      switch (random.nextInt(5)) {
        case 0 -> bytes = Arrays.copyOf(bytes, at);
        case 1 -> bytes = splice(bytes, at, at, (byte) random.nextInt(256));
        case 2 -> bytes = splice(bytes, at, at, SIGNIFICANT[random.nextInt(SIGNIFICANT.length)]);
        case 3 ->
            bytes =
                splice(
                    bytes,
                    at,
                    Math.min(bytes.length, at + 1),
                    SIGNIFICANT[random.nextInt(SIGNIFICANT.length)]);
        default -> bytes = splice(bytes, at, Math.min(bytes.length, at + random.nextInt(8)));
      }
    }
    return bytes;
  }

  private static byte[] splice(byte[] bytes, int from, int to, byte... inserted) {
    byte[] spliced = Arrays.copyOf(bytes, bytes.length - (to - from) + inserted.length);
    System.arraycopy(inserted, 0, spliced, from, inserted.length);
    System.arraycopy(bytes, to, spliced, from + inserted.length, bytes.length - to);
    return spliced;
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }
}
