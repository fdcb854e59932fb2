package dev.atalaya.capture.pcap;

import static dev.atalaya.capture.BigEndian.u16;
import static dev.atalaya.capture.BigEndian.u8;

import dev.atalaya.capture.FlowEvent;
import dev.atalaya.capture.IpAddress;

/**
 * Reads the headers of a packet, as far as they were captured: Ethernet with VLAN tags, Linux
 * cooked, loopback and raw; IPv4, IPv6 with its extension headers; the ports of TCP, UDP, SCTP and
 * UDP-Lite, type and code of ICMP in their place, the flags of TCP.
 *
 * <p>IPsec is a protocol of its own (50, 51), in IPv6 as in IPv4: what it wraps is not looked at.
 *
 * <p>A fragment behind the first has no ports: they are 0, as they are for other protocols, and the
 * flags too. Headers that are cut off leave 0 as well.
 *
 * <p>Not thread-safe.
 */
public final class PacketHeaders {

  // Numbers of tcpdump.org's registry of link types.
  public static final int NULL = 0;
  public static final int ETHERNET = 1;
  public static final int RAW = 101;
  public static final int LOOP = 108;
  public static final int LINUX_COOKED = 113;
  public static final int IPV4 = 228;
  public static final int IPV6 = 229;
  public static final int LINUX_COOKED_2 = 276;
  // What raw IP is called in captures of OpenBSD and others.
  private static final int RAW_BSD = 12;
  private static final int RAW_OPENBSD = 14;

  private static final int ETHERTYPE_IPV4 = 0x0800;
  private static final int ETHERTYPE_IPV6 = 0x86dd;
  private static final int MAX_VLAN_TAGS = 4;

  private static final int HOP_BY_HOP = 0;
  private static final int ICMP = 1;
  private static final int TCP = 6;
  private static final int UDP = 17;
  private static final int ROUTING = 43;
  private static final int FRAGMENT = 44;
  private static final int ICMPV6 = 58;
  private static final int DESTINATION_OPTIONS = 60;
  private static final int SCTP = 132;
  private static final int MOBILITY = 135;
  private static final int UDP_LITE = 136;
  private static final int HOST_IDENTITY = 139;
  private static final int SHIM6 = 140;

  private static final int UDP_HEAD = 8;

  private int payloadOffset;
  private int payloadLength;

  /**
   * Fills what the headers tell into a cleared event.
   *
   * @param linkType what the packet begins with
   * @param captured how many bytes there are from {@code offset}
   * @return false when it is no packet of IP, of which nothing is filled in
   */
  public boolean read(int linkType, byte[] d, int offset, int captured, FlowEvent event) {
    payloadOffset = 0;
    payloadLength = 0;
    int end = offset + captured;
    return switch (linkType) {
      case ETHERNET -> captured >= 14 && readTyped(u16(d, offset + 12), d, offset + 14, end, event);
      case LINUX_COOKED ->
          captured >= 16 && readTyped(u16(d, offset + 14), d, offset + 16, end, event);
      case LINUX_COOKED_2 ->
          captured >= 20 && readTyped(u16(d, offset), d, offset + 20, end, event);
      // The family differs with the system that captured; the version does not.
      case NULL, LOOP -> captured >= 4 && readIp(d, offset + 4, end, event);
      case RAW, RAW_BSD, RAW_OPENBSD, IPV4, IPV6 -> readIp(d, offset, end, event);
      default -> false;
    };
  }

  /** Where the payload begins of a UDP datagram that is whole in the packet read last, else 0. */
  public int udpPayloadOffset() {
    return payloadOffset;
  }

  public int udpPayloadLength() {
    return payloadLength;
  }

  private boolean readTyped(int firstType, byte[] d, int from, int end, FlowEvent event) {
    int type = firstType;
    int at = from;
    for (int tags = 0; isVlan(type) && tags < MAX_VLAN_TAGS && end - at >= 4; tags++) {
      type = u16(d, at + 2);
      at += 4;
    }
    return (type == ETHERTYPE_IPV4 || type == ETHERTYPE_IPV6) && readIp(d, at, end, event);
  }

  private static boolean isVlan(int type) {
    return type == 0x8100 || type == 0x88a8 || type == 0x9100;
  }

  private boolean readIp(byte[] d, int at, int end, FlowEvent event) {
    if (at >= end) {
      return false;
    }
    return switch (u8(d, at) >> 4) {
      case 4 -> read4(d, at, end, event);
      case 6 -> read6(d, at, end, event);
      default -> false;
    };
  }

  private boolean read4(byte[] d, int at, int end, FlowEvent event) {
    int head = (u8(d, at) & 0xf) * 4;
    if (head < 20 || end - at < 20) {
      return false;
    }
    event.src().set(d, at + 12, IpAddress.IPV4_LENGTH);
    event.dst().set(d, at + 16, IpAddress.IPV4_LENGTH);
    event.set(FlowEvent.TOS, u8(d, at + 1));
    int fragment = u16(d, at + 6);
    boolean first = (fragment & 0x1fff) == 0;
    boolean only = first && (fragment & 0x2000) == 0;
    // A length of 0 is written where the network card is to cut the packet up.
    int total = u16(d, at + 2);
    int ipEnd = total < head ? end : Math.min(end, at + total);
    readTransport(u8(d, at + 9), d, first ? at + head : ipEnd, ipEnd, only, event);
    return true;
  }

  private boolean read6(byte[] d, int from, int end, FlowEvent event) {
    if (end - from < 40) {
      return false;
    }
    event.src().set(d, from + 8, IpAddress.IPV6_LENGTH);
    event.dst().set(d, from + 24, IpAddress.IPV6_LENGTH);
    event.set(FlowEvent.TOS, u16(d, from) >> 4 & 0xff);
    int length = u16(d, from + 4);
    int ipEnd = length == 0 ? end : Math.min(end, from + 40 + length);
    int next = u8(d, from + 6);
    int at = from + 40;
    boolean only = true;
    while (ipEnd - at >= 8 && isExtension(next)) {
      boolean fragment = next == FRAGMENT;
      int head = fragment ? 8 : (u8(d, at + 1) + 1) * 8;
      next = u8(d, at);
      if (fragment) {
        int place = u16(d, at + 2);
        only &= (place & 0xfff9) == 0;
        if ((place & 0xfff8) != 0) {
          at = ipEnd;
          break;
        }
      }
      at += head;
    }
    readTransport(next, d, Math.min(at, ipEnd), ipEnd, only, event);
    return true;
  }

  private static boolean isExtension(int next) {
    return switch (next) {
      case HOP_BY_HOP, ROUTING, FRAGMENT, DESTINATION_OPTIONS, MOBILITY, HOST_IDENTITY, SHIM6 ->
          true;
      default -> false;
    };
  }

  private void readTransport(
      int protocol, byte[] d, int at, int end, boolean whole, FlowEvent event) {
    int there = end - at;
    int sport = 0;
    int dport = 0;
    int flags = 0;
    switch (protocol) {
      case TCP, UDP, SCTP, UDP_LITE -> {
        if (there >= 4) {
          sport = u16(d, at);
          dport = u16(d, at + 2);
        }
        if (protocol == TCP && there >= 14) {
          flags = u8(d, at + 13);
        }
        if (protocol == UDP && whole && there >= UDP_HEAD && u16(d, at + 4) >= UDP_HEAD) {
          int length = u16(d, at + 4);
          payloadOffset = length <= there ? at + UDP_HEAD : 0;
          payloadLength = length <= there ? length - UDP_HEAD : 0;
        }
      }
      case ICMP, ICMPV6 -> {
        if (there >= 2) {
          sport = u8(d, at);
          dport = u8(d, at + 1);
        }
      }
      default -> {
        // no ports
      }
    }
    event.set(FlowEvent.PROTO, protocol);
    event.set(FlowEvent.SPORT, sport);
    event.set(FlowEvent.DPORT, dport);
    event.set(FlowEvent.FLAGS, flags);
  }
}
