package dev.atalaya.capture.flow;

import static dev.atalaya.capture.BigEndian.i32;
import static dev.atalaya.capture.BigEndian.u16;
import static dev.atalaya.capture.BigEndian.u32;

import java.util.Arrays;

/** NetFlow v9 (RFC 3954) and IPFIX (RFC 7011): sets of templates, and of data laid out by them. */
final class TemplatedFlows {

  static final int V9 = 9;
  static final int IPFIX = 10;

  private static final int V9_HEAD = 20;
  private static final int IPFIX_HEAD = 16;
  private static final int SET_HEAD = 4;
  private static final int FIRST_DATA_SET = 256;

  private final FlowOutput out;
  private final Records records;
  private final Template.Reader v9Templates = new Template.Reader(false);
  private final Template.Reader ipfixTemplates = new Template.Reader(true);

  TemplatedFlows(FlowOutput out) {
    this.out = out;
    records = new Records(out);
  }

  void decode(Exporter exporter, byte[] d, int offset, int length, long receivedMillis) {
    boolean ipfix = u16(d, offset) == IPFIX;
    int head = ipfix ? IPFIX_HEAD : V9_HEAD;
    int told = ipfix && length >= head ? u16(d, offset + 2) : length;
    if (length < head || told < head) {
      reject(exporter, RejectReason.LENGTH, "shorter than its head", d, offset, offset + length);
      return;
    }
    int end = offset + Math.min(length, told);
    long seconds = u32(d, offset + (ipfix ? 4 : 8));
    ExportHeader header =
        new ExportHeader(
            ipfix,
            u32(d, offset + head - 4),
            seconds == 0 ? receivedMillis : seconds * 1_000,
            ipfix ? 0 : i32(d, offset + 4));
    if (hasImpossibleSet(d, offset + head, end)) {
      reject(exporter, RejectReason.LENGTH, "a set shorter than its head", d, offset, end);
      return;
    }
    int dataRecords = decodeSets(exporter, header, d, offset + head, end);
    if (told > length) {
      // What is cut off may have had records.
      dataRecords = -1;
      if (lastSetIsWhole(d, offset + head, end)) {
        reject(exporter, RejectReason.LENGTH, "shorter than its head says", d, end, end);
      }
    } else if (told < length && !isZero(d, end, offset + length)) {
      reject(exporter, RejectReason.LENGTH, "bytes after its end", d, end, offset + length);
    }
    // v9 numbers datagrams, IPFIX records of data.
    if (exporter
        .domain(header.domainKey())
        .isGap(u32(d, offset + head - 8), ipfix ? dataRecords : 1)) {
      out.count(FlowCounter.SEQUENCE_GAPS);
    }
  }

  /** Whether a set says that it is shorter than its head. Zeros up to the end are padding. */
  private static boolean hasImpossibleSet(byte[] d, int from, int end) {
    int at = from;
    while (end - at >= SET_HEAD) {
      int length = u16(d, at + 2);
      if (length < SET_HEAD) {
        return !isZero(d, at, end);
      }
      at += length;
    }
    return false;
  }

  private static boolean lastSetIsWhole(byte[] d, int from, int end) {
    int at = from;
    while (end - at >= SET_HEAD && u16(d, at + 2) >= SET_HEAD) {
      at += u16(d, at + 2);
    }
    return at == end;
  }

  /** The records of data; -1 when that is not known. */
  private int decodeSets(Exporter exporter, ExportHeader header, byte[] d, int from, int end) {
    int dataRecords = 0;
    int at = from;
    while (at < end && !isZero(d, at, end)) {
      int length = end - at < SET_HEAD ? Integer.MAX_VALUE : u16(d, at + 2);
      if (length > end - at) {
        reject(exporter, RejectReason.LENGTH, "a set that runs past the end", d, at, end);
        return -1;
      }
      int inSet = decodeSet(exporter, header, d, at, at + length);
      dataRecords = inSet < 0 || dataRecords < 0 ? -1 : dataRecords + inSet;
      at += length;
    }
    return dataRecords;
  }

  private int decodeSet(Exporter exporter, ExportHeader header, byte[] d, int from, int end) {
    int id = u16(d, from);
    if (id >= FIRST_DATA_SET) {
      Template template = exporter.template(header.templateKey(id));
      if (template != null) {
        return records.decode(exporter, header, template, d, from, end);
      }
      ParkedSet set = new ParkedSet(header, Arrays.copyOfRange(d, from, end));
      exporter.park(header.templateKey(id), set);
      return -1;
    }
    int kind = header.ipfix() ? id - 2 : id;
    if (kind == 0 || kind == 1) {
      learnTemplates(exporter, header, kind == 1, d, from, end);
    } else {
      reject(exporter, RejectReason.TEMPLATE, "a set of the reserved kind " + id, d, from, end);
    }
    return 0;
  }

  private void learnTemplates(
      Exporter exporter, ExportHeader header, boolean options, byte[] d, int from, int end) {
    Template.Reader reader = header.ipfix() ? ipfixTemplates : v9Templates;
    int head = options ? 6 : 4;
    int at = from + SET_HEAD;
    while (end - at >= head) {
      int id = u16(d, at);
      int fields = u16(d, at + 2);
      if (id == 0 && fields == 0) {
        if (!isZero(d, at, end)) {
          reject(exporter, RejectReason.TEMPLATE, "bytes behind the padding", d, at, end);
        }
        return;
      }
      int scopes = options ? u16(d, at + 4) : 0;
      boolean whole = true;
      if (options && !header.ipfix()) {
        // Lengths in bytes: of the scopes, of the options.
        whole = fields % 4 == 0 && scopes % 4 == 0;
        int scopeFields = fields / 4;
        fields = (fields + scopes) / 4;
        scopes = scopeFields;
      }
      Template template = whole ? reader.read(d, at + head, end, fields, scopes, options) : null;
      String fault = whole ? reader.fault : "lengths that are no multiple of 4";
      if (id < FIRST_DATA_SET && fault == null) {
        fault = "a template with the reserved id " + id;
      }
      int next = whole ? reader.at : end;
      if (fault == null) {
        learn(exporter, header, id, template);
      } else {
        // Data that follow are of this layout, not of the one before.
        exporter.forget(header.templateKey(id));
        reject(exporter, RejectReason.TEMPLATE, fault, d, at, next);
      }
      at = next;
    }
  }

  private void learn(Exporter exporter, ExportHeader header, int id, Template template) {
    exporter.learn(header.templateKey(id), template);
    for (ParkedSet parked : exporter.unpark(header.templateKey(id))) {
      out.count(FlowCounter.UNPARKED_SETS);
      records.decode(exporter, parked.header, template, parked.set, 0, parked.set.length);
    }
  }

  private static boolean isZero(byte[] d, int from, int end) {
    for (int at = from; at < end; at++) {
      if (d[at] != 0) {
        return false;
      }
    }
    return true;
  }

  private void reject(
      Exporter exporter, RejectReason reason, String detail, byte[] d, int from, int end) {
    out.reject(exporter.address(), reason, detail, d, from, end - from);
  }
}
