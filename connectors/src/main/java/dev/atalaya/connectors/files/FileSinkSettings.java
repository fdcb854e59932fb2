package dev.atalaya.connectors.files;

import java.io.Serializable;

/**
 * Where and how documents are written as JSON lines.
 *
 * @param path the directory that holds {@code alerts/}, {@code reports/} and {@code dead-letters/}
 * @param maxPartBytes a part file is closed at this size
 * @param rollMillis and after this time
 */
public record FileSinkSettings(String path, long maxPartBytes, long rollMillis)
    implements Serializable {}
