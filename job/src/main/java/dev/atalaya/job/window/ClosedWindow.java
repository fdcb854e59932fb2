package dev.atalaya.job.window;

/**
 * What a slice remembers of the window it closed last: it is the baseline of the next, and nothing
 * before its end is ever opened again.
 */
record ClosedWindow(long endMillis, WindowSketch window) {}
