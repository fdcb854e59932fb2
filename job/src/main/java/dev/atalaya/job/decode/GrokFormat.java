package dev.atalaya.job.decode;

import dev.atalaya.job.config.FormatConfig;
import dev.atalaya.job.config.FormatNames;
import dev.atalaya.job.config.GrokPatterns;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.opensearch.grok.Grok;
import org.opensearch.grok.MatcherWatchdog;

/**
 * Lines by Grok patterns: the first that matches counts, and what it names is a field.
 *
 * <p>Backtracking can take a pattern for ever, so the match of one record is ended after a time.
 */
final class GrokFormat implements Format {

  private final List<Grok> patterns;
  private final Parts parts;
  private final long timeoutMillis;

  GrokFormat(FormatConfig config, FieldPlan plan, String timeField) {
    timeoutMillis = config.grok().timeoutMillis();
    // Asks of all running matches together how long they have taken, in a thread that Java has.
    MatcherWatchdog watchdog =
        MatcherWatchdog.newInstance(
            Math.max(1, timeoutMillis / 4),
            timeoutMillis,
            () -> TimeUnit.NANOSECONDS.toMillis(System.nanoTime()),
            (delay, check) ->
                CompletableFuture.delayedExecutor(delay, TimeUnit.MILLISECONDS).execute(check));
    patterns = GrokPatterns.compile(config.grok(), watchdog);
    parts = Parts.needed(plan, timeField, FormatNames.of(config.kind()));
  }

  @Override
  public void read(byte[] bytes, int from, int end, EventBuilder event) {
    parts.clear();
    if (!Lines.isOne(bytes, from, end, event)) {
      return;
    }
    String line = new String(bytes, from, end - from, StandardCharsets.UTF_8);
    Map<String, Object> found = null;
    try {
      for (int i = 0; found == null && i < patterns.size(); i++) {
        found = patterns.get(i).captures(line);
      }
    } catch (NumberFormatException e) {
      event.fail(
          RejectReason.NUMBER_RANGE, "a number does not fit the type that the pattern gives it");
      return;
    } catch (RuntimeException e) {
      if (!String.valueOf(e.getMessage()).contains("interrupted")) {
        throw e; // of ours; of a match that was ended the library tells in words only
      }
      event.fail(
          RejectReason.TIMEOUT,
          "no pattern had matched after " + timeoutMillis + " ms: simplify it");
      return;
    }
    if (found == null) {
      event.fail(RejectReason.FORMAT, "none of the " + patterns.size() + " Grok patterns matches");
      return;
    }
    for (Map.Entry<String, Object> capture : found.entrySet()) {
      int part = parts.find(capture.getKey());
      if (part != Parts.NONE && capture.getValue() != null) {
        byte[] value = capture.getValue().toString().getBytes(StandardCharsets.UTF_8);
        parts.set(part, value, 0, value.length);
      }
    }
    parts.fill(event);
  }
}
