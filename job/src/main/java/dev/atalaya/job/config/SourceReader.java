package dev.atalaya.job.config;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/** Reads {@code source}. */
final class SourceReader {

  private static final Map<String, Function<Section, SourceConfig>> SYSTEMS = new LinkedHashMap<>();

  static {
    SYSTEMS.put("kafka", KafkaReader::source);
    SYSTEMS.put("rabbitmq", RabbitMqReader::source);
    SYSTEMS.put("files", SourceReader::files);
    SYSTEMS.put("capture", CaptureReader::source);
  }

  private SourceReader() {}

  /** Null when refused. */
  static SourceConfig read(Section root) {
    Section section = root.section("source", SYSTEMS.keySet());
    SourceConfig source = section.oneKind(SYSTEMS, "name where events come from");
    section.close();
    return source;
  }

  private static SourceConfig files(Section section) {
    return new SourceConfig.Files(
        section.required("path", SourceReader::input),
        section.duration("watch", null, "100ms", "1d"));
  }

  /** Whether it exists is found out when it is read: it may be on another machine. */
  private static String input(String text) {
    Path path = LocalPath.of(LocalPath.checked(text));
    if (path != null
        && Files.exists(path)
        && !Files.isRegularFile(path)
        && !Files.isDirectory(path)) {
      throw new IllegalArgumentException("is neither a file nor a directory (a pipe or a device?)");
    }
    return text;
  }
}
