package dev.atalaya.capture.follow;

import dev.atalaya.connectors.files.GzipInput;
import java.io.Closeable;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.LinkOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.zip.ZipException;

/**
 * The bytes of a file, inflated when it is gzip, or of a stream.
 *
 * <p>Not thread-safe.
 */
abstract class Content implements Closeable {

  /** Opens a file, which must not have become a link. */
  static Content of(FoundFile file) throws IOException {
    FileChannel channel =
        FileChannel.open(file.path(), StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
    try {
      return file.isGzip() ? new Gzip(channel) : new Plain(channel);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  /** A stream that is read once from its beginning. */
  static Content of(InputStream in) {
    return new Sequence(in);
  }

  /**
   * Reads at a position, up to {@code length} bytes.
   *
   * @return how many; fewer than {@code length} says nothing about the end; none is the end for now
   */
  abstract int read(long position, byte[] target, int at, int length) throws IOException;

  /** Reads all of it unless it ends before. */
  final int readFully(long position, byte[] target, int length) throws IOException {
    int there = 0;
    while (there < length) {
      int count = read(position + there, target, there, length - there);
      if (count <= 0) {
        break;
      }
      there += count;
    }
    return there;
  }

  /** Gives back what was read last and is to be read again. */
  void unread(byte[] bytes, int at, int length) {}

  /** Whether it can be cut or written anew while it is read, so that what was read is compared. */
  boolean isMutable() {
    return false;
  }

  /** Bytes that there are; for what is not plain unknown, {@link Long#MAX_VALUE}. */
  long size() throws IOException {
    return Long.MAX_VALUE;
  }

  /** Whether the end was reached behind which nothing can come. */
  boolean isEnded() {
    return false;
  }

  private static final class Plain extends Content {

    private final FileChannel channel;

    Plain(FileChannel channel) {
      this.channel = channel;
    }

    @Override
    int read(long position, byte[] target, int at, int length) throws IOException {
      return Math.max(0, channel.read(ByteBuffer.wrap(target, at, length), position));
    }

    @Override
    boolean isMutable() {
      return true;
    }

    @Override
    long size() throws IOException {
      return channel.size();
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }

  private static class Sequence extends Content {

    InputStream in;
    long position;
    byte[] unread = new byte[0];
    boolean ended;

    Sequence(InputStream in) {
      this.in = in;
    }

    @Override
    int read(long from, byte[] target, int at, int length) throws IOException {
      if (from != position) {
        in.skipNBytes(from - position - unread.length);
        position = from;
        unread = new byte[0];
      }
      int there = unread.length;
      System.arraycopy(unread, 0, target, at, there);
      int count = in.read(target, at + there, length - there);
      ended |= count < 0;
      unread = new byte[0];
      there += Math.max(0, count);
      position += there;
      return there;
    }

    @Override
    void unread(byte[] bytes, int at, int length) {
      unread = Arrays.copyOfRange(bytes, at, at + length);
      position -= length;
    }

    @Override
    boolean isEnded() {
      return ended;
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }

  /** Starts over when it is to go back, or when more of the file may be there than last time. */
  private static final class Gzip extends Sequence {

    private final FileChannel channel;

    Gzip(FileChannel channel) throws IOException {
      super(inflate(channel));
      this.channel = channel;
    }

    /** From the beginning of the same file, whatever it is called by now. */
    private static InputStream inflate(FileChannel channel) throws IOException {
      channel.position(0);
      return new GzipInput(
          new FilterInputStream(Channels.newInputStream(channel)) {
            @Override
            public void close() {
              // The channel is read again.
            }
          });
    }

    @Override
    int read(long from, byte[] target, int at, int length) throws IOException {
      try {
        if (from < position) {
          startOver();
        }
        return super.read(from, target, at, length);
      } catch (EOFException | ZipException e) {
        startOver(); // it ends early: it is still being written, or it is damaged
        return 0;
      }
    }

    private void startOver() throws IOException {
      in.close();
      in = inflate(channel);
      ended = false;
      position = 0;
      unread = new byte[0];
    }

    @Override
    public void close() throws IOException {
      super.close();
      channel.close();
    }
  }
}
