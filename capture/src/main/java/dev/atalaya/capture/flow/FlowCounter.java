package dev.atalaya.capture.flow;

/** What a {@link FlowExportDecoder} counts, beside its rejections. */
public enum FlowCounter {
  DATAGRAMS("datagrams"),
  EVENTS("events"),
  /** Records of data about the exporter: samplers, interfaces, statistics. */
  OPTION_RECORDS("option_records"),
  /** Records and samples that tell no traffic of IP: counters, mappings, ARP. */
  OTHER_RECORDS("other_records"),
  /** Datagrams whose number was not the next one: something was lost, overtaken, or restarted. */
  SEQUENCE_GAPS("sequence_gaps"),
  TEMPLATES("templates"),
  TEMPLATES_EVICTED("templates_evicted"),
  /** Sets of data that came before their template. */
  PARKED_SETS("parked_sets"),
  /** Parked sets whose template came. */
  UNPARKED_SETS("unparked_sets"),
  EXPORTERS_EVICTED("exporters_evicted");

  private final String code;

  FlowCounter(String code) {
    this.code = code;
  }

  /** As in metrics. */
  public String code() {
    return code;
  }
}
