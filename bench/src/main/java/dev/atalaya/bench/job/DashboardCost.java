package dev.atalaya.bench.job;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What looking at the dashboard costs.
 *
 * @param heapBytes of history and server, after a garbage collection
 * @param peakResidentBytes of the process, which is the client too
 * @param viewRequests of the first view
 * @param viewBytes that come for them, headers included
 * @param coldMicros of the first view, the first time
 * @param warmMicros of the first view, median
 * @param windowBytes of a window with its documents
 * @param windowMicros median
 * @param pollMicros of what the page of the thesis asks for every two seconds, median
 * @param delayMicros from a window's documents until the client is told of it, median
 * @param longestDelayMicros the same, the longest
 * @param windowsPerSecond that reach a client when they come as fast as can be
 */
record DashboardCost(
    long heapBytes,
    long peakResidentBytes,
    long viewRequests,
    long viewBytes,
    long coldMicros,
    long warmMicros,
    long windowBytes,
    long windowMicros,
    long pollMicros,
    long delayMicros,
    long longestDelayMicros,
    long windowsPerSecond) {

  String line() {
    return Stream.of(
            heapBytes,
            peakResidentBytes,
            viewRequests,
            viewBytes,
            coldMicros,
            warmMicros,
            windowBytes,
            windowMicros,
            pollMicros,
            delayMicros,
            longestDelayMicros,
            windowsPerSecond)
        .map(Object::toString)
        .collect(Collectors.joining(" "));
  }

  static DashboardCost of(String line) {
    List<Long> n = Arrays.stream(line.split(" ")).map(Long::valueOf).toList();
    return new DashboardCost(
        n.get(0), n.get(1), n.get(2), n.get(3), n.get(4), n.get(5), n.get(6), n.get(7), n.get(8),
        n.get(9), n.get(10), n.get(11));
  }
}
