package dev.atalaya.capture.follow;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * A regular file as it was when looked at.
 *
 * @param key the same as long as the file is, whatever it is called: device and inode
 * @param modified milliseconds
 */
record FoundFile(Path path, String key, long size, long modified) {

  /** Null when it is no regular file, or no more there. A link is not followed. */
  static FoundFile at(Path path) {
    try {
      BasicFileAttributes attributes =
          Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      return attributes.isRegularFile() ? of(path, attributes) : null;
    } catch (IOException e) {
      return null;
    }
  }

  static FoundFile of(Path path, BasicFileAttributes attributes) {
    Object key = attributes.fileKey();
    return new FoundFile(
        path,
        key == null ? path.toString() : key.toString(), // no inodes on Windows
        attributes.size(),
        attributes.lastModifiedTime().toMillis());
  }

  boolean isGzip() {
    return path.toString().endsWith(".gz");
  }

  boolean isLike(FoundFile other) {
    return other != null && size == other.size && modified == other.modified;
  }
}
