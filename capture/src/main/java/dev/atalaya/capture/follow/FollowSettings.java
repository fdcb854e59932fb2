package dev.atalaya.capture.follow;

import java.io.Serializable;
import java.nio.file.Path;
import java.util.List;

/**
 * Which files are followed, and where it is kept how far.
 *
 * @param paths files, or globs such as {@code /var/log/nginx/*.log}; those that rotation renames
 *     need not be among them
 * @param state the file that keeps the positions; its folder has to exist
 * @param fromEnd whether files that are there at the very first start are followed from their end;
 *     otherwise, and all that come later, from their beginning
 * @param maxLineBytes of a line; of a longer one the beginning is taken, and counted
 */
public record FollowSettings(List<String> paths, String state, boolean fromEnd, int maxLineBytes)
    implements Serializable {

  public static final int DEFAULT_MAX_LINE_BYTES = 1 << 20;

  public FollowSettings(List<String> paths, Path state, boolean fromEnd, int maxLineBytes) {
    this(paths, state.toString(), fromEnd, maxLineBytes);
  }

  public FollowSettings {
    paths = List.copyOf(paths);
    if (maxLineBytes < 1) {
      throw new IllegalArgumentException("maxLineBytes must be >= 1, got " + maxLineBytes);
    }
  }

  /** Where the positions are kept. */
  public Path stateFile() {
    return Path.of(state);
  }
}
