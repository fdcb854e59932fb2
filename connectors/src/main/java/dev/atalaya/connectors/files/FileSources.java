package dev.atalaya.connectors.files;

import dev.atalaya.connectors.Decoder;
import java.nio.file.Files;
import java.time.Duration;
import org.apache.flink.connector.file.src.FileSource;
import org.apache.flink.core.fs.Path;

/**
 * The file source: the lines of a file, or of every file below a directory, each file read once and
 * from beginning to end by one task.
 *
 * <p>A line ends at LF, CRLF or CR; the last one needs no end. Files named {@code *.gz} are
 * inflated. A directory's files are read in the order of their paths. Left out are names that begin
 * with {@code .} or {@code _} or end in {@code .tmp} or {@code .inprogress}, symbolic links, and
 * whatever is no regular file; a file named directly is always read. A watched directory takes up
 * each new path once: files must appear complete, by a rename, and what is appended to one later is
 * not read.
 *
 * <p>Exactly once: a checkpoint holds the position of the next line.
 */
public final class FileSources {

  private FileSources() {}

  /**
   * A source of the records that {@code decoder} makes of the lines. Bounded unless {@link
   * FileSourceSettings#watchMillis} is above 0.
   */
  public static <T> FileSource<T> create(FileSourceSettings settings, Decoder<T> decoder) {
    Path[] roots = settings.paths().stream().map(InputFiles::absolute).toArray(Path[]::new);
    InputFiles files = new InputFiles(roots);
    FileSource.FileSourceBuilder<T> source =
        FileSource.forBulkFileFormat(new LineFormat<>(settings, files, decoder), roots)
            .setFileEnumerator(() -> files)
            .setSplitAssigner(InPathOrder::new);
    if (settings.watchMillis() > 0) {
      source.monitorContinuously(Duration.ofMillis(settings.watchMillis()));
    }
    return source.build();
  }

  /**
   * What is wrong with an input path, as the end of a sentence, or null when it can be read. Paths
   * of remote file systems are not looked at.
   */
  public static String check(String path) {
    Path root = InputFiles.absolute(path);
    if (!InputFiles.isLocal(root)) {
      return null;
    }
    java.nio.file.Path local = InputFiles.local(root);
    if (!Files.exists(local)) {
      return path + " does not exist";
    }
    if (!Files.isRegularFile(local) && !Files.isDirectory(local)) {
      return path + " is neither a file nor a directory";
    }
    if (!Files.isReadable(local) || (Files.isDirectory(local) && !Files.isExecutable(local))) {
      return path + " may not be read";
    }
    return null;
  }
}
