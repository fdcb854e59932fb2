package dev.atalaya.capture.flow;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;

/** Writes datagrams for tests, also such as no exporter sends. */
final class Datagram {

  /** Of datagrams of v9 and IPFIX: 2023-11-14T22:13:20Z. */
  static final int EXPORT_SECONDS = 1_700_000_000;

  /** Of v9. */
  static final int UPTIME = 100_000;

  private static final int SOURCE_ID = 7;

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  static Datagram v5(int count, int records) {
    Datagram datagram = new Datagram();
    datagram.u16(5, count).u32(UPTIME, EXPORT_SECONDS, 0, 0).u16(0, 0);
    for (int i = 0; i < records; i++) {
      datagram.u32(0x0a000001, 0x0a000002, 0).u16(1, 2).u32(3, 400, UPTIME - 2_000, UPTIME - 1_000);
      datagram.u16(1024 + i, 80).u8(0, 0x12, 6, 0).u16(0, 0).u8(0, 0, 0, 0);
    }
    return datagram;
  }

  static Datagram v9(int sequence) {
    return new Datagram().u16(9, 1).u32(UPTIME, EXPORT_SECONDS, sequence, SOURCE_ID);
  }

  /** The length is filled in by {@link #toBytes}. */
  static Datagram ipfix(int sequence) {
    return new Datagram().u16(10, 0).u32(EXPORT_SECONDS, sequence, SOURCE_ID);
  }

  Datagram u8(int... values) {
    for (int value : values) {
      bytes.write(value);
    }
    return this;
  }

  Datagram u16(int... values) {
    for (int value : values) {
      u8(value >>> 8, value);
    }
    return this;
  }

  Datagram u32(int... values) {
    for (int value : values) {
      u16(value >>> 16, value);
    }
    return this;
  }

  Datagram u64(long value) {
    return u32((int) (value >>> 32), (int) value);
  }

  Datagram bytes(byte[] values) {
    bytes.writeBytes(values);
    return this;
  }

  Datagram zeros(int count) {
    return u8(new int[count]);
  }

  /** A set with its head. */
  Datagram set(int id, Datagram body) {
    return u16(id, 4 + body.bytes.size()).body(body);
  }

  /** A template of v9 or IPFIX: pairs of element and length. */
  static Datagram template(int id, int... fields) {
    return new Datagram().u16(id, fields.length / 2).u16(fields);
  }

  Datagram body(Datagram other) {
    bytes.writeBytes(other.bytes.toByteArray());
    return this;
  }

  byte[] toBytes() {
    byte[] datagram = bytes.toByteArray();
    if (datagram.length > 4 && datagram[1] == 10 && datagram[2] == 0 && datagram[3] == 0) {
      ByteBuffer.wrap(datagram).putShort(2, (short) datagram.length);
    }
    return datagram;
  }
}
