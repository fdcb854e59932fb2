package dev.atalaya.job.config;

import dev.atalaya.job.config.FormatConfig.Kind;
import dev.atalaya.job.config.TimeConfig.Unit;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the fields of a format are called.
 *
 * @param parts of a record, in their order; null when any may come
 * @param numbers those of the parts that are numbers; null when any may be
 * @param aliases for a name that all formats share, the format's own names for it: of a text the
 *     first that is there, of a number the sum of all
 * @param timeField where the time is unless it is said otherwise, or null
 * @param timeUnit of it
 * @param samplingField what bytes and packets are multiplied by, or null
 */
public record FormatNames(
    List<String> parts,
    List<String> numbers,
    Map<String, List<String>> aliases,
    String timeField,
    Unit timeUnit,
    String samplingField) {

  private static final Map<Kind, FormatNames> KNOWN = new EnumMap<>(Kind.class);

  static {
    KNOWN.put(Kind.JSON, any(null, Unit.MS, null));
    KNOWN.put(Kind.CSV, any(null, Unit.MS, null));
    KNOWN.put(Kind.KEY_VALUE, any(null, Unit.MS, null));
    KNOWN.put(
        Kind.GROK,
        any(
            null,
            Unit.MS,
            null,
            // What the standard patterns call them.
            "src=src,src_ip,clientip sport=sport,src_port dst=dst,dst_ip dport=dport,dst_port"
                + " proto=proto,protocol user=user,auth method=method,verb url=url,request"
                + " status=status,response ua=ua,agent referer=referer,referrer"));
    KNOWN.put(Kind.LINES, parts("line", "", null, Unit.MS));
    KNOWN.put(
        Kind.COMBINED_LOG,
        parts(
            "src ident user time method url path protocol status bytes referer ua",
            "status bytes",
            "time",
            Unit.LOG));
    KNOWN.put(
        Kind.SQUID,
        parts(
            "time elapsed src result status bytes method url path host user hierarchy dst type",
            "elapsed status bytes",
            "time",
            Unit.S));
    KNOWN.put(
        Kind.SNORT,
        parts(
            "time gid sid rev msg classification priority proto src sport dst dport"
                + " ethsrc ethdst ethlen tcpflags tcpseq tcpack tcplen tcpwindow ttl tos id dgmlen"
                + " iplen icmptype icmpcode icmpid icmpseq",
            "gid sid rev priority ttl tos id dgmlen iplen icmptype icmpcode",
            "time",
            Unit.SNORT,
            "bytes=dgmlen"));
    KNOWN.put(
        Kind.YAF,
        parts(
            "start-time end-time duration rtt proto sip sp dip dp iflags uflags riflags ruflags"
                + " isn risn tag rtag pkt oct rpkt roct app end-reason",
            "proto sp dp pkt oct rpkt roct app",
            "start-time",
            Unit.ISO,
            "time=start-time src=sip sport=sp dst=dip dport=dp flags=iflags"
                + " bytes=oct,roct packets=pkt,rpkt"));
    KNOWN.put(
        Kind.VPC_FLOW_LOG,
        any(
            "start",
            Unit.S,
            null,
            "src=srcaddr sport=srcport dst=dstaddr dport=dstport proto=protocol flags=tcp-flags"));
    KNOWN.put(
        Kind.ZEEK,
        any(
            "ts",
            Unit.S,
            null,
            "src=id.orig_h sport=id.orig_p dst=id.resp_h dport=id.resp_p"
                + " bytes=orig_bytes,resp_bytes packets=orig_pkts,resp_pkts"
                + " url=uri status=status_code ua=user_agent referer=referrer user=username"));
    KNOWN.put(
        Kind.SURICATA_EVE,
        any(
            "timestamp",
            Unit.ISO,
            null,
            "src=src_ip sport=src_port dst=dest_ip dport=dest_port"
                + " bytes=flow.bytes_toserver,flow.bytes_toclient,netflow.bytes"
                + " packets=flow.pkts_toserver,flow.pkts_toclient,netflow.pkts"
                + " method=http.http_method url=http.url host=http.hostname status=http.status"
                + " ua=http.http_user_agent referer=http.http_refer"
                + " msg=alert.signature sid=alert.signature_id"));
    KNOWN.put(Kind.SYSLOG, any("time", Unit.SYSLOG, null));
    KNOWN.put(
        Kind.CEF,
        any(
            "time",
            Unit.SYSLOG,
            null,
            "time=rt,end,start,syslog-time sport=spt dport=dpt user=suser,duser"
                + " bytes=in,out method=requestMethod url=request ua=requestClientApplication"));
    KNOWN.put(
        Kind.GOFLOW2,
        any(
            "time",
            Unit.AUTO,
            "sampling",
            "time=time_received_ns,TimeReceived sampling=sampling_rate,SamplingRate"
                + " exporter=sampler_address,SamplerAddress"
                + " src=src_addr,SrcAddr sport=src_port,SrcPort"
                + " dst=dst_addr,DstAddr dport=dst_port,DstPort proto=proto,Proto"
                + " bytes=bytes,Bytes packets=packets,Packets flags=tcp_flags,TCPFlags"
                + " tos=ip_tos,IPTos in=in_if,InIf out=out_if,OutIf src_as=src_as,SrcAS"
                + " dst_as=dst_as,DstAS next_hop=next_hop,NextHop"));
    KNOWN.put(
        Kind.PMACCT,
        any(
            "stamp_inserted",
            Unit.ISO,
            "sampling",
            "sampling=sampling_rate exporter=peer_ip_src src=ip_src sport=port_src dst=ip_dst"
                + " dport=port_dst proto=ip_proto flags=tcp_flags in=iface_in out=iface_out"
                + " src_as=as_src dst_as=as_dst next_hop=peer_ip_dst"));
    KNOWN.put(
        Kind.FASTNETMON,
        any(
            "time",
            Unit.AUTO,
            "sampling",
            "time=timestamp sampling=sampling_ratio exporter=agent_address src=source_ip"
                + " sport=source_port dst=destination_ip dport=destination_port proto=protocol"
                + " bytes=length packets=packets flags=tcp_flags tos=tos"
                + " in=input_interface out=output_interface src_as=source_asn"
                + " dst_as=destination_asn"));
    KNOWN.put(
        Kind.AKVORADO,
        any(
            "TimeReceived",
            Unit.ISO,
            "sampling",
            "sampling=SamplingRate exporter=ExporterAddress src=SrcAddr sport=SrcPort"
                + " dst=DstAddr dport=DstPort proto=Proto bytes=Bytes packets=Packets"
                + " flags=TCPFlags tos=IPTos in=InIfName out=OutIfName src_as=SrcAS dst_as=DstAS"
                + " next_hop=NextHop"));
    KNOWN.put(Kind.SENTILO, any("timestamp", Unit.SENTILO, null, "value=value,message"));
  }

  /** The names of a format. */
  public static FormatNames of(Kind kind) {
    return KNOWN.get(kind);
  }

  /** The format's own names for a field. */
  public List<String> own(String name) {
    return aliases.getOrDefault(name, List.of(name));
  }

  private static FormatNames parts(
      String parts, String numbers, String timeField, Unit timeUnit, String... aliases) {
    return new FormatNames(
        words(parts), words(numbers), aliases(aliases), timeField, timeUnit, null);
  }

  private static FormatNames any(
      String timeField, Unit timeUnit, String samplingField, String... aliases) {
    return new FormatNames(null, null, aliases(aliases), timeField, timeUnit, samplingField);
  }

  private static Map<String, List<String>> aliases(String... written) {
    Map<String, List<String>> aliases = new LinkedHashMap<>();
    for (String word : words(String.join(" ", written))) {
      int equals = word.indexOf('=');
      aliases.put(
          word.substring(0, equals), Arrays.asList(word.substring(equals + 1).split(",", -1)));
    }
    return aliases;
  }

  private static List<String> words(String text) {
    return text.isEmpty() ? List.of() : List.of(text.split(" ", -1));
  }
}
