package dev.atalaya.sketch;

import java.nio.ByteBuffer;

/** Reads the bytes that any {@link KeySummary} writes. */
public final class KeySummaries {

  private KeySummaries() {}

  /**
   * Reads one summary from the buffer's position on and leaves the position behind it.
   *
   * @throws CorruptSummaryException when the bytes are not one whole summary of a known version
   */
  public static KeySummary read(ByteBuffer source) {
    return SummaryCodec.read(source);
  }

  /** The summary's bytes in an array of their length. */
  public static byte[] toBytes(KeySummary summary) {
    ByteBuffer buffer = ByteBuffer.allocate(summary.maxSerializedBytes());
    summary.write(buffer);
    byte[] bytes = new byte[buffer.position()];
    buffer.flip().get(bytes);
    return bytes;
  }

  /** Refuses to merge summaries of different seed or memory. */
  static void checkMergeable(KeySummary one, KeySummary other) {
    if (one.seedFingerprint() != other.seedFingerprint()) {
      throw new IllegalArgumentException(
          "cannot merge: seed fingerprint "
              + Long.toHexString(one.seedFingerprint())
              + " != "
              + Long.toHexString(other.seedFingerprint()));
    }
    if (one.memoryBytes() != other.memoryBytes()) {
      throw new IllegalArgumentException(
          "cannot merge: memory of " + one.memoryBytes() + " bytes != " + other.memoryBytes());
    }
  }
}
