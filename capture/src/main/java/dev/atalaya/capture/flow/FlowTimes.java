package dev.atalaya.capture.flow;

import dev.atalaya.capture.FlowEvent;

/**
 * When a flow began and ended, which exporters tell in many ways. The time of its event is its end,
 * else when it was observed, else when it was exported.
 */
final class FlowTimes {

  private static final long ABSENT = FlowEvent.ABSENT;

  /** Seconds beyond this do not fit into milliseconds. */
  private static final long MAX_SECONDS = Long.MAX_VALUE / 1_000;

  /** Of NTP's epoch, 1900, to that of Unix. */
  private static final long NTP_EPOCH_SECONDS = 2_208_988_800L;

  private FlowTimes() {}

  /**
   * Sets ts, start and end.
   *
   * @param values of {@link Elements}
   * @return false when a number is too high
   */
  static boolean fill(FlowEvent event, ExportHeader header, Domain domain, long[] values) {
    if (values[Elements.START_SECONDS] > MAX_SECONDS
        || values[Elements.END_SECONDS] > MAX_SECONDS
        || values[Elements.OBSERVED_SECONDS] > MAX_SECONDS) {
      return false;
    }
    long start =
        time(
            values[Elements.START_MILLIS],
            values[Elements.START_SECONDS],
            values[Elements.START_NTP]);
    long end =
        time(values[Elements.END_MILLIS], values[Elements.END_SECONDS], values[Elements.END_NTP]);
    long observed =
        time(
            values[Elements.OBSERVED_MILLIS],
            values[Elements.OBSERVED_SECONDS],
            values[Elements.OBSERVED_NTP]);
    long boot = values[Elements.BOOT_MILLIS] > 0 ? values[Elements.BOOT_MILLIS] : domain.bootMillis;
    if (start == ABSENT) {
      start =
          relative(
              header, boot, values[Elements.START_UPTIME], values[Elements.START_DELTA_MICROS]);
    }
    if (end == ABSENT) {
      end = relative(header, boot, values[Elements.END_UPTIME], values[Elements.END_DELTA_MICROS]);
    }
    event.set(FlowEvent.START, start);
    event.set(FlowEvent.END, end);
    event.set(
        FlowEvent.TS, end != ABSENT ? end : observed != ABSENT ? observed : header.exportMillis());
    return true;
  }

  /** Zero says that the exporter does not know. */
  private static long time(long millis, long seconds, long ntp) {
    if (millis > 0) {
      return millis;
    }
    if (seconds > 0) {
      return seconds * 1_000;
    }
    if (ntp == ABSENT || ntp == 0) {
      return ABSENT;
    }
    long fraction = ntp & 0xffff_ffffL;
    return Math.max(
        ABSENT, ((ntp >>> 32) - NTP_EPOCH_SECONDS) * 1_000 + ((fraction * 1_000) >>> 32));
  }

  private static long relative(ExportHeader header, long boot, long uptime, long deltaMicros) {
    long export = header.exportMillis();
    if (deltaMicros != ABSENT) {
      return Math.max(ABSENT, export - deltaMicros / 1_000);
    }
    if (uptime == ABSENT) {
      return ABSENT;
    }
    int exportUptime = header.uptimeMillis();
    if (header.ipfix()) {
      if (boot <= 0) {
        return ABSENT;
      }
      exportUptime = (int) (export - boot);
    }
    return Math.max(ABSENT, ExportHeader.atUptime(export, exportUptime, uptime));
  }
}
