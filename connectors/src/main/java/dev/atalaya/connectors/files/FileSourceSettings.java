package dev.atalaya.connectors.files;

import java.io.Serializable;
import java.util.List;

/**
 * What is read from files and how they are cut into payloads.
 *
 * @param paths files or directories
 * @param watchMillis how often a directory is looked at for new files; 0 reads once and ends
 * @param maxLineBytes of one payload; of a longer one the beginning is kept and handed on as
 *     oversize, the rest is skipped, in bounded memory
 * @param quotedLines whether a line end inside double quotes belongs to the payload (CSV)
 * @param content how the bytes of a file become lines
 */
public record FileSourceSettings(
    List<String> paths,
    long watchMillis,
    int maxLineBytes,
    boolean quotedLines,
    FileContent content)
    implements Serializable {

  /** Of a file or a directory with text. */
  public FileSourceSettings(String path, long watchMillis, int maxLineBytes, boolean quotedLines) {
    this(List.of(path), watchMillis, maxLineBytes, quotedLines, FileContent.TEXT);
  }
}
