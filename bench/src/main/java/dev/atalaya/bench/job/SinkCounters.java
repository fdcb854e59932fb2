package dev.atalaya.bench.job;

import java.util.Collection;
import java.util.Properties;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Metric;
import org.apache.flink.metrics.MetricConfig;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.reporter.MetricReporter;
import org.apache.flink.metrics.reporter.MetricReporterFactory;

/**
 * What the sink of the run in this process says of itself, in Flink's own metrics, so that it is
 * measured as it is shipped.
 *
 * <p>Counters belong to the task's thread: what is read here may be a moment old.
 */
public final class SinkCounters implements MetricReporter, MetricReporterFactory {

  /** What the sink has to be called. */
  static final String SINK = "store";

  private static final Collection<Counter> TAKEN = new CopyOnWriteArrayList<>();
  private static final Collection<Counter> STORED = new CopyOnWriteArrayList<>();

  /** Before a run. */
  static void reset(Configuration settings) {
    TAKEN.clear();
    STORED.clear();
    settings.setString("metrics.reporter.bench.factory.class", SinkCounters.class.getName());
  }

  /** Documents given to the sink, over all subtasks. */
  static long taken() {
    return sum(TAKEN);
  }

  /** Of these the ones that the store has taken. */
  static long stored() {
    return sum(STORED);
  }

  private static long sum(Collection<Counter> counters) {
    return counters.stream().mapToLong(Counter::getCount).sum();
  }

  @Override
  public MetricReporter createMetricReporter(Properties properties) {
    return this;
  }

  @Override
  public void open(MetricConfig config) {}

  @Override
  public void close() {}

  @Override
  public void notifyOfAddedMetric(Metric metric, String name, MetricGroup group) {
    String operator = group.getAllVariables().getOrDefault("<operator_name>", "");
    if (operator.startsWith(SINK) && metric instanceof Counter counter) {
      switch (name) {
        case "numRecordsIn" -> TAKEN.add(counter);
        case "numRecordsSend" -> STORED.add(counter);
        default -> {}
      }
    }
  }

  /** They are read after the run as well. */
  @Override
  public void notifyOfRemovedMetric(Metric metric, String name, MetricGroup group) {}
}
