package dev.atalaya.job.decode;

import static dev.atalaya.job.decode.DecoderFixture.NOW_MILLIS;
import static dev.atalaya.job.decode.DecoderFixture.outcome;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atalaya.connectors.Payload;
import dev.atalaya.job.config.DetectorConfig.Allow;
import dev.atalaya.job.config.DetectorConfig.Also;
import dev.atalaya.job.config.FieldConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * How fields are found and what a decoder promises; what it refuses is in {@link BadInputWalkTest}.
 */
class RecordDecoderTest {

  @Test
  void dottedPathsReachIntoObjectsAndAlsoMatchDottedNames() {
    DecoderFixture fixture =
        DecoderFixture.json()
            .key("ip", "port")
            .field(path("ip", "source.ip"))
            .field(path("port", "source.port"));
    String rest = ",\"bytes\":7,\"ts\":" + NOW_MILLIS + "}";
    DecodedRecord nested =
        fixture.one("{\"source\":{\"geo\":{\"ip\":0},\"port\":53,\"ip\":\"10.0.0.1\"}" + rest);
    assertThat(nested.textString(0)).isEqualTo("10.0.0.1");
    assertThat(nested.textString(1)).isEqualTo("53");
    DecodedRecord flat = fixture.one("{\"source.ip\":\"10.0.0.2\",\"source.port\":80" + rest);
    assertThat(flat.textString(0)).isEqualTo("10.0.0.2");
    DecodedRecord both =
        fixture.one("{\"source.ip\":\"10.0.0.2\",\"source\":{\"ip\":\"10.0.0.3\"}" + rest);
    assertThat(outcome(both)).isEqualTo("duplicate-field");
    DecodedRecord inArray = fixture.one("{\"source\":[{\"ip\":\"10.0.0.2\",\"port\":80}]" + rest);
    assertThat(outcome(inArray)).isEqualTo("no-key");
    DecodedRecord scalar = fixture.one("{\"source\":12" + rest);
    assertThat(outcome(scalar)).isEqualTo("no-key");
  }

  @Test
  void oneFieldMayBeKeyWeightAndTimeAtOnce() {
    DecodedRecord record =
        DecoderFixture.json().key("ts").weight("ts").one("{\"ts\":" + NOW_MILLIS + "}");
    assertThat(record.textString(0)).isEqualTo(String.valueOf(NOW_MILLIS));
    assertThat(record.number(0)).isEqualTo(NOW_MILLIS);
    assertThat(record.timestampMillis()).isEqualTo(NOW_MILLIS);
  }

  @Test
  void aPayloadThatNobodyGaveATimeIsOfTheMomentItIsRead() {
    DecoderFixture lines = DecoderFixture.lines();
    Payload payload = lines.payload("a".getBytes(UTF_8));
    payload.timestampMillis = Payload.NO_TIMESTAMP;
    assertThat(lines.decode(payload))
        .singleElement()
        .satisfies(record -> assertThat(record.timestampMillis()).isEqualTo(NOW_MILLIS));

    // Kafka has a time for each record; a negative one is a producer's fault.
    payload.timestampMillis = -1;
    assertThat(lines.decode(payload))
        .extracting(DecoderFixture::outcome)
        .containsExactly("no-time");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", ",\"tag\":null", ",\"tag\":\"\"", ",\"tag\":[1]", ",\"tag\":{\"a\":1}"})
  void fieldOfAFilterMayBeAbsent(String tag) {
    DecoderFixture fixture = DecoderFixture.json().filter("tag");
    String document = "{\"key\":\"k\",\"bytes\":7,\"ts\":" + NOW_MILLIS + tag + "}";
    DecodedRecord record = fixture.one(document);
    assertThat(outcome(record)).isEqualTo("event");
    assertThat(record.hasText(1)).isFalse();
  }

  @Test
  void optionalKeyMayBeAbsent() {
    FieldConfig optional = new FieldConfig("key", "key", FieldConfig.Type.TEXT, true, false, false);
    DecodedRecord record =
        DecoderFixture.json().field(optional).one("{\"bytes\":7,\"ts\":" + NOW_MILLIS + "}");
    assertThat(outcome(record)).isEqualTo("event");
    assertThat(record.hasText(0)).isFalse();
  }

  @Test
  void optionalWeightCountsZeroWhenAbsent() {
    FieldConfig optional =
        new FieldConfig("bytes", "bytes", FieldConfig.Type.TEXT, true, false, false);
    DecoderFixture csv = DecoderFixture.csv().field(optional);
    assertThat(csv.one(NOW_MILLIS + ",k,7").number(0)).isEqualTo(7);
    assertThat(csv.one(NOW_MILLIS + ",k,").number(0)).isZero();
    assertThat(outcome(DecoderFixture.csv().one(NOW_MILLIS + ",k,"))).isEqualTo("no-weight");
  }

  @Test
  void fieldsOfFurtherMeasuresContributorsAndListsMayBeAbsent() {
    DecoderFixture fixture =
        DecoderFixture.json()
            .weight(null)
            .detector(
                test ->
                    test.distinct("peer")
                        .also(new Also("bytes", List.of(), 1), new Also(null, List.of("port"), 1))
                        .contributors(3, "user")
                        .allow(new Allow("zone", List.of("x"), List.of())));
    FieldPlan plan = fixture.plan();
    assertThat(plan.textFields())
        .extracting(FieldConfig::name)
        .containsExactly("key", "peer", "port", "user", "zone");
    DecodedRecord bare = fixture.one("{\"key\":\"k\",\"ts\":" + NOW_MILLIS + "}");
    assertThat(outcome(bare)).isEqualTo("event");
    assertThat(bare.hasText(1)).isFalse();
    assertThat(bare.number(0)).isZero();
    DecodedRecord full =
        fixture.one(
            "{\"key\":\"k\",\"peer\":\"p\",\"bytes\":7,\"port\":80,\"user\":\"u\",\"zone\":\"z\",\"ts\":"
                + NOW_MILLIS
                + "}");
    assertThat(full.number(0)).isEqualTo(7);
    assertThat(full.textString(4)).isEqualTo("z");
  }

  @Test
  void aWeightOfOneDetectorIsRequiredThoughItIsAFurtherMeasureOfAnother() {
    Also bytes = new Also("bytes", List.of(), 1);
    DecoderFixture fixture = DecoderFixture.json().detector(test -> test.also(bytes));
    assertThat(outcome(fixture.one("{\"key\":\"k\",\"ts\":" + NOW_MILLIS + "}")))
        .isEqualTo("no-weight");
  }

  @Test
  void headerLineOfAFileIsNoRecord() {
    DecoderFixture fixture = DecoderFixture.csv().fileHeader("key,bytes,ts");
    Payload header = fixture.payload("key,bytes,ts\r".getBytes(UTF_8));
    header.isFileHeader = true;
    assertThat(fixture.decode(header)).isEmpty();
    assertThat(fixture.one("k,7," + NOW_MILLIS).textString(0)).isEqualTo("k");
  }

  @Test
  void headerLineOfAFileIsNoRecordWhenTheColumnsAreAlsoConfigured() {
    DecoderFixture fixture = DecoderFixture.csv();
    Payload header = fixture.payload("ts,key,bytes".getBytes(UTF_8));
    header.isFileHeader = true;
    assertThat(fixture.decode(header)).isEmpty();
    Payload data = fixture.payload(fixture.goodPayload());
    data.isFileHeader = true;
    assertThat(fixture.decode(data)).hasSize(1);
  }

  @Test
  void eachFileHasItsOwnColumns() {
    DecoderFixture fixture = DecoderFixture.csv().fileHeader("key,bytes,ts");
    assertThat(fixture.one("k,7," + NOW_MILLIS).textString(0)).isEqualTo("k");
    Payload other = fixture.payload((NOW_MILLIS + ",x,y,l,8").getBytes(UTF_8));
    other.fileHeader = "\"ts\",\"a\"\"b\", c ,key,bytes".getBytes(UTF_8);
    DecodedRecord record = fixture.decode(other).get(0);
    assertThat(record.textString(0)).isEqualTo("l");
    assertThat(record.number(0)).isEqualTo(8);
  }

  @Test
  void headerWithTheKeyInOtherCaseIsNamed() {
    DecodedRecord record = DecoderFixture.csv().fileHeader("ts,Key,bytes").one(NOW_MILLIS + ",k,7");
    assertThat(outcome(record)).isEqualTo("no-key");
    assertThat(record.rejection().detail()).contains("\"Key\"");
  }

  @Test
  void headerThatCannotNameColumnsRejectsTheRowsOfItsFile() {
    assertThat(outcome(withHeader("ts,key,key,bytes"))).isEqualTo("duplicate-field");
    assertThat(outcome(withHeader("ts,\"key"))).isEqualTo("header");
    assertThat(outcome(withHeader(",".repeat(100_000)))).isEqualTo("header");
    assertThat(outcome(withHeader(""))).isEqualTo("columns");
  }

  private static DecodedRecord withHeader(String header) {
    return DecoderFixture.csv().fileHeader(header).one(NOW_MILLIS + ",k,7");
  }

  @Test
  void faultOfTheConnectorIsItsReason() {
    DecoderFixture fixture = DecoderFixture.csv();
    Payload payload = fixture.payload("1,\"a".getBytes(UTF_8));
    payload.fault = "quote";
    assertThat(outcome(fixture.decode(payload).get(0))).isEqualTo("quote");
    payload.fault = "no such thing";
    assertThat(outcome(fixture.decode(payload).get(0))).isEqualTo("internal");
  }

  @Test
  void oversizeTellsTheTrueLength() {
    DecoderFixture fixture = DecoderFixture.lines().maxBytes(4);
    Payload payload = fixture.payload("abcd".getBytes(UTF_8));
    payload.fullLength = 1_000_000;
    payload.fault = "oversize";
    Rejection rejection = fixture.decode(payload).get(0).rejection();
    assertThat(rejection.reason()).isEqualTo(RejectReason.OVERSIZE);
    assertThat(rejection.fullLength()).isEqualTo(1_000_000);
    assertThat(rejection.detail()).contains("1000000");
  }

  @Test
  void payloadMayBeAPartOfItsArray() {
    DecoderFixture fixture = DecoderFixture.csv();
    byte[] row = ("#####" + NOW_MILLIS + ",k,7#####").getBytes(UTF_8);
    Payload payload = fixture.payload(row);
    payload.offset = 5;
    payload.length -= 10;
    payload.fullLength -= 10;
    assertThat(fixture.decode(payload).get(0).textString(0)).isEqualTo("k");
  }

  @Test
  void recordInstanceIsReused() {
    DecoderFixture fixture = DecoderFixture.json();
    List<DecodedRecord> seen = new ArrayList<>();
    fixture.decoder().decode(fixture.payload(fixture.goodPayload()), seen::add);
    fixture.decoder().decode(fixture.payload(new byte[0]), seen::add);
    assertThat(seen.get(0)).isSameAs(seen.get(1));
  }

  @Test
  void failureOfWhoReceivesIsNotTakenForBadInput() {
    DecoderFixture fixture = DecoderFixture.json();
    Payload payload = fixture.payload(fixture.goodPayload());
    assertThatThrownBy(
            () ->
                fixture
                    .decoder()
                    .decode(
                        payload,
                        record -> {
                          throw new IllegalStateException("downstream");
                        }))
        .hasMessage("downstream");
  }

  @Test
  void defaultLocaleChangesNothing() {
    Locale before = Locale.getDefault();
    try {
      for (String tag : new String[] {"tr-TR", "es-ES", "ar-EG", "hi-IN-u-nu-deva"}) {
        Locale.setDefault(Locale.forLanguageTag(tag));
        assertThat(RejectReason.of("time-range").label()).isEqualTo("time-range");
        DecodedRecord record = DecoderFixture.json().one("{\"KEY\":1,\"bytes\":1}");
        assertThat(record.rejection().detail())
            .isEqualTo("no field \"key\"; did you mean \"KEY\"? Case matters");
        DecodedRecord log =
            DecoderFixture.combinedLog().one(DecoderFixture.combinedLog().goodPayload());
        assertThat(log.timestampMillis()).isEqualTo(NOW_MILLIS);
      }
    } finally {
      Locale.setDefault(before);
    }
  }

  @Test
  void allEscapesOfDetailsAreShown() {
    DecodedRecord record =
        DecoderFixture.json().one("{\"ts\":\"\\u001b[2J\\u202e\",\"key\":\"k\",\"bytes\":1}");
    assertThat(record.rejection().detail()).contains("\\x1b[2J\\u202e");
  }

  private static FieldConfig path(String name, String path) {
    return new FieldConfig(name, path, FieldConfig.Type.TEXT, false, false, false);
  }
}
