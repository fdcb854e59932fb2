package dev.atalaya.dashboard.history;

import java.util.Map;

/**
 * One window of a detector, in numbers.
 *
 * @param epoch running number of the detector's windows, from 0 at the first one seen
 * @param startMillis event time, inclusive
 * @param endMillis event time, exclusive
 * @param events that were added up; 0 where there is no report
 * @param total sum of the absolute weights of those events, in the detector's measure
 * @param hitters keys that reached the threshold, listed or not
 * @param changers keys whose change reached the threshold, listed or not
 * @param others findings of the other kinds, by action; of those without a report of their own the
 *     alerts
 * @param possible how many of the listed alerts are possible, not certain
 * @param isExact whether every value of the window is
 * @param isWarmup whether there was no window before
 * @param errorBound the largest value of a key whose name was not kept, in the detector's measure
 * @param distinctKeys exact when the window is, else an estimate
 * @param isReported whether its report has been seen; behind an empty window there is none
 */
public record Window(
    long epoch,
    long startMillis,
    long endMillis,
    long events,
    long total,
    long hitters,
    long changers,
    Map<String, Long> others,
    long possible,
    boolean isExact,
    boolean isWarmup,
    long errorBound,
    long distinctKeys,
    boolean isReported) {}
