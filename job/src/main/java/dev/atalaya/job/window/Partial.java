package dev.atalaya.job.window;

/**
 * A sketch of some of a window's events on its way from a fold to its slice.
 *
 * @param detector the detector's state id
 * @param newestMillis the newest event time its fold had seen, for the ledger
 */
public record Partial(String detector, int slice, long newestMillis, WindowSketch window) {}
