package dev.atalaya.job.decode;

import dev.atalaya.job.config.FormatConfig;

/** Makes the format that a configuration names. */
final class Formats {

  private Formats() {}

  static Format of(FormatConfig config, FieldPlan plan, String timeField) {
    return switch (config.kind()) {
      case JSON, SURICATA_EVE, GOFLOW2, PMACCT, FASTNETMON, AKVORADO, SENTILO ->
          new JsonFormat(config, plan, timeField);
      case CSV -> new CsvFormat(config, plan, timeField);
      case LINES -> new LinesFormat(plan);
      case COMBINED_LOG -> new CombinedLogFormat(plan, timeField);
      case SQUID -> new SquidFormat(plan, timeField);
      case ZEEK -> new ZeekFormat(config, plan, timeField);
      case SNORT -> new SnortFormat(plan, timeField);
      case YAF -> new YafFormat(plan, timeField);
      case SYSLOG -> new SyslogFormat(plan, timeField);
      case CEF -> new CefFormat(plan, timeField);
      case KEY_VALUE -> new KeyValueFormat(config, plan, timeField);
      case GROK -> new GrokFormat(config, plan, timeField);
      case VPC_FLOW_LOG -> new VpcFlowLogFormat(config, plan, timeField);
    };
  }
}
