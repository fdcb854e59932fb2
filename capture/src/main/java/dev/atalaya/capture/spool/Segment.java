package dev.atalaya.capture.spool;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * One file of a spool, written once from its beginning to its end.
 *
 * <p>Its bytes: the eight of {@link #MAGIC}, then for each event, big-endian: the length of what
 * follows the checksum (int), the CRC-32C of that (int), the length of the id (short), the id in
 * UTF-8, the event. What does not fit that ends the file: it was being written when the process
 * died, so nobody was told that it is stored.
 */
final class Segment implements AutoCloseable {

  /** The last byte is the version. */
  private static final byte[] MAGIC = {'A', 'T', 'S', 'P', 'O', 'O', 'L', 1};

  private static final int HEADER_BYTES = 8;
  private static final int ID_LENGTH_BYTES = 2;

  /** An event as it waits. */
  static final class Stored {

    private final byte[] id;
    private final byte[] event;

    /**
     * @param event not to be changed afterwards
     */
    Stored(String id, byte[] event) {
      this(id.getBytes(StandardCharsets.UTF_8), event);
    }

    private Stored(byte[] id, byte[] event) {
      this.id = id;
      this.event = event;
    }

    String id() {
      return new String(id, StandardCharsets.UTF_8);
    }

    byte[] event() {
      return event;
    }

    int bytes() {
      return HEADER_BYTES + ID_LENGTH_BYTES + id.length + event.length;
    }

    private void writeTo(ByteBuffer out) {
      int start = out.position();
      int length = bytes() - HEADER_BYTES;
      out.putInt(length).putInt(0).putShort((short) id.length).put(id).put(event);
      out.putInt(start + Integer.BYTES, crc(out.slice(start + HEADER_BYTES, length)));
    }
  }

  /**
   * What was in a file.
   *
   * @param unreadableBytes at its end
   */
  record Content(List<Stored> events, int unreadableBytes) {}

  private final FileChannel channel;
  private long bytes;
  private int events;

  private Segment(FileChannel channel) {
    this.channel = channel;
  }

  static Segment create(Path file) throws IOException {
    Segment segment =
        new Segment(
            FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
    try {
      segment.write(ByteBuffer.wrap(MAGIC));
    } catch (IOException e) {
      segment.close();
      Files.deleteIfExists(file);
      throw e;
    }
    segment.bytes = MAGIC.length;
    return segment;
  }

  /** Adds events; they are on the disk when this returns. */
  void append(List<Stored> added) throws IOException {
    ByteBuffer out = ByteBuffer.allocate(added.stream().mapToInt(Stored::bytes).sum());
    added.forEach(event -> event.writeTo(out));
    write(out.flip());
    channel.force(false);
    bytes += out.limit();
    events += added.size();
  }

  private void write(ByteBuffer out) throws IOException {
    while (out.hasRemaining()) {
      channel.write(out);
    }
  }

  /** Of what is certainly in it. */
  long bytes() {
    return bytes;
  }

  int events() {
    return events;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  /**
   * Refuses what another version wrote, which would look damaged here and be deleted.
   *
   * @throws IOException saying so
   */
  static void checkVersion(Path file) throws IOException {
    byte[] begin;
    try (InputStream in = Files.newInputStream(file)) {
      begin = in.readNBytes(MAGIC.length);
    }
    int version = MAGIC.length - 1;
    if (begin.length == MAGIC.length
        && begin[version] != MAGIC[version]
        && Arrays.equals(begin, 0, version, MAGIC, 0, version)) {
      throw new FileSystemException(
          file + " is of version " + begin[version] + "; " + MAGIC[version] + " is read here");
    }
  }

  static Content read(Path file) throws IOException {
    ByteBuffer in = ByteBuffer.wrap(Files.readAllBytes(file));
    List<Stored> events = new ArrayList<>();
    if (in.remaining() >= MAGIC.length
        && in.slice(0, MAGIC.length).equals(ByteBuffer.wrap(MAGIC))) {
      in.position(MAGIC.length);
      for (Stored event = next(in); event != null; event = next(in)) {
        events.add(event);
      }
    }
    return new Content(events, in.remaining());
  }

  /** Null, and the position where it was, when there is no whole one. */
  private static Stored next(ByteBuffer in) {
    if (in.remaining() < HEADER_BYTES + ID_LENGTH_BYTES) {
      return null;
    }
    int start = in.position();
    int length = in.getInt(start);
    if (length < ID_LENGTH_BYTES || length > in.remaining() - HEADER_BYTES) {
      return null;
    }
    ByteBuffer body = in.slice(start + HEADER_BYTES, length);
    byte[] id = new byte[Math.min(Short.toUnsignedInt(body.getShort()), body.remaining())];
    byte[] event = new byte[body.remaining() - id.length];
    body.get(id).get(event);
    if (crc(body.rewind()) != in.getInt(start + Integer.BYTES)) {
      return null;
    }
    in.position(start + HEADER_BYTES + length);
    return new Stored(id, event);
  }

  private static int crc(ByteBuffer bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    return (int) crc.getValue();
  }
}
