package dev.atalaya.job.cli;

import dev.atalaya.capture.udp.UdpSettings;
import dev.atalaya.connectors.kafka.KafkaSettings;
import dev.atalaya.connectors.kafka.KafkaSinkSettings;
import dev.atalaya.connectors.kafka.KafkaWriter;
import dev.atalaya.connectors.rabbitmq.RabbitMqSettings;
import dev.atalaya.connectors.search.SearchSettings;
import dev.atalaya.job.config.ConfigHash;
import dev.atalaya.job.config.DetectorConfig;
import dev.atalaya.job.config.JobConfig;
import dev.atalaya.job.config.Printable;
import dev.atalaya.job.config.RulesConfig;
import dev.atalaya.job.config.SinkConfig;
import dev.atalaya.job.config.SourceConfig;
import dev.atalaya.job.config.TimeConfig;
import dev.atalaya.job.config.Units;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What a configuration will do, in words. */
final class Explanation {

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
      rows(new DetectorExplanation(detector, config.time(), messages).rows());
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
    } else if (config.source() instanceof SourceConfig.Kafka kafka && kafka.settings().idHeader()) {
      row(rows, "id", messages.text("validate.id.value", KafkaWriter.ID_HEADER));
    }
    row(rows, "format", kebab(config.format().kind()));
    row(rows, "time", timeText(config.time()));
    config.sinks().forEach(sink -> row(rows, "sink", sinkText(sink)));
    if (config.rules() != null) {
      row(rows, "rules", rulesText(config.rules()));
    }
    return rows;
  }

  private String rulesText(RulesConfig rules) {
    if (rules.kafka() != null) {
      return messages.text("validate.rules.topic", Printable.escape(topics(rules.kafka())));
    }
    String every = Units.formatDuration(rules.checkMillis());
    return rules.file() == null
        ? messages.text("validate.rules.lists", every)
        : messages.text("validate.rules.file", Printable.escape(rules.file()), every);
  }

  private String timeText(TimeConfig time) {
    if (time.field() != null) {
      return messages.text(
          "validate.time.field", Printable.escape(time.field()), kebab(time.unit()));
    }
    if (config.source() instanceof SourceConfig.Capture) {
      return messages.text("validate.time.received");
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
    } else if (source instanceof SourceConfig.Capture capture) {
      what = ways(capture);
    } else if (source instanceof SourceConfig.Packets packets) {
      what = String.join(", ", packets.paths());
    } else {
      what = ((SourceConfig.Files) source).path();
    }
    return source.system() + ": " + Printable.escape(what);
  }

  private static String ways(SourceConfig.Capture capture) {
    List<String> ways = new ArrayList<>();
    if (capture.http() != null) {
      ways.add("http " + capture.http().bind() + ":" + capture.http().port());
    }
    for (UdpSettings udp : capture.udp()) {
      ways.add("udp " + udp.address().getHostString() + ":" + udp.address().getPort());
    }
    if (capture.follow() != null) {
      ways.add("follow " + String.join(" ", capture.follow().paths()));
    }
    return String.join(", ", ways);
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

  static String kebab(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private List<String[]> guaranteeRows() {
    List<String[]> rows = new ArrayList<>();
    for (SinkConfig sink : config.sinks()) {
      String label = config.source().system() + " -> " + sink.system();
      rows.add(new String[] {label, messages.text("validate.guarantee." + guarantee(sink))});
    }
    if (config.source() instanceof SourceConfig.Capture capture) {
      addWayRows(rows, capture);
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

  /** What is counted of what comes in, whatever the sink makes of it. */
  private void addWayRows(List<String[]> rows, SourceConfig.Capture capture) {
    String interval = Units.formatDuration(config.runtime().checkpointMillis());
    if (capture.http() != null) {
      rows.add(new String[] {"http", messages.text("validate.way.http", interval)});
    }
    if (!capture.udp().isEmpty()) {
      rows.add(new String[] {"udp", messages.text("validate.way.udp", interval)});
    }
    if (capture.follow() != null) {
      String state = Printable.escape(capture.follow().state());
      rows.add(new String[] {"follow", messages.text("validate.way.follow", state)});
    }
  }

  private String guarantee(SinkConfig sink) {
    if (config.source() instanceof SourceConfig.RabbitMq && !config.source().exactlyOnce()) {
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
