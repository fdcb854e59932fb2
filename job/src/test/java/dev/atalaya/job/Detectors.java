package dev.atalaya.job;

import dev.atalaya.job.config.DetectorConfig;
import dev.atalaya.job.config.DetectorConfig.Allow;
import dev.atalaya.job.config.DetectorConfig.Also;
import dev.atalaya.job.config.DetectorConfig.Baseline;
import dev.atalaya.job.config.DetectorConfig.Changers;
import dev.atalaya.job.config.DetectorConfig.Condition;
import dev.atalaya.job.config.DetectorConfig.Contributors;
import dev.atalaya.job.config.DetectorConfig.Episodes;
import dev.atalaya.job.config.DetectorConfig.FirstSeen;
import dev.atalaya.job.config.DetectorConfig.Hitters;
import dev.atalaya.job.config.DetectorConfig.KeyGroup;
import dev.atalaya.job.config.DetectorConfig.Rollup;
import dev.atalaya.job.config.DetectorConfig.Signals;
import dev.atalaya.job.config.DetectorConfig.Sleep;
import dev.atalaya.job.config.DetectorConfig.Spreaders;
import java.util.List;

/** Detectors for tests: everything above nothing is found, unless a test says otherwise. */
public final class Detectors {

  private final String name;
  private List<String> key = List.of("key");
  private String weight;
  private boolean signed;
  private List<String> distinct = List.of();
  private List<Condition> filter = List.of();
  private long windowMillis = 10;
  private long latenessMillis;
  private long memoryBytes = 1 << 16;
  private int slices = 1;
  private List<Also> also = List.of();
  private Rollup rollup;
  private Contributors contributors;
  private Baseline baseline = Baseline.PREVIOUS;
  private int maxAlerts = 100;
  private Hitters hitters = new Hitters(1, null);
  private Changers changers = new Changers(1, null, 0, null, 0);
  private Spreaders spreaders;
  private FirstSeen firstSeen;
  private Signals signals;
  private Episodes episodes;
  private List<Allow> allow = List.of();
  private List<KeyGroup> overrides = List.of();
  private List<Sleep> sleep = List.of();
  private String category;

  private Detectors(String name) {
    this.name = name;
  }

  public static Detectors named(String name) {
    return new Detectors(name);
  }

  public Detectors key(String... fields) {
    key = List.of(fields);
    return this;
  }

  public Detectors weight(String field) {
    weight = field;
    return this;
  }

  public Detectors signed(boolean allowed) {
    signed = allowed;
    return this;
  }

  /** Counts distinct values; no hitters, and spreaders from one on. */
  public Detectors distinct(String... fields) {
    distinct = List.of(fields);
    hitters = null;
    spreaders = new Spreaders(1, 0, null, 0);
    return this;
  }

  public Detectors filter(Condition... conditions) {
    filter = List.of(conditions);
    return this;
  }

  public Detectors window(long millis) {
    windowMillis = millis;
    return this;
  }

  public Detectors lateness(long millis) {
    latenessMillis = millis;
    return this;
  }

  public Detectors memory(long bytes) {
    memoryBytes = bytes;
    return this;
  }

  public Detectors slices(int count) {
    slices = count;
    return this;
  }

  public Detectors also(Also... measures) {
    also = List.of(measures);
    return this;
  }

  public Detectors rollup(Rollup prefixes) {
    rollup = prefixes;
    return this;
  }

  public Detectors contributors(int top, String... fields) {
    contributors = new Contributors(List.of(fields), top);
    return this;
  }

  public Detectors baseline(Baseline of) {
    baseline = of;
    return this;
  }

  public Detectors maxAlerts(int count) {
    maxAlerts = count;
    return this;
  }

  /** Null for none. */
  public Detectors hitters(Hitters rule) {
    hitters = rule;
    return this;
  }

  /** Null for none. */
  public Detectors changers(Changers rule) {
    changers = rule;
    return this;
  }

  public Detectors spreaders(Spreaders rule) {
    spreaders = rule;
    return this;
  }

  public Detectors firstSeen(FirstSeen rule) {
    firstSeen = rule;
    return this;
  }

  public Detectors signals(Signals watched) {
    signals = watched;
    return this;
  }

  public Detectors episodes(Episodes rule) {
    episodes = rule;
    return this;
  }

  public Detectors allow(Allow... expected) {
    allow = List.of(expected);
    return this;
  }

  public Detectors overrides(KeyGroup... groups) {
    overrides = List.of(groups);
    return this;
  }

  public Detectors sleep(Sleep... hours) {
    sleep = List.of(hours);
    return this;
  }

  public Detectors category(String ecs) {
    category = ecs;
    return this;
  }

  public DetectorConfig build() {
    return new DetectorConfig(
        name,
        key,
        weight,
        signed,
        distinct,
        filter,
        windowMillis,
        latenessMillis,
        memoryBytes,
        slices,
        also,
        rollup,
        contributors,
        baseline,
        maxAlerts,
        hitters,
        changers,
        spreaders,
        firstSeen,
        signals,
        episodes,
        allow,
        overrides,
        sleep,
        category);
  }
}
