package dev.atalaya.capture.flow;

import static dev.atalaya.capture.BigEndian.i32;
import static dev.atalaya.capture.BigEndian.u16;
import static dev.atalaya.capture.BigEndian.u32;
import static dev.atalaya.capture.BigEndian.u8;

import dev.atalaya.capture.FlowEvent;
import dev.atalaya.capture.IpAddress;

/** NetFlow v5: a head and 1 to 30 records of one layout. */
final class NetflowV5 {

  static final int VERSION = 5;

  private static final int HEAD = 24;
  private static final int RECORD = 48;

  // Those of v9 and IPFIX are below 2^49.
  private static final long DOMAIN_KEY = 5L << 56;

  private final FlowOutput out;

  NetflowV5(FlowOutput out) {
    this.out = out;
  }

  void decode(Exporter exporter, byte[] d, int offset, int length, long receivedMillis) {
    int count = length < HEAD ? 0 : u16(d, offset + 2);
    if (count == 0 || HEAD + count * RECORD > length) {
      reject(exporter, "not as long as its count of records says: " + count, d, offset, length);
      return;
    }
    int exportUptime = i32(d, offset + 4);
    long seconds = u32(d, offset + 8);
    long export = seconds == 0 ? receivedMillis : seconds * 1_000 + u32(d, offset + 12) / 1_000_000;
    int engine = u16(d, offset + 20);
    Domain domain = exporter.domain(DOMAIN_KEY | engine);
    if (domain.isGap(u32(d, offset + 16), count)) {
      out.count(FlowCounter.SEQUENCE_GAPS);
    }
    int rate = Math.max(1, u16(d, offset + 22) & 0x3fff); // the upper two bits are the mode

    FlowEvent event = out.event();
    int end = offset + HEAD + count * RECORD;
    for (int at = offset + HEAD; at < end; at += RECORD) {
      event.clear();
      event.src().set(d, at, IpAddress.IPV4_LENGTH);
      event.dst().set(d, at + 4, IpAddress.IPV4_LENGTH);
      if (i32(d, at + 8) != 0) {
        event.nextHop().set(d, at + 8, IpAddress.IPV4_LENGTH);
      }
      event.exporter().set(exporter.ip());
      event.set(FlowEvent.IN, u16(d, at + 12));
      event.set(FlowEvent.OUT, u16(d, at + 14));
      long start = ExportHeader.atUptime(export, exportUptime, u32(d, at + 24));
      long flowEnd = ExportHeader.atUptime(export, exportUptime, u32(d, at + 28));
      event.set(FlowEvent.START, Math.max(FlowEvent.ABSENT, start));
      event.set(FlowEvent.END, Math.max(FlowEvent.ABSENT, flowEnd));
      event.set(FlowEvent.TS, flowEnd >= 0 ? flowEnd : export);
      event.set(FlowEvent.SPORT, u16(d, at + 32));
      event.set(FlowEvent.DPORT, u16(d, at + 34));
      event.set(FlowEvent.FLAGS, u8(d, at + 37));
      event.set(FlowEvent.PROTO, u8(d, at + 38));
      event.set(FlowEvent.TOS, u8(d, at + 39));
      event.set(FlowEvent.SRC_AS, u16(d, at + 40));
      event.set(FlowEvent.DST_AS, u16(d, at + 42));
      event.set(FlowEvent.DOMAIN, engine);
      // 32 bits times 14 bits always fit.
      Sampling.apply(event, rate, u32(d, at + 20), u32(d, at + 16));
      out.emit();
    }
    if (end < offset + length) {
      reject(exporter, "bytes after the last record", d, end, offset + length - end);
    }
  }

  private void reject(Exporter exporter, String detail, byte[] d, int offset, int length) {
    out.reject(exporter.address(), RejectReason.LENGTH, detail, d, offset, length);
  }
}
