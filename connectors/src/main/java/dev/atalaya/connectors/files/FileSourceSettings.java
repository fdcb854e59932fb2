package dev.atalaya.connectors.files;

import java.io.Serializable;

/**
 * What is read from files and how they are cut into payloads.
 *
 * @param path a file or a directory
 * @param watchMillis how often a directory is looked at for new files; 0 reads once and ends
 * @param maxLineBytes of one payload; of a longer one the beginning is kept and handed on as
 *     oversize, the rest is skipped, in bounded memory
 * @param quotedLines whether a line end inside double quotes belongs to the payload (CSV)
 */
public record FileSourceSettings(
    String path, long watchMillis, int maxLineBytes, boolean quotedLines) implements Serializable {}
