package dev.atalaya.job.config;

import dev.atalaya.job.config.ConfigNode.Entry;
import dev.atalaya.job.config.ConfigNode.Mapping;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/**
 * Reads new rules for the detectors of a running job: a YAML document with the one key {@code
 * detectors}, which has all of them as a configuration has, and is checked as one.
 *
 * <p>What a detector's sketches hold cannot change under them, so its {@link DetectorConfig#stateId
 * state id} must stay. Placeholders are not replaced: whoever may write rules may not read the
 * job's environment.
 */
public final class RulesDocumentReader implements Serializable {

  /** Of a document. */
  public static final int MAX_BYTES = 1 << 20;

  private final FormatConfig format;
  private final long windowMillis;

  /** By name. */
  private final TreeMap<String, String> stateIds = new TreeMap<>();

  /** As the job's configuration has them, overrides and placeholders applied. */
  private final ConfigNode own;

  RulesDocumentReader(
      FormatConfig format, long windowMillis, List<DetectorConfig> detectors, ConfigNode own) {
    this.format = format;
    this.windowMillis = windowMillis;
    detectors.forEach(detector -> stateIds.put(detector.name(), detector.stateId()));
    this.own = own;
  }

  /**
   * The detectors of the job's own configuration, with the files that they name as they are now.
   *
   * @throws ConfigException when one of these files cannot be read any more
   */
  public List<DetectorConfig> readOwn() {
    Reading reading = new Reading(false);
    Place place = own.place();
    Mapping root = new Mapping(place, Map.of("detectors", new Entry(place, own)));
    return read(new Section(reading, "", root), reading);
  }

  /**
   * The detectors of a document.
   *
   * @param origin where it came from, for messages
   * @throws ConfigException with every problem there is
   */
  public List<DetectorConfig> read(byte[] document, String origin) {
    Reading reading = new Reading(false);
    Place place = new Place(origin, 0);
    String text = text(document, place, reading);
    ConfigNode root =
        new YamlReader(origin, true, UnaryOperator.identity(), reading.problems()).read(text);
    reading.throwIfRefused();
    if (!(root instanceof Mapping mapping)) {
      reading.problem(
          place, "", "expected 'detectors:', got " + (root == null ? "nothing" : root.kind()));
      reading.throwIfRefused();
      throw new AssertionError("a problem is always thrown");
    }
    return read(new Section(reading, "", mapping), reading);
  }

  private static String text(byte[] document, Place place, Reading reading) {
    if (document.length > MAX_BYTES) {
      reading.problem(place, "", "is larger than 1mb; these are no rules");
      reading.throwIfRefused();
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(document)).toString();
    } catch (CharacterCodingException e) {
      reading.problem(place, "", "is not UTF-8; save it as UTF-8");
      reading.throwIfRefused();
      throw new AssertionError("a problem is always thrown", e);
    }
  }

  private List<DetectorConfig> read(Section root, Reading reading) {
    List<DetectorConfig> detectors = DetectorReader.detectors(root, windowMillis, format);
    root.close();
    reading.throwIfRefused();
    List<Section> sections = root.sections("detectors");
    Set<String> missing = new TreeSet<>(stateIds.keySet());
    for (int i = 0; i < detectors.size(); i++) {
      DetectorConfig detector = detectors.get(i);
      String running = stateIds.get(detector.name());
      missing.remove(detector.name());
      if (running == null) {
        sections
            .get(i)
            .problem(
                "name",
                "the running job has no detector '"
                    + detector.name()
                    + "'; add it to the configuration and restart from a savepoint");
      } else if (!running.equals(detector.stateId())) {
        sections
            .get(i)
            .problem(
                "what '"
                    + detector.name()
                    + "' adds up cannot change while the job runs (key, weight, signed, distinct,"
                    + " filter, window, lateness, memory, slices, measures, rollup, contributors,"
                    + " baseline, lists of other fields than the key's); change the configuration"
                    + " and restart from a savepoint");
      }
    }
    for (String name : missing) {
      root.problem("detectors", "'" + name + "' is missing; the rules of all detectors are given");
    }
    reading.throwIfRefused();
    return detectors;
  }
}
