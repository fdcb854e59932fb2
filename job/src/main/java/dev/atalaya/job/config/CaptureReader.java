package dev.atalaya.job.config;

import dev.atalaya.capture.CaptureSettings;
import dev.atalaya.capture.StreamSettings;
import dev.atalaya.capture.follow.CaptureFileSettings;
import dev.atalaya.capture.follow.FollowSettings;
import dev.atalaya.capture.http.HttpSettings;
import dev.atalaya.capture.publish.PublishSettings;
import dev.atalaya.capture.publish.QueuePublisher;
import dev.atalaya.capture.spool.SpoolSettings;
import dev.atalaya.capture.udp.UdpSettings;
import dev.atalaya.capture.udp.UdpSettings.Content;
import dev.atalaya.connectors.Secret;
import dev.atalaya.connectors.kafka.KafkaSettings;
import dev.atalaya.connectors.rabbitmq.RabbitMqSettings;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Reads the configuration of a process that captures. */
final class CaptureReader {

  private static final int MAX_PORT = 65_535;

  private CaptureReader() {}

  static CaptureSettings read(Section root) {
    PublishSettings publish = publish(root);
    SpoolSettings spool = spool(root);
    Section capture = root.section("capture");
    HttpSettings http = http(capture, "10s");
    StreamSettings streams = streams(capture);
    capture.close();
    if (publish != null && http != null && http.maxBodyBytes() > publish.limits().bytes()) {
      capture
          .section("http")
          .problem("max-body", "is above publish.max-bytes: there would never be room for it");
    }
    if (publish != null && streams.follow() != null) {
      checkMaxLine(capture.section("follow"), streams.follow().maxLineBytes(), publish);
    }
    if (publish != null && streams.stdin() != null && !streams.stdin().isPcap()) {
      checkMaxLine(capture.section("stdin"), streams.stdin().maxLineBytes(), publish);
    }
    if (http == null && streams.isNone()) {
      root.problem("capture", "names no way in: http, udp, follow, pcap or stdin");
    }
    root.refuse("source", "is for a job, which ./atalaya run starts");
    root.close();
    return new CaptureSettings(publish, spool, http, streams);
  }

  private static void checkMaxLine(Section section, int maxLine, PublishSettings publish) {
    if (maxLine > publish.limits().eventBytes()) {
      section.problem(
          "max-line", "is above publish.max-event-bytes: such lines would be refused, not cut");
    }
  }

  /** The ways in of a job that needs no queue. */
  static SourceConfig source(Section capture) {
    HttpSettings http = http(capture, "1m");
    List<UdpSettings> udp = udp(capture);
    FollowSettings follow = follow(capture);
    List<Path> pcap = packets(capture.section("pcap"));
    capture.refuse("stdin", "is for 'atalaya capture'; here, write it to a file");
    boolean isLive = http != null || !udp.isEmpty() || follow != null;
    if (isLive && !pcap.isEmpty()) {
      capture.problem("pcap", "ends, and the other ways do not; read it in a job of its own");
    }
    if (!pcap.isEmpty()) {
      return new SourceConfig.Packets(pcap.stream().map(Path::toString).toList());
    }
    if (!isLive && !capture.has("follow") && !capture.has("pcap")) {
      capture.problem("names no way in: http, udp, follow or pcap");
    } else if (capture.has("pcap") && pcap.isEmpty()) {
      capture.section("pcap").problem("paths", "is missing");
    }
    return new SourceConfig.Capture(http, udp, follow);
  }

  /** What the ways in need of other settings. */
  static void check(Section root, SourceConfig source, FormatConfig format, RuntimeConfig runtime) {
    Section section = root.section("source").section("capture");
    String json = null;
    if (source instanceof SourceConfig.Packets) {
      json = "pcap";
    } else if (source instanceof SourceConfig.Capture capture) {
      HttpSettings http = capture.http();
      if (http != null && http.confirmMillis() < 2 * runtime.checkpointMillis()) {
        section
            .section("http")
            .problem(
                "confirm-timeout",
                "must be at least twice checkpoint.interval, "
                    + Units.formatDuration(runtime.checkpointMillis())
                    + ": an answer waits for a checkpoint");
      }
      boolean hasFlows = capture.udp().stream().anyMatch(udp -> udp.content() == Content.FLOWS);
      json = http != null ? "http" : hasFlows ? "udp" : null;
    }
    if (json != null && format != null && !format.kind().isJson()) {
      section.problem(json, "gives JSON; write format: { json: {} }");
    }
  }

  /** The capture files whose packets a job reads; none when there is no such key. */
  private static List<Path> packets(Section section) {
    List<Path> paths = paths(section);
    section.refuse("content", "is for 'atalaya capture'; here each packet is an event");
    section.refuse("state", "is for 'atalaya capture'; here checkpoints have the place");
    section.close();
    return paths;
  }

  private static List<Path> paths(Section section) {
    List<Path> paths = new ArrayList<>();
    for (String path : section.texts("paths")) {
      try {
        paths.add(LocalPath.of(LocalPath.checked(path)));
      } catch (IllegalArgumentException e) {
        section.problem("paths", Printable.escape(e.getMessage()));
      }
    }
    return paths;
  }

  /** Null when refused. */
  private static PublishSettings publish(Section root) {
    Map<String, Function<Section, Function<QueuePublisher.Limits, PublishSettings>>> systems =
        new LinkedHashMap<>();
    systems.put("kafka", CaptureReader::kafka);
    systems.put("rabbitmq", CaptureReader::rabbitMq);
    Section section = root.section("publish", systems.keySet());
    QueuePublisher.Limits limits =
        new QueuePublisher.Limits(
            section.wholeInt("max-events", "100000", 10_000, 10_000_000),
            section.size("max-bytes", "64mb", "16mb", "4gb"),
            (int) section.size("max-event-bytes", "900kb", "1kb", "4mb"));
    Function<QueuePublisher.Limits, PublishSettings> publish =
        section.oneKind(systems, "name where events go");
    section.close();
    return publish == null ? null : publish.apply(limits);
  }

  private static Function<QueuePublisher.Limits, PublishSettings> kafka(Section section) {
    KafkaSettings settings = KafkaReader.writer(section);
    String topic = settings.topics().isEmpty() ? null : settings.topics().get(0);
    return limits -> new PublishSettings.Kafka(settings, topic, limits);
  }

  private static Function<QueuePublisher.Limits, PublishSettings> rabbitMq(Section section) {
    RabbitMqSettings settings = RabbitMqReader.writer(section);
    String queue = settings.queues().isEmpty() ? null : settings.queues().get(0);
    return limits -> new PublishSettings.RabbitMq(settings, queue, limits);
  }

  /** Null when there is none. */
  private static SpoolSettings spool(Section root) {
    Section section = root.section("spool");
    String dir = section.value("dir", null, LocalPath::checked);
    long maxBytes = section.size("max-bytes", "1gb", "16mb", "1024gb");
    section.close();
    if (root.has("spool") && dir == null) {
      section.problem("dir", "is missing");
    }
    return dir == null ? null : new SpoolSettings(LocalPath.of(dir), maxBytes);
  }

  /** Null when there is none. */
  private static HttpSettings http(Section capture, String confirmTimeout) {
    Section section = capture.section("http");
    String bind = section.text("bind", "127.0.0.1");
    int port = section.wholeInt("port", "8090", 0, MAX_PORT);
    HttpSettings.Tls tls = tls(section);
    List<HttpSettings.Key> keys = keys(section);
    String idField = section.text("id-field", null);
    int maxBody = (int) section.size("max-body", "4mb", "1kb", "64mb");
    int maxConnections = section.wholeInt("max-connections", "512", 1, 65_536);
    long requestMillis = section.duration("request-timeout", "30s", "1s", "10m");
    long confirmMillis = section.duration("confirm-timeout", confirmTimeout, "1s", "5m");
    section.close();
    if (!capture.has("http")) {
      return null;
    }
    if (!isLoopback(bind)) {
      if (keys.isEmpty()) {
        section.problem(
            "bind", "is open to the network, and everybody there could send; give 'keys' too");
      } else if (tls == null) {
        section.warning(
            "bind", "is open to the network, and keys travel in clear text; give 'tls'");
      }
    }
    return new HttpSettings(
        bind, port, tls, keys, idField, maxBody, maxConnections, requestMillis, confirmMillis);
  }

  private static StreamSettings streams(Section capture) {
    return new StreamSettings(udp(capture), follow(capture), pcap(capture), stdin(capture));
  }

  private static List<UdpSettings> udp(Section capture) {
    List<UdpSettings> udp = new ArrayList<>();
    for (Section section : capture.sections("udp")) {
      udp.add(udpListener(section));
    }
    return udp;
  }

  private static UdpSettings udpListener(Section section) {
    String bind = section.text("bind", "127.0.0.1");
    int port = section.requiredInt("port", 0, MAX_PORT);
    Content content =
        section.choice("content", "flows", Map.of("flows", Content.FLOWS, "lines", Content.LINES));
    int buffer = (int) section.size("receive-buffer", "32mb", "64kb", "1gb");
    long waiting = section.size("waiting", "64mb", "1mb", "4gb");
    section.close();
    return new UdpSettings(new InetSocketAddress(bind, port), content, buffer, waiting);
  }

  /** Null when there is none. */
  private static FollowSettings follow(Section capture) {
    Section section = capture.section("follow");
    List<String> paths = section.texts("paths");
    String state = section.value("state", null, LocalPath::checked);
    boolean fromEnd = section.choice("from", "beginning", Map.of("beginning", false, "end", true));
    int maxLine = maxLine(section);
    section.close();
    if (!capture.has("follow")) {
      return null;
    }
    if (paths.isEmpty()) {
      section.problem("paths", "is missing");
    }
    if (state == null) {
      section.problem("state", "is missing; it keeps how far each file was read");
      return null;
    }
    return new FollowSettings(paths, LocalPath.of(state), fromEnd, maxLine);
  }

  /** Null when there is none. */
  private static CaptureFileSettings pcap(Section capture) {
    Section section = capture.section("pcap");
    List<Path> paths = paths(section);
    CaptureFileSettings.Content content =
        section.choice(
            "content",
            "packets",
            Map.of(
                "packets", CaptureFileSettings.Content.PACKETS,
                "flows", CaptureFileSettings.Content.FLOWS));
    String state = section.value("state", null, LocalPath::checked);
    section.close();
    if (!capture.has("pcap")) {
      return null;
    }
    if (paths.isEmpty()) {
      section.problem("paths", "is missing");
    }
    return new CaptureFileSettings(paths, content, state == null ? null : LocalPath.of(state));
  }

  /** Null when there is none. */
  private static StreamSettings.Stdin stdin(Section capture) {
    Section section = capture.section("stdin");
    boolean isPcap = section.choice("content", "lines", Map.of("lines", false, "pcap", true));
    int maxLine = maxLine(section);
    section.close();
    return capture.has("stdin") ? new StreamSettings.Stdin(isPcap, maxLine) : null;
  }

  private static int maxLine(Section section) {
    return (int) section.size("max-line", "256kb", "256b", "4mb");
  }

  private static HttpSettings.Tls tls(Section http) {
    Section section = http.section("tls");
    String cert = section.value("cert", null, LocalPath::checked);
    String key = section.value("key", null, LocalPath::checked);
    section.close();
    section.bothOrNone("cert", "key");
    if (http.has("tls") && cert == null) {
      section.problem("cert", "is missing");
    }
    return cert == null ? null : new HttpSettings.Tls(cert, key);
  }

  private static List<HttpSettings.Key> keys(Section http) {
    List<HttpSettings.Key> keys = new ArrayList<>();
    for (Section section : http.sections("keys")) {
      Secret value = SecretReader.required(section, "key");
      List<String> providers = section.texts("providers");
      section.close();
      keys.add(new HttpSettings.Key(value, providers));
    }
    return keys;
  }

  /** Names are not looked up. */
  private static boolean isLoopback(String bind) {
    try {
      return bind.equals("localhost")
          || (bind.matches("[0-9.]+|\\[?[0-9a-fA-F:.]*:[0-9a-fA-F:.]*\\]?")
              && InetAddress.getByName(bind).isLoopbackAddress());
    } catch (UnknownHostException e) {
      return false;
    }
  }
}
