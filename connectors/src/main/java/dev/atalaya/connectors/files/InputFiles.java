package dev.atalaya.connectors.files;

import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.apache.flink.connector.file.src.FileSourceSplit;
import org.apache.flink.connector.file.src.enumerate.FileEnumerator;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.Path;

/**
 * Which files belong to an input path; {@link FileSources} says which do not. One split per file,
 * named by its path: unique for ever, since each path is read once.
 */
final class InputFiles implements FileEnumerator, Serializable {

  private final List<Path> roots;

  InputFiles(Path... roots) {
    this.roots = List.of(roots);
  }

  /** The path with a scheme, and free of the working directory. */
  static Path absolute(String path) {
    Path given = new Path(path);
    return given.toUri().getScheme() == null
        ? new Path(java.nio.file.Path.of(path).toAbsolutePath().normalize().toUri())
        : given;
  }

  static boolean isLocal(Path path) {
    return "file".equals(path.toUri().getScheme());
  }

  static java.nio.file.Path local(Path path) {
    return java.nio.file.Path.of(path.getPath());
  }

  @Override
  public Collection<FileSourceSplit> enumerateSplits(Path[] paths, int minDesiredSplits)
      throws IOException {
    List<FileSourceSplit> found = new ArrayList<>();
    for (Path root : roots) {
      FileSystem fileSystem = root.getFileSystem();
      FileStatus status = fileSystem.getFileStatus(root);
      if (status.isDir()) {
        collect(fileSystem, root, found);
      } else {
        found.add(split(status));
      }
    }
    return found;
  }

  private static void collect(FileSystem fileSystem, Path folder, List<FileSourceSplit> found)
      throws IOException {
    FileStatus[] children = fileSystem.listStatus(folder);
    if (children == null) {
      return; // removed since its parent was listed
    }
    for (FileStatus child : children) {
      if (isLeftOut(child)) {
        continue;
      }
      if (child.isDir()) {
        collect(fileSystem, child.getPath(), found);
      } else {
        found.add(split(child));
      }
    }
  }

  private static FileSourceSplit split(FileStatus file) {
    return new FileSourceSplit(
        file.getPath().toString(),
        file.getPath(),
        0,
        file.getLen(),
        file.getModificationTime(),
        file.getLen());
  }

  private static boolean isLeftOut(FileStatus status) {
    String name = status.getPath().getName();
    if (name.startsWith(".")
        || name.startsWith("_")
        || name.endsWith(".tmp")
        || name.endsWith(".inprogress")) {
      return true;
    }
    if (!isLocal(status.getPath())) {
      return false;
    }
    // A link out of the directory would escape it, a link inside it would read a file twice.
    java.nio.file.Path local = local(status.getPath());
    return status.isDir()
        ? !Files.isDirectory(local, LinkOption.NOFOLLOW_LINKS)
        : !Files.isRegularFile(local, LinkOption.NOFOLLOW_LINKS);
  }

  /**
   * Whether a file found earlier is still what it was: not gone, and neither it nor a folder on its
   * way replaced by a link.
   */
  boolean isStillThere(Path file) throws IOException {
    if (!isLocal(file)) {
      return file.getFileSystem().exists(file);
    }
    java.nio.file.Path local = local(file);
    if (!Files.isRegularFile(local)) {
      return false;
    }
    for (Path root : roots) {
      if (isLocal(root) && local.startsWith(local(root))) {
        java.nio.file.Path below = local(root).relativize(local);
        if (local.toRealPath().equals(local(root).toRealPath().resolve(below).normalize())) {
          return true;
        }
      }
    }
    return false;
  }
}
