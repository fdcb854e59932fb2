package dev.atalaya.connectors;

/**
 * One delivered payload: a view of bytes, valid until the decoder returns. Connectors reuse the
 * instance from one payload to the next.
 *
 * <p>Not thread-safe.
 */
public final class Payload {

  /** The value of {@link #timestampMillis} when the system keeps no time. */
  public static final long NO_TIMESTAMP = Long.MIN_VALUE;

  /** The array that holds the payload; null when the system delivered none (a tombstone). */
  public byte[] bytes;

  public int offset;
  public int length;

  /** True length when the connector kept only the beginning, as it does above its size limit. */
  public long fullLength;

  /** The system's own time of this payload, milliseconds since the epoch. */
  public long timestampMillis = NO_TIMESTAMP;

  /**
   * The first line of the file that this payload is from, and when it begins with {@code #} those
   * behind it that do too; the same array for every payload of one file, null for systems without
   * files.
   */
  public byte[] fileHeader;

  /** Whether this payload is itself the first line of the {@link #fileHeader}. */
  public boolean isFileHeader;

  /** A fault the connector met while reading this payload, as a reject reason; null when none. */
  public String fault;

  /** One sentence for people about the fault; null when it says all. */
  public String faultDetail;

  /** Whether the system is known to have delivered this payload before; it must not count again. */
  public boolean isDuplicate;

  public Origin origin;

  /** Sets the bytes of a whole payload and clears what is particular to one. */
  public Payload set(byte[] newBytes, int newOffset, int newLength, Origin newOrigin) {
    bytes = newBytes;
    offset = newOffset;
    length = newLength;
    fullLength = newLength;
    timestampMillis = NO_TIMESTAMP;
    isFileHeader = false;
    fault = null;
    faultDetail = null;
    isDuplicate = false;
    origin = newOrigin;
    return this;
  }
}
