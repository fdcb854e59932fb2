package dev.atalaya.job.config;

import dev.atalaya.connectors.Secret;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;

/** Secrets: the value itself, usually from the environment, or {@code file:} and a path. */
final class SecretReader {

  private static final String FILE = "file:";

  private SecretReader() {}

  /** The secret under a key; null when it is absent or refused. */
  static Secret read(Section section, String key) {
    return of(section, key, section.text(key, null));
  }

  /** As {@link #read}, but the key must be written. */
  static Secret required(Section section, String key) {
    return of(section, key, section.requiredText(key));
  }

  private static Secret of(Section section, String key, String text) {
    if (text == null) {
      return null;
    }
    String value = text.startsWith(FILE) ? contentOf(section, key, text) : text;
    if (value != null && value.isEmpty()) {
      section.problem(key, "is empty; put the secret in it");
      return null;
    }
    return value == null ? null : new Secret(value);
  }

  private static String contentOf(Section section, String key, String text) {
    String shown = Printable.escape(text);
    try {
      Path file = LocalPath.of(text);
      String content = Files.readString(file, StandardCharsets.UTF_8);
      if (isWorldReadable(file)) {
        section.warning(key, shown + " can be read by everyone; chmod 600 it");
      }
      return content.replaceFirst("\\R\\z", "");
    } catch (NoSuchFileException e) {
      section.problem(key, shown + " does not exist; create it or correct the path");
    } catch (IOException | IllegalArgumentException e) {
      section.problem(key, shown + " cannot be read: " + Printable.escape(String.valueOf(e)));
    }
    return null;
  }

  private static boolean isWorldReadable(Path file) throws IOException {
    if (!file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      return false;
    }
    Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
    return permissions.contains(PosixFilePermission.OTHERS_READ);
  }
}
