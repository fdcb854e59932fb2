package dev.atalaya.bench.job;

import dev.atalaya.fixtures.RabbitMqBroker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/**
 * JSON from a real broker on the same cores: from queues that were filled beforehand, and from
 * queues into which a publisher in another process publishes meanwhile.
 */
final class RabbitMqBench {

  /** Of each queue a multiple of {@link Outcome#EVENTS_PER_LOOK}. */
  private static final long EVENTS = 240_000;

  private static final long WARM_UP_EVENTS = 160_000;
  private static final long QUICK_EVENTS = 4_000;
  private static final int ROUNDS = 3;
  private static final long LOOK_MILLIS = 20;
  private static final List<String> JVM = List.of("-Xms1g", "-Xmx1g");

  private final RabbitMqBroker broker;
  private int namesGiven;

  private RabbitMqBench(RabbitMqBroker broker) {
    this.broker = broker;
  }

  static void quick() throws Exception {
    try (RabbitMqBroker broker = RabbitMqBroker.start()) {
      RabbitMqBench bench = new RabbitMqBench(broker);
      for (RabbitMqVariant variant : RabbitMqVariant.values()) {
        Progress.say("rabbitmq: %s", variant.label);
        RabbitMqQueues queues = bench.filled(variant, QUICK_EVENTS);
        RabbitMqRound.run(variant, queues, QUICK_EVENTS);
        bench.delete(queues);
      }
    }
  }

  static void full(BenchmarksDocument document) throws Exception {
    Medians<RabbitMqVariant> drained = new Medians<>(RabbitMqVariant.class);
    Medians<RabbitMqVariant> live = new Medians<>(RabbitMqVariant.class);
    try (RabbitMqBroker broker = RabbitMqBroker.start()) {
      RabbitMqBench bench = new RabbitMqBench(broker);
      for (int round = 1; round <= ROUNDS; round++) {
        for (RabbitMqVariant variant : RabbitMqVariant.values()) {
          Round fromFull = bench.drained(variant);
          Round fromLive = bench.live(variant);
          drained.add(variant, fromFull);
          live.add(variant, fromLive);
          Progress.say(
              "rabbitmq, round %d of %d: %s: %.0f events/s, while published %.0f",
              round, ROUNDS, variant.label, fromFull.eventsPerSecond(), fromLive.eventsPerSecond());
        }
      }
    }
    document.replace("rabbitmq", table(drained, live));
  }

  private Round drained(RabbitMqVariant variant) throws InterruptedException {
    RabbitMqQueues queues = filled(variant, EVENTS);
    Round round = fork(variant, queues);
    delete(queues);
    return round;
  }

  private Round live(RabbitMqVariant variant) throws InterruptedException {
    RabbitMqQueues queues = declared(variant);
    CompletableFuture<Void> publishing =
        CompletableFuture.runAsync(() -> publishOnceRead(variant, queues));
    Round round = fork(variant, queues);
    publishing.join();
    delete(queues);
    return round;
  }

  private Round fork(RabbitMqVariant variant, RabbitMqQueues queues) throws InterruptedException {
    RabbitMqQueues warmUp = filled(variant, WARM_UP_EVENTS);
    Round round =
        Round.of(
            Fork.run(
                RabbitMqRound.class,
                JVM,
                variant.name(),
                queues.broker(),
                queues.name(),
                EVENTS,
                warmUp.name(),
                WARM_UP_EVENTS));
    delete(warmUp);
    return round;
  }

  private void publishOnceRead(RabbitMqVariant variant, RabbitMqQueues queues) {
    try (var connection = broker.newConnection()) {
      var channel = connection.createChannel();
      for (String queue : queues.names()) {
        while (channel.consumerCount(queue) == 0) {
          TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
        }
      }
      queues.publish(EVENTS, variant.alerts);
    } catch (Exception e) {
      throw new CompletionException(e);
    }
  }

  private RabbitMqQueues declared(RabbitMqVariant variant) {
    RabbitMqQueues queues =
        new RabbitMqQueues(
            "localhost:" + broker.port() + " " + broker.username() + " " + broker.password(),
            "flows-" + namesGiven++,
            variant.queues);
    queues.names().forEach(queue -> broker.declareQueue(queue, Map.of()));
    return queues;
  }

  private RabbitMqQueues filled(RabbitMqVariant variant, long events) throws InterruptedException {
    RabbitMqQueues queues = declared(variant);
    queues.publish(events, variant.alerts);
    return queues;
  }

  private void delete(RabbitMqQueues queues) {
    try (var connection = broker.newConnection()) {
      var channel = connection.createChannel();
      for (String queue : queues.names()) {
        channel.queueDelete(queue);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String table(Medians<RabbitMqVariant> drained, Medians<RabbitMqVariant> live) {
    StringBuilder table = new StringBuilder();
    table.append("| | filled: events/s | CPU µs per event | × discard | × 1 queue");
    table.append(" | while published: events/s | CPU µs per event | × discard | × 1 queue |\n");
    table.append("|---|---:|---:|---:|---:|---:|---:|---:|---:|\n");
    for (RabbitMqVariant variant : RabbitMqVariant.values()) {
      table.append("| ").append(variant.label).append(" |");
      table.append(columns(drained, variant)).append(columns(live, variant)).append('\n');
    }
    return table.toString();
  }

  private static String columns(Medians<RabbitMqVariant> medians, RabbitMqVariant variant) {
    RabbitMqVariant oneQueue =
        variant.alerts ? RabbitMqVariant.ALERTS_1 : RabbitMqVariant.DISCARD_1;
    return String.format(
        Locale.ROOT,
        " %,.0f | %.1f | %.2f | %.2f |",
        medians.eventsPerSecond(variant),
        medians.cpuMicrosPerEvent(variant),
        medians.ratio(variant, variant.discarding()),
        medians.ratio(variant, oneQueue));
  }
}
