package dev.atalaya.dashboard.follow;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * The part files below a folder that have not been read. A folder is listed again only when its
 * time of change says that something came or went, or when it could not be listed. Links are not
 * followed.
 */
class PartFiles {

  /** Below the folder of a kind: year, month, day, hour. */
  private static final int MAX_DEPTH = 4;

  /** Two changes nearer than this may have the same time. */
  private static final long TIME_STEP_MILLIS = 2_000;

  private final Path root;
  private final List<String> kinds;
  private final Map<Path, Folder> folders = new HashMap<>();

  private static final class Folder {
    final List<Path> children = new ArrayList<>();
    final Set<Path> unread = new HashSet<>();
    final Set<String> known = new HashSet<>();
    long changedMillis = Long.MIN_VALUE;
    boolean isSettled;
  }

  /**
   * @param kinds names of the folders in it, in the order in which files of the same hour come
   */
  PartFiles(Path root, List<String> kinds) {
    this.root = root;
    this.kinds = kinds;
  }

  /**
   * The oldest hour first.
   *
   * @param failed is told of folders that could not be listed; the others are nevertheless
   */
  List<Path> newOnes(BiConsumer<Path, IOException> failed) {
    List<Path> unread = new ArrayList<>();
    for (String kind : kinds) {
      collect(root.resolve(kind), 0, unread, failed);
    }
    unread.sort(
        Comparator.comparing(this::hour)
            .thenComparing(file -> kinds.indexOf(root.relativize(file).getName(0).toString()))
            .thenComparing(Comparator.naturalOrder()));
    return unread;
  }

  private String hour(Path file) {
    Path path = root.relativize(file);
    return path.subpath(1, path.getNameCount() - 1).toString();
  }

  void markRead(Path file) {
    folders.get(file.getParent()).unread.remove(file);
  }

  /**
   * @return whether there is such a folder
   */
  private boolean collect(
      Path path, int depth, List<Path> unread, BiConsumer<Path, IOException> failed) {
    Folder folder = folders.computeIfAbsent(path, missing -> new Folder());
    try {
      refresh(path, depth, folder);
    } catch (NoSuchFileException | NotDirectoryException e) {
      folders.remove(path);
      return false;
    } catch (DirectoryIteratorException e) {
      failed.accept(path, e.getCause());
    } catch (IOException e) {
      failed.accept(path, e);
    }
    unread.addAll(folder.unread);
    for (Iterator<Path> children = folder.children.iterator(); children.hasNext(); ) {
      Path child = children.next();
      if (!collect(child, depth + 1, unread, failed)) {
        children.remove();
        folder.known.remove(child.getFileName().toString());
      }
    }
    return true;
  }

  private void refresh(Path path, int depth, Folder folder) throws IOException {
    long now = System.currentTimeMillis();
    BasicFileAttributes attributes =
        Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    if (!attributes.isDirectory()) {
      throw new NotDirectoryException(path.toString());
    }
    long changed = attributes.lastModifiedTime().toMillis();
    if (folder.isSettled && changed == folder.changedMillis) {
      return;
    }
    folder.isSettled = false;
    try (DirectoryStream<Path> children = list(path)) {
      for (Path child : children) {
        add(child, depth, folder);
      }
    }
    folder.changedMillis = changed;
    folder.isSettled = changed < now - TIME_STEP_MILLIS;
  }

  @SuppressWarnings("StreamResourceLeak") // who asks for it closes it
  DirectoryStream<Path> list(Path folder) throws IOException {
    return Files.newDirectoryStream(folder);
  }

  private static void add(Path child, int depth, Folder folder) throws IOException {
    String name = child.getFileName().toString();
    if (name.startsWith(".") || folder.known.contains(name)) {
      return;
    }
    BasicFileAttributes attributes;
    try {
      attributes =
          Files.readAttributes(child, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    } catch (NoSuchFileException e) {
      return; // gone meanwhile
    }
    folder.known.add(name);
    if (attributes.isDirectory() && depth < MAX_DEPTH) {
      folder.children.add(child);
    } else if (name.endsWith(".jsonl") && depth > 0 && attributes.isRegularFile()) {
      folder.unread.add(child);
    }
  }
}
