package dev.atalaya.job.decode;

import dev.atalaya.connectors.Payload;
import dev.atalaya.job.config.FormatConfig;
import dev.atalaya.job.config.FormatNames;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Flow logs of Amazon VPC: words, named by the first line of the file, by the configuration, or as
 * in version 2. A dash is no text, and as a number 0.
 */
final class VpcFlowLogFormat implements Format {

  private static final byte[] DASH = {'-'};

  private static final List<String> VERSION_2 =
      List.of(
          "version",
          "account-id",
          "interface-id",
          "srcaddr",
          "dstaddr",
          "srcport",
          "dstport",
          "protocol",
          "packets",
          "bytes",
          "start",
          "end",
          "action",
          "log-status");

  private final Parts parts;
  private final Columns columns;
  private final List<String> given;
  private byte[] boundHeader;
  private boolean atFileHeader;

  VpcFlowLogFormat(FormatConfig config, FieldPlan plan, String timeField) {
    parts = Parts.needed(plan, timeField, FormatNames.of(config.kind()));
    columns = new Columns(parts, config.limits().maxFields());
    given = config.csv().columns();
    columns.bind(given == null ? VERSION_2 : given);
  }

  @Override
  public void begin(Payload payload) {
    atFileHeader = payload.isFileHeader;
    if (given == null && payload.fileHeader != null && payload.fileHeader != boundHeader) {
      boundHeader = payload.fileHeader;
      columns.bind(
          isHeader(boundHeader, 0, boundHeader.length)
              ? List.of(new String(boundHeader, StandardCharsets.UTF_8).strip().split(" ", -1))
              : VERSION_2);
    }
  }

  /** A header names where the flow is from; in a record there is an address or a dash. */
  private static boolean isHeader(byte[] bytes, int from, int end) {
    return (' ' + new String(bytes, from, end - from, StandardCharsets.UTF_8) + ' ')
        .contains("addr ");
  }

  @Override
  public void read(byte[] bytes, int from, int end, EventBuilder event) {
    parts.clear();
    if (!Lines.isOne(bytes, from, end, event)) {
      return;
    }
    if (atFileHeader && isHeader(bytes, from, end)) {
      event.skip();
    } else if (columns.split(bytes, from, end, (byte) ' ', DASH, event)) {
      parts.fill(event);
    }
  }
}
