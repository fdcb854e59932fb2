package dev.atalaya.capture.flow;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;

/** Writes datagrams for tests, also such as no exporter sends. */
public final class Datagram {

  /** Of datagrams of v9 and IPFIX: 2023-11-14T22:13:20Z. */
  public static final int EXPORT_SECONDS = 1_700_000_000;

  /** Of v9. */
  static final int UPTIME = 100_000;

  private static final int SOURCE_ID = 7;

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  public static Datagram v5(int count, int records) {
    Datagram datagram = new Datagram();
    datagram.u16(5, count).u32(UPTIME, EXPORT_SECONDS, 0, 0).u16(0, 0);
    for (int i = 0; i < records; i++) {
      datagram.u32(0x0a000001, 0x0a000002, 0).u16(1, 2).u32(3, 400, UPTIME - 2_000, UPTIME - 1_000);
      datagram.u16(1024 + i, 80).u8(0, 0x12, 6, 0).u16(0, 0).u8(0, 0, 0, 0);
    }
    return datagram;
  }

  public static Datagram v9(int sequence) {
    return new Datagram().u16(9, 1).u32(UPTIME, EXPORT_SECONDS, sequence, SOURCE_ID);
  }

  /** The length is filled in by {@link #toBytes}. */
  public static Datagram ipfix(int sequence) {
    return new Datagram().u16(10, 0).u32(EXPORT_SECONDS, sequence, SOURCE_ID);
  }

  public Datagram u8(int... values) {
    for (int value : values) {
      bytes.write(value);
    }
    return this;
  }

  public Datagram u16(int... values) {
    for (int value : values) {
      u8(value >>> 8, value);
    }
    return this;
  }

  public Datagram u32(int... values) {
    for (int value : values) {
      u16(value >>> 16, value);
    }
    return this;
  }

  public Datagram u64(long value) {
    return u32((int) (value >>> 32), (int) value);
  }

  public Datagram bytes(byte[] values) {
    bytes.writeBytes(values);
    return this;
  }

  public Datagram zeros(int count) {
    return u8(new int[count]);
  }

  /** A set with its head. */
  public Datagram set(int id, Datagram body) {
    return u16(id, 4 + body.bytes.size()).body(body);
  }

  /** A template of v9 or IPFIX: pairs of element and length. */
  public static Datagram template(int id, int... fields) {
    return new Datagram().u16(id, fields.length / 2).u16(fields);
  }

  public Datagram body(Datagram other) {
    bytes.writeBytes(other.bytes.toByteArray());
    return this;
  }

  public byte[] toBytes() {
    byte[] datagram = bytes.toByteArray();
    if (datagram.length > 4 && datagram[1] == 10 && datagram[2] == 0 && datagram[3] == 0) {
      ByteBuffer.wrap(datagram).putShort(2, (short) datagram.length);
    }
    return datagram;
  }
}
