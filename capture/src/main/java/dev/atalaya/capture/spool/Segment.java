package dev.atalaya.capture.spool;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
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
  record Stored(String id, byte[] event) {

    int bytes() {
      return HEADER_BYTES + ID_LENGTH_BYTES + idBytes().length + event.length;
    }

    private byte[] idBytes() {
      return id.getBytes(StandardCharsets.UTF_8);
    }

    private void writeTo(ByteBuffer out) {
      byte[] idBytes = idBytes();
      int start = out.position();
      out.putInt(ID_LENGTH_BYTES + idBytes.length + event.length);
      out.putInt(0);
      out.putShort((short) idBytes.length).put(idBytes).put(event);
      out.putInt(start + Integer.BYTES, crc(out.array(), start + HEADER_BYTES, out.position()));
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

  private Segment(FileChannel channel) {
    this.channel = channel;
  }

  static Segment create(Path file) throws IOException {
    Segment segment =
        new Segment(
            FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
    segment.write(ByteBuffer.wrap(MAGIC));
    segment.bytes = MAGIC.length;
    return segment;
  }

  /** Adds events; they are on the disk when this returns. */
  void append(List<Stored> events) throws IOException {
    ByteBuffer out = ByteBuffer.allocate(events.stream().mapToInt(Stored::bytes).sum());
    events.forEach(event -> event.writeTo(out));
    write(out.flip());
    channel.force(false);
    bytes += out.limit();
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

  @Override
  public void close() throws IOException {
    channel.close();
  }

  static Content read(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    List<Stored> events = new ArrayList<>();
    ByteBuffer in = ByteBuffer.wrap(bytes);
    if (bytes.length >= MAGIC.length
        && Arrays.equals(bytes, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
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
    int body = start + HEADER_BYTES;
    if (length < ID_LENGTH_BYTES
        || length > in.limit() - body
        || crc(in.array(), body, body + length) != in.getInt(start + Integer.BYTES)) {
      return null;
    }
    int event = body + ID_LENGTH_BYTES + Short.toUnsignedInt(in.getShort(body));
    in.position(body + length);
    return new Stored(
        new String(
            in.array(),
            body + ID_LENGTH_BYTES,
            event - body - ID_LENGTH_BYTES,
            StandardCharsets.UTF_8),
        Arrays.copyOfRange(in.array(), event, body + length));
  }

  private static int crc(byte[] bytes, int from, int to) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, from, to - from);
    return (int) crc.getValue();
  }
}
