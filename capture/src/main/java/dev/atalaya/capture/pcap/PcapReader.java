package dev.atalaya.capture.pcap;

import dev.atalaya.capture.BigEndian;
import dev.atalaya.capture.FlowEvent;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads a capture file, packet by packet: pcap and pcapng, of either byte order, with any
 * resolution of time, also in gzip.
 *
 * <p>Memory is that of the longest packet, at most {@link #MAX_PACKET} bytes, or of the longest
 * block of pcapng, at most 16 MiB, and of at most {@link #MAX_INTERFACES} interfaces.
 *
 * <p>Error: {@link MalformedCaptureException} when the file is none, or ends inside a packet.
 *
 * <p>Not thread-safe.
 */
public final class PcapReader implements Closeable {

  /** What tcpdump allows as the longest, too. */
  public static final int MAX_PACKET = 256 * 1024;

  static final int MAX_INTERFACES = 4_096;

  private static final int BLOCK_MAX = 16 * 1024 * 1024;

  private static final int MAGIC_MICROS = 0xa1b2c3d4;
  private static final int MAGIC_NANOS = 0xa1b23c4d;
  private static final int SECTION = 0x0a0d0d0a; // the same in either order
  private static final int ORDER_MAGIC = 0x1a2b3c4d;
  private static final int INTERFACE = 1;
  private static final int OLD_PACKET = 2;
  private static final int SIMPLE_PACKET = 3;
  private static final int ENHANCED_PACKET = 6;
  private static final int OPTION_RESOLUTION = 9;
  private static final int OPTION_OFFSET = 14;

  /** The interface of a pcapng file: how its packets begin, and how it tells time. */
  private record Interface(
      int linkType, long ticksPerSecond, long offsetSeconds, long snapLength) {}

  private final CaptureInput in;
  private final PacketHeaders headers = new PacketHeaders();
  private final List<Interface> interfaces = new ArrayList<>();
  private final boolean pcapng;
  private final byte[] head = new byte[24];

  private int offset;
  private int captured;
  private long wireLength;
  private long millis;
  private int linkType;

  /**
   * Opens a file by its first bytes.
   *
   * @param input closed by {@link #close}
   */
  public PcapReader(InputStream input) throws IOException {
    in = new CaptureInput(input);
    if (!in.fill(head, 0, 4)) {
      throw in.malformed("an empty file");
    }
    int magic = BigEndian.i32(head, 0);
    pcapng = magic == SECTION;
    if (pcapng) {
      readSection();
    } else {
      readPcapHead(magic);
    }
  }

  /** Goes to the next packet; false at the end. */
  public boolean next() throws IOException {
    return pcapng ? nextBlock() : nextRecord();
  }

  /**
   * Fills an event with the packet.
   *
   * @return false when it is no packet of IP
   */
  public boolean read(FlowEvent event) {
    event.clear();
    if (!headers.read(linkType, in.data(), offset, captured, event)) {
      return false;
    }
    event.set(FlowEvent.TS, millis);
    event.set(FlowEvent.BYTES, wireLength);
    event.set(FlowEvent.PACKETS, 1);
    return true;
  }

  /** The bytes of the packet are those from {@link #offset}; good until the next one. */
  public byte[] data() {
    return in.data();
  }

  public int offset() {
    return offset;
  }

  /** How much of the packet is in the file. */
  public int captured() {
    return captured;
  }

  /** When the packet was captured, ms since the epoch. */
  public long millis() {
    return millis;
  }

  /** What {@link #read} found, with the payload of UDP. */
  public PacketHeaders headers() {
    return headers;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }

  private void readPcapHead(int magic) throws IOException {
    in.require(in.fill(head, 4, 20), "its head");
    long ticks = 1_000_000;
    if (magic == MAGIC_MICROS || magic == MAGIC_NANOS) {
      in.order(ByteOrder.BIG_ENDIAN);
    } else if (Integer.reverseBytes(magic) != MAGIC_MICROS
        && Integer.reverseBytes(magic) != MAGIC_NANOS) {
      throw in.malformed("no pcap or pcapng file: it begins with " + Integer.toHexString(magic));
    }
    if (magic == MAGIC_NANOS || Integer.reverseBytes(magic) == MAGIC_NANOS) {
      ticks = 1_000_000_000;
    }
    // The upper bits tell of checksums at the end of frames.
    interfaces.add(new Interface((int) in.u32(head, 20) & 0xffff, ticks, 0, 0));
  }

  private boolean nextRecord() throws IOException {
    if (!in.fill(head, 0, 16)) {
      return false;
    }
    Interface one = interfaces.get(0);
    long length = in.u32(head, 8);
    checkLength(length);
    in.read((int) length);
    packet(one, 0, (int) length, in.u32(head, 12));
    millis = in.u32(head, 0) * 1_000 + in.u32(head, 4) / (one.ticksPerSecond() / 1_000);
    return true;
  }

  private boolean nextBlock() throws IOException {
    while (in.fill(head, 0, 4)) {
      int type = (int) in.u32(head, 0);
      if (type == SECTION) {
        readSection();
        continue;
      }
      in.require(in.fill(head, 4, 4), "a block");
      long length = in.u32(head, 4);
      if (length < 12 || length > BLOCK_MAX || length % 4 != 0) {
        throw in.malformed("a block of " + length + " bytes");
      }
      int body = (int) length - 12;
      in.read(body);
      in.require(in.fill(head, 8, 4), "a block");
      if (in.u32(head, 8) != length) {
        throw in.malformed("a block whose two lengths differ");
      }
      if (isPacket(type, body)) {
        return true;
      }
    }
    return false;
  }

  private boolean isPacket(int type, int body) throws IOException {
    switch (type) {
      case INTERFACE -> readInterface(body);
      case ENHANCED_PACKET, OLD_PACKET -> {
        checkBody(body, 20);
        Interface from =
            interfaceOf(type == ENHANCED_PACKET ? in.u32(in.data(), 0) : in.u16(in.data(), 0));
        long length = in.u32(in.data(), 12);
        checkLength(length);
        checkBody(body, 20 + length);
        packet(from, 20, (int) length, in.u32(in.data(), 16));
        millis = millis(from, in.u32(in.data(), 4) << 32 | in.u32(in.data(), 8));
        return true;
      }
      case SIMPLE_PACKET -> {
        checkBody(body, 4);
        Interface from = interfaceOf(0);
        long wire = in.u32(in.data(), 0);
        long length = Math.min(wire, body - 4L);
        if (from.snapLength() > 0) {
          length = Math.min(length, from.snapLength());
        }
        checkLength(length);
        packet(from, 4, (int) length, wire);
        millis = FlowEvent.ABSENT; // it tells no time
        return true;
      }
      default -> {
        // names, statistics and what else there may be
      }
    }
    return false;
  }

  private void packet(Interface from, int at, int length, long wire) {
    linkType = from.linkType();
    offset = at;
    captured = length;
    wireLength = wire;
  }

  private static long millis(Interface from, long ticks) {
    long perSecond = from.ticksPerSecond();
    long seconds = Long.divideUnsigned(ticks, perSecond);
    long rest = Long.remainderUnsigned(ticks, perSecond);
    long millis =
        perSecond < Long.MAX_VALUE / 1_000 ? rest * 1_000 / perSecond : rest / (perSecond / 1_000);
    return Math.max(FlowEvent.ABSENT, (seconds + from.offsetSeconds()) * 1_000 + millis);
  }

  private void readSection() throws IOException {
    in.require(in.fill(head, 4, 8), "the head of a section");
    int magic = BigEndian.i32(head, 8);
    if (magic != ORDER_MAGIC && Integer.reverseBytes(magic) != ORDER_MAGIC) {
      throw in.malformed("a section without a byte order");
    }
    in.order(magic == ORDER_MAGIC ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
    long length = in.u32(head, 4);
    if (length < 28 || length > BLOCK_MAX || length % 4 != 0) {
      throw in.malformed("the head of a section of " + length + " bytes");
    }
    in.read((int) length - 12);
    interfaces.clear();
  }

  private void readInterface(int body) throws IOException {
    checkBody(body, 8);
    if (interfaces.size() == MAX_INTERFACES) {
      throw in.malformed("more than " + MAX_INTERFACES + " interfaces");
    }
    long ticks = 1_000_000;
    long seconds = 0;
    int at = 8;
    while (body - at >= 4) {
      int option = in.u16(in.data(), at);
      int length = in.u16(in.data(), at + 2);
      at += 4;
      if (option == 0 || length > body - at) {
        break;
      }
      if (option == OPTION_RESOLUTION && length == 1) {
        ticks = ticksPerSecond(in.data()[at]);
      } else if (option == OPTION_OFFSET && length == 8) {
        seconds = in.i64(in.data(), at);
      }
      at += (length + 3) / 4 * 4;
    }
    interfaces.add(new Interface(in.u16(in.data(), 0), ticks, seconds, in.u32(in.data(), 4)));
  }

  /** A negative power of 10, or of 2 when the highest bit is set. */
  private long ticksPerSecond(byte resolution) throws IOException {
    int exponent = resolution & 0x7f;
    if (resolution < 0 ? exponent > 62 : exponent > 18) {
      throw in.malformed("a resolution of time of " + exponent + " digits");
    }
    return resolution < 0 ? 1L << exponent : (long) Math.pow(10, exponent);
  }

  private Interface interfaceOf(long id) throws IOException {
    if (id >= interfaces.size()) {
      throw in.malformed("a packet of interface " + id + ", which is not described");
    }
    return interfaces.get((int) id);
  }

  private void checkBody(int body, long needed) throws IOException {
    if (body < needed) {
      throw in.malformed("a block shorter than what is in it");
    }
  }

  private void checkLength(long length) throws IOException {
    if (length > MAX_PACKET) {
      throw in.malformed("a packet of " + length + " bytes");
    }
  }
}
