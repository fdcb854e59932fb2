package dev.atalaya.job.decode;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.atalaya.job.config.TimeConfig;
import dev.atalaya.job.config.TimeConfig.Unit;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TimeParserTest {

  @ParameterizedTest
  @CsvSource({
    "2026-08-26T10:00:00Z, 2026-08-26T10:00:00Z",
    "2026-08-26t10:00:00z, 2026-08-26T10:00:00Z",
    "2026-08-26 10:00:00, 2026-08-26T10:00:00Z",
    "2026-08-26T10:00, 2026-08-26T10:00:00Z",
    "2026-08-26T10:00:00.1, 2026-08-26T10:00:00.100Z",
    "2026-08-26T10:00:00.123456789Z, 2026-08-26T10:00:00.123Z",
    "'2026-08-26T10:00:00,999+02:00', 2026-08-26T08:00:00.999Z",
    "2026-08-26T10:00:00+0530, 2026-08-26T04:30:00Z",
    "2026-08-26T10:00:00-03, 2026-08-26T13:00:00Z",
    "2026-08-26 10:00:00 +0200, 2026-08-26T08:00:00Z",
    "2024-02-29T00:00:00Z, 2024-02-29T00:00:00Z",
    "1980-01-01T00:00:00Z, 1980-01-01T00:00:00Z",
    "2099-12-31T23:59:59.999Z, 2099-12-31T23:59:59.999Z",
  })
  void isoIsReadInItsManyForms(String text, Instant expected) {
    TimeParser parser = parser(Unit.ISO, "UTC", "en");
    assertThat(parse(parser, text)).isNull();
    assertThat(Instant.ofEpochMilli(parser.millis())).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "2026",
        "2026-08-26",
        "2026-08-26T",
        "2026-08-26T1",
        "2026-08-26T10",
        "2026-08-26T10:0",
        "2026-8-26T10:00:00Z",
        "2026-08-26X10:00:00Z",
        "2026-13-01T10:00:00Z",
        "2026-00-01T10:00:00Z",
        "2026-02-29T10:00:00Z",
        "2026-08-00T10:00:00Z",
        "2026-08-26T10:60:00Z",
        "2026-08-26T10:00:61Z",
        "2026-08-26T10:00:00.Z",
        "2026-08-26T10:00:00ZZ",
        "2026-08-26T10:00:00+1",
        "2026-08-26T10:00:00+19:00",
        "2026-08-26T10:00:00+02:60",
        "2026-08-26T10:00:00 ",
        "2026-08-26T10:00:00+02:00x",
        "2026-08-26T-1:00:00Z",
        "today",
        "26/Aug/2026:10:00:00 +0000",
        "2026/08/26 10:00:00",
        "2026-08-26T10:00:00[UTC]",
        "-",
        "+x",
      })
  void isoRefusesTheRest(String text) {
    assertThat(parse(parser(Unit.ISO, "UTC", "en"), text)).isEqualTo(RejectReason.TIME_FORMAT);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"1979-12-31T23:59:59.999Z", "2100-01-01T00:00:00Z", "2100-01-01T00:30:00-01:00"})
  void timesOutsideOfTheRangeAreRefused(String text) {
    assertThat(parse(parser(Unit.ISO, "UTC", "en"), text)).isEqualTo(RejectReason.TIME_RANGE);
  }

  @Test
  void randomTimesAreThoseOfJavaTimeInAnyZone() {
    for (String zone : new String[] {"UTC", "Europe/Madrid", "America/St_Johns", "Asia/Kolkata"}) {
      TimeParser parser = parser(Unit.ISO, zone, "en");
      Random random = new Random(3);
      long least = TimeParser.MIN_MILLIS / 1000 + 86_400;
      long most = TimeParser.MAX_MILLIS / 1000 - 86_400;
      for (int round = 0; round < 20_000; round++) {
        long second = least + (long) (random.nextDouble() * (most - least));
        LocalDateTime local = LocalDateTime.ofEpochSecond(second, 0, ZoneOffset.UTC);
        assertThat(parse(parser, local.format(DateTimeFormatter.ISO_LOCAL_DATE_TIME))).isNull();
        // Of a repeated or skipped time java.time, too, takes the offset before the change.
        assertThat(parser.millis())
            .isEqualTo(local.atZone(ZoneId.of(zone)).toInstant().toEpochMilli());
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "en, 26/Aug/2026:10:00:00 +0000, 26",
    "en, 26/august/2026:10:00:00, 26",
    "es, 26/ago./2026:10:00:00 +0000, 26",
    "es, 26/ago/2026:10:00:00 +0000, 26",
    "es, 26/AGOSTO/2026:10:00:00 +0000, 26",
    "es, 26/Aug/2026:10:00:00 +0000, 26",
    "tr, 26/Ağu/2026:10:00:00 +0000, 26",
  })
  void logTakesTheMonthsOfItsLocaleAndEnglish(String locale, String text, int day) {
    TimeParser parser = parser(Unit.LOG, "UTC", locale);
    assertThat(parse(parser, text)).isNull();
    assertThat(Instant.ofEpochMilli(parser.millis()))
        .isEqualTo(Instant.parse("2026-08-" + day + "T10:00:00Z"));
  }

  @ParameterizedTest
  @CsvSource({
    "ene, 1",
    "feb, 2",
    "mar, 3",
    "abr, 4",
    "may, 5",
    "jun, 6",
    "jul, 7",
    "ago, 8",
    "sep, 9",
    "sept., 9",
    "oct, 10",
    "nov, 11",
    "dic, 12",
    "Dec, 12",
    "enero, 1"
  })
  void spanishMonthsAreKnown(String name, int month) {
    assertThat(new MonthNames(Locale.forLanguageTag("es")).of(name)).isEqualTo(month);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "26/ago./2026:10:00:00",
        "26/Aug/2026",
        "26-Aug-2026:10:00:00",
        "/Aug/2026:10:00:00",
        "26/Aug/26:10:00:00",
        "26//2026:10:00:00",
        "31/Feb/2026:10:00:00",
        ":",
        "",
        "6/Aug/2026:10:00:00",
      })
  void logRefusesTheRest(String text) {
    assertThat(parse(parser(Unit.LOG, "UTC", "en"), text)).isEqualTo(RejectReason.TIME_FORMAT);
  }

  @Test
  void badDateDoesNotSpoilTheRememberedOne() {
    TimeParser parser = parser(Unit.ISO, "UTC", "en");
    assertThat(parse(parser, "2026-08-26T10:00:00Z")).isNull();
    assertThat(parse(parser, "2026-02-30T10:00:00Z")).isEqualTo(RejectReason.TIME_FORMAT);
    assertThat(parse(parser, "2026-08-26T10:00:01Z")).isNull();
    assertThat(Instant.ofEpochMilli(parser.millis())).isEqualTo("2026-08-26T10:00:01Z");
  }

  private static RejectReason parse(TimeParser parser, String text) {
    byte[] bytes = ("<" + text + ">").getBytes(UTF_8);
    return parser.parse(bytes, 1, bytes.length - 2);
  }

  private static TimeParser parser(Unit unit, String zone, String locale) {
    return new TimeParser(
        new TimeConfig(
            "ts", false, unit, ZoneId.of(zone), 0, Locale.forLanguageTag(locale), 0, 0, 0),
        Clock.systemUTC());
  }
}
