package dev.atalaya.bench.job;

import dev.atalaya.connectors.Document;
import dev.atalaya.job.config.JobConfig;
import dev.atalaya.job.detect.Finding;
import dev.atalaya.job.detect.KindFindings;
import dev.atalaya.job.detect.SliceFindings;
import dev.atalaya.job.detect.WindowFindings;
import dev.atalaya.job.publish.Publisher;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.functions.util.ListCollector;

/**
 * Alerts as the job writes them, by the job's own publisher: windows with {@link
 * #ALERTS_PER_WINDOW} findings each, no key twice. Events have to be asked for in order, {@code
 * step} apart.
 */
final class AlertMaker implements EventMaker<Document> {

  private static final int ALERTS_PER_WINDOW = 200;
  private static final int KEYS = 0x0a000000;
  private static final long TOTAL = 2_000_000;
  private static final long THRESHOLD = 2_000;
  private static final long ERROR = 40;

  private final Publisher publisher;
  private final String detector;
  private final long first;
  private final int step;
  private final List<Document> ready = new ArrayList<>();
  private int given;

  /**
   * @param first added to the number of each event
   */
  AlertMaker(JobConfig config, long first, int step) {
    publisher = new Publisher(config);
    detector = config.detectors().get(0).stateId();
    this.first = first;
    this.step = step;
  }

  @Override
  public Document make(long event) {
    if (given == ready.size()) {
      publish(first + event);
    }
    return ready.get(given++);
  }

  private void publish(long number) {
    ready.clear();
    given = 0;
    ready.addAll(window(number / ALERTS_PER_WINDOW, number, ALERTS_PER_WINDOW));
    // Behind the alerts stands the window's report.
    ready.remove(ready.size() - 1);
  }

  /**
   * All documents of a window, the report last.
   *
   * @param number of the window, which begins so many lengths after the first
   * @param key number of its first key
   * @param alerts an even number, half of them hitters
   */
  List<Document> window(long number, long key, int alerts) {
    WindowFindings window = new WindowFindings();
    window.slices = 1;
    window.summary = summary(number, key, alerts);
    List<Document> documents = new ArrayList<>();
    publisher.publish(window, new ListCollector<>(documents));
    return documents;
  }

  private SliceFindings summary(long window, long number, int alerts) {
    SliceFindings summary = new SliceFindings();
    summary.detector = detector;
    summary.startMillis = Flows.START_MILLIS + window * 10_000;
    summary.endMillis = summary.startMillis + 10_000;
    summary.events = TOTAL;
    summary.total = TOTAL;
    summary.baselineTotal = TOTAL;
    summary.errorBound = ERROR;
    summary.changeErrorBound = 2 * ERROR;
    int half = alerts / 2;
    summary.kinds =
        new KindFindings[] {
          findings(Finding.Kind.HEAVY_HITTER, number, half),
          findings(Finding.Kind.HEAVY_CHANGER, number + (long) half * step, half)
        };
    return summary;
  }

  private KindFindings findings(Finding.Kind kind, long number, int count) {
    KindFindings found = new KindFindings();
    found.kind = kind;
    found.threshold = THRESHOLD;
    found.count = count;
    found.listed = new Finding[count];
    for (int i = 0; i < count; i++) {
      found.listed[i] = finding(kind, number + (long) i * step, i + 1);
    }
    return found;
  }

  private static Finding finding(Finding.Kind kind, long number, int rank) {
    Finding finding = new Finding();
    finding.kind = kind;
    finding.key = Flows.address((int) (KEYS + number)).getBytes(StandardCharsets.US_ASCII);
    finding.expected = 100 + number % 1_000;
    finding.expectedLower = finding.expected - ERROR;
    finding.expectedUpper = finding.expected;
    finding.actual = finding.expected + THRESHOLD + TOTAL / 100 / rank;
    finding.actualLower = finding.actual - ERROR;
    finding.actualUpper = finding.actual;
    finding.delta = finding.actual - finding.expected;
    finding.deltaLower = finding.delta - ERROR;
    finding.deltaUpper = finding.delta + ERROR;
    finding.up = true;
    finding.magnitude = kind == Finding.Kind.HEAVY_HITTER ? finding.actual : finding.delta;
    finding.threshold = THRESHOLD;
    finding.certain = true;
    finding.rank = rank;
    return finding;
  }
}
