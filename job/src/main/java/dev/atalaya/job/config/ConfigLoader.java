package dev.atalaya.job.config;

import dev.atalaya.capture.CaptureSettings;
import dev.atalaya.connectors.Secret;
import dev.atalaya.job.config.ConfigNode.Mapping;
import dev.atalaya.job.config.ConfigNode.Scalar;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Reads a configuration and checks it whole, so that whoever holds a {@link JobConfig} need not.
 *
 * <p>Precedence: defaults, then the file, then the environment (variables such as {@code
 * ATALAYA__DETECTORS__0__WINDOW}), then the command line ({@code --set detectors[0].window=5s}).
 * Nothing is connected to; files are looked at only where they are named as a secret, an input or
 * an output.
 */
public final class ConfigLoader {

  private static final long MAX_FILE_BYTES = 1 << 20;

  private final Reading reading = new Reading(false);
  private final Map<String, String> env;
  private final List<String> settings;
  private final Map<String, Supplier<String>> otherwise;

  private ConfigLoader(
      Map<String, String> env, List<String> settings, Map<String, Supplier<String>> otherwise) {
    this.env = env;
    this.settings = settings;
    this.otherwise = otherwise;
  }

  /** Reads a file; warnings are dropped. */
  public static JobConfig load(Path file, Map<String, String> env) {
    return load(file, env, List.of(), warning -> {});
  }

  /**
   * Reads a file.
   *
   * @param settings of the command line, each {@code path=value}
   * @param warnings gets what is allowed but unwise
   * @throws ConfigException with every problem there is
   */
  public static JobConfig load(
      Path file, Map<String, String> env, List<String> settings, Consumer<ConfigProblem> warnings) {
    return load(file, env, settings, Map.of(), warnings);
  }

  /**
   * As {@link #load(Path, Map, List, Consumer)}.
   *
   * @param otherwise for keys of the top that are nowhere written, their values as YAML or null;
   *     asked for in order, and only when needed
   */
  public static JobConfig load(
      Path file,
      Map<String, String> env,
      List<String> settings,
      Map<String, Supplier<String>> otherwise,
      Consumer<ConfigProblem> warnings) {
    return load(
        new ConfigLoader(env, settings, otherwise),
        file,
        warnings,
        root -> ConfigLoader.readJob(root, nameOf(file)));
  }

  /** As {@link #load(Path, Map, List, Consumer)}, of what a process captures. */
  public static CaptureSettings loadCapture(
      Path file, Map<String, String> env, List<String> settings, Consumer<ConfigProblem> warnings) {
    return load(new ConfigLoader(env, settings, Map.of()), file, warnings, CaptureReader::read);
  }

  private static <T> T load(
      ConfigLoader loader,
      Path file,
      Consumer<ConfigProblem> warnings,
      Function<Section, T> reader) {
    return loader.read(loader.contentOf(file), file.toString(), reader, warnings);
  }

  /** Reads a text, as if from a file called {@code origin}; warnings are dropped. */
  public static JobConfig parse(String yaml, String origin, Map<String, String> env) {
    return parse(yaml, origin, env, List.of(), warning -> {});
  }

  /** Reads a text, as if from a file called {@code origin}. */
  public static JobConfig parse(
      String yaml,
      String origin,
      Map<String, String> env,
      List<String> settings,
      Consumer<ConfigProblem> warnings) {
    String name = nameOf(Path.of(origin));
    return new ConfigLoader(env, settings, Map.of())
        .read(yaml, origin, root -> ConfigLoader.readJob(root, name), warnings);
  }

  /**
   * Every key there is, such as {@code detectors[].window}, with its default as it would be
   * written: empty when there is none, {@code required} when the key must be given.
   */
  public static Map<String, String> keys() {
    return keys(root -> readJob(root, "job"));
  }

  /** As {@link #keys}, of what a process captures. */
  public static Map<String, String> captureKeys() {
    return keys(CaptureReader::read);
  }

  private static Map<String, String> keys(Function<Section, ?> reader) {
    Reading catalogue = new Reading(true);
    Mapping nothing = new Mapping(new Place("", 0), Map.of());
    var unused = reader.apply(new Section(catalogue, "", nothing));
    return catalogue.keys();
  }

  private <T> T read(
      String yaml, String origin, Function<Section, T> reader, Consumer<ConfigProblem> warnings) {
    YamlReader text = new YamlReader(origin, true, new Placeholders(env), reading.problems());
    ConfigNode root = text.read(yaml);
    reading.throwIfRefused();
    if (root == null || (root instanceof Scalar scalar && scalar.text() == null)) {
      root = new Mapping(new Place(origin, 0), new LinkedHashMap<>());
    }
    if (!(root instanceof Mapping mapping)) {
      reading.problem(root.place(), "", "expected keys such as 'source:', got " + root.kind());
      reading.throwIfRefused();
      throw new AssertionError("a problem is always thrown");
    }
    Overrides overrides = new Overrides(mapping, reading);
    overrides.applyEnvironment(env);
    overrides.applySettings(settings);
    overrides.applyOtherwise(otherwise);
    reading.throwIfRefused();
    T config = reader.apply(new Section(reading, "", mapping));
    reading.throwIfRefused();
    reading.warnings().forEach(warnings);
    return config;
  }

  private static JobConfig readJob(Section root, String fileName) {
    root.refuse("publish", "is for ./atalaya capture; a job has no such key");
    String name = root.value("name", null, ConfigLoader::jobName);
    SourceConfig source = SourceReader.read(root);
    FormatConfig format = FormatReader.read(root, source);
    TimeConfig time = TimeReader.read(root, source, format);
    long window = DetectorReader.window(root);
    List<DetectorConfig> detectors = DetectorReader.detectors(root, window, format);
    RulesConfig rules = RulesReader.read(root, source, format, window, detectors);
    List<SinkConfig> sinks = SinkReader.read(root, source);
    RuntimeConfig runtime = runtime(root);
    KafkaSinkReader.checkTimeouts(root, runtime);
    RabbitMqReader.checkInterval(root, source, runtime);
    CaptureReader.check(root, source, format, runtime);
    Map<String, String> ecs = DocumentReader.ecsFields(root, detectors);
    Map<String, String> labels = DocumentReader.labels(root);
    root.close();
    return new JobConfig(
        name == null ? fileName : name,
        source,
        format,
        time,
        detectors,
        sinks,
        runtime,
        ecs,
        labels,
        rules);
  }

  private static RuntimeConfig runtime(Section root) {
    int parallelism = root.wholeInt("parallelism", null, 1, RuntimeConfig.MAX_PARALLELISM);
    Section checkpoint = root.section("checkpoint");
    long interval = checkpoint.duration("interval", "10s", "100ms", "1d");
    String dir = checkpoint.value("dir", null, LocalPath::checked);
    checkpoint.close();
    Secret seed = SecretReader.read(root, "seed");
    if (seed != null && !seed.value().matches("[0-9a-fA-F]{32}")) {
      root.problem("seed", "must be 32 hexadecimal digits; make one: openssl rand -hex 16");
    }
    return new RuntimeConfig(parallelism, interval, dir, seed);
  }

  private static String jobName(String text) {
    if (!text.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,63}")) {
      throw new IllegalArgumentException(
          "is no name: use up to 64 letters, digits, '.', '_' and '-'");
    }
    return text;
  }

  private static String nameOf(Path file) {
    Path last = file.getFileName();
    String name = last == null ? "" : last.toString().replaceFirst("\\.ya?ml$", "");
    String safe = name.replaceAll("[^A-Za-z0-9._-]", "-").replaceFirst("^[^A-Za-z0-9]+", "");
    return safe.isEmpty() ? "job" : safe.substring(0, Math.min(64, safe.length()));
  }

  /** UTF-8, or Latin-1 when it cannot be UTF-8, as old editors write it. */
  private String contentOf(Path file) {
    Place place = new Place(file.toString(), 0);
    byte[] bytes = new byte[0];
    try {
      if (Files.isDirectory(file)) {
        reading.problem(place, "", "is a directory; name the configuration file in it");
      } else if (Files.size(file) > MAX_FILE_BYTES) {
        reading.problem(place, "", "is larger than 1mb; this is no configuration");
      } else {
        bytes = Files.readAllBytes(file);
      }
    } catch (NoSuchFileException e) {
      reading.problem(place, "", "there is no such file" + LocalPath.lookedIn(file));
    } catch (AccessDeniedException e) {
      reading.problem(place, "", "no permission to read it");
    } catch (IOException e) {
      reading.problem(place, "", "cannot be read: " + Printable.escape(String.valueOf(e)));
    }
    reading.throwIfRefused();
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return text.startsWith("\uFEFF") ? text.substring(1) : text;
    } catch (CharacterCodingException e) {
      reading.warning(place, "", "is not UTF-8, so it was read as Latin-1; save it as UTF-8");
      return new String(bytes, StandardCharsets.ISO_8859_1);
    }
  }
}
