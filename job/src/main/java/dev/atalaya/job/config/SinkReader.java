package dev.atalaya.job.config;

import dev.atalaya.connectors.files.FileSinkSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Reads {@code sinks}. */
final class SinkReader {

  private static final Map<String, Function<Section, SinkConfig>> SYSTEMS = new LinkedHashMap<>();

  static {
    SYSTEMS.put("files", SinkReader::files);
    SYSTEMS.put("kafka", KafkaSinkReader::read);
    for (String system : List.of("elasticsearch", "opensearch")) {
      SYSTEMS.put(system, section -> SearchSinkReader.read(system, section));
    }
    SYSTEMS.put("console", SinkReader::console);
  }

  private static final Map<String, String> LANGUAGES = Map.of("en", "en", "es", "es");

  private SinkReader() {}

  static List<SinkConfig> read(Section root, SourceConfig source) {
    if (!root.has("sinks") && !root.reading().isCatalogue()) {
      root.sections("sinks", SYSTEMS.keySet());
      return List.of(new SinkConfig.Console("en", false));
    }
    List<SinkConfig> sinks = new ArrayList<>();
    for (Section section : root.sections("sinks", SYSTEMS.keySet())) {
      SinkConfig sink = section.oneKind(SYSTEMS, "name a sink");
      section.close();
      if (sink instanceof SinkConfig.Files files && files.settings().path() != null) {
        Section place = section.section("files");
        checkOutput(place, files.settings().path(), source);
        if (sinks.stream().anyMatch(other -> samePath(other, files))) {
          place.problem("path", "another sink writes there already; give each its own");
        }
      }
      if (sink instanceof SinkConfig.Kafka kafka) {
        KafkaSinkReader.checkAlone(section.section("kafka"), kafka, source, sinks);
      }
      if (sink instanceof SinkConfig.Search search) {
        SearchSinkReader.checkAlone(section.section(search.system()), search, sinks);
      }
      if (sink != null) {
        sinks.add(sink);
      }
    }
    return List.copyOf(sinks);
  }

  private static SinkConfig files(Section section) {
    return new SinkConfig.Files(
        new FileSinkSettings(
            section.required("path", LocalPath::checked),
            section.size("max-part", "128mb", "1kb", "16gb"),
            section.duration("roll", "5m", "1s", "1d")));
  }

  private static SinkConfig console(Section section) {
    return new SinkConfig.Console(
        section.choice("language", "en", LANGUAGES), section.flag("color", false));
  }

  private static boolean samePath(SinkConfig other, SinkConfig.Files files) {
    return other instanceof SinkConfig.Files otherFiles
        && files.settings().path().equals(otherFiles.settings().path());
  }

  private static void checkOutput(Section section, String text, SourceConfig source) {
    Path path = LocalPath.of(text);
    if (path == null) {
      return;
    }
    if (LocalPath.resolved(path).getNameCount() == 0) {
      section.problem("path", "is a root directory; name a directory in it");
      return;
    }
    Path existing = LocalPath.nearestExisting(path);
    if (!Files.isDirectory(existing)) {
      section.problem("path", "is no directory: " + Printable.escape(existing.toString()));
    } else if (!Files.isWritable(existing)) {
      section.problem(
          "path", "cannot be written: no permission in " + Printable.escape(existing.toString()));
    }
    for (String input : inputs(source)) {
      if (LocalPath.of(input) != null && LocalPath.overlap(path, LocalPath.of(input))) {
        section.problem(
            "path", "overlaps the input " + Printable.escape(input) + "; write elsewhere");
      }
    }
  }

  private static List<String> inputs(SourceConfig source) {
    if (source instanceof SourceConfig.Packets packets) {
      return packets.paths();
    }
    return source instanceof SourceConfig.Files files && files.path() != null
        ? List.of(files.path())
        : List.of();
  }
}
