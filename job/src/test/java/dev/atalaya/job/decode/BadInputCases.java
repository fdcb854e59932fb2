package dev.atalaya.job.decode;

import java.util.Arrays;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Who proves which of the 144 cases of bad input. A case that concerns several stages stands with
 * each of them.
 */
final class BadInputCases {

  static final int COUNT = 144;

  /** The stages, and what is not built yet. */
  enum Owner {
    DECODE,
    CONNECTORS,
    CONFIG,
    SKETCH,
    FOLD_AND_WINDOW,
    PUBLISH,
    DASHBOARD,
    NETFLOW
  }

  private static final Map<Owner, String> CASES =
      Map.of(
          // Bytes, JSON, numbers, time, CSV, access logs, keys, the neighbours of each, and what a
          // connector knows of a delivery.
          Owner.DECODE, "1-19 22-46 48-63 68-87 102-109 112-113 115 117-118 126",
          // Cutting files into lines (19-21, 70, 75), brokers, files that change.
          Owner.CONNECTORS, "14 19-21 69-70 75 116-129",
          Owner.CONFIG, "129-144",
          // Keys built to collide.
          Owner.SKETCH, "111-112",
          // Saturation, window edges, lateness, composite keys.
          Owner.FOLD_AND_WINDOW, "47 64-67 114",
          // How keys appear in documents, consoles and file names.
          Owner.PUBLISH, "12 41 76-77 79 87 102-106 108-110 113",
          Owner.DASHBOARD, "41 76-77 102-103 106 113",
          Owner.NETFLOW, "88-101");

  /**
   * The tests of what {@link Owner#CONNECTORS} answers for, in its own module or in this one where
   * a case takes a whole job.
   */
  static final Map<Integer, String> CONNECTOR_TESTS =
      Map.ofEntries(
          Map.entry(14, "files.LineCutterTest#takesALineOfTheLimitAndCutsALongerOne"),
          Map.entry(19, "files.LineCutterTest#endsLinesAtLfCrlfAndLoneCr"),
          Map.entry(20, "files.LineCutterTest#needsNoEndOfTheLastLine"),
          Map.entry(21, "files.LineCutterTest#boundsItsMemoryOnALineOfFiftyMegabytes"),
          Map.entry(69, "files.LineCutterTest#keepsLineEndsInsideQuotes"),
          Map.entry(
              70, "files.LineCutterTest#givesUpAnUnclosedQuoteAtTheLimitAndGoesOnWithTheNextLine"),
          Map.entry(75, "files.LineCutterTest#endsLinesAtLfCrlfAndLoneCr"),
          Map.entry(116, "rabbitmq.RabbitMqSourcesIT#badMessagesDoNotHoldUpGoodOnes"),
          Map.entry(117, "rabbitmq.StockFaultsTest#aMessageWithoutIdDoesNotStopTheReader"),
          Map.entry(118, "rabbitmq.StockFaultsTest#duplicatesAreAcknowledged"),
          Map.entry(119, "rabbitmq.SeenIdsTest#remembersAsManyAcknowledgedIdsAsABrokerMayForget"),
          Map.entry(
              120,
              "rabbitmq.RabbitMqSourcesIT#aMessageSeenByNobodyCountsThoughItIsFlaggedAsRedelivered"),
          Map.entry(121, "kafka.KafkaSourcesIT#handsOnTombstonesHeadersAndCoordinates"),
          Map.entry(122, "kafka.KafkaSourcesIT#doesNotSeeAbortedTransactions"),
          Map.entry(123, "kafka.KafkaSourcesIT#takesGapsBetweenOffsetsForNothingLost"),
          Map.entry(124, "kafka.KafkaSourcesIT#stopsWhenATopicWasCreatedAnewWithFewerRecords"),
          Map.entry(125, "kafka.KafkaSourcesIT#findsAPartitionAddedAtRunTime"),
          Map.entry(
              126, "job.MqttStompIT#everyMessageOfTheTopicIsCountedWhateverItsProtocolAndQuality"),
          Map.entry(
              127, "job.MqttStompIT#everyMessageOfTheTopicIsCountedWhateverItsProtocolAndQuality"),
          Map.entry(128, "files.LineFormatTest#endsQuietlyWhenTheFileIsGoneOrShorter"),
          Map.entry(129, "files.FileSourcesTest#refusesWhatIsNoFileOrDirectory"));

  private BadInputCases() {}

  static SortedSet<Integer> of(Owner owner) {
    SortedSet<Integer> numbers = new TreeSet<>();
    for (String range : CASES.get(owner).split(" ")) {
      int[] ends = Arrays.stream(range.split("-")).mapToInt(Integer::parseInt).toArray();
      for (int number = ends[0]; number <= ends[ends.length - 1]; number++) {
        numbers.add(number);
      }
    }
    return numbers;
  }

  static Map<Integer, Owner> anOwnerOfEach() {
    Map<Integer, Owner> owners = new TreeMap<>();
    for (Owner owner : Owner.values()) {
      of(owner).forEach(number -> owners.put(number, owner));
    }
    return owners;
  }
}
