/** Partial sketches to closed windows: merged in keyed state, closed by event time. */
package dev.atalaya.job.window;
