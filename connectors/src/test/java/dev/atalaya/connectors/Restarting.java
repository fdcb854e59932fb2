package dev.atalaya.connectors;

import org.apache.flink.configuration.Configuration;

/** Of a job that is restarted again and again, as on a cluster: it ends only when it must. */
public final class Restarting {

  private Restarting() {}

  public static Configuration configuration() {
    Configuration configuration = new Configuration();
    configuration.setString("restart-strategy.type", "fixed-delay");
    configuration.setString("restart-strategy.fixed-delay.attempts", "1000000");
    configuration.setString("restart-strategy.fixed-delay.delay", "10ms");
    return configuration;
  }
}
