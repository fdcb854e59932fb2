package dev.atalaya.job.decode;

import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Inflates a payload that is one gzip member (RFC 1952) and nothing more, up to a limit. Memory is
 * bounded by the limit, whatever the payload claims.
 *
 * <p>Not thread-safe.
 */
final class GzipPayload {

  private static final int HEADER_BYTES = 10;
  private static final int TRAILER_BYTES = 8;
  private static final int DEFLATE = 8;
  private static final int FLAG_HEADER_CRC = 2;
  private static final int FLAG_EXTRA = 4;
  private static final int FLAG_NAME = 8;
  private static final int FLAG_COMMENT = 16;

  private final int maxBytes;
  private final Inflater inflater = new Inflater(true);
  private final CRC32 crc = new CRC32();
  private byte[] inflated;
  private int length;
  private String detail;

  GzipPayload(int maxBytes) {
    this.maxBytes = maxBytes;
    inflated = new byte[Math.min(maxBytes, 8192) + 1];
  }

  /** The content of the last payload, its first {@link #length} bytes. */
  byte[] bytes() {
    return inflated;
  }

  int length() {
    return length;
  }

  /** What was wrong with it. */
  String detail() {
    return detail;
  }

  /** Inflates a payload; null when it is good, otherwise the reason why not. */
  RejectReason inflate(byte[] bytes, int offset, int size) {
    length = 0;
    int end = offset + size;
    int body = skipHeader(bytes, offset, end);
    if (body < 0) {
      return fail(RejectReason.COMPRESSION, "not gzip, or its header is cut");
    }
    inflater.reset();
    inflater.setInput(bytes, body, end - body);
    try {
      while (!inflater.finished()) {
        if (length > maxBytes) {
          return fail(RejectReason.INFLATE_LIMIT, "inflates to more than " + maxBytes + " bytes");
        }
        if (length == inflated.length) {
          inflated = Arrays.copyOf(inflated, Math.min(2 * length, maxBytes + 1));
        }
        int more = inflater.inflate(inflated, length, inflated.length - length);
        if (more == 0 && !inflater.finished()) {
          return fail(RejectReason.COMPRESSION, "the gzip data is cut");
        }
        length += more;
      }
    } catch (DataFormatException e) {
      return fail(RejectReason.COMPRESSION, "the gzip data is damaged");
    }
    if (length > maxBytes) {
      return fail(RejectReason.INFLATE_LIMIT, "inflates to more than " + maxBytes + " bytes");
    }
    return checkTrailer(bytes, end - inflater.getRemaining(), end);
  }

  private RejectReason checkTrailer(byte[] bytes, int trailer, int end) {
    if (end - trailer < TRAILER_BYTES) {
      return fail(RejectReason.COMPRESSION, "the gzip trailer is cut");
    }
    if (end - trailer > TRAILER_BYTES) {
      return fail(RejectReason.COMPRESSION, "something follows the gzip data");
    }
    crc.reset();
    crc.update(inflated, 0, length);
    if (littleEndian(bytes, trailer) != (int) crc.getValue()
        || littleEndian(bytes, trailer + 4) != length) {
      return fail(RejectReason.COMPRESSION, "the gzip checksum does not match");
    }
    return null;
  }

  /** The place behind the header, or -1. */
  private static int skipHeader(byte[] bytes, int offset, int end) {
    if (end - offset < HEADER_BYTES
        || bytes[offset] != 0x1f
        || bytes[offset + 1] != (byte) 0x8b
        || bytes[offset + 2] != DEFLATE) {
      return -1;
    }
    int flags = bytes[offset + 3];
    int at = offset + HEADER_BYTES;
    if ((flags & FLAG_EXTRA) != 0) {
      if (end - at < 2) {
        return -1;
      }
      at += 2 + ((bytes[at] & 0xff) | (bytes[at + 1] & 0xff) << 8);
    }
    if ((flags & FLAG_NAME) != 0) {
      at = skipText(bytes, at, end);
    }
    if ((flags & FLAG_COMMENT) != 0) {
      at = skipText(bytes, at, end);
    }
    if ((flags & FLAG_HEADER_CRC) != 0) {
      at += 2;
    }
    return at < end ? at : -1;
  }

  private static int skipText(byte[] bytes, int from, int end) {
    int at = from;
    while (at < end && bytes[at] != 0) {
      at++;
    }
    return at + 1;
  }

  private static int littleEndian(byte[] bytes, int at) {
    return (bytes[at] & 0xff)
        | (bytes[at + 1] & 0xff) << 8
        | (bytes[at + 2] & 0xff) << 16
        | (bytes[at + 3] & 0xff) << 24;
  }

  private RejectReason fail(RejectReason reason, String why) {
    detail = why;
    return reason;
  }
}
