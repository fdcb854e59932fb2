package dev.atalaya.capture.spool;

import java.nio.file.Path;

/**
 * Where events wait for the queue.
 *
 * @param directory of its own, made when it is missing
 * @param maxBytes of all that waits
 */
public record SpoolSettings(Path directory, long maxBytes) {}
