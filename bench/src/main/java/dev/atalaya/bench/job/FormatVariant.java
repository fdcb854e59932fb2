package dev.atalaya.bench.job;

import dev.atalaya.job.config.ConfigLoader;
import dev.atalaya.job.config.FormatConfig;
import dev.atalaya.job.config.JobConfig;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;

/**
 * A format, the fields that are asked of it, and lines in it: the {@link Flows} as the program
 * whose format it is would tell them.
 *
 * <p>A line is a pattern in which {@code $word} stands for what {@link #value} says.
 */
enum FormatVariant {
  JSON(
      "json: {}",
      "{ field: ts, unit: ms }",
      "src, dst, dport",
      "bytes",
      ",",
      "{\"ts\":$ms,\"src\":\"$src\",\"sport\":$sport,\"dst\":\"$dst\",\"dport\":$dport,"
          + "\"proto\":\"tcp\",\"bytes\":$bytes,\"packets\":$packets,\"flags\":\"SA\","
          + "\"sensor\":\"edge-1\",\"in\":3}"),
  CSV(
      "csv: { columns: [ts, src, sport, dst, dport, proto, bytes, packets] }",
      "{ field: ts, unit: ms }",
      "src, dst, dport",
      "bytes",
      ",",
      "$ms,$src,$sport,$dst,$dport,6,$bytes,$packets"),
  LINES("lines: {}", null, "line", null, " ", "$src $dst $dport"),
  COMBINED_LOG(
      "combined-log: {}",
      null,
      "src, path",
      "bytes",
      " ",
      "$src - - [$httpTime] \"GET /shop/item-$dport?from=$sport HTTP/1.1\" 200 $bytes"
          + " \"https://www.example.org/shop\" \"Mozilla/5.0 (X11; Linux x86_64; rv:128.0)"
          + " Gecko/20100101 Firefox/128.0\""),
  SQUID(
      "squid: {}",
      null,
      "src, host",
      "bytes",
      " ",
      "$seconds.123     45 $src TCP_MISS/200 $bytes GET http://host-$dport.example.org/a?b=$sport"
          + " user-$dport HIER_DIRECT/$dst text/html"),
  ZEEK_TSV(
      "zeek: { columns: [ts, uid, id.orig_h, id.orig_p, id.resp_h, id.resp_p, proto, service,"
          + " duration, orig_bytes, resp_bytes, conn_state, orig_pkts, resp_pkts] }",
      null,
      "src, dst, dport",
      "bytes",
      "\t",
      "$seconds.123456\tC7gAtx$sport\t$src\t$sport\t$dst\t$dport\ttcp\thttp\t0.04\t$bytes\t120\tSF"
          + "\t$packets\t3"),
  ZEEK_JSON(
      "zeek: {}",
      null,
      "src, dst, dport",
      "bytes",
      ",",
      "{\"ts\":$seconds.123456,\"uid\":\"C7gAtx$sport\",\"id.orig_h\":\"$src\",\"id.orig_p\":$sport,"
          + "\"id.resp_h\":\"$dst\",\"id.resp_p\":$dport,\"proto\":\"tcp\",\"service\":\"http\","
          + "\"duration\":0.04,\"orig_bytes\":$bytes,\"resp_bytes\":120,\"conn_state\":\"SF\","
          + "\"orig_pkts\":$packets,\"resp_pkts\":3}"),
  SURICATA_EVE(
      "suricata-eve: {}",
      null,
      "src, dst, dport",
      "bytes",
      ",",
      "{\"timestamp\":\"$isoSeconds.123456+0000\",\"flow_id\":$ms,\"in_iface\":\"eth0\","
          + "\"event_type\":\"flow\",\"src_ip\":\"$src\",\"src_port\":$sport,\"dest_ip\":\"$dst\","
          + "\"dest_port\":$dport,\"proto\":\"TCP\",\"app_proto\":\"http\",\"flow\":"
          + "{\"pkts_toserver\":$packets,\"pkts_toclient\":3,\"bytes_toserver\":$bytes,"
          + "\"bytes_toclient\":120,\"age\":1,\"state\":\"closed\",\"alerted\":false}}"),
  SNORT(
      "snort: {}",
      "{ year: 2025 }",
      "src, dst, msg",
      null,
      " ",
      "$snortTime.123456  [**] [1:$dport:2] ET SCAN a scan of some kind [**] [Classification:"
          + " Attempted Information Leak] [Priority: 2] {TCP} $src:$sport -> $dst:$dport"),
  YAF(
      "yaf: {}",
      null,
      "src, dst, dport",
      "bytes",
      "|",
      "$isoBlank.123|$isoBlank.623|   0.500|   0.020|  6|$src|$sport|$dst|$dport|      S|     AS|"
          + "     AS|     AS|22efa001|00000000|000|000|$packets|$bytes|       3|     120|    0|idle "),
  SYSLOG_3164(
      "syslog: {}",
      "{ year: 2025 }",
      "host, app",
      null,
      " ",
      "<134>$syslogTime host-$dport sshd[$sport]: Failed password for root from $src port $sport"
          + " ssh2"),
  SYSLOG_5424(
      "syslog: {}",
      null,
      "host, app",
      null,
      " ",
      "<165>1 $isoSeconds.123Z host-$dport sshd $sport ID47 [ex@32473 src=\"$src\" dst=\"$dst\"]"
          + " Failed password for root from $src port $sport ssh2"),
  CEF(
      "cef: {}",
      null,
      "src, dst, name",
      "bytes",
      " ",
      "CEF:0|Vendor|Product|1.0|$dport|a connection was made|5|rt=$ms src=$src spt=$sport dst=$dst"
          + " dpt=$dport proto=TCP in=$bytes out=120 act=allow msg=some words of it"),
  KEY_VALUE(
      "key-value: {}",
      "{ field: ts, unit: ms }",
      "srcip, dstip",
      "sentbyte",
      " ",
      "ts=$ms devname=\"gate 1\" type=traffic srcip=$src srcport=$sport dstip=$dst dstport=$dport"
          + " proto=6 action=accept sentbyte=$bytes sentpkt=$packets"),
  GROK(
      "grok: { patterns: ['^%{COMBINEDAPACHELOG}$'] }",
      "{ field: timestamp, unit: log }", "src, url", "bytes", " ", COMBINED_LOG.pattern),
  VPC_FLOW_LOG(
      "vpc-flow-log: {}",
      null,
      "src, dst, dport",
      "bytes",
      " ",
      "2 123456789010 eni-1235b8ca $src $dst $sport $dport 6 $packets $bytes $seconds $seconds"
          + " ACCEPT OK"),
  GOFLOW2(
      "goflow2: {}",
      null,
      "src, dst, dport",
      "bytes",
      ",",
      "{\"type\":\"NETFLOW_V9\",\"time_received_ns\":$ms000001,\"sequence_num\":$sport,"
          + "\"sampling_rate\":100,\"sampler_address\":\"192.0.2.1\",\"bytes\":$bytes,"
          + "\"packets\":$packets,\"src_addr\":\"$src\",\"dst_addr\":\"$dst\",\"etype\":\"IPv4\","
          + "\"proto\":\"TCP\",\"src_port\":$sport,\"dst_port\":$dport,\"in_if\":3,\"out_if\":4}"),
  PMACCT(
      "pmacct: {}",
      null,
      "src, dst, dport",
      "bytes",
      ",",
      "{\"event_type\":\"purge\",\"ip_src\":\"$src\",\"ip_dst\":\"$dst\",\"port_src\":$sport,"
          + "\"port_dst\":$dport,\"ip_proto\":\"tcp\",\"tos\":0,\"sampling_rate\":100,"
          + "\"stamp_inserted\":\"$isoBlank\",\"packets\":$packets,\"bytes\":$bytes}"),
  FASTNETMON(
      "fastnetmon: {}",
      null,
      "src, dst, dport",
      "bytes",
      ",",
      "{\"timestamp\":$seconds,\"source_ip\":\"$src\",\"destination_ip\":\"$dst\","
          + "\"source_port\":$sport,\"destination_port\":$dport,\"protocol\":\"tcp\","
          + "\"packets\":$packets,\"length\":$bytes,\"sampling_ratio\":100,\"ttl\":64}"),
  AKVORADO(
      "akvorado: {}",
      null,
      "src, dst, dport",
      "bytes",
      ",",
      "{\"TimeReceived\":\"$isoBlank\",\"SamplingRate\":\"100\",\"ExporterAddress\":\"192.0.2.1\","
          + "\"SrcAddr\":\"$src\",\"DstAddr\":\"$dst\",\"SrcPort\":$sport,\"DstPort\":$dport,"
          + "\"Proto\":6,\"Bytes\":\"$bytes\",\"Packets\":\"$packets\"}"),
  SENTILO(
      "sentilo: {}",
      null,
      "provider, sensor",
      "value",
      ",",
      "{\"message\":\"$bytes\",\"timestamp\":\"$sentiloTime\",\"topic\":\"/data/p-1/s-$dport\","
          + "\"type\":\"DATA\",\"sensor\":\"s-$dport\",\"provider\":\"p-1\"}");

  private static final DateTimeFormatter HTTP = formatter("dd/MMM/yyyy:HH:mm:ss '+0000'");
  private static final DateTimeFormatter ISO = formatter("yyyy-MM-dd'T'HH:mm:ss");
  private static final DateTimeFormatter BLANK = formatter("yyyy-MM-dd HH:mm:ss");
  private static final DateTimeFormatter SNORT_TIME = formatter("MM/dd-HH:mm:ss");
  private static final DateTimeFormatter SYSLOG_TIME = formatter("MMM dd HH:mm:ss");
  private static final DateTimeFormatter SENTILO_TIME = formatter("dd/MM/yyyy'T'HH:mm:ss");

  final String label = name().toLowerCase(Locale.ROOT).replace('_', '-');

  /** What stands between the parts of a line. */
  final String separator;

  private final String format;
  private final String time;
  private final String key;
  private final String weight;
  private final String pattern;

  FormatVariant(
      String format, String time, String key, String weight, String separator, String pattern) {
    this.format = format;
    this.time = time;
    this.key = key;
    this.weight = weight;
    this.separator = separator;
    this.pattern = pattern;
  }

  boolean isJson() {
    return pattern.startsWith("{");
  }

  /** A job that asks for the fields. */
  JobConfig config() {
    return ConfigLoader.parse(
        """
        source: { kafka: { servers: "localhost:1", topics: [never-opened] } }
        format: { %s }
        %s
        detectors: [ { name: one, key: [%s], %shitters: { share: 1%% } } ]
        """
            .formatted(
                format,
                time == null ? "" : "time: " + time,
                key,
                weight == null ? "" : "weight: " + weight + ", "),
        "bench.yaml",
        Map.of());
  }

  /** Whether records have no time of their own. */
  boolean takesBrokersTime() {
    return config().format().kind() == FormatConfig.Kind.LINES;
  }

  byte[] line(Flows flows, long event) {
    StringBuilder line = new StringBuilder(pattern.length() + 64);
    for (int at = 0; at < pattern.length(); ) {
      char c = pattern.charAt(at++);
      if (c != '$') {
        line.append(c);
        continue;
      }
      int end = at;
      while (end < pattern.length() && Character.isLetter(pattern.charAt(end))) {
        end++;
      }
      line.append(value(pattern.substring(at, end), flows, event));
      at = end;
    }
    return line.toString().getBytes(StandardCharsets.US_ASCII);
  }

  private static String value(String name, Flows flows, long event) {
    long millis = Flows.millis(event);
    return switch (name) {
      case "ms" -> Long.toString(millis);
      case "seconds" -> Long.toString(millis / 1000);
      case "httpTime" -> HTTP.format(Instant.ofEpochMilli(millis));
      case "isoSeconds" -> ISO.format(Instant.ofEpochMilli(millis));
      case "isoBlank" -> BLANK.format(Instant.ofEpochMilli(millis));
      case "snortTime" -> SNORT_TIME.format(Instant.ofEpochMilli(millis));
      case "syslogTime" -> SYSLOG_TIME.format(Instant.ofEpochMilli(millis));
      case "sentiloTime" -> SENTILO_TIME.format(Instant.ofEpochMilli(millis));
      case "src" -> flows.sources.string(flows.source(event));
      case "dst" -> flows.destinations.string(flows.destination(event));
      case "sport" -> Long.toString(1024 + event % 60_000);
      case "dport" -> Integer.toString(flows.port(event));
      case "bytes" -> Integer.toString(flows.bytes(event));
      case "packets" -> Integer.toString(1 + flows.bytes(event) / 100);
      default -> throw new IllegalArgumentException("no value $" + name);
    };
  }

  private static DateTimeFormatter formatter(String pattern) {
    return DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH).withZone(ZoneOffset.UTC);
  }
}
