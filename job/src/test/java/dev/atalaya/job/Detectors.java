package dev.atalaya.job;

import dev.atalaya.job.config.DetectorConfig;
import dev.atalaya.job.config.DetectorConfig.Changers;
import dev.atalaya.job.config.DetectorConfig.Condition;
import dev.atalaya.job.config.DetectorConfig.Hitters;
import java.util.List;

/** Detectors for tests: everything above nothing is found, unless a test says otherwise. */
public record Detectors(
    String name,
    List<String> key,
    String weight,
    List<Condition> filter,
    long windowMillis,
    long latenessMillis,
    int slices,
    int maxAlerts) {

  public static Detectors named(String name) {
    return new Detectors(name, List.of("key"), null, List.of(), 10, 0, 1, 100);
  }

  public Detectors key(String... fields) {
    return new Detectors(
        name, List.of(fields), weight, filter, windowMillis, latenessMillis, slices, maxAlerts);
  }

  public Detectors weight(String field) {
    return new Detectors(name, key, field, filter, windowMillis, latenessMillis, slices, maxAlerts);
  }

  public Detectors filter(Condition... conditions) {
    return new Detectors(
        name, key, weight, List.of(conditions), windowMillis, latenessMillis, slices, maxAlerts);
  }

  public Detectors window(long millis) {
    return new Detectors(name, key, weight, filter, millis, latenessMillis, slices, maxAlerts);
  }

  public Detectors lateness(long millis) {
    return new Detectors(name, key, weight, filter, windowMillis, millis, slices, maxAlerts);
  }

  public Detectors slices(int count) {
    return new Detectors(name, key, weight, filter, windowMillis, latenessMillis, count, maxAlerts);
  }

  public Detectors maxAlerts(int count) {
    return new Detectors(name, key, weight, filter, windowMillis, latenessMillis, slices, count);
  }

  public DetectorConfig build() {
    return new DetectorConfig(
        name,
        key,
        weight,
        false,
        filter,
        windowMillis,
        latenessMillis,
        1 << 16,
        slices,
        maxAlerts,
        new Hitters(1, null),
        new Changers(1, null, 0),
        null);
  }
}
