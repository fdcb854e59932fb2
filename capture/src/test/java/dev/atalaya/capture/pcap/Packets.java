package dev.atalaya.capture.pcap;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

/** Writes packets for tests. */
public final class Packets {

  private Packets() {}

  /** A pcap file of Ethernet, a packet in each millisecond from 1,700,000,000 s on. */
  public static byte[] pcap(List<byte[]> packets) {
    ByteBuffer file =
        ByteBuffer.allocate(24 + packets.stream().mapToInt(packet -> 16 + packet.length).sum());
    file.putInt(0xa1b2c3d4).putShort((short) 2).putShort((short) 4).putInt(0).putInt(0);
    file.putInt(65_535).putInt(PacketHeaders.ETHERNET);
    for (int i = 0; i < packets.size(); i++) {
      byte[] packet = packets.get(i);
      file.putInt(1_700_000_000 + i / 1_000).putInt(i % 1_000 * 1_000);
      file.putInt(packet.length).putInt(packet.length).put(packet);
    }
    return file.array();
  }

  /** As {@link #udp4(int, int, int)}, with what is in it. */
  public static byte[] udp4(int sport, int dport, byte[] payload) {
    byte[] packet = udp4(sport, dport, payload.length);
    System.arraycopy(payload, 0, packet, packet.length - payload.length, payload.length);
    return packet;
  }

  public static byte[] udp4(int sport, int dport, int payload) {
    return join(ethernet(0x0800), ipv4(17, 0, 8 + payload), udp(sport, dport, payload));
  }

  public static byte[] ethernet(int type) {
    return ByteBuffer.allocate(14).putShort(12, (short) type).array();
  }

  /** From 10.0.0.1 to 10.0.0.2. */
  static byte[] ipv4(int protocol, int fragment, int payload) {
    return ByteBuffer.allocate(20)
        .putShort(0, (short) 0x4500)
        .putShort(2, (short) (20 + payload))
        .putShort(6, (short) fragment)
        .put(9, (byte) protocol)
        .putInt(12, 0x0a000001)
        .putInt(16, 0x0a000002)
        .array();
  }

  /** From ::1 to ::2. */
  static byte[] ipv6(int next, int payload) {
    return ByteBuffer.allocate(40)
        .putInt(0, 0x6b800000)
        .putShort(4, (short) payload)
        .put(6, (byte) next)
        .putInt(20, 1)
        .putInt(36, 2)
        .array();
  }

  /** Head and zeros. */
  static byte[] udp(int sport, int dport, int payload) {
    return ByteBuffer.allocate(8 + payload)
        .putShort((short) sport)
        .putShort((short) dport)
        .putShort((short) (8 + payload))
        .array();
  }

  static byte[] bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return bytes;
  }

  static byte[] join(byte[]... parts) {
    byte[] all = new byte[Arrays.stream(parts).mapToInt(part -> part.length).sum()];
    ByteBuffer buffer = ByteBuffer.wrap(all);
    for (byte[] part : parts) {
      buffer.put(part);
    }
    return all;
  }
}
