package dev.atalaya.sketch;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/**
 * The frame around every summary's bytes: magic, version, type, length, checksum. FORMAT.md
 * describes every byte; little-endian throughout, whatever the order of the buffer.
 */
final class SummaryCodec {

  static final int MAGIC = 0x4b535441; // "ATSK" in little-endian
  static final byte VERSION = 1;
  static final byte EXACT = 1;
  static final byte BUCKETS = 2;
  static final byte SIGNED = 3;
  static final byte SPREAD_EXACT = 4;
  static final byte SPREAD_FILTER = 5;
  static final byte SEEN_KEYS = 6;

  /** Magic, version, type, payload length before the payload; its checksum after. */
  static final int HEADER_BYTES = 4 + 1 + 1 + 4;

  static final int TRAILER_BYTES = 4;

  private SummaryCodec() {}

  static int maxBytes(HeavyKeySketch sketch) {
    return HEADER_BYTES + sketch.maxPayloadBytes() + TRAILER_BYTES;
  }

  static int maxBytes(SignedHeavyKeySketch sketch) {
    return HEADER_BYTES + maxBytes(sketch.positive()) + maxBytes(sketch.negative()) + TRAILER_BYTES;
  }

  static void write(HeavyKeySketch sketch, ByteBuffer target) {
    ByteBuffer frame = begin(target, sketch.isTable() ? EXACT : BUCKETS);
    sketch.writePayload(frame);
    end(target, frame);
  }

  static void write(SignedHeavyKeySketch sketch, ByteBuffer target) {
    ByteBuffer frame = begin(target, SIGNED);
    write(sketch.positive(), frame);
    write(sketch.negative(), frame);
    end(target, frame);
  }

  static int maxBytes(SpreadSketch sketch) {
    return HEADER_BYTES + sketch.maxPayloadBytes() + TRAILER_BYTES;
  }

  static void write(SpreadSketch sketch, ByteBuffer target) {
    ByteBuffer frame = begin(target, sketch.isExact() ? SPREAD_EXACT : SPREAD_FILTER);
    sketch.writePayload(frame);
    end(target, frame);
  }

  static int maxBytes(SeenKeys keys) {
    return HEADER_BYTES + keys.maxPayloadBytes() + TRAILER_BYTES;
  }

  static void write(SeenKeys keys, ByteBuffer target) {
    ByteBuffer frame = begin(target, SEEN_KEYS);
    keys.writePayload(frame);
    end(target, frame);
  }

  private static ByteBuffer begin(ByteBuffer target, byte type) {
    ByteBuffer frame = target.slice().order(ByteOrder.LITTLE_ENDIAN);
    return frame.putInt(MAGIC).put(VERSION).put(type).putInt(0);
  }

  private static void end(ByteBuffer target, ByteBuffer frame) {
    int end = frame.position();
    frame.putInt(HEADER_BYTES - 4, end - HEADER_BYTES);
    frame.putInt(checksum(frame, end));
    target.position(target.position() + frame.position());
  }

  private static int checksum(ByteBuffer frame, int end) {
    CRC32C crc = new CRC32C();
    crc.update(frame.duplicate().position(0).limit(end));
    return (int) crc.getValue();
  }

  static KeySummary read(ByteBuffer source) {
    return read(source, SPREAD_FILTER);
  }

  /** Reads a summary of a type up to the largest allowed: the halves of a pair are not pairs. */
  static KeySummary read(ByteBuffer source, byte largestType) {
    return read(source, EXACT, largestType, SummaryCodec::readPayload);
  }

  static SeenKeys readSeenKeys(ByteBuffer source) {
    return read(source, SEEN_KEYS, SEEN_KEYS, (type, payload) -> SeenKeys.readPayload(payload));
  }

  /** Reads what stands in a frame of a known type. */
  @FunctionalInterface
  private interface PayloadReader<T> {
    T read(byte type, SummaryReader payload);
  }

  private static <T> T read(
      ByteBuffer source, byte smallestType, byte largestType, PayloadReader<T> reader) {
    ByteBuffer frame = source.slice().order(ByteOrder.LITTLE_ENDIAN);
    if (frame.remaining() < HEADER_BYTES + TRAILER_BYTES) {
      throw new CorruptSummaryException(
          "a summary has at least "
              + (HEADER_BYTES + TRAILER_BYTES)
              + " bytes, got "
              + frame.remaining());
    }
    int magic = frame.getInt();
    if (magic != MAGIC) {
      throw new CorruptSummaryException(
          String.format("magic must be %08x, got %08x", MAGIC, magic));
    }
    byte version = frame.get();
    if (version != VERSION) {
      throw new CorruptSummaryException("version must be " + VERSION + ", got " + version);
    }
    byte type = frame.get();
    if (type < smallestType || type > largestType) {
      throw new CorruptSummaryException(
          "type must be " + smallestType + " to " + largestType + ", got " + type);
    }
    int length = frame.getInt();
    if (length < 0 || length > frame.remaining() - TRAILER_BYTES) {
      throw new CorruptSummaryException(
          "payload of " + length + " bytes, but " + frame.remaining() + " are left");
    }
    int end = HEADER_BYTES + length;
    int expected = checksum(frame, end);
    int actual = frame.getInt(end);
    if (actual != expected) {
      throw new CorruptSummaryException(
          String.format("checksum must be %08x, got %08x", expected, actual));
    }
    SummaryReader payload = new SummaryReader(frame.limit(end));
    T summary = reader.read(type, payload);
    payload.checkFinished();
    source.position(source.position() + end + TRAILER_BYTES);
    return summary;
  }

  private static KeySummary readPayload(byte type, SummaryReader payload) {
    if (type >= SPREAD_EXACT) {
      return SpreadSketch.readPayload(payload, type == SPREAD_EXACT);
    }
    if (type != SIGNED) {
      return HeavyKeySketch.readPayload(payload, type == EXACT);
    }
    HeavyKeySketch positive = (HeavyKeySketch) payload.readSummary(BUCKETS);
    HeavyKeySketch negative = (HeavyKeySketch) payload.readSummary(BUCKETS);
    if (positive.seedFingerprint() != negative.seedFingerprint()
        || positive.memoryBytes() != negative.memoryBytes()) {
      throw new CorruptSummaryException("the halves of a signed summary differ in seed or memory");
    }
    return new SignedHeavyKeySketch(positive, negative);
  }
}
