package dev.atalaya.capture.flow;

import static dev.atalaya.capture.flow.Datagram.ipfix;
import static dev.atalaya.capture.flow.Datagram.template;
import static dev.atalaya.capture.flow.Datagram.v5;
import static dev.atalaya.capture.flow.Datagram.v9;
import static org.assertj.core.api.Assertions.assertThat;

import dev.atalaya.capture.FlowEvent;
import dev.atalaya.capture.pcap.PacketHeaders;
import dev.atalaya.fixtures.SharedData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class FlowExportDecoderTest {

  private static final int DATA = 256;
  private static final int OPTIONS = 257;

  private final FlowExportDecoder decoder = new FlowExportDecoder();
  private final Collected collected = new Collected();

  @Test
  void everyFieldOfNetflow5() {
    decode(v5(1, 1));

    assertThat(collected.events)
        .containsExactly(
            "{\"ts\":1699999999000,\"src\":\"10.0.0.1\",\"dst\":\"10.0.0.2\",\"sport\":1024,"
                + "\"dport\":80,\"proto\":6,\"bytes\":400,\"packets\":3,\"flags\":18,"
                + "\"start\":1699999998000,\"end\":1699999999000,\"tos\":0,\"in\":1,\"out\":2,"
                + "\"src_as\":0,\"dst_as\":0,\"domain\":0,\"exporter\":\"192.0.2.1\"}");
  }

  @Test
  void everyFieldOfIpfix() {
    int[] fields = {
      27, 16, 28, 16, 62, 16, 7, 2, 11, 2, 4, 1, 5, 1, 6, 2, 10, 4, 14, 4, 16, 4, 17, 4, 1, 8, 2, 8,
      152, 8, 153, 8, 34, 4
    };
    Datagram flow =
        new Datagram()
            .u32(0x20010db8, 0, 0, 1)
            .u32(0x20010db8, 0x00010000, 0, 0x00020000)
            .u32(0, 0, 0xffff, 0xc0000209)
            .u16(443, 50_000)
            .u8(6, 184)
            .u16(0x5018)
            .u32(10, 11, 64_496, -1)
            .u64(1_000)
            .u64(3)
            .u64(1_699_999_990_001L)
            .u64(1_699_999_999_002L)
            .u32(10);
    decode(ipfix(0).set(2, template(DATA, fields)).set(DATA, flow));

    assertThat(collected.events)
        .containsExactly(
            "{\"ts\":1699999999002,\"src\":\"2001:db8::1\",\"dst\":\"2001:db8:1::2:0\","
                + "\"sport\":443,\"dport\":50000,\"proto\":6,\"bytes\":10000,\"packets\":30,"
                + "\"flags\":24,\"start\":1699999990001,\"end\":1699999999002,\"tos\":184,"
                + "\"in\":10,\"out\":11,\"src_as\":64496,\"dst_as\":4294967295,\"sampling\":10,"
                + "\"domain\":7,\"next_hop\":\"192.0.2.9\",\"exporter\":\"192.0.2.1\"}");
  }

  @Test
  void timesInEveryUnit() {
    int ntpSeconds = 1_699_999_998 + (int) 2_208_988_800L;
    // Seconds; seconds since 1900 with a fraction; microseconds before the export; uptimes.
    decode(
        ipfix(0)
            .set(2, template(DATA, 8, 4, 150, 4, 151, 4))
            .set(DATA, new Datagram().u32(1, 1_699_999_998, 1_699_999_999))
            .set(2, template(DATA, 8, 4, 154, 8, 155, 8))
            .set(DATA, new Datagram().u32(1, ntpSeconds, 0x80000000, ntpSeconds + 1, 0))
            .set(2, template(DATA, 8, 4, 158, 4, 159, 4))
            .set(DATA, new Datagram().u32(1, 2_000_000, 1_000_000))
            .set(2, template(DATA, 8, 4, 160, 8, 22, 4, 21, 4))
            .set(DATA, new Datagram().u32(1).u64(1_699_990_000_000L).u32(9_998_000, 9_999_000)));

    assertThat(collected.events.stream().map(FlowExportDecoderTest::times))
        .containsExactly(
            "1699999998000 1699999999000",
            "1699999998500 1699999999000",
            "1699999998000 1699999999000",
            "1699999998000 1699999999000");
  }

  @Test
  void samplingOfOptionsByItsNumberElseTheLast() {
    Datagram options = new Datagram().u16(OPTIONS, 4, 8).u16(1, 4, 48, 1, 50, 4);
    decode(
        v9(0)
            .set(1, options)
            .set(OPTIONS, new Datagram().u32(0).u8(1).u32(100).u32(0).u8(2).u32(7))
            .set(0, template(DATA, 8, 4, 1, 4, 2, 4, 48, 1).body(template(258, 8, 4, 1, 4)))
            .set(DATA, new Datagram().u32(1, 40, 1).u8(1).u32(1, 40, 1).u8(2))
            .set(258, new Datagram().u32(1, 40)));

    assertThat(collected.rejections).isEmpty();
    assertThat(collected.events).hasSize(3);
    assertThat(collected.events.get(0))
        .contains("\"bytes\":4000,\"packets\":100,", "\"sampling\":100,");
    assertThat(collected.events.get(1)).contains("\"bytes\":280,\"packets\":7,", "\"sampling\":7,");
    assertThat(collected.events.get(2)).contains("\"bytes\":280,", "\"sampling\":7,");
    assertThat(decoder.count(FlowCounter.OPTION_RECORDS)).isEqualTo(2);
  }

  @Test
  void samplingBySelectorsOfIpfix() {
    // One of each 1 + 99; 3 of 10.
    Datagram options =
        new Datagram().u16(OPTIONS, 5, 1).u16(302, 2, 305, 4, 306, 4, 309, 4, 310, 4);
    decode(
        ipfix(0)
            .set(3, options)
            .set(OPTIONS, new Datagram().u16(1).u32(1, 99, 0, 0).u16(2).u32(0, 0, 3, 10))
            .set(2, template(DATA, 8, 4, 1, 4, 302, 2))
            .set(DATA, new Datagram().u32(1, 40).u16(1).u32(1, 40).u16(2)));

    assertThat(collected.events.get(0)).contains("\"bytes\":4000,");
    assertThat(collected.events.get(1)).contains("\"bytes\":120,");
  }

  @Test
  void v9AndIpfixOfOneDomainHaveTheirOwnTemplates() {
    decode(v9(0).set(0, template(DATA, 8, 4, 1, 4)));
    decode(ipfix(0).set(2, template(DATA, 1, 4, 8, 4)));
    decode(v9(1).set(DATA, new Datagram().u32(1, 2)));

    assertThat(collected.events.get(0)).contains("\"bytes\":2,");
  }

  @Test
  void whatIsInsideACapturedPacket() {
    byte[] export = v5(2, 2).toBytes();
    byte[] packet =
        new Datagram()
            .u16(0x4500, 28 + export.length)
            .u32(0, 0x40110000, 0x0a000001, 0x0a000002)
            .u16(2055, 2055, 8 + export.length, 0)
            .bytes(export)
            .toBytes();
    PacketHeaders headers = new PacketHeaders();
    assertThat(headers.read(PacketHeaders.RAW, packet, 0, packet.length, new FlowEvent())).isTrue();
    decoder.decode(
        Collected.EXPORTER,
        packet,
        headers.udpPayloadOffset(),
        headers.udpPayloadLength(),
        1_700_000_000_000L,
        collected);

    assertThat(collected.events).hasSize(2);
  }

  @Test
  void exportersWithoutEnd() {
    Datagram datagram = v9(0).set(DATA, new Datagram().zeros(1_000));
    byte[] bytes = datagram.toBytes();
    for (int i = 0; i < 3 * FlowExportDecoder.MAX_EXPORTERS; i++) {
      decoder.decode(
          Collected.address(10, 0, i >> 8, i & 0xff), bytes, 0, bytes.length, 1, collected);
    }

    assertThat(decoder.count(FlowCounter.EXPORTERS_EVICTED))
        .isEqualTo(2 * FlowExportDecoder.MAX_EXPORTERS);
    // What they had parked is told.
    assertThat(collected.rejections).hasSize(2 * FlowExportDecoder.MAX_EXPORTERS);
  }

  @Test
  void memoryOfAllExportersIsBounded() {
    byte[] bytes = v9(0).set(DATA, new Datagram().zeros(60_000)).toBytes();
    for (int i = 0; i < 5_000; i++) {
      decoder.decode(Collected.address(10, 0, 0, i % 200), bytes, 0, bytes.length, 1, collected);
    }

    assertThat(decoder.bytes()).isLessThanOrEqualTo(FlowExportDecoder.MAX_BYTES);
    assertThat(decoder.count(FlowCounter.EXPORTERS_EVICTED)).isPositive();
  }

  @Test
  void mutatedDatagramsNeverThrowAndLeaveTheOthersAlone() throws IOException {
    List<byte[]> seeds = new ArrayList<>();
    for (String folder : List.of("logstash-codec-netflow", "go-tests")) {
      try (Stream<Path> files = Files.list(SharedData.path("netflow-fixtures/" + folder))) {
        for (Path file : files.sorted().toList()) {
          seeds.add(Files.readAllBytes(file));
        }
      }
    }
    Random random = new Random(88);
    for (int i = 0; i < 100_000; i++) {
      byte[] datagram = seeds.get(random.nextInt(seeds.size())).clone();
      int changes = 1 + random.nextInt(8);
      for (int change = 0; change < changes; change++) {
        // The heads of sets and templates are the places where a change does most.
        int at = random.nextInt(random.nextBoolean() ? datagram.length : 64);
        if (at < datagram.length) {
          datagram[at] = (byte) (random.nextBoolean() ? random.nextInt() : -random.nextInt(2));
        }
      }
      int length = random.nextInt(4) == 0 ? random.nextInt(datagram.length + 1) : datagram.length;
      decoder.decode(
          Collected.address(10, 0, 0, random.nextInt(20)), datagram, 0, length, 1, collected);
      collected.clear();
    }
    assertThat(decoder.bytes()).isLessThanOrEqualTo(FlowExportDecoder.MAX_BYTES);

    decode(v9(0).set(0, template(DATA, 8, 4)).set(DATA, new Datagram().u32(1)));
    assertThat(collected.events).hasSize(1);
  }

  private static String times(String event) {
    return event.replaceAll(".*\"start\":([0-9]+),\"end\":([0-9]+).*", "$1 $2");
  }

  private void decode(Datagram datagram) {
    collected.decode(decoder, datagram.toBytes());
  }
}
