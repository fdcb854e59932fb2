package dev.atalaya.job.config;

import dev.atalaya.connectors.files.FileSinkSettings;
import dev.atalaya.connectors.kafka.KafkaSinkSettings;
import dev.atalaya.connectors.search.SearchSettings;
import java.io.Serializable;

/** Where documents go. */
public sealed interface SinkConfig extends Serializable {

  /** The word in the configuration, such as {@code files}. */
  String system();

  /** JSON lines under {@code alerts/}, {@code reports/} and {@code dead-letters/}. */
  record Files(FileSinkSettings settings) implements SinkConfig {

    @Override
    public String system() {
      return "files";
    }
  }

  /** A topic for each kind of document. */
  record Kafka(KafkaSinkSettings settings) implements SinkConfig {

    @Override
    public String system() {
      return "kafka";
    }
  }

  /**
   * An alias for each kind of document.
   *
   * @param system {@code elasticsearch} or {@code opensearch}, as written; one is as the other
   */
  record Search(String system, SearchSettings settings) implements SinkConfig {}

  /**
   * Standard output, for a person.
   *
   * @param language {@code en} or {@code es}
   * @param color whether ANSI colours are used
   */
  record Console(String language, boolean color) implements SinkConfig {

    @Override
    public String system() {
      return "console";
    }
  }
}
