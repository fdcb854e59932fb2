package dev.atalaya.job.config;

import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * A short name for what decides alerts: format, time, detectors, ECS mapping and labels. Source,
 * sinks, runtime and every secret stay out, so the same rules have the same hash on a laptop and on
 * a cluster, and nothing can be learnt from it.
 */
public final class ConfigHash {

  private static final int HEX_DIGITS = 12;

  private ConfigHash() {}

  /** 12 hexadecimal digits. */
  public static String of(JobConfig config) {
    StringBuilder text = new StringBuilder();
    append(text, config.format());
    append(text, config.time());
    append(
        text,
        config.detectors().stream().sorted(Comparator.comparing(DetectorConfig::name)).toList());
    append(text, config.ecsFields());
    append(text, config.labels());
    return sha256(text.toString()).substring(0, HEX_DIGITS);
  }

  /** By record component, so that a setting added later cannot be forgotten here. */
  private static void append(StringBuilder out, Object value) {
    if (value == null) {
      out.append('~');
    } else if (value instanceof Record part) {
      out.append('{');
      for (RecordComponent component : part.getClass().getRecordComponents()) {
        Object content = read(component, part);
        if (!component.isAnnotationPresent(Later.class) || !saysNothing(content)) {
          out.append(component.getName()).append('=');
          append(out, content);
        }
      }
      out.append('}');
    } else if (value instanceof Set<?> set) {
      appendAll(out, set.stream().map(String::valueOf).sorted().toList());
    } else if (value instanceof List<?> list) {
      appendAll(out, list);
    } else if (value instanceof Map<?, ?> map) {
      TreeMap<String, Object> sorted = new TreeMap<>();
      map.forEach((key, item) -> sorted.put(String.valueOf(key), item));
      appendAll(out, sorted.keySet());
      appendAll(out, sorted.values());
    } else {
      String text =
          value instanceof BigDecimal number
              ? number.stripTrailingZeros().toPlainString()
              : value.toString();
      // The length first: no two different lists of texts can look the same.
      out.append(text.length()).append(':').append(text);
    }
  }

  private static boolean saysNothing(Object value) {
    return value == null
        || value.equals(List.of())
        || value.equals(0L)
        || value.equals(DetectorConfig.Baseline.PREVIOUS);
  }

  private static void appendAll(StringBuilder out, Collection<?> items) {
    out.append('[').append(items.size()).append(' ');
    items.forEach(item -> append(out, item));
    out.append(']');
  }

  private static Object read(RecordComponent component, Record part) {
    try {
      return component.getAccessor().invoke(part);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("cannot read " + component, e);
    }
  }

  private static String sha256(String text) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
