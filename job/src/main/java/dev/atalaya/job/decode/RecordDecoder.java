package dev.atalaya.job.decode;

import dev.atalaya.connectors.Decoder;
import dev.atalaya.connectors.Payload;
import dev.atalaya.job.config.FieldConfig;
import dev.atalaya.job.config.FormatConfig;
import dev.atalaya.job.config.TimeConfig;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Arrays;
import org.apache.flink.api.common.typeinfo.TypeInformation;

/**
 * Bytes to records: every payload becomes an event, a skewed event or a rejection.
 *
 * <p>A payload holds one record, and in ndjson one per line, each answered by itself (blank lines
 * are none). The first line of a file that names its columns is answered by nothing.
 *
 * <p>Never throws on content. Hands out one record instance again and again. Not thread-safe.
 */
public final class RecordDecoder implements Decoder<DecodedRecord> {

  private static final byte[] BOM = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};
  private static final byte[] ZIP = {'P', 'K', 3, 4};
  private static final byte[] GZIP = {0x1f, (byte) 0x8b};
  private static final byte[] UTF_16_LE = {(byte) 0xff, (byte) 0xfe};
  private static final byte[] UTF_16_BE = {(byte) 0xfe, (byte) 0xff};
  private static final String LATIN1 = "latin1";

  private final FormatConfig format;
  private final TimeConfig time;
  private final FieldPlan plan;
  private final Clock clock;

  private transient Format reader;
  private transient EventBuilder event;
  private transient GzipPayload gzip;
  private transient byte[] transcoded;

  /** The bytes being read: the payload's own, or inflated, or transcoded. */
  private transient byte[] bytes;

  private transient int start;
  private transient int end;

  public RecordDecoder(FormatConfig format, TimeConfig time, FieldPlan plan) {
    this(format, time, plan, Clock.systemUTC());
  }

  /**
   * @param clock tells which events are ahead of time
   */
  public RecordDecoder(FormatConfig format, TimeConfig time, FieldPlan plan, Clock clock) {
    this.format = format;
    this.time = time;
    this.plan = plan;
    this.clock = clock;
  }

  static Charset charset(FormatConfig format) {
    return LATIN1.equals(format.charset()) ? StandardCharsets.ISO_8859_1 : StandardCharsets.UTF_8;
  }

  @Override
  public void open() {
    event = new EventBuilder(plan, time, format.limits(), clock);
    reader = Formats.of(format, plan, time.field());
    gzip = format.gzip() ? new GzipPayload(format.limits().maxBytes()) : null;
    transcoded = new byte[0];
  }

  @Override
  public TypeInformation<DecodedRecord> producedType() {
    return DecodedRecordSerializer.TYPE;
  }

  /** Only ndjson has several records in a payload. */
  @Override
  public boolean emitsSeveral() {
    return format.kind().isJson() && format.json().ndjson();
  }

  @Override
  public void decode(Payload payload, RecordOutput<DecodedRecord> out) {
    event.begin();
    if (payload.isDuplicate) {
      event.record().markDuplicate();
      out.emit(event.record());
      return;
    }
    boolean isText = prepare(payload);
    if (isText && emitsSeveral()) {
      decodeLines(payload, out);
      return;
    }
    if (!isText || !decodeOne(payload, start, end)) {
      reject(payload, payload.bytes, payload.offset, payload.length, "");
    }
    if (!event.isSkipped()) {
      out.emit(event.record());
    }
  }

  private void decodeLines(Payload payload, RecordOutput<DecodedRecord> out) {
    int number = 0;
    for (int from = start; from < end; ) {
      int to = Lines.end(bytes, from, end);
      if (!Lines.isBlank(bytes, from, to)) {
        number++;
        event.begin();
        if (!decodeOne(payload, from, to)) {
          reject(payload, bytes, from, to - from, "#" + number);
        }
        out.emit(event.record());
      }
      from = to + 1;
    }
  }

  /** Checks what concerns a payload as a whole, and finds the text in it. */
  private boolean prepare(Payload payload) {
    int maxBytes = format.limits().maxBytes();
    if (payload.length > maxBytes || payload.fullLength > maxBytes) {
      return event.fail(
          RejectReason.OVERSIZE,
          payload.fullLength + " bytes, at most " + maxBytes + " are accepted");
    }
    if (payload.fault != null) {
      return faultOf(payload);
    }
    if (payload.bytes == null) {
      return event.fail(RejectReason.TOMBSTONE, "no bytes: a tombstone");
    }
    try {
      setText(payload.bytes, payload.offset, payload.offset + payload.length);
      reader.begin(payload);
      return inflate() && toUtf8() && findContent();
    } catch (RuntimeException e) {
      return internal(e);
    }
  }

  private void setText(byte[] text, int from, int to) {
    bytes = text;
    start = from;
    end = to;
  }

  private boolean faultOf(Payload payload) {
    RejectReason known = RejectReason.of(payload.fault);
    if (known == null) {
      String fault = VisibleText.of(payload.fault);
      return event.fail(RejectReason.INTERNAL, "unknown fault: " + fault);
    }
    String detail = payload.faultDetail;
    return event.fail(known, detail == null ? "found by the connector" : VisibleText.of(detail));
  }

  private boolean inflate() {
    if (gzip == null || start == end) {
      return true;
    }
    RejectReason wrong = gzip.inflate(bytes, start, end - start);
    if (wrong != null) {
      return event.fail(wrong, gzip.detail());
    }
    setText(gzip.bytes(), 0, gzip.length());
    return true;
  }

  private boolean toUtf8() {
    if (LATIN1.equals(format.charset())) {
      if (Utf8.skipAscii(bytes, start, end) < end) {
        int most = 2 * (end - start);
        if (transcoded.length < most) {
          transcoded = new byte[most];
        }
        setText(transcoded, 0, Utf8.fromLatin1(bytes, start, end, transcoded));
      }
      return true;
    }
    int fault = Utf8.firstFault(bytes, start, end);
    return fault < 0 || notUtf8(fault);
  }

  private boolean notUtf8(int at) {
    if (beginsWith(ZIP)) {
      return event.fail(RejectReason.SYNTAX, "looks like a zip archive");
    }
    String hint = "";
    if (beginsWith(UTF_16_LE) || beginsWith(UTF_16_BE)) {
      hint = ": looks like UTF-16";
    } else if (beginsWith(GZIP)) {
      hint = ": looks like gzip, which compression: gzip takes";
    }
    String hex = Integer.toHexString(bytes[at] & 0xff);
    return event.fail(
        RejectReason.ENCODING, "byte 0x" + hex + " at " + (at - start) + " is not UTF-8" + hint);
  }

  /** Drops the byte order mark and the line end. */
  private boolean findContent() {
    if (beginsWith(BOM)) {
      start += BOM.length;
    }
    if (Lines.isBlank(bytes, start, end)) {
      return event.fail(RejectReason.EMPTY, "nothing but white space");
    }
    end = Lines.trimmedEnd(bytes, start, end);
    return true;
  }

  private boolean beginsWith(byte[] magic) {
    return end - start >= magic.length
        && Arrays.equals(bytes, start, start + magic.length, magic, 0, magic.length);
  }

  private boolean decodeOne(Payload payload, int from, int to) {
    try {
      reader.read(bytes, from, to, event);
      if (event.fault() == null && !event.isSkipped() && !event.finish(payload.timestampMillis)) {
        nameSimilar(from, to);
      }
      return event.fault() == null;
    } catch (RuntimeException e) {
      return internal(e);
    }
  }

  /** No known input gets here; one bad record must not stop the job all the same. */
  private boolean internal(RuntimeException e) {
    event.begin();
    return event.fail(RejectReason.INTERNAL, VisibleText.of(e.toString()));
  }

  private void nameSimilar(int from, int to) {
    FieldConfig missing = event.missingKey();
    String similar = missing == null ? null : reader.similarName(bytes, from, to, missing.path());
    if (similar != null) {
      event.addHint("; did you mean \"" + VisibleText.of(similar) + "\"? Case matters");
    }
  }

  /**
   * Makes the record a rejection.
   *
   * @param raw what was rejected: the payload, or a line of it
   * @param place of that line in the payload
   */
  private void reject(Payload payload, byte[] raw, int offset, int length, String place) {
    String origin = payload.origin == null ? "unknown" : payload.origin.describe();
    DecodedRecord record = event.record();
    record.clear();
    record.reject(
        Rejection.of(
            event.fault(),
            event.detail(),
            raw,
            offset,
            length,
            raw == payload.bytes && length == payload.length ? payload.fullLength : length,
            origin + place,
            payload.timestampMillis));
  }
}
