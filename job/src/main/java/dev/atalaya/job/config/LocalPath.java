package dev.atalaya.job.config;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** Paths of the configuration that are on this machine. */
public final class LocalPath {

  /** Two letters at least: one is a Windows drive. */
  private static final Pattern SCHEME = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]+:.*");

  private LocalPath() {}

  /**
   * @return null when the text names another file system, such as {@code s3://bucket/x}
   * @throws IllegalArgumentException when the text can be no path
   */
  public static Path of(String text) {
    if (SCHEME.matcher(text).matches() && !text.startsWith("file:")) {
      return null;
    }
    try {
      return text.startsWith("file://")
          ? Path.of(URI.create(text))
          : Path.of(text.replaceFirst("^file:", ""));
    } catch (InvalidPathException e) {
      throw new IllegalArgumentException("is no path: " + Printable.escape(e.getReason()), e);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("is no URI such as file:///a/b", e);
    }
  }

  /**
   * The URI of a path of this machine that starts from the working directory; others as they are.
   */
  public static String absolute(String text) {
    Path path = of(text);
    return path == null ? text : path.toAbsolutePath().normalize().toUri().toString();
  }

  /** The text itself, for a parser that only checks it. */
  static String checked(String text) {
    if (text.isBlank()) {
      throw new IllegalArgumentException("is no path");
    }
    of(text);
    return text;
  }

  /** Which folder a relative path was taken from, to be added to what is said of it. */
  public static String lookedIn(Path path) {
    return path.isAbsolute()
        ? ""
        : " (looked in " + Printable.escape(Path.of("").toAbsolutePath().toString()) + ")";
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
