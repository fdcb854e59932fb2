package dev.atalaya.capture.flow;

import static dev.atalaya.capture.BigEndian.i32;
import static dev.atalaya.capture.BigEndian.u32;

import dev.atalaya.capture.FlowEvent;
import dev.atalaya.capture.IpAddress;
import dev.atalaya.capture.pcap.PacketHeaders;

/**
 * sFlow v5 (sflow.org): packets, picked one of so many, with what the switch knows of their way. An
 * event is one of them, standing for all that it was picked from: its packets are the rate, its
 * bytes the length of the frame times the rate. Its time is that of arrival, for sFlow tells none;
 * its exporter the agent. Samples of counters are skipped.
 */
final class SflowV5 {

  static final int VERSION = 5;

  private static final int FLOW_SAMPLE = 1;
  private static final int EXPANDED_FLOW_SAMPLE = 3;

  private static final int RAW_HEADER = 1;
  private static final int IPV4_DATA = 3;
  private static final int IPV6_DATA = 4;
  private static final int ROUTER = 1002;
  private static final int GATEWAY = 1003;

  private static final int ADDRESS_IPV4 = 1;
  private static final int ADDRESS_IPV6 = 2;

  private static final long DOMAIN_KEY = 6L << 56;
  private static final long UNKNOWN_INTERFACE = 0x3fff_ffff;

  private final FlowOutput out;
  private final PacketHeaders headers = new PacketHeaders();
  private final IpAddress agent = new IpAddress();

  SflowV5(FlowOutput out) {
    this.out = out;
  }

  void decode(Exporter exporter, byte[] d, int offset, int length, long receivedMillis) {
    int end = offset + length;
    int addressLength = length < 8 ? 0 : addressLength(i32(d, offset + 4));
    int at = offset + 8 + addressLength;
    if (addressLength == 0 || end - at < 16) {
      reject(exporter, "shorter than its head", d, offset, end);
      return;
    }
    agent.set(d, offset + 8, addressLength);
    if (agent.isUnspecified()) {
      agent.set(exporter.ip());
    }
    long subAgent = u32(d, at);
    Domain domain = exporter.domain(DOMAIN_KEY | subAgent);
    if (domain.isGap(u32(d, at + 4), 1)) {
      out.count(FlowCounter.SEQUENCE_GAPS);
    }
    long samples = u32(d, at + 12);
    at += 16;
    for (long i = 0; i < samples; i++) {
      if (end - at < 8 || u32(d, at + 4) > end - at - 8) {
        reject(exporter, "a sample that runs past the end", d, at, end);
        return;
      }
      int kind = i32(d, at);
      int sampleEnd = at + 8 + i32(d, at + 4);
      switch (kind) {
        case FLOW_SAMPLE, EXPANDED_FLOW_SAMPLE -> {
          out.event().clear();
          out.event().set(FlowEvent.TS, receivedMillis);
          out.event().set(FlowEvent.DOMAIN, subAgent);
          readSample(exporter, kind == EXPANDED_FLOW_SAMPLE, d, at + 8, sampleEnd);
        }
        default -> out.count(FlowCounter.OTHER_RECORDS);
      }
      at = sampleEnd;
    }
  }

  private void readSample(Exporter exporter, boolean expanded, byte[] d, int from, int end) {
    int head = expanded ? 44 : 32;
    if (end - from < head) {
      reject(exporter, "a sample shorter than its head", d, from, end);
      return;
    }
    FlowEvent event = out.event();
    event.exporter().set(agent);
    long rate = Math.max(1, u32(d, from + (expanded ? 12 : 8)));
    if (expanded) {
      event.set(FlowEvent.IN, u32(d, from + 24) == 0 ? u32(d, from + 28) : FlowEvent.ABSENT);
      event.set(FlowEvent.OUT, u32(d, from + 32) == 0 ? u32(d, from + 36) : FlowEvent.ABSENT);
    } else {
      event.set(FlowEvent.IN, interfaceOf(u32(d, from + 20)));
      event.set(FlowEvent.OUT, interfaceOf(u32(d, from + 24)));
    }
    long records = u32(d, from + head - 4);
    long bytes = FlowEvent.ABSENT;
    int at = from + head;
    for (long i = 0; i < records; i++) {
      if (end - at < 8 || u32(d, at + 4) > end - at - 8) {
        reject(exporter, "a record that runs past its sample", d, at, end);
        return;
      }
      int recordEnd = at + 8 + i32(d, at + 4);
      bytes = Math.max(bytes, readRecord(i32(d, at), d, at + 8, recordEnd));
      at = recordEnd;
    }
    if (!event.src().isPresent()) {
      out.count(FlowCounter.OTHER_RECORDS);
      return;
    }
    if (Sampling.apply(event, rate, bytes, 1)) {
      out.emit();
    } else {
      out.reject(
          exporter.address(),
          RejectReason.NUMBER_RANGE,
          "a length and a rate that multiply to 2^63 or more",
          d,
          from,
          end - from);
    }
  }

  /** Answers the length of the packet, where the record tells it. */
  private long readRecord(int kind, byte[] d, int at, int end) {
    FlowEvent event = out.event();
    int there = end - at;
    switch (kind) {
      case RAW_HEADER -> {
        if (there >= 16) {
          long header = Math.min(u32(d, at + 12), there - 16);
          headers.read(linkType(i32(d, at)), d, at + 16, (int) header, event);
          return u32(d, at + 4);
        }
      }
      case IPV4_DATA -> {
        if (there >= 32 && !event.src().isPresent()) {
          readIpData(d, at, IpAddress.IPV4_LENGTH);
          return u32(d, at);
        }
      }
      case IPV6_DATA -> {
        if (there >= 56 && !event.src().isPresent()) {
          readIpData(d, at, IpAddress.IPV6_LENGTH);
          return u32(d, at);
        }
      }
      case ROUTER -> readAddress(event.nextHop(), d, at, end);
      case GATEWAY -> readGateway(d, at, end);
      default -> {
        // of switches, users, URLs and makers
      }
    }
    return FlowEvent.ABSENT;
  }

  private void readIpData(byte[] d, int from, int addressLength) {
    FlowEvent event = out.event();
    event.set(FlowEvent.PROTO, u32(d, from + 4));
    event.src().set(d, from + 8, addressLength);
    event.dst().set(d, from + 8 + addressLength, addressLength);
    int at = from + 8 + 2 * addressLength;
    event.set(FlowEvent.SPORT, u32(d, at));
    event.set(FlowEvent.DPORT, u32(d, at + 4));
    event.set(FlowEvent.FLAGS, u32(d, at + 8) & 0xff);
    event.set(FlowEvent.TOS, u32(d, at + 12) & 0xff);
  }

  /** Answers where it ends; past the end when it is cut off. */
  private static int readAddress(IpAddress target, byte[] d, int at, int end) {
    int length = end - at < 4 ? 0 : addressLength(i32(d, at));
    if (length > end - at - 4) {
      return Integer.MAX_VALUE;
    }
    if (length > 0) {
      target.set(d, at + 4, length);
      if (target.isUnspecified()) {
        target.clear();
      }
    }
    return at + 4 + length;
  }

  private void readGateway(byte[] d, int from, int end) {
    FlowEvent event = out.event();
    int at = readAddress(event.nextHop(), d, from, end);
    if (at > end - 16) {
      return;
    }
    long source = u32(d, at + 4);
    event.set(FlowEvent.SRC_AS, source);
    long segments = u32(d, at + 12);
    at += 16;
    for (long i = 0; i < segments && end - at >= 8; i++) {
      long length = u32(d, at + 4);
      at += 8;
      if (length > (end - at) / 4) {
        return;
      }
      at += 4 * (int) length;
      if (length > 0) {
        // The path leads to the destination.
        event.set(FlowEvent.DST_AS, u32(d, at - 4));
      }
    }
  }

  private static int linkType(int headerProtocol) {
    return switch (headerProtocol) {
      case 1 -> PacketHeaders.ETHERNET;
      case 11 -> PacketHeaders.IPV4;
      case 12 -> PacketHeaders.IPV6;
      default -> -1;
    };
  }

  private static int addressLength(int kind) {
    return kind == ADDRESS_IPV4
        ? IpAddress.IPV4_LENGTH
        : kind == ADDRESS_IPV6 ? IpAddress.IPV6_LENGTH : 0;
  }

  /** The upper two bits tell of packets that were dropped, or left by several interfaces. */
  private static long interfaceOf(long value) {
    return value >= UNKNOWN_INTERFACE ? FlowEvent.ABSENT : value;
  }

  private void reject(Exporter exporter, String detail, byte[] d, int from, int end) {
    out.reject(exporter.address(), RejectReason.LENGTH, detail, d, from, end - from);
  }
}
