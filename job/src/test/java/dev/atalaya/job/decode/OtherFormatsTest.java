package dev.atalaya.job.decode;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atalaya.job.config.FormatConfig.Kind;
import dev.atalaya.job.config.FormatNames;
import dev.atalaya.job.config.TimeConfig.Unit;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What each format of another program says, by the field names that all formats share. */
class OtherFormatsTest {

  @Test
  void syslogOfRfc5424WithStructuredData() {
    String line =
        "<165>1 2026-08-26T10:00:00.003+02:00 host.example app 8710 ID47"
            + " [ex@32473 iut=\"3\" src=\"a \\\"b\\\" \\] c\"][other host=\"no\"] \ufeffa message";
    DecoderFixture fixture =
        DecoderFixture.syslog()
            .key("facility", "severity", "host", "app", "pid", "msgid", "message", "src")
            .weight("ex@32473.iut");
    expect(
        fixture.one(line),
        "2026-08-26T08:00:00.003Z",
        3,
        "local4",
        "notice",
        "host.example",
        "app",
        "8710",
        "ID47",
        "a message",
        "a \"b\" ] c");
  }

  @Test
  void syslogThatTimesItselfAsFilesDo() {
    DecoderFixture fixture = DecoderFixture.syslog().key("host", "app", "message");
    expect(
        fixture.one("2026-08-26T10:00:00.123456+02:00 h kernel: [1.0] up"),
        "2026-08-26T08:00:00.123Z",
        0,
        "h",
        "kernel",
        "[1.0] up");
    // Of a year in which it is not yet to come.
    expect(
        DecoderFixture.syslog().key("host", "message").one("Dec 31 23:59:59 h last message"),
        "2025-12-31T23:59:59Z",
        0,
        "h",
        "last message");
    expect(
        DecoderFixture.syslog().key("host").one("Aug 27 09:00:00 h ahead by less than a day"),
        null,
        0,
        "h");
  }

  @Test
  void syslogWithoutAHost() {
    DecoderFixture fixture = DecoderFixture.syslog().key("app", "message");
    expect(fixture.one("<13>Aug 26 10:00:00 me: hello"), null, 0, "me", "hello");
    expect(fixture.one("<13>Aug 26 10:00:00 cron[7]: hello"), null, 0, "cron", "hello");
    assertThat(DecoderFixture.syslog().key("host").one("Aug 26 10:00:00 me: hello").rejection())
        .isNotNull();
    expect(
        DecoderFixture.syslog().key("host", "app").one("Aug 26 10:00:00 2001:db8:: me: hello"),
        null,
        0,
        "2001:db8::",
        "me");
  }

  @Test
  void aBackslashThatHidesNothingIsOne() {
    expect(
        DecoderFixture.syslog()
            .key("path")
            .one("<13>1 2026-08-26T10:00:00Z h a - - [x path=\"C:\\new\\\\dir\\\"\"] m"),
        null,
        0,
        "C:\\new\\dir\"");
    expect(
        DecoderFixture.cef()
            .key("name", "filePath")
            .one("CEF:0|v|p|1|s|C:\\new|5|rt=1787738400000 in=1 filePath=C:\\Temp\\=x"),
        null,
        1,
        "C:\\new",
        "C:\\Temp=x");
  }

  @Test
  void daysThatNotEveryYearHas() {
    for (DecoderFixture fixture : List.of(DecoderFixture.syslog(), DecoderFixture.cef())) {
      String line = fixture.toString().equals("cef") ? "h CEF:0|v|p|1|s|n|5|src=a in=0" : "h a: b";
      expect(fixture.one("Feb 29 10:00:00 " + line), "2024-02-29T10:00:00Z", 0);
    }
    assertThat(DecoderFixture.syslog().year(2026).one("Feb 29 10:00:00 h a: b").rejection())
        .isNotNull();
  }

  @Test
  void timesOfCefNameTheirZone() {
    for (String zone : List.of("UTC", "GMT", "+0000")) {
      expect(
          DecoderFixture.cef()
              .one("CEF:0|v|p|1|s|n|5|in=1 rt=Aug 26 2026 10:00:00 " + zone + " src=a"),
          "2026-08-26T10:00:00Z",
          1,
          "a");
    }
  }

  @Test
  void alertsOfSuricataThatDroppedThePacket() {
    for (String action : List.of("[Drop] ", "[wDrop] ")) {
      expect(
          DecoderFixture.snort()
              .key("sid", "src")
              .one(
                  "08/26/2026-10:00:00.5  "
                      + action
                      + "[**] [1:2:3] m [**] [Priority: 1] {TCP} 10.0.0.1:4 -> 10.0.0.2:5"),
          "2026-08-26T10:00:00.500Z",
          0,
          "2",
          "10.0.0.1");
    }
    for (String begin : List.of("", "[", "[Drop]", "[Drop] [", "[Drop] x")) {
      assertThat(DecoderFixture.snort().one("08/26-10:00:00.5  " + begin).rejection().reason())
          .isEqualTo(RejectReason.FORMAT);
    }
    assertThat(
            DecoderFixture.snort()
                .one("08/26/xx-10:00:00.5  [**] [1:2:3] m [**] {TCP} 10.0.0.1:4 -> 10.0.0.2:5")
                .rejection()
                .reason())
        .isEqualTo(RejectReason.TIME_FORMAT);
  }

  @Test
  void pairsBetweenTabsAndBlanksAroundQuotes() {
    expect(
        DecoderFixture.keyValue()
            .pairs('\t', '=')
            .key("a", "b")
            .one("ts=1787738400000\tc=\tbytes=9\ta=x y\tb= \"z\" "),
        "2026-08-26T10:00:00Z",
        9,
        "x y",
        "z");
    expect(
        DecoderFixture.keyValue()
            .pairs(',', '=')
            .key("a")
            .one("<c=1,a=\"x,y\" , bytes=7,>, ts = 1787738400000"),
        "2026-08-26T10:00:00Z",
        7,
        "x,y");
  }

  @Test
  void commonEventFormat() {
    String line =
        "<134>Aug 26 10:00:00 h CEF:0|Vend\\|or|Prod|1.0|100|a \\\\ name|7|"
            + "src=10.0.0.1 spt=1232 dst=2.1.2.2 request=http://x/?a\\=b c suser=me in=3 out=4"
            + " msg=two words\\nand a line cs1Label=x ";
    DecoderFixture fixture =
        DecoderFixture.cef()
            .key("vendor", "name", "severity", "src", "sport", "dst", "url", "user", "msg");
    expect(
        fixture.one(line),
        "2026-08-26T10:00:00Z",
        7,
        "Vend|or",
        "a \\ name",
        "7",
        "10.0.0.1",
        "1232",
        "2.1.2.2",
        "http://x/?a=b c",
        "me",
        "two words\nand a line");
    for (String time : List.of("1787738400000", "1787738400", "Aug 26 2026 10:00:00.000")) {
      expect(
          DecoderFixture.cef().one("CEF:0|v|p|1|s|n|5|in=1 rt=" + time + " src=a"),
          "2026-08-26T10:00:00Z",
          1,
          "a");
    }
  }

  @Test
  void pairs() {
    String line =
        "<189>date=2026-08-26  devname=\"FG \\\"1\\\"\"\tsrcip=10.0.0.1 flag ts=1787738400000 sent=9";
    expect(
        DecoderFixture.keyValue().key("devname", "srcip", "date").weight("sent").one(line),
        "2026-08-26T10:00:00Z",
        9,
        "FG \"1\"",
        "10.0.0.1",
        "2026-08-26");
    expect(
        DecoderFixture.keyValue()
            .pairs(';', ':')
            .key("a b", "c")
            .one("a b: x y ; c:\"1;2\";bytes:7; ts:1787738400000"),
        "2026-08-26T10:00:00Z",
        7,
        "x y",
        "1;2");
  }

  @Test
  void grokTakesTheFirstPatternThatMatches() {
    DecoderFixture fixture =
        DecoderFixture.grok()
            .patterns(
                "^%{COMBINEDAPACHELOG}$",
                "^%{WORD:clientip} at %{HTTPDATE:timestamp} %{INT:bytes}$")
            .key("src")
            .time("timestamp", Unit.LOG);
    expect(
        fixture.one(
            "10.0.0.1 - - [26/Aug/2026:12:00:00 +0200] \"GET / HTTP/1.1\" 200 7 \"-\" \"ua\""),
        "2026-08-26T10:00:00Z",
        7,
        "10.0.0.1");
    expect(fixture.one("x at 26/Aug/2026:12:00:00 +0200 8"), "2026-08-26T10:00:00Z", 8, "x");
  }

  @Test
  void flowLogsOfAVpcWithAHeaderOfTheirOwn() {
    DecoderFixture fixture =
        DecoderFixture.vpc()
            .key("src", "dst", "sport", "dport", "proto", "action")
            .fileHeader("srcaddr dstaddr action bytes start srcport dstport protocol");
    expect(
        fixture.one("10.0.0.1 10.0.0.2 REJECT 40 1787738400 4 5 6"),
        "2026-08-26T10:00:00Z",
        40,
        "10.0.0.1",
        "10.0.0.2",
        "4",
        "5",
        "6",
        "REJECT");
    String record = new String(DecoderFixture.vpc().goodPayload(), StandardCharsets.UTF_8);
    expect(DecoderFixture.vpc().fileHeader(record).one(record), "2026-08-26T10:00:00Z", 7, "good");
  }

  @Test
  void alertsOfSuricata() {
    expect(
        DecoderFixture.snort()
            .key("sid", "msg", "classification", "proto", "src", "sport", "dst", "dport")
            .weight("priority")
            .one(
                "08/26/2026-10:00:00.500000  [**] [1:2008124:2] ET [x] {y} [**] [Classification:"
                    + " A Network Trojan was detected] [Priority: 1] {TCP}"
                    + " 2001:0db8:0000:0000:0000:0000:0000:0001:2031 ->"
                    + " 2001:0db8:0000:0000:0000:0000:0000:0002:80"),
        "2026-08-26T10:00:00.500Z",
        1,
        "2008124",
        "ET [x] {y}",
        "A Network Trojan was detected",
        "TCP",
        "2001:0db8:0000:0000:0000:0000:0000:0001",
        "2031",
        "2001:0db8:0000:0000:0000:0000:0000:0002",
        "80");
    expect(
        DecoderFixture.snort()
            .key("src", "dst")
            .one("08/26-10:00:00.5  [**] [1:2:3] ping [**] {ICMP} fe80::1 -> 10.0.0.2"),
        "2026-08-26T10:00:00.500Z",
        0,
        "fe80::1",
        "10.0.0.2");
  }

  @Test
  void eventsOfSuricata() {
    DecoderFixture fixture =
        DecoderFixture.of(Kind.SURICATA_EVE, "", "src", "dport", "method", "url", "host", "msg");
    expect(
        fixture.one(
            "{\"timestamp\":\"2026-08-26T12:00:00.000001+0200\",\"event_type\":\"alert\","
                + "\"src_ip\":\"10.0.0.1\",\"dest_port\":80,\"flow\":{\"bytes_toserver\":3,"
                + "\"bytes_toclient\":4},\"alert\":{\"signature\":\"s\"},\"http\":{\"hostname\":"
                + "\"h\",\"url\":\"/a\",\"http_method\":\"GET\"}}"),
        "2026-08-26T10:00:00Z",
        7,
        "10.0.0.1",
        "80",
        "GET",
        "/a",
        "h",
        "s");
  }

  @Test
  void flowsOfCollectorsAreMultipliedByTheirSamplingRate() {
    flow(
        Kind.GOFLOW2,
        "{\"type\":\"NETFLOW_V9\",\"time_received_ns\":1787738400000000001,\"sampling_rate\":100,"
            + "\"bytes\":15,\"packets\":2,\"src_addr\":\"10.0.0.1\",\"dst_addr\":\"10.0.0.2\","
            + "\"proto\":\"TCP\",\"src_port\":4,\"dst_port\":5}",
        "TCP");
    flow(
        Kind.GOFLOW2,
        "{\"TimeReceived\":1787738400,\"Bytes\":15,\"Packets\":2,\"SamplingRate\":100,"
            + "\"SrcAddr\":\"10.0.0.1\",\"DstAddr\":\"10.0.0.2\",\"Proto\":6,\"SrcPort\":4,"
            + "\"DstPort\":5}",
        "6");
    flow(
        Kind.PMACCT,
        "{\"event_type\":\"purge\",\"ip_src\":\"10.0.0.1\",\"ip_dst\":\"10.0.0.2\",\"port_src\":4,"
            + "\"port_dst\":5,\"ip_proto\":\"tcp\",\"sampling_rate\":100,\"stamp_inserted\":"
            + "\"2026-08-26 10:00:00\",\"packets\":2,\"bytes\":15}",
        "tcp");
    flow(
        Kind.FASTNETMON,
        "{\"timestamp\":1787738400,\"source_ip\":\"10.0.0.1\",\"destination_ip\":\"10.0.0.2\","
            + "\"source_port\":4,\"destination_port\":5,\"protocol\":\"tcp\",\"packets\":2,"
            + "\"length\":15,\"sampling_ratio\":100}",
        "tcp");
    flow(
        Kind.AKVORADO,
        "{\"TimeReceived\":\"2026-08-26 10:00:00\",\"SamplingRate\":\"100\",\"SrcAddr\":"
            + "\"10.0.0.1\",\"DstAddr\":\"10.0.0.2\",\"SrcPort\":4,\"DstPort\":5,\"Proto\":6,"
            + "\"Bytes\":\"15\",\"Packets\":\"2\"}",
        "6");
  }

  private static void flow(Kind kind, String document, String proto) {
    DecoderFixture bytes = DecoderFixture.of(kind, "", "src", "dst", "sport", "dport", "proto");
    String time = "2026-08-26T10:00:00Z";
    expect(bytes.one(document), time, 1500, "10.0.0.1", "10.0.0.2", "4", "5", proto);
    DecoderFixture packets = DecoderFixture.of(kind, "", "src").weight("packets");
    expect(packets.one(document), time, 200, "10.0.0.1");
    // The sender's own name for bytes is a number of the sample too.
    for (String own : FormatNames.of(kind).own("bytes")) {
      if (document.contains('"' + own + '"')) {
        DecoderFixture named = DecoderFixture.of(kind, "", "src").weight(own);
        expect(named.one(document), time, 1500, "10.0.0.1");
      }
    }
  }

  @Test
  void observationsOfSentilo() {
    DecoderFixture fixture =
        DecoderFixture.of(Kind.SENTILO, "", "provider", "sensor").weight("value");
    expect(
        fixture.one(
            "{\"message\":\"8\",\"timestamp\":\"26/08/2026T10:00:00\",\"topic\":\"/data/p/s\","
                + "\"type\":\"DATA\",\"sensor\":\"s\",\"provider\":\"p\"}"),
        "2026-08-26T10:00:00Z",
        8,
        "p",
        "s");
    expect(
        fixture.one(
            "{\"provider\":\"p\",\"sensor\":\"s\",\"value\":9,\"timestamp\":\"26/08/2026T10:00:00Z\"}"),
        "2026-08-26T10:00:00Z",
        9,
        "p",
        "s");
  }

  private static void expect(DecodedRecord record, String time, long weight, String... texts) {
    assertThat(record.rejection()).isNull();
    if (time != null) {
      assertThat(Instant.ofEpochMilli(record.timestampMillis())).isEqualTo(time);
    }
    if (record.numberFields() > 0) {
      assertThat(record.number(0)).isEqualTo(weight);
    }
    for (int slot = 0; slot < texts.length; slot++) {
      assertThat(record.textString(slot)).isEqualTo(texts[slot]);
    }
  }
}
