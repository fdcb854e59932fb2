package dev.atalaya.bench.job;

import dev.atalaya.connectors.MessageWriter;
import dev.atalaya.connectors.Secret;
import dev.atalaya.connectors.rabbitmq.RabbitMqSettings;
import dev.atalaya.connectors.rabbitmq.RabbitMqSettings.MessageId;
import dev.atalaya.connectors.rabbitmq.RabbitMqWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Some queues of a broker and the flows in them, event {@code i} in queue {@code i} modulo their
 * number.
 *
 * @param broker address and user, as {@code host:port user password}
 * @param name the queues are called so, with a number behind
 */
record RabbitMqQueues(String broker, String name, int queues) {

  /**
   * Messages that a reader holds unacknowledged, at most; they are acknowledged with each
   * checkpoint, once a second: 50,000 events/s from a queue are the ceiling.
   */
  private static final int PREFETCH = 50_000;

  /** A window of ten seconds closes every 40,000 events. */
  private static final int EVENTS_PER_MILLI = 4;

  private static final long BEYOND_ALL_WINDOWS_MILLIS = 60_000;

  List<String> names() {
    return IntStream.range(0, queues).mapToObj(queue -> name + "-" + queue).toList();
  }

  RabbitMqSettings settings(MessageId id) {
    String[] words = broker.split(" ");
    return new RabbitMqSettings(
        List.of(words[0]),
        "/",
        words[1],
        new Secret(words[2]),
        names(),
        new RabbitMqSettings.Declare(true, Map.of()),
        List.of(),
        id,
        PREFETCH,
        10_000,
        null);
  }

  /**
   * Publishes events with ids, as fast as the broker confirms them, and behind them in each queue,
   * if wanted, one event that ends all windows before it.
   */
  void publish(long events, boolean endsWindows) throws InterruptedException {
    Flows flows = Flows.get();
    List<MessageWriter> writers = new ArrayList<>();
    try {
      for (String queue : names()) {
        writers.add(RabbitMqWriter.open(settings(MessageId.NONE), queue, new Loud()));
      }
      for (long event = 0; event < events; event++) {
        long millis = Flows.START_MILLIS + event / EVENTS_PER_MILLI;
        writers
            .get((int) (event % queues))
            .write(name + "-" + event, FlowJson.of(flows, event, millis));
      }
      long end = Flows.START_MILLIS + events / EVENTS_PER_MILLI + BEYOND_ALL_WINDOWS_MILLIS;
      for (int queue = 0; endsWindows && queue < queues; queue++) {
        writers.get(queue).write(name + "-end-" + queue, FlowJson.of(flows, 0, end));
      }
      for (MessageWriter writer : writers) {
        writer.flush();
      }
    } finally {
      writers.forEach(MessageWriter::close);
    }
  }

  /** The broker is on this machine: what it says is for whoever looks. */
  static final class Loud implements MessageWriter.Watcher {
    @Override
    public void away(String reason) {
      Progress.say("%s", reason);
    }

    @Override
    public void back() {}
  }
}
