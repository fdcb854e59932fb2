package dev.atalaya.capture.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atalaya.fixtures.SharedData;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class SflowTest {

  private final FlowExportDecoder decoder = new FlowExportDecoder();
  private final Collected collected = new Collected();

  @Test
  void aPingThatStandsFor2048() throws IOException {
    decodeFixture("goflow2_sflow_0_172.bin");

    assertThat(collected.events)
        .containsExactly(
            "{\"ts\":1700000000000,\"src\":\"172.16.32.254\",\"dst\":\"172.16.32.241\","
                + "\"sport\":8,\"dport\":0,\"proto\":1,\"bytes\":167936,\"packets\":2048,"
                + "\"flags\":0,\"tos\":0,\"in\":1194,\"out\":1043,\"sampling\":2048,"
                + "\"domain\":1,\"exporter\":\"172.16.0.17\"}");
  }

  @Test
  void expandedSamples() throws IOException {
    decodeFixture("goflow2_sflow_1_1500.bin");

    assertThat(collected.events).hasSize(5);
    assertThat(collected.events.get(2))
        .isEqualTo(
            "{\"ts\":1700000000000,\"src\":\"137.74.204.213\",\"dst\":\"89.187.169.85\","
                + "\"sport\":1935,\"dport\":44508,\"proto\":6,\"bytes\":24934926,"
                + "\"packets\":16383,\"flags\":16,\"tos\":24,\"in\":1000104,\"out\":1000100,"
                + "\"sampling\":16383,\"domain\":0,\"exporter\":\"1.2.3.4\"}");
  }

  @Test
  void theWayThroughAutonomousSystems() throws IOException {
    decodeFixture("gopacket_sflow_1_1132.bin");

    assertThat(collected.events).hasSize(3);
    assertThat(collected.events.get(1))
        .isEqualTo(
            "{\"ts\":1700000000000,\"src\":\"192.168.91.17\",\"dst\":\"192.168.91.1\","
                + "\"sport\":22,\"dport\":54237,\"proto\":6,\"bytes\":390,\"packets\":1,"
                + "\"flags\":24,\"tos\":16,\"out\":3,\"src_as\":123,\"dst_as\":999,"
                + "\"domain\":0,\"next_hop\":\"13.12.11.10\",\"exporter\":\"192.168.91.17\"}");
  }

  @Test
  void samplesOfCountersAndOfDroppedPacketsAreNoTraffic() throws IOException {
    decodeFixture("gopacket_sflow_0_1440.bin");
    assertThat(collected.events).hasSize(6);
    decodeFixture("goflow2_sflow_2_80.bin");
    decodeFixture("goflow2_sflow_3_92.bin");
    decodeFixture("goflow2_sflow_4_86.bin");

    assertThat(collected.events).hasSize(6);
    assertThat(decoder.count(FlowCounter.OTHER_RECORDS)).isEqualTo(4);
  }

  @Test
  void packetsThatTheSwitchHasTakenApart() {
    decode(
        head(1)
            .u32(1, 32 + 8 + 32 + 8 + 16)
            .u32(1, 2, 100, 0, 0, 0x3fffffff, 0x80000002, 2)
            .u32(3, 32, 1500, 17, 0xc0000201, 0xc6336401, 53, 4000, 0, 8)
            .u32(1002, 16, 1, 0x0a000001, 24, 16));

    assertThat(collected.events)
        .containsExactly(
            "{\"ts\":1700000000000,\"src\":\"192.0.2.1\",\"dst\":\"198.51.100.1\","
                + "\"sport\":53,\"dport\":4000,\"proto\":17,\"bytes\":150000,\"packets\":100,"
                + "\"flags\":0,\"tos\":8,\"sampling\":100,\"domain\":3,"
                + "\"next_hop\":\"10.0.0.1\",\"exporter\":\"10.0.0.9\"}");
  }

  @Test
  void whatRunsPastTheEndIsRejectedAndTheSamplesBeforeStay() throws IOException {
    byte[] whole =
        Files.readAllBytes(SharedData.path("netflow-fixtures/go-tests/goflow2_sflow_1_1500.bin"));
    collected.decode(decoder, Arrays.copyOf(whole, 700));

    assertThat(collected.events).hasSize(2);
    assertThat(collected.rejections).containsExactly("length");
  }

  @Test
  void lengthsThatLie() {
    decode(head(Integer.MAX_VALUE));
    decode(head(1).u32(1, -1));
    decode(head(1).u32(1, 32).u32(1, 2, 100, 0, 0, 1, 2, -1));
    decode(head(1).u32(1, 8).u32(1, 2));
    decode(new Datagram().u32(5, 3, 0, 0, 0, 0));

    assertThat(collected.events).isEmpty();
    assertThat(collected.rejections)
        .containsExactly("length", "length", "length", "length", "length");
  }

  private static Datagram head(int samples) {
    return new Datagram().u32(5, 1, 0x0a000009, 3, 1, 1000, samples);
  }

  private void decode(Datagram datagram) {
    collected.decode(decoder, datagram.toBytes());
  }

  private void decodeFixture(String file) throws IOException {
    collected.decode(
        decoder, Files.readAllBytes(SharedData.path("netflow-fixtures/go-tests/" + file)));
    assertThat(collected.rejections).isEmpty();
  }
}
