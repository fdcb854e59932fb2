package dev.atalaya.job.cli;

import dev.atalaya.connectors.kafka.KafkaSettings;
import dev.atalaya.connectors.kafka.KafkaSinkSettings;
import dev.atalaya.connectors.rabbitmq.RabbitMqSettings;
import dev.atalaya.connectors.search.SearchSettings;
import dev.atalaya.job.config.ConfigHash;
import dev.atalaya.job.config.DetectorConfig;
import dev.atalaya.job.config.JobConfig;
import dev.atalaya.job.config.Printable;
import dev.atalaya.job.config.Share;
import dev.atalaya.job.config.SinkConfig;
import dev.atalaya.job.config.SourceConfig;
import dev.atalaya.job.config.TimeConfig;
import dev.atalaya.job.config.Units;
import dev.atalaya.sketch.HeavyKeySketch;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What a configuration will do, in words. */
final class Explanation {

  /** A key field of middling length, with its length prefix: an IPv4 address and a bit. */
  private static final int TYPICAL_FIELD_BYTES = 17;

  /** A total of which shares are told. */
  private static final long WHOLE = 1_000_000_000_000L;

  private final JobConfig config;
  private final Messages messages;
  private final StringBuilder out = new StringBuilder();

  Explanation(JobConfig config, Messages messages) {
    this.config = config;
    this.messages = messages;
  }

  String text() {
    line(messages.text("validate.fine", config.name(), ConfigHash.of(config)));
    rows(inputRows());
    for (DetectorConfig detector : config.detectors()) {
      line("");
      line(messages.text("validate.detector", detector.name()));
      rows(detectorRows(detector));
    }
    line("");
    line(messages.text("validate.guarantees"));
    rows(guaranteeRows());
    return out.toString();
  }

  private List<String[]> inputRows() {
    List<String[]> rows = new ArrayList<>();
    row(rows, "source", sourceText());
    if (config.source() instanceof SourceConfig.RabbitMq rabbitMq) {
      addQueueRows(rows, rabbitMq);
    }
    row(rows, "format", kebab(config.format().kind()));
    row(rows, "time", timeText(config.time()));
    config.sinks().forEach(sink -> row(rows, "sink", sinkText(sink)));
    return rows;
  }

  private String timeText(TimeConfig time) {
    if (time.field() != null) {
      return messages.text(
          "validate.time.field", Printable.escape(time.field()), kebab(time.unit()));
    }
    boolean messagesHaveIt = config.source() instanceof SourceConfig.RabbitMq;
    return messages.text(messagesHaveIt ? "validate.time.message" : "validate.time.broker");
  }

  private String sourceText() {
    SourceConfig source = config.source();
    String what;
    if (source instanceof SourceConfig.Kafka kafka) {
      what = topics(kafka.settings()) + " @ " + kafka.settings().servers();
    } else if (source instanceof SourceConfig.RabbitMq rabbitMq) {
      RabbitMqSettings settings = rabbitMq.settings();
      what =
          String.join(", ", settings.queues())
              + " @ "
              + String.join(",", settings.servers())
              + ", vhost "
              + settings.virtualHost();
    } else {
      what = ((SourceConfig.Files) source).path();
    }
    return source.system() + ": " + Printable.escape(what);
  }

  private static String sinkText(SinkConfig sink) {
    String where = "";
    if (sink instanceof SinkConfig.Files files) {
      where = ": " + files.settings().path();
    } else if (sink instanceof SinkConfig.Kafka kafka) {
      KafkaSinkSettings settings = kafka.settings();
      where =
          names(settings.alerts(), settings.reports(), settings.deadLetters())
              + " @ "
              + settings.servers();
    } else if (sink instanceof SinkConfig.Search search) {
      SearchSettings settings = search.settings();
      where =
          names(settings.alerts(), settings.reports(), settings.deadLetters())
              + " @ "
              + String.join(",", settings.urls());
    }
    return sink.system() + Printable.escape(where);
  }

  private static String names(String... names) {
    return ": " + String.join(", ", names);
  }

  private static String topics(KafkaSettings settings) {
    return settings.topics().isEmpty()
        ? "/" + settings.topicPattern() + "/"
        : String.join(", ", settings.topics());
  }

  private void addQueueRows(List<String[]> rows, SourceConfig.RabbitMq source) {
    RabbitMqSettings settings = source.settings();
    for (RabbitMqSettings.Binding binding : settings.bindings()) {
      String keys = String.join(", ", binding.routingKeys());
      row(rows, "binding", Printable.escape(binding.exchange() + " / " + keys));
    }
    if (source.exactlyOnce()) {
      row(rows, "id", messages.text("validate.id.value", kebab(settings.messageId())));
    }
    long interval = config.runtime().checkpointMillis();
    row(
        rows,
        "rate",
        messages.text(
            "validate.rate.value",
            source.ceilingPerSecond(interval),
            settings.prefetch(),
            Units.formatDuration(interval)));
  }

  private static String kebab(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private List<String[]> detectorRows(DetectorConfig detector) {
    List<String[]> rows = new ArrayList<>();
    row(rows, "key", Printable.escape(String.join(" + ", detector.key())));
    String measure =
        detector.weight() == null
            ? messages.text("validate.measure.events")
            : Printable.escape(detector.weight());
    row(
        rows,
        "measure",
        detector.signed() ? measure + " " + messages.text("validate.measure.signed") : measure);
    for (DetectorConfig.Condition condition : detector.filter()) {
      row(rows, "filter", conditionText(condition));
    }
    row(
        rows,
        "window",
        messages.text(
            "validate.window.value",
            Units.formatDuration(detector.windowMillis()),
            Units.formatDuration(config.time().outOfOrdernessMillis()),
            Units.formatDuration(detector.latenessMillis())));
    if (detector.hitters() != null) {
      row(rows, "heavy", heavyText(detector.hitters()));
    }
    if (detector.changers() != null) {
      row(rows, "changed", changedText(detector.changers()));
    }
    int keyBytes = detector.key().size() * TYPICAL_FIELD_BYTES;
    // A signed detector has a sketch of each sign, of half the memory.
    long memory = detector.signed() ? detector.memoryBytes() / 2 : detector.memoryBytes();
    long exactKeys = HeavyKeySketch.exactCapacity(memory, keyBytes);
    double errorShare = HeavyKeySketch.expectedErrorBound(memory, keyBytes, WHOLE) / (double) WHOLE;
    row(
        rows,
        "memory",
        messages.text(
            "validate.memory.value",
            Units.formatSize(detector.memoryBytes()),
            detector.slices(),
            exactKeys,
            keyBytes));
    row(rows, "missed", messages.text("validate.missed.value", exactKeys, errorShare));
    return rows;
  }

  private String conditionText(DetectorConfig.Condition condition) {
    String values = String.join(", ", condition.values().stream().sorted().toList());
    return messages.text(
        condition.negated() ? "validate.filter.not" : "validate.filter.is",
        Printable.escape(condition.field()),
        Printable.escape(values));
  }

  private String heavyText(DetectorConfig.Hitters hitters) {
    List<String> conditions = new ArrayList<>();
    if (hitters.share() != null) {
      conditions.add(messages.text("validate.heavy.share", shareText(hitters.share())));
    }
    if (hitters.count() > 0) {
      conditions.add(messages.text("validate.heavy.count", hitters.count()));
    }
    return joined(conditions);
  }

  private String changedText(DetectorConfig.Changers changers) {
    List<String> conditions = new ArrayList<>();
    if (changers.share() != null) {
      conditions.add(messages.text("validate.changed.share", shareText(changers.share())));
    }
    if (changers.delta() > 0) {
      conditions.add(messages.text("validate.changed.delta", changers.delta()));
    }
    if (changers.ratio() > 0) {
      conditions.add(messages.text("validate.changed.ratio", changers.ratio()));
    }
    return joined(conditions);
  }

  private String shareText(Share share) {
    return messages.percent(share.fraction());
  }

  private String joined(List<String> conditions) {
    return String.join(" " + messages.text("validate.and") + " ", conditions);
  }

  private List<String[]> guaranteeRows() {
    List<String[]> rows = new ArrayList<>();
    for (SinkConfig sink : config.sinks()) {
      String label = config.source().system() + " -> " + sink.system();
      rows.add(new String[] {label, messages.text("validate.guarantee." + guarantee(sink))});
    }
    String dir = config.runtime().checkpointDir();
    row(
        rows,
        "checkpoints",
        messages.text(
            dir == null ? "validate.checkpoints.temporary" : "validate.checkpoints.dir",
            Units.formatDuration(config.runtime().checkpointMillis()),
            dir == null ? "" : Printable.escape(dir)));
    return rows;
  }

  private String guarantee(SinkConfig sink) {
    if (!config.source().exactlyOnce()) {
      return "no-ids";
    }
    if (sink instanceof SinkConfig.Search) {
      return "search";
    }
    boolean noTransactions =
        sink instanceof SinkConfig.Kafka kafka && kafka.settings().transactionPrefix() == null;
    return noTransactions ? "kafka.without-transactions" : sink.system();
  }

  private void row(List<String[]> rows, String label, String value) {
    rows.add(new String[] {messages.text("validate." + label), value});
  }

  private void rows(List<String[]> rows) {
    int width = rows.stream().mapToInt(row -> row[0].length()).max().orElse(0);
    for (String[] row : rows) {
      line("  " + row[0] + " ".repeat(width - row[0].length() + 3) + row[1]);
    }
  }

  private void line(String text) {
    out.append(text).append('\n');
  }
}
