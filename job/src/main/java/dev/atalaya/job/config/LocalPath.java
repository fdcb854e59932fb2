package dev.atalaya.job.config;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** Paths of the configuration that are on this machine. */
public final class LocalPath {

  /** Two letters at least: one is a Windows drive. */
  private static final Pattern SCHEME = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]+:.*");

  private LocalPath() {}

  /**
   * @return null when the text names another file system, such as {@code s3://bucket/x}
   * @throws java.nio.file.InvalidPathException when the text can be no path
   */
  public static Path of(String text) {
    if (text.startsWith("file://")) {
      try {
        return Path.of(URI.create(text));
      } catch (IllegalArgumentException e) {
        return Path.of(text.substring("file://".length()));
      }
    }
    if (text.startsWith("file:")) {
      return Path.of(text.substring("file:".length()));
    }
    return SCHEME.matcher(text).matches() ? null : Path.of(text);
  }

  /** The path with links resolved, also when its last parts do not exist yet. */
  static Path resolved(Path path) {
    Path absolute = path.toAbsolutePath().normalize();
    Path existing = nearestExisting(absolute);
    try {
      return existing.toRealPath().resolve(existing.relativize(absolute));
    } catch (IOException e) {
      return absolute;
    }
  }

  /** The path, or the nearest directory above it that exists. */
  static Path nearestExisting(Path path) {
    Path candidate = path.toAbsolutePath().normalize();
    while (!Files.exists(candidate) && candidate.getParent() != null) {
      candidate = candidate.getParent();
    }
    return candidate;
  }

  /** Whether one is the other or lies in it. */
  static boolean overlap(Path a, Path b) {
    Path first = resolved(a);
    Path second = resolved(b);
    return first.startsWith(second) || second.startsWith(first);
  }
}
