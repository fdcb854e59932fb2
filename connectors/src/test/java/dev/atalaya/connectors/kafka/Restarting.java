package dev.atalaya.connectors.kafka;

import org.apache.flink.configuration.Configuration;

/** Of a job that is restarted again and again, as on a cluster: it ends only when it must. */
final class Restarting {

  private Restarting() {}

  static Configuration configuration() {
    Configuration configuration = new Configuration();
    configuration.setString("restart-strategy.type", "fixed-delay");
    configuration.setString("restart-strategy.fixed-delay.attempts", "1000000");
    configuration.setString("restart-strategy.fixed-delay.delay", "10ms");
    return configuration;
  }
}
