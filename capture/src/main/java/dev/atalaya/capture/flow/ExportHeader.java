package dev.atalaya.capture.flow;

/**
 * What the head of a datagram of NetFlow v9 or IPFIX says about its records.
 *
 * @param domain of IPFIX; the source id of NetFlow v9
 * @param exportMillis by the exporter's clock; the time of arrival where that is not set
 * @param uptimeMillis of the exporter, 32 bits of it; IPFIX has none here
 */
record ExportHeader(boolean ipfix, long domain, long exportMillis, int uptimeMillis) {

  /** Not the same for v9 and IPFIX, which one exporter may send both. */
  long templateKey(int templateId) {
    return (ipfix ? 1L << 48 : 0) | domain << 16 | templateId;
  }

  /** The same for all templates of the domain. */
  long domainKey() {
    return templateKey(0);
  }

  /**
   * When an uptime was that lies less than 24 days from the one at export. The counter wraps after
   * 49 days, so the difference is taken as a signed one.
   */
  static long atUptime(long exportMillis, int exportUptime, long uptime) {
    return exportMillis - (exportUptime - (int) uptime);
  }
}
