package dev.atalaya.job.cli;

import dev.atalaya.connectors.BrokerRefusedException;
import dev.atalaya.connectors.files.FileSources;
import dev.atalaya.connectors.kafka.KafkaSettings;
import dev.atalaya.connectors.kafka.KafkaSinkSettings;
import dev.atalaya.connectors.kafka.KafkaSinks;
import dev.atalaya.connectors.kafka.KafkaSources;
import dev.atalaya.connectors.rabbitmq.RabbitMqSources;
import dev.atalaya.connectors.search.SearchSinks;
import dev.atalaya.job.capture.CaptureSource;
import dev.atalaya.job.config.ConfigException;
import dev.atalaya.job.config.ConfigProblem;
import dev.atalaya.job.config.JobConfig;
import dev.atalaya.job.config.LocalPath;
import dev.atalaya.job.config.Place;
import dev.atalaya.job.config.Printable;
import dev.atalaya.job.config.ServersReader;
import dev.atalaya.job.config.SinkConfig;
import dev.atalaya.job.config.SourceConfig;
import dev.atalaya.job.config.Units;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import org.apache.flink.util.FlinkRuntimeException;

/** What a local run needs from outside, asked before the engine starts and answers in its terms. */
final class Preflight {

  private static final int CONNECT_MILLIS = 3000;

  private Preflight() {}

  static void check(JobConfig config) throws UnreachableException {
    if (config.source() instanceof SourceConfig.Files files) {
      checkInput("source.files.path", files.path());
    } else if (config.source() instanceof SourceConfig.Packets packets) {
      for (String path : packets.paths()) {
        checkInput("source.capture.pcap.paths", path);
      }
    } else if (config.source() instanceof SourceConfig.Capture capture) {
      ask("source.capture", () -> CaptureSource.check(capture));
    } else if (config.source() instanceof SourceConfig.Kafka kafka) {
      checkAnyBroker("source.kafka.servers", List.of(kafka.settings().servers().split(",")));
      ask("source.kafka", () -> KafkaSources.check(kafka.settings()));
    } else if (config.source() instanceof SourceConfig.RabbitMq rabbitMq) {
      checkAnyBroker("source.rabbitmq.servers", rabbitMq.settings().servers());
      ask("source.rabbitmq", () -> RabbitMqSources.check(rabbitMq.settings()));
    }
    if (config.rules() != null && config.rules().kafka() != null) {
      KafkaSettings settings = config.rules().kafka();
      checkAnyBroker("rules.kafka.servers", List.of(settings.servers().split(",")));
      ask("rules.kafka", () -> KafkaSources.check(settings));
    }
    for (int i = 0; i < config.sinks().size(); i++) {
      if (config.sinks().get(i) instanceof SinkConfig.Kafka kafka) {
        String setting = "sinks[" + i + "].kafka";
        checkAnyBroker(setting + ".servers", List.of(kafka.settings().servers().split(",")));
        ask(setting, () -> KafkaSinks.check(kafka.settings()));
      } else if (config.sinks().get(i) instanceof SinkConfig.Search search) {
        ask("sinks[" + i + "]." + search.system(), () -> SearchSinks.check(search.settings()));
      }
    }
    checkTransactions(config);
  }

  private static void checkInput(String setting, String input) throws UnreachableException {
    String problem = FileSources.check(input);
    if (problem != null) {
      Path path = LocalPath.of(input);
      throw new UnreachableException(
          setting
              + ": "
              + Printable.escape(problem)
              + (path == null ? "" : LocalPath.lookedIn(path)));
    }
  }

  /**
   * Refuses a transaction timeout above what the brokers allow: what they say, or where none
   * answers, what they say by default.
   */
  static void checkTransactions(JobConfig config) {
    for (int i = 0; i < config.sinks().size(); i++) {
      if (config.sinks().get(i) instanceof SinkConfig.Kafka kafka
          && kafka.settings().transactionPrefix() != null) {
        checkTransactions("sinks[" + i + "].kafka", config.name(), kafka.settings());
      }
    }
  }

  private static void checkTransactions(String setting, String job, KafkaSinkSettings settings) {
    OptionalLong told = maxTransactionMillis(setting, settings);
    long most = told.orElse(KafkaSinks.DEFAULT_MAX_TRANSACTION_MILLIS);
    if (settings.transactionTimeoutMillis() > most) {
      throw new ConfigException(
          List.of(
              new ConfigProblem(
                  new Place(job, 0),
                  setting + ".transaction-timeout",
                  Units.formatDuration(settings.transactionTimeoutMillis())
                      + " is more than "
                      + Units.formatDuration(most)
                      + ", which Kafka at "
                      + settings.servers()
                      + (told.isPresent()
                          ? " allows"
                          : " allows unless set otherwise, and none answers")
                      + "; lower it, or raise transaction.max.timeout.ms there")));
    }
  }

  /** Empty when no broker answers. */
  private static OptionalLong maxTransactionMillis(String setting, KafkaSinkSettings settings) {
    if (!answers(List.of(settings.servers().split(",")))) {
      return OptionalLong.empty();
    }
    try {
      return OptionalLong.of(KafkaSinks.maxTransactionMillis(settings));
    } catch (BrokerRefusedException e) {
      throw new BrokerRefusedException(setting + ": " + e.getMessage(), e);
    } catch (FlinkRuntimeException e) {
      return OptionalLong.empty();
    }
  }

  /** A refusal goes on as such, with the setting; anything else is a broker that is not there. */
  static void ask(String setting, Check check) throws UnreachableException {
    try {
      check.run();
    } catch (BrokerRefusedException e) {
      throw new BrokerRefusedException(setting + ": " + e.getMessage(), e);
    } catch (IOException | FlinkRuntimeException e) {
      throw new UnreachableException(setting + ": " + Printable.escape(e.getMessage()));
    }
  }

  interface Check {
    void run() throws IOException;
  }

  private static void checkAnyBroker(String setting, List<String> servers)
      throws UnreachableException {
    if (!answers(servers)) {
      throw new UnreachableException(
          setting
              + ": no broker answers at "
              + Printable.escape(String.join(",", servers))
              + "; is it running, and is the port right?");
    }
  }

  /** One is enough: it knows the others. */
  private static boolean answers(List<String> servers) {
    for (String server : servers) {
      try (Socket socket = new Socket()) {
        socket.connect(ServersReader.address(server), CONNECT_MILLIS);
        return true;
      } catch (IOException e) {
        // The next one may answer.
      }
    }
    return false;
  }
}
