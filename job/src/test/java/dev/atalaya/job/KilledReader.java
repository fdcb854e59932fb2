package dev.atalaya.job;

import dev.atalaya.fixtures.KafkaBroker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Feeds a job through Kafka, and kills what it needs at seeded random moments of the stream. */
final class KilledReader {

  private static final Logger LOG = LoggerFactory.getLogger(KilledReader.class);

  private KilledReader() {}

  /** How to kill something. */
  @FunctionalInterface
  interface Killer<K> {
    void kill(K one) throws Exception;
  }

  /** One thing so many times, and another, in an order that the seed decides. */
  static <K> List<K> shuffled(K one, int ones, K other, int others, long seed) {
    List<K> kills = new ArrayList<>();
    kills.addAll(Collections.nCopies(ones, one));
    kills.addAll(Collections.nCopies(others, other));
    Collections.shuffle(kills, new Random(seed));
    return kills;
  }

  /**
   * Appends the whole stream, and kills in between.
   *
   * @param group the job's consumer group
   * @param seed of the moments
   * @param patience until the job has read what came before a kill
   */
  static <K> void feed(
      FlowStream flows,
      KafkaBroker broker,
      String group,
      List<K> kills,
      long seed,
      Duration patience,
      Killer<K> killer)
      throws Exception {
    int events = (int) flows.received();
    int[] moments = new Random(seed).ints(kills.size(), 1, events).sorted().toArray();
    int produced = 0;
    for (int i = 0; i < kills.size(); i++) {
      flows.produceTo(broker, produced, moments[i]);
      // Part of it is behind a checkpoint, the rest is under way.
      broker.awaitCommitted(group, (produced + moments[i] + 1) / 2, patience);
      produced = moments[i];
      LOG.info("kill {} at {} events", kills.get(i), produced);
      killer.kill(kills.get(i));
    }
    flows.produceTo(broker, produced, events);
  }
}
