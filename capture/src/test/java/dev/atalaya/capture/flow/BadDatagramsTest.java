package dev.atalaya.capture.flow;

import static dev.atalaya.capture.flow.Datagram.ipfix;
import static dev.atalaya.capture.flow.Datagram.template;
import static dev.atalaya.capture.flow.Datagram.v5;
import static dev.atalaya.capture.flow.Datagram.v9;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Collections;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The cases of NetFlow and IPFIX among those that every input has to stand, by their numbers. */
class BadDatagramsTest {

  private static final int DATA = 256;

  /** Source, destination, bytes of four bytes each. */
  private static final int[] FLOW = {8, 4, 12, 4, 1, 4};

  private final FlowExportDecoder decoder = new FlowExportDecoder();
  private final Collected collected = new Collected();

  @Test
  void case88CountAboveThePayload() {
    decode(v5(30, 10));

    expect(0, "length");
  }

  @Test
  void case89CountZero() {
    decode(v5(0, 0));
    decode(v5(0, 1));

    expect(0, "length", "length");
  }

  @Test
  void case89UnknownVersion() {
    decode(new Datagram().u16(7, 1).zeros(100));

    expect(0, "version");
  }

  @Test
  void case90DataBeforeItsTemplate() {
    for (int i = 0; i < 1_000; i++) {
      decode(v9(i).set(DATA, flow(i)));
    }
    expect(0);

    decode(v9(1_000).set(DATA, flow(1_000)));
    expect(0, "no-template");

    collected.clear();
    decode(v9(1_001).set(0, template(DATA, FLOW)));
    expect(1_000);
    // The oldest one is gone, the others come in their order.
    assertThat(collected.events.get(0)).contains("\"bytes\":1,");
    assertThat(collected.events.get(999)).contains("\"bytes\":1000,");
    assertThat(decoder.count(FlowCounter.UNPARKED_SETS)).isEqualTo(1_000);
  }

  @Test
  void case90DataWhoseTemplateNeverComes() {
    decode(v9(0).set(DATA, flow(1)));

    decoder.close(collected);

    expect(0, "no-template");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void case91AllFieldsOfLengthZero(boolean ofIpfix) {
    Datagram datagram = ofIpfix ? ipfix(0) : v9(0);
    decode(datagram.set(ofIpfix ? 2 : 0, template(DATA, 8, 0, 12, 0)).set(DATA, flow(1)));

    expect(0, "template");
  }

  @Test
  void case92OneFieldOfLengthZero() {
    decode(v9(0).set(0, template(DATA, 8, 4, 7, 0, 12, 4, 1, 4)).set(DATA, flow(5)));

    expect(1);
    assertThat(collected.events.get(0)).doesNotContain("sport").contains("\"bytes\":5,");
  }

  @Test
  void case93RepeatedElement() {
    Datagram data = new Datagram().u32(0x0a000001, 0x0a000002, 6, 7);
    decode(ipfix(0).set(2, template(DATA, 8, 4, 12, 4, 1, 4, 1, 4)).set(DATA, data));

    expect(1);
    assertThat(collected.events.get(0)).contains("\"bytes\":6,");
  }

  @Test
  void case94VariableLengthInV9() {
    decode(v9(0).set(0, template(DATA, 8, 4, 236, 65535)));

    expect(0, "template");
  }

  @Test
  void case94VariableLengthPastItsSet() {
    Datagram good = new Datagram().u32(0x0a000001).u8(2, 'a', 'b').u32(9);
    Datagram cutOff = new Datagram().u32(0x0a000001).u8(200, 'a', 'b').u32(9);
    Datagram longForm = new Datagram().u32(0x0a000001).u8(255).u16(60_000).u32(9);
    decode(ipfix(0).set(2, template(DATA, 8, 4, 82, 65535, 1, 4)));
    decode(ipfix(0).set(DATA, good));
    expect(1);

    decode(ipfix(1).set(DATA, good.body(cutOff)));
    decode(ipfix(2).set(DATA, longForm));

    expect(2, "length", "length");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3})
  void case95SetShorterThanItsHead(int length) {
    Datagram good = new Datagram().set(0, template(DATA, FLOW)).set(DATA, flow(1));
    decode(v9(0).body(good).u16(DATA, length).zeros(40));
    decode(ipfix(0).body(good).u16(DATA, length).zeros(40));

    expect(0, "length", "length");
  }

  @Test
  void case95ZerosToTheEndArePadding() {
    decode(v9(0).set(0, template(DATA, FLOW)).set(DATA, flow(1)).zeros(1_000));

    expect(1);
  }

  @Test
  void case96TemplateRedefined() {
    decode(v9(0).set(0, template(DATA, FLOW)).set(DATA, flow(1)));
    decode(
        v9(1)
            .set(0, template(DATA, 1, 4, 12, 4, 8, 4))
            .set(DATA, new Datagram().u32(2, 0x0a000004, 0x0a000003)));

    expect(2);
    assertThat(collected.events.get(0)).contains("\"src\":\"10.0.0.1\",", "\"bytes\":1,");
    assertThat(collected.events.get(1)).contains("\"src\":\"10.0.0.3\",", "\"bytes\":2,");
  }

  @Test
  void case96RedefinedByWhatCannotBeMeant() {
    decode(v9(0).set(0, template(DATA, FLOW)));
    decode(v9(1).set(0, template(DATA, 8, 0)).set(DATA, flow(1)));
    decoder.close(collected);

    // Not decoded by the layout that is no longer sent.
    expect(0, "template", "no-template");
  }

  @Test
  void case96ReservedId() {
    decode(v9(0).set(0, template(255, FLOW).body(template(DATA, FLOW))).set(DATA, flow(1)));

    expect(1, "template");
  }

  @Test
  void case97TemplatesWithoutEnd() {
    int sent = 0;
    for (int domain = 0; sent < 100_000; domain++) {
      Datagram templates = new Datagram();
      for (int id = 256; id < 356; id++, sent++) {
        templates.body(template(id, FLOW));
      }
      Datagram head = new Datagram().u16(9, 1).u32(1, Datagram.EXPORT_SECONDS, 0, domain);
      decode(head.set(0, templates));
    }

    expect(0);
    assertThat(decoder.count(FlowCounter.TEMPLATES_EVICTED)).isEqualTo(100_000 - 1_024);
    // The domains that were told last are known: the last ten, and 24 templates of the one before.
    Datagram last = new Datagram().u16(9, 1).u32(1, Datagram.EXPORT_SECONDS, 1, 999);
    decode(last.set(300, flow(1)));
    expect(1);
  }

  @Test
  void case98ScopeLengthNoMultipleOfFour() {
    Datagram template = new Datagram().u16(DATA, 6, 4).u16(1, 4, 34, 4);
    decode(v9(0).set(1, template));
    template = new Datagram().u16(DATA, 4, 5).u16(1, 4, 34, 4);
    decode(v9(1).set(1, template));

    expect(0, "template", "template");
  }

  @Test
  void case99SequenceGapAndRestart() {
    decode(v9(1).set(0, template(DATA, FLOW)));
    decode(v9(2).set(DATA, flow(1)));
    assertThat(decoder.count(FlowCounter.SEQUENCE_GAPS)).isZero();

    decode(v9(5).set(DATA, flow(1)));
    assertThat(decoder.count(FlowCounter.SEQUENCE_GAPS)).isEqualTo(1);

    decode(v9(0).set(DATA, flow(1)));
    assertThat(decoder.count(FlowCounter.SEQUENCE_GAPS)).isEqualTo(2);
    expect(3);
  }

  @Test
  void case99SequenceWraps() {
    decode(v9(-1).set(0, template(DATA, FLOW)));
    decode(v9(0).set(DATA, flow(1)));
    // Of IPFIX by records: two, then one.
    decode(ipfix(-2).set(2, template(DATA, FLOW)).set(DATA, flow(1).body(flow(1))));
    decode(ipfix(0).set(DATA, flow(1)));
    decode(ipfix(1).set(DATA, flow(1)));

    expect(5);
    assertThat(decoder.count(FlowCounter.SEQUENCE_GAPS)).isZero();
  }

  @Test
  void case99UptimeWraps() {
    // The flow began 3 s and ended 1 s before the datagram, in which the uptime is 500 ms again.
    Datagram head = new Datagram().u16(9, 2).u32(500, Datagram.EXPORT_SECONDS, 0, 7);
    decode(
        head.set(0, template(DATA, 8, 4, 22, 4, 21, 4))
            .set(DATA, new Datagram().u32(0x0a000001, -2_500, -500)));

    assertThat(collected.events)
        .containsExactly(
            "{\"ts\":1699999999000,\"src\":\"10.0.0.1\",\"start\":1699999997000,"
                + "\"end\":1699999999000,\"domain\":7,\"exporter\":\"192.0.2.1\"}");
  }

  @Test
  void case100BytesBeyondALong() {
    Datagram flows = new Datagram().u32(0x0a000001).u64(-1).u32(0x0a000001).u64(Long.MAX_VALUE);
    decode(ipfix(0).set(2, template(DATA, 8, 4, 1, 8)).set(DATA, flows));

    expect(1, "number-range");
    assertThat(collected.events.get(0)).contains("\"bytes\":9223372036854775807,");
  }

  @Test
  void case100BytesTimesSamplingBeyondALong() {
    Datagram flow = new Datagram().u32(0x0a000001).u64(Long.MAX_VALUE / 2).u32(3);
    decode(ipfix(0).set(2, template(DATA, 8, 4, 1, 8, 34, 4)).set(DATA, flow));

    expect(0, "number-range");
  }

  @Test
  void case101CutOffAt1472() {
    Datagram flows = new Datagram();
    for (int i = 0; i < 60; i++) {
      flows.body(flow(i));
    }
    Datagram sets = new Datagram().set(DATA, flows).set(DATA, flows).set(DATA, flows);
    byte[] v9 = v9(0).set(0, template(DATA, FLOW)).body(sets).toBytes();
    byte[] ipfix = ipfix(0).set(2, template(DATA, FLOW)).body(sets).toBytes();
    collected.decode(decoder, Arrays.copyOf(v9, 1_472));
    expect(60, "length");
    collected.decode(decoder, Arrays.copyOf(ipfix, 1_472));

    expect(120, "length", "length");
  }

  @Test
  void templatesThatHoldAsMuchAsTheyCan() {
    // Each as large as a datagram allows: memory is bounded in bytes, too.
    for (int i = 0; i < 100; i++) {
      int[] fields = new int[2 * 16_000];
      for (int f = 0; f < fields.length; f += 2) {
        fields[f] = 1;
        fields[f + 1] = 4;
      }
      decode(ipfix(i).set(2, template(256 + i, fields)));
    }

    assertThat(decoder.bytes()).isLessThan(2 * Exporter.MAX_BYTES);
  }

  @Test
  void zerosBetweenTemplatesAreReadOnce() {
    Datagram templates = template(DATA, FLOW).zeros(60_000);
    decode(v9(0).set(0, templates).set(DATA, flow(1)));
    expect(1);

    decode(v9(1).set(0, templates.u8(1)).set(DATA, flow(1)));
    expect(2, "template");
  }

  @Test
  void manyFieldsOfLengthZeroCostNothing() {
    int[] fields = new int[2 * 16_000];
    Arrays.fill(fields, 1);
    for (int f = 1; f < fields.length - 1; f += 2) {
      fields[f] = 0;
    }
    decode(ipfix(0).set(2, template(DATA, fields)));
    // 60,000 records of one byte: each would walk 16,000 fields.
    decode(ipfix(0).set(DATA, new Datagram().zeros(60_000)));

    expect(60_000);
    assertThat(decoder.bytes()).isLessThan(20_000);
  }

  private void decode(Datagram datagram) {
    collected.decode(decoder, datagram.toBytes());
  }

  private static Datagram flow(int bytes) {
    return new Datagram().u32(0x0a000001, 0x0a000002, bytes);
  }

  private void expect(int events, String... rejections) {
    assertThat(collected.rejections).containsExactly(rejections);
    assertThat(collected.events).hasSize(events);
    for (RejectReason reason : RejectReason.values()) {
      assertThat(decoder.count(reason))
          .isGreaterThanOrEqualTo(Collections.frequency(collected.rejections, reason.code()));
    }
  }
}
