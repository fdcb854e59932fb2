package dev.atalaya.capture.flow;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.atalaya.fixtures.SharedData;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Datagrams of real exporters, against what tshark reads in them. */
class FixturesTest {

  private static final String FOLDER = "netflow-fixtures/logstash-codec-netflow/";
  private static final ObjectMapper JSON = new ObjectMapper();

  /** What a datagram gives where it is not what tshark says, field by field, and why. */
  private static final Map<String, UnaryOperator<Columns>> DIFFERENCES =
      Map.ofEntries(
          // The exporter sent this one with ipfix_test_barracuda_tpl.dat; tshark reads it with the
          // other layout of the same number, which came first, and so reads nonsense.
          entry(
              "ipfix_test_barracuda_data256.dat",
              theirs ->
                  Columns.of(
                      "10.99.130.239 65105 10.99.252.50 53 17 0 0",
                      "10.99.252.50 53 10.99.130.239 65105 17 81 1",
                      "10.99.130.239 65105 10.98.243.20 53 17 0 0",
                      "10.98.243.20 53 10.99.130.239 65105 17 81 1",
                      "10.99.168.140 52344 10.98.243.20 53 17 0 0",
                      "10.98.243.20 53 10.99.168.140 52344 17 113 1",
                      "10.99.168.140 50294 10.98.243.20 53 17 0 0",
                      "10.98.243.20 53 10.99.168.140 50294 17 113 1")),
          // The records have a place for either family, and 0.0.0.0 or :: in the other one. An
          // event has one source.
          entry("ipfix_test_procera_data52935.dat", Columns::withoutUnspecified),
          // Totals (elements 85, 86), which tshark has under another name; and of each flow the way
          // back (RFC 5103), which is an event of its own here.
          entry("ipfix_test_yaf_data45841.dat", theirs -> theirs.counted("132,2:200,2")),
          entry("ipfix_test_yaf_data45873.dat", theirs -> theirs.counted("172,4:92,2")),
          // Their counts of records are 55,582 and 163, there are 30: rejected by length.
          entry("netflow5_test_invalid01.dat", theirs -> new Columns()),
          entry("netflow5_test_invalid02.dat", theirs -> new Columns()),
          // Samples one packet of 1,000, and events tell all traffic.
          entry("netflow5_test_juniper_mx80.dat", theirs -> theirs.times(1_000)),
          // The totals of the flows (element 85).
          entry(
              "netflow9_test_cisco_asa_1_data.dat",
              theirs ->
                  theirs.counted(
                      "56", "56", "56", "56", "56", "56", "56", "56", "56", "160", "56", "56", "56",
                      "56")),
          // The bytes of initiator and responder (elements 231 and 232): the latter are the way
          // back. A flow that was just created has none.
          entry(
              "netflow9_test_cisco_asa_2_data.dat",
              theirs ->
                  theirs.counted(
                      "81:763",
                      "81:6207",
                      "81:6207",
                      "81:9075",
                      "81:9075",
                      "81:5536",
                      "81:5536",
                      "",
                      "69:14179",
                      "69:14179",
                      "",
                      "69:14178",
                      "69:14178",
                      "",
                      "75:881",
                      "75:881",
                      "",
                      "69:14178",
                      "69:14178")),
          // The records have the ports twice (elements 7 and 11, and 180 to 183 by protocol), and
          // tshark lists both.
          entry("netflow9_test_cisco_nbar_data262.dat", Columns::firstOfTwoPorts),
          // Sixteen sets of one record each, as the head counts them; tshark stops after the first.
          entry(
              "netflow9_test_h3c_data3281.dat",
              theirs ->
                  Columns.of(
                      "10.22.166.30 0 10.22.163.21 0 6 1027087 697",
                      "10.22.166.12 0 10.21.3.172 0 6 6200 6",
                      "10.22.166.33 0 10.22.178.37 0 6 11896 21",
                      "10.22.166.35 0 10.20.100.253 0 6 1041 3",
                      "10.22.166.36 0 10.20.136.36 0 6 1740 20",
                      "10.22.166.36 0 10.20.147.28 0 6 2998 16",
                      "10.22.166.28 0 10.20.141.16 0 6 55773 37",
                      "10.22.166.35 0 10.20.162.17 0 6 3239438 2135",
                      "10.22.166.15 0 10.20.171.36 0 6 5701 20",
                      "10.22.166.2 0 10.22.208.12 0 6 4255012 2804",
                      "10.22.166.28 0 10.22.196.21 0 6 37557 25",
                      "10.22.166.25 0 10.22.202.15 0 6 23676 68",
                      "10.22.166.25 0 10.20.166.26 0 6 22821 30",
                      "10.22.166.12 0 10.21.3.117 0 6 526 2",
                      "10.22.166.17 0 10.22.145.26 0 6 33129 220",
                      "10.22.166.36 0 10.21.75.38 0 6 5092 9")),
          // Its template has a field of variable length, which NetFlow v9 does not have: no event.
          entry("netflow9_test_h3c_netstream_varstring_data3281.dat", theirs -> new Columns()),
          // The head counts two records, there are six, of which tshark reads the first two (the
          // templates). The others are sampled, one packet of 100.
          entry(
              "netflow9_test_invalid01.dat",
              theirs ->
                  Columns.of(
                      "2001:44b8:1118:7200::10 123 2001:44b8:4030:cd91:8075:bae:d39d:2621 123 17"
                          + " 9600 100",
                      "192.168.0.1 53 192.168.0.105 55575 17 9800 100")));

  private static final Map<String, List<String>> REJECTIONS =
      Map.of(
          // Files of several datagrams, one behind the other; the first is read.
          "ipfix.dat", List.of("length"),
          "netflow5.dat", List.of("length"),
          "netflow5_test_invalid01.dat", List.of("length"),
          "netflow5_test_invalid02.dat", List.of("length"),
          "netflow9_test_h3c_netstream_varstring_tpl3281.dat", List.of("template"));

  @TestFactory
  Stream<DynamicTest> everyDatagram() throws IOException {
    Map<String, FlowExportDecoder> decoders = new HashMap<>();
    List<DynamicTest> tests = new ArrayList<>();
    for (String line :
        Files.readAllLines(SharedData.path("netflow-fixtures/decoded_by_tshark.jsonl"))) {
      JsonNode tshark = JSON.readTree(line);
      String file = tshark.get("file").asText();
      // One maker, two devices that use one number for different layouts.
      String exporter = tshark.get("exporter").asText() + file.contains("extended_uniflow");
      FlowExportDecoder decoder = decoders.computeIfAbsent(exporter, k -> new FlowExportDecoder());
      tests.add(DynamicTest.dynamicTest(file, () -> check(decoder, file, tshark)));
    }
    assertThat(tests).hasSize(92);
    return tests.stream();
  }

  private static void check(FlowExportDecoder decoder, String file, JsonNode tshark)
      throws IOException {
    Collected collected = new Collected();
    collected.decode(decoder, Files.readAllBytes(SharedData.path(FOLDER + file)));
    Columns theirs =
        DIFFERENCES.getOrDefault(file, UnaryOperator.identity()).apply(Columns.ofTshark(tshark));
    assertThat(Columns.ofEvents(collected.events)).isEqualTo(theirs);
    assertThat(collected.rejections).isEqualTo(REJECTIONS.getOrDefault(file, List.of()));
  }
}
