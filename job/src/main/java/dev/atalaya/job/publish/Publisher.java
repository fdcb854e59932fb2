package dev.atalaya.job.publish;

import dev.atalaya.connectors.Document;
import dev.atalaya.job.config.ConfigHash;
import dev.atalaya.job.config.JobConfig;
import dev.atalaya.job.decode.Rejection;
import dev.atalaya.job.detect.Finding;
import dev.atalaya.job.detect.KindFindings;
import dev.atalaya.job.detect.WindowFindings;
import dev.atalaya.job.ledger.LedgerState;
import java.io.Serializable;
import org.apache.flink.util.Collector;

/** Turns what the stages have to say into documents; the same input makes the same documents. */
public final class Publisher implements Serializable {

  private final JobConfig config;
  private final DocumentContext context;

  public Publisher(JobConfig config) {
    this.config = config;
    this.context = new DocumentContext(config, ConfigHash.of(config), Version.current());
  }

  /** The alerts of a window, kind by kind in the order of their ranks, then its report. */
  public void publish(WindowFindings window, Collector<Document> out) {
    Alerts alerts = new Alerts(context);
    for (KindFindings found : window.summary.kinds) {
      for (Finding finding : found.listed) {
        out.collect(alerts.write(finding, window.summary));
      }
    }
    for (Finding episode : window.recovered) {
      out.collect(alerts.write(episode, window.summary));
    }
    out.collect(new Reports(context).write(window));
  }

  public void publish(LedgerState account, Collector<Document> out) {
    new Ledgers(context, config.detectors()).write(account).forEach(out::collect);
  }

  public void publish(Rejection rejection, Collector<Document> out) {
    out.collect(new DeadLetters(context).write(rejection));
  }
}
