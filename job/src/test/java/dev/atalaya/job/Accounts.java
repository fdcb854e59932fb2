package dev.atalaya.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Holds what a run has published against what is known to have gone in. */
final class Accounts {

  private Accounts() {}

  /** Every record has met its fate once, in the ledger and in the documents. */
  static void assertExact(FlowStream flows, OutputFiles output) {
    assertExactWithDuplicates(flows, output);
    for (String detector : FlowStream.DETECTORS) {
      assertTerm(detector, output.ledger(detector), "duplicate", 0);
    }
  }

  /** As {@link #assertExact}, but records may have been delivered again, and were recognised. */
  static void assertExactWithDuplicates(FlowStream flows, OutputFiles output) {
    for (String detector : FlowStream.DETECTORS) {
      JsonNode ledger = output.ledger(detector);
      assertThat(ledger).as("ledger of " + detector).isNotNull();
      long duplicate = ledger.at("/duplicate").asLong(-1);
      assertThat(duplicate).as("duplicate of " + detector).isNotNegative();
      assertTerm(detector, ledger, "received", flows.received() + duplicate);
      assertTerm(detector, ledger, "counted", flows.counted());
      assertTerm(detector, ledger, "late", 0);
      assertTerm(detector, ledger, "skewed", flows.skewed());
      assertTerm(detector, ledger, "rejected", flows.rejected());
      assertTerm(detector, ledger, "pending", 0);
      assertThat(reportedEvents(output, detector))
          .as("events in the reports of " + detector)
          .isEqualTo(flows.counted());
      assertThat(output.alerts(detector, "heavy_hitter")).as(detector).isNotEmpty();
      assertThat(output.alerts(detector, "heavy_changer")).as(detector).isNotEmpty();
    }
    assertThat(flows.rejected()).isPositive();
    assertThat(flows.skewed()).isPositive();
    assertThat(output.deadLetters()).hasSize((int) flows.rejected());
  }

  /** The same lines, as often; says only what differs. */
  static void assertSame(List<String> lines, List<String> expected) {
    assertThat(without(lines, expected)).as("lines that should not be there").isEmpty();
    assertThat(without(expected, lines)).as("lines that are missing").isEmpty();
  }

  private static List<String> without(List<String> lines, List<String> others) {
    List<String> rest = new ArrayList<>();
    Map<String, Long> left =
        others.stream().collect(Collectors.groupingBy(line -> line, Collectors.counting()));
    for (String line : lines) {
      if (left.merge(line, -1L, Long::sum) < 0) {
        rest.add(line);
      }
    }
    return rest;
  }

  private static void assertTerm(String detector, JsonNode ledger, String term, long expected) {
    assertThat(ledger.at("/" + term).asLong(-1)).as(term + " of " + detector).isEqualTo(expected);
  }

  private static long reportedEvents(OutputFiles output, String detector) {
    return output.reports(detector).values().stream()
        .mapToLong(
            report ->
                report.at("/Atalaya/events").asLong() + report.at("/Atalaya/filtered").asLong())
        .sum();
  }
}
