package dev.atalaya.bench.job;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A protocol that routers export flows by, and datagrams of the {@link Flows} in it. */
enum ExportVariant {
  NETFLOW_V5("NetFlow v5", 24, 48, 30) {
    @Override
    void head(ByteBuffer out, long first, int records) {
      out.putShort((short) 5).putShort((short) records).putInt(UPTIME).putInt(SECONDS);
      out.putInt(0).putInt((int) first).putInt(0);
    }

    @Override
    void flow(ByteBuffer out, Flows flows, long event) {
      out.putInt(source(flows, event)).putInt(destination(flows, event)).putInt(0);
      out.putShort((short) 3).putShort((short) 4);
      out.putInt(packets(flows, event)).putInt(flows.bytes(event));
      out.putInt(UPTIME - 2_000).putInt(UPTIME - 1_000);
      out.putShort(sourcePort(event)).putShort((short) flows.port(event));
      out.put((byte) 0).put((byte) 0x12).put((byte) 6).put((byte) 0);
      out.putLong(0);
    }
  },
  NETFLOW_V9("NetFlow v9", 24, 44, 30) {
    @Override
    byte[] template() {
      byte[] datagram = new byte[20 + 4 + 4 + V9_FIELDS.length * 2];
      ByteBuffer out = ByteBuffer.wrap(datagram);
      out.putShort((short) 9).putShort((short) 1).putInt(UPTIME).putInt(SECONDS).putInt(0);
      putTemplate(out.putInt(7), 0, V9_FIELDS);
      return datagram;
    }

    @Override
    void head(ByteBuffer out, long first, int records) {
      out.putShort((short) 9).putShort((short) records).putInt(UPTIME).putInt(SECONDS);
      out.putInt((int) (first / FLOWS_A_DATAGRAM) + 1).putInt(7);
      out.putShort((short) TEMPLATE).putShort((short) (4 + records * recordBytes));
    }

    @Override
    void flow(ByteBuffer out, Flows flows, long event) {
      addresses(out, flows, event);
      out.putInt(packets(flows, event)).putInt(flows.bytes(event));
      out.putInt(UPTIME - 2_000).putInt(UPTIME - 1_000);
      rest(out, flows, event);
    }
  },
  IPFIX("IPFIX", 20, 60, 20) {
    @Override
    byte[] template() {
      byte[] datagram = new byte[16 + 4 + 4 + IPFIX_FIELDS.length * 2];
      ByteBuffer out = ByteBuffer.wrap(datagram);
      out.putShort((short) 10).putShort((short) datagram.length).putInt(SECONDS).putInt(0);
      putTemplate(out.putInt(7), 2, IPFIX_FIELDS);
      return datagram;
    }

    @Override
    void head(ByteBuffer out, long first, int records) {
      int set = 4 + records * recordBytes;
      out.putShort((short) 10).putShort((short) (16 + set)).putInt(SECONDS).putInt((int) first);
      out.putInt(7).putShort((short) TEMPLATE).putShort((short) set);
    }

    @Override
    void flow(ByteBuffer out, Flows flows, long event) {
      addresses(out, flows, event);
      out.putLong(packets(flows, event)).putLong(flows.bytes(event));
      out.putLong(Flows.START_MILLIS - 2_000).putLong(Flows.START_MILLIS - 1_000);
      rest(out, flows, event);
    }
  },
  /** A record is the beginning of a packet: Ethernet, IPv4, TCP. */
  SFLOW("sFlow v5", 28, 128, 10) {
    @Override
    void head(ByteBuffer out, long first, int records) {
      out.putInt(5).putInt(1).putInt(0xc0000201).putInt(0);
      out.putInt((int) (first / FLOWS_A_DATAGRAM)).putInt(UPTIME).putInt(records);
    }

    @Override
    void flow(ByteBuffer out, Flows flows, long event) {
      out.putInt(1).putInt(120).putInt((int) event).putInt(3).putInt(100).putInt(0).putInt(0);
      out.putInt(3).putInt(4).putInt(1);
      int end = out.position() + 8 + 16 + 64;
      out.putInt(1).putInt(16 + 64).putInt(1).putInt(flows.bytes(event) + 64).putInt(4).putInt(64);
      out.position(out.position() + 12).putShort((short) 0x0800);
      out.putShort((short) 0x4500).putShort((short) (flows.bytes(event) + 46)).putInt(0);
      out.put((byte) 64).put((byte) 6).putShort((short) 0);
      out.putInt(source(flows, event)).putInt(destination(flows, event));
      out.putShort(sourcePort(event)).putShort((short) flows.port(event)).putLong(0);
      out.putShort((short) 0x5012).putShort((short) 512);
      out.position(end);
    }
  };

  private static final int UPTIME = 100_000;
  private static final int SECONDS = (int) (Flows.START_MILLIS / 1_000);
  private static final int TEMPLATE = 256;

  /** Where a sequence stands for datagrams, for those with the most flows. */
  private static final int FLOWS_A_DATAGRAM = 30;

  /** Pairs of element and length; the last one is filling, which no decoder knows. */
  private static final int[] V9_FIELDS = {
    8, 4, 12, 4, 10, 2, 14, 2, 2, 4, 1, 4, 22, 4, 21, 4, 7, 2, 11, 2, 6, 1, 4, 1, 5, 1, 16, 4, 17,
    4, 210, 1
  };

  private static final int[] IPFIX_FIELDS = {
    8, 4, 12, 4, 10, 2, 14, 2, 2, 8, 1, 8, 152, 8, 153, 8, 7, 2, 11, 2, 6, 1, 4, 1, 5, 1, 16, 4, 17,
    4, 210, 1
  };

  final String label;
  final int flowsPerDatagram;
  final int recordBytes;
  private final int headBytes;

  ExportVariant(String label, int headBytes, int recordBytes, int flowsPerDatagram) {
    this.label = label;
    this.headBytes = headBytes;
    this.recordBytes = recordBytes;
    this.flowsPerDatagram = flowsPerDatagram;
  }

  /** What an exporter sends before its first flow; null for nothing. */
  byte[] template() {
    return null;
  }

  /**
   * @param first the number of the first flow behind it
   */
  abstract void head(ByteBuffer out, long first, int records);

  abstract void flow(ByteBuffer out, Flows flows, long event);

  /** Full datagrams, with at least so many flows in all. */
  List<byte[]> datagrams(Flows flows, int records) {
    List<byte[]> datagrams = new ArrayList<>();
    for (long first = 0; first < records; first += flowsPerDatagram) {
      ByteBuffer out = ByteBuffer.allocate(headBytes + flowsPerDatagram * recordBytes);
      head(out, first, flowsPerDatagram);
      for (long event = first; event < first + flowsPerDatagram; event++) {
        flow(out, flows, event);
      }
      if (out.hasRemaining()) {
        throw new IllegalStateException(this + ": " + out);
      }
      datagrams.add(out.array());
    }
    return datagrams;
  }

  private static void putTemplate(ByteBuffer out, int set, int[] fields) {
    out.putShort((short) set).putShort((short) (8 + 2 * fields.length));
    out.putShort((short) TEMPLATE).putShort((short) (fields.length / 2));
    Arrays.stream(fields).forEach(field -> out.putShort((short) field));
  }

  private static void addresses(ByteBuffer out, Flows flows, long event) {
    out.putInt(source(flows, event)).putInt(destination(flows, event));
    out.putShort((short) 3).putShort((short) 4);
  }

  private static void rest(ByteBuffer out, Flows flows, long event) {
    out.putShort(sourcePort(event)).putShort((short) flows.port(event));
    out.put((byte) 0x12).put((byte) 6).put((byte) 0).putInt(64_500).putInt(64_501).put((byte) 0);
  }

  private static int source(Flows flows, long event) {
    return 0x0a000000 | flows.source(event);
  }

  private static int destination(Flows flows, long event) {
    return 0xac100000 | flows.destination(event);
  }

  private static int packets(Flows flows, long event) {
    return 1 + flows.bytes(event) / 100;
  }

  private static short sourcePort(long event) {
    return (short) (1024 + event % 60_000);
  }
}
