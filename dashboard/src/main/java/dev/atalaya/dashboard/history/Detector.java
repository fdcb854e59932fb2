package dev.atalaya.dashboard.history;

import java.util.Map;

/**
 * A detector as far as its documents tell of it.
 *
 * @param measure unit of its values: the field it adds up, or {@code events}
 * @param windowMillis length of its windows
 * @param firstEpoch of the oldest window that is remembered
 * @param lastEpoch of the newest
 * @param hitters running sum over all windows seen, remembered or not
 * @param changers running sum over all windows seen, remembered or not
 * @param others as of {@link Window}, running sums over all windows seen, remembered or not
 * @param events running sum of the events of all windows seen, remembered or not
 */
public record Detector(
    String name,
    String measure,
    long windowMillis,
    long firstEpoch,
    long lastEpoch,
    long hitters,
    long changers,
    Map<String, Long> others,
    long events) {}
