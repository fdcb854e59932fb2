package dev.atalaya.capture.follow;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystems;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The files that a path or a glob names. A link counts as the file behind it if that is inside the
 * folder that the path or glob names before its first wildcard; linked folders are not entered.
 *
 * <p>Not thread-safe.
 */
final class FileSearch {

  static final int MAX_FILES = 4_096;

  /** The fixed folder, how deep below it, and what the whole path has to match. */
  private record Pattern(Path root, int depth, PathMatcher matcher) {}

  private final List<Pattern> patterns = new ArrayList<>();
  private long linksOutside;
  private boolean full;

  FileSearch(List<String> paths) {
    paths.forEach(path -> patterns.add(pattern(path)));
  }

  private static Pattern pattern(String text) {
    Path whole = Path.of(text).toAbsolutePath().normalize();
    Path root = whole.getRoot();
    int names = whole.getNameCount();
    int fixed = 0;
    while (fixed < names - 1 && !isGlob(whole.getName(fixed).toString())) {
      root = root.resolve(whole.getName(fixed++));
    }
    boolean deep = whole.toString().contains("**");
    PathMatcher matcher =
        isGlob(whole.toString())
            ? FileSystems.getDefault().getPathMatcher("glob:" + whole)
            : whole::equals;
    return new Pattern(root, deep ? Integer.MAX_VALUE : names - fixed, matcher);
  }

  private static boolean isGlob(String text) {
    return text.chars().anyMatch(c -> "*?[{".indexOf(c) >= 0);
  }

  /** By their keys, so that a file with two names is there once. */
  Map<String, FoundFile> find() {
    Map<String, FoundFile> found = new LinkedHashMap<>();
    linksOutside = 0;
    full = false;
    patterns.forEach(pattern -> walk(pattern, found));
    return found;
  }

  /** Links that {@link #find} did not follow the last time. */
  long linksOutside() {
    return linksOutside;
  }

  /** Whether there were more than {@link #MAX_FILES} the last time; the others are left out. */
  boolean isFull() {
    return full;
  }

  /** Adds the files of a folder whose names begin with one of some, as rotation calls them. */
  static void beside(Path folder, Set<String> names, Map<String, FoundFile> found) {
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder)) {
      for (Path path : stream) {
        String name = path.getFileName().toString();
        FoundFile file = names.stream().anyMatch(name::startsWith) ? FoundFile.at(path) : null;
        if (file != null) {
          found.put(file.key(), file);
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      // The folder is gone, or is not for us.
    }
  }

  private void walk(Pattern pattern, Map<String, FoundFile> found) {
    try {
      Path root = pattern.root().toRealPath(); // it may be a link itself
      Files.walkFileTree(
          root,
          EnumSet.noneOf(FileVisitOption.class),
          pattern.depth(),
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path path, BasicFileAttributes attributes) {
              if (pattern.matcher().matches(pattern.root().resolve(root.relativize(path)))) {
                take(root, path, attributes, found);
              }
              return full ? FileVisitResult.TERMINATE : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path path, IOException fault) {
              return FileVisitResult.CONTINUE; // gone, or not for us
            }

            @Override
            public FileVisitResult postVisitDirectory(Path folder, IOException fault) {
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException e) {
      // The folder is not there, or went while it was walked through; the next search tells.
    }
  }

  private void take(
      Path root, Path path, BasicFileAttributes attributes, Map<String, FoundFile> found) {
    FoundFile file = null;
    if (attributes.isRegularFile()) {
      file = FoundFile.of(path, attributes);
    } else if (attributes.isSymbolicLink()) {
      file = behindLink(root, path);
    }
    if (file == null) {
      return;
    }
    if (found.size() == MAX_FILES && !found.containsKey(file.key())) {
      full = true;
    } else {
      found.putIfAbsent(file.key(), file);
    }
  }

  private FoundFile behindLink(Path root, Path link) {
    try {
      Path target = link.toRealPath();
      if (target.startsWith(root)) {
        return Files.isRegularFile(target, LinkOption.NOFOLLOW_LINKS) ? FoundFile.at(target) : null;
      }
      linksOutside++;
    } catch (IOException e) {
      // a link to nothing
    }
    return null;
  }
}
