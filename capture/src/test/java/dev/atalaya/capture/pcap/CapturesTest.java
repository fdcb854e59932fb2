package dev.atalaya.capture.pcap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atalaya.capture.FlowEvent;
import dev.atalaya.fixtures.SharedData;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.StringJoiner;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Real captures, against the events that another program made of them. */
class CapturesTest {

  private static final int[] NUMBERS = {
    FlowEvent.SPORT,
    FlowEvent.DPORT,
    FlowEvent.PROTO,
    FlowEvent.BYTES,
    FlowEvent.PACKETS,
    FlowEvent.FLAGS
  };

  @ParameterizedTest
  @CsvSource({
    "pcapplusplus,example,4631",
    "pcapplusplus,http-packets,1985",
    "suricata-verify,denial6-5,35720",
    "metron,example,761"
  })
  void givesTheEventsOfTheCsv(String set, String name, int count) throws IOException {
    List<String> expected;
    try (BufferedReader csv =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(
                    Files.newInputStream(SharedData.path(set + "/events/" + name + ".csv.gz"))),
                StandardCharsets.UTF_8))) {
      expected = csv.lines().skip(1).toList();
    }
    int row = 0;
    FlowEvent event = new FlowEvent();
    try (PcapReader packets =
        new PcapReader(Files.newInputStream(SharedData.path(set + "/" + name + ".pcap.gz")))) {
      while (packets.next()) {
        assertThat(packets.read(event)).isTrue();
        assertThat(csv(event)).as("packet %s", row + 1).isEqualTo(expected.get(row));
        row++;
      }
    }
    assertThat(row).isEqualTo(count).isEqualTo(expected.size());
  }

  private static String csv(FlowEvent event) {
    StringJoiner line = new StringJoiner(",");
    line.add(Long.toString(event.get(FlowEvent.TS)));
    line.add(event.src().toString()).add(event.dst().toString());
    for (int number : NUMBERS) {
      line.add(Long.toString(event.get(number)));
    }
    return line.toString();
  }
}
