package dev.atalaya.job.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.opensearch.grok.Grok;
import org.opensearch.grok.GrokCaptureConfig;
import org.opensearch.grok.MatcherWatchdog;

/** Grok patterns made ready, with the standard definitions and those of the configuration. */
public final class GrokPatterns {

  private GrokPatterns() {}

  /**
   * Compiles all patterns, in order.
   *
   * @param watchdog ends matches that take too long
   * @throws IllegalArgumentException when a pattern is wrong
   */
  public static List<Grok> compile(FormatConfig.Grok config, MatcherWatchdog watchdog) {
    Map<String, String> bank = new HashMap<>(Grok.BUILTIN_PATTERNS);
    bank.putAll(config.definitions());
    List<Grok> compiled = new ArrayList<>();
    for (String pattern : config.patterns()) {
      compiled.add(compile(bank, pattern, watchdog));
    }
    return compiled;
  }

  private static Grok compile(Map<String, String> bank, String pattern, MatcherWatchdog watchdog) {
    try {
      return new Grok(bank, pattern, watchdog, warning -> {});
    } catch (RuntimeException e) {
      throw new IllegalArgumentException(
          "is no Grok pattern: " + Printable.escape(String.valueOf(e.getMessage())), e);
    }
  }

  /** The names that the patterns give to what they find. */
  static Set<String> names(FormatConfig.Grok config) {
    Set<String> names = new LinkedHashSet<>();
    for (Grok grok : compile(config, MatcherWatchdog.noop())) {
      grok.captureConfig().stream().map(GrokCaptureConfig::name).forEach(names::add);
    }
    return names;
  }
}
