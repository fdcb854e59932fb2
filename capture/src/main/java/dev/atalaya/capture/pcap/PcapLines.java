package dev.atalaya.capture.pcap;

import dev.atalaya.capture.EventJson;
import dev.atalaya.capture.FlowEvent;
import dev.atalaya.connectors.files.BrokenContentException;
import java.io.IOException;
import java.io.InputStream;

/**
 * A capture file as lines: each packet of IP is one JSON object and a line feed, other packets are
 * left out. The same file always gives the same bytes, so a place in them is a place in the file.
 *
 * <p>Error: {@link BrokenContentException} behind the last whole packet of a file that is damaged.
 *
 * <p>Not thread-safe.
 */
public final class PcapLines extends InputStream {

  private final InputStream file;
  private final FlowEvent event = new FlowEvent();
  private final EventJson json = new EventJson();
  private final byte[] one = new byte[1];
  private PcapReader packets;

  /** Of the present line: what was handed out, and all of it with its end. */
  private int done;

  private int length;

  /** What ended the file before its end; null when nothing did. */
  private IOException fault;

  /**
   * @param file read when the first line is asked for, closed by {@link #close}
   */
  public PcapLines(InputStream file) {
    this.file = file;
  }

  @Override
  public int read() throws IOException {
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int wanted) throws IOException {
    int at = offset;
    while (at < offset + wanted && hasLine(at > offset)) {
      int part = Math.min(length - done, offset + wanted - at);
      int ofJson = Math.min(part, json.length() - done);
      System.arraycopy(json.buffer(), done, target, at, ofJson);
      if (ofJson < part) {
        target[at + ofJson] = '\n';
      }
      done += part;
      at += part;
    }
    return at == offset && wanted > 0 ? -1 : at - offset;
  }

  /**
   * Goes to the next line when this one is handed out.
   *
   * @param late whether a fault is to be thrown by the next call, not by this one
   */
  private boolean hasLine(boolean late) throws IOException {
    if (done < length) {
      return true;
    }
    try {
      if (fault == null) {
        return nextLine();
      }
    } catch (IOException e) {
      fault = e;
    }
    if (late) {
      return false;
    }
    throw fault;
  }

  private boolean nextLine() throws IOException {
    try {
      if (packets == null) {
        packets = new PcapReader(file);
      }
      while (packets.next()) {
        if (packets.read(event)) {
          length = json.write(event).length() + 1;
          done = 0;
          return true;
        }
      }
      return false;
    } catch (MalformedCaptureException e) {
      throw new BrokenContentException("format", e);
    }
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
