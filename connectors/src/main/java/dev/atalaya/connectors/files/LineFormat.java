package dev.atalaya.connectors.files;

import dev.atalaya.connectors.Decoder;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.zip.ZipException;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.connector.file.src.FileSourceSplit;
import org.apache.flink.connector.file.src.reader.BulkFormat;
import org.apache.flink.connector.file.src.util.CheckpointedPosition;
import org.apache.flink.core.fs.FSDataInputStream;
import org.apache.flink.core.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a file as the records of its lines.
 *
 * <p>Lines are cut by the thread that reads, and decoded one by one in the task's thread when Flink
 * asks for the next record: a decoder may reuse its record.
 *
 * <p>Position: the offset of a line in the (inflated) bytes, and how many of its records are done.
 */
final class LineFormat<T> implements BulkFormat<T, FileSourceSplit> {

  private static final Logger LOG = LoggerFactory.getLogger(LineFormat.class);

  private final FileSourceSettings settings;
  private final InputFiles files;
  private final Decoder<T> decoder;
  private transient LineDecoding<T> decoding;

  LineFormat(FileSourceSettings settings, InputFiles files, Decoder<T> decoder) {
    this.settings = settings;
    this.files = files;
    this.decoder = decoder;
  }

  @Override
  public Reader<T> createReader(Configuration config, FileSourceSplit split) throws IOException {
    return reader(split.path(), 0, 0);
  }

  @Override
  public Reader<T> restoreReader(Configuration config, FileSourceSplit split) throws IOException {
    CheckpointedPosition position = split.getReaderPosition().orElseThrow();
    return reader(split.path(), position.getOffset(), position.getRecordsAfterOffset());
  }

  @Override
  public boolean isSplittable() {
    return false;
  }

  @Override
  public TypeInformation<T> getProducedType() {
    return decoder.producedType();
  }

  private Reader<T> reader(Path file, long offset, long recordsToSkip) throws IOException {
    if (decoding == null) {
      decoding = new LineDecoding<>(decoder);
    }
    if (!files.isStillThere(file)) {
      return nothing(file);
    }
    byte[] header = null;
    if (offset > 0) {
      try (LineCutter beginning = cutter(open(file), 0)) {
        Lines lines = beginning.next();
        header = lines == null ? null : headerOf(lines);
      }
    }
    InputStream in = open(file);
    try {
      skip(in, offset);
      return new FileReader<>(decoding, file, cutter(in, offset), header, recordsToSkip);
    } catch (EOFException | ZipException | BrokenContentException e) {
      in.close();
      return nothing(file);
    } catch (IOException | RuntimeException e) {
      in.close();
      throw e;
    }
  }

  private Reader<T> nothing(Path file) {
    // File names come from strangers: one line, whatever they hold.
    String shown = file.toString().replaceAll("[\\p{Cntrl}\\p{Cf}]", "?");
    LOG.warn("Nothing more is read of {}: it was removed, replaced or cut short.", shown);
    return new FileReader<>(decoding, file, null, null, 0);
  }

  private LineCutter cutter(InputStream in, long offset) {
    return new LineCutter(in, offset, settings.maxLineBytes(), settings.quotedLines());
  }

  private InputStream open(Path file) throws IOException {
    return settings.content().open(file.getFileSystem().open(file), file.getName());
  }

  private static void skip(InputStream in, long bytes) throws IOException {
    if (in instanceof FSDataInputStream file) {
      file.seek(bytes);
    } else {
      in.skipNBytes(bytes);
    }
  }

  /** The first line, with those behind it that are comments too when it is one. */
  private static byte[] headerOf(Lines lines) {
    int last = 0;
    while (isComment(lines, last) && last + 1 < lines.count() && isComment(lines, last + 1)) {
      last++;
    }
    int start = lines.start(0);
    return Arrays.copyOfRange(lines.bytes, start, lines.start(last) + lines.length(last));
  }

  private static boolean isComment(Lines lines, int line) {
    return lines.length(line) > 0 && lines.bytes[lines.start(line)] == '#';
  }

  /** Runs in the thread that reads. A null cutter is a file that is not there any more. */
  private static final class FileReader<T> implements Reader<T> {

    private final LineDecoding<T> decoding;
    private final String origin;
    private final LineCutter cutter;
    private byte[] header;
    private long recordsToSkip;

    FileReader(
        LineDecoding<T> decoding, Path file, LineCutter cutter, byte[] header, long recordsToSkip) {
      this.decoding = decoding;
      this.origin = "file:" + file.getPath();
      this.cutter = cutter;
      this.header = header;
      this.recordsToSkip = recordsToSkip;
    }

    @Override
    public RecordIterator<T> readBatch() throws IOException {
      Lines lines = cutter == null ? null : cutter.next();
      if (lines == null) {
        return null;
      }
      if (header == null) {
        header = headerOf(lines);
      }
      LineRecords<T> records = new LineRecords<>(decoding, lines, header, origin, recordsToSkip);
      recordsToSkip = 0;
      return records;
    }

    @Override
    public void close() throws IOException {
      if (cutter != null) {
        cutter.close();
      }
    }
  }
}
