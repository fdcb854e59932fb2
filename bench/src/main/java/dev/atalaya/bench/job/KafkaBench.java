package dev.atalaya.bench.job;

import static dev.atalaya.bench.job.KafkaVariant.DISCARD_1;
import static dev.atalaya.bench.job.KafkaVariant.DISCARD_4;

import dev.atalaya.fixtures.KafkaBroker;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;

/** JSON from a real broker: what reading and decoding costs, and what Atalaya adds to that. */
final class KafkaBench {

  private static final long EVENTS = 8_000_000;
  private static final long WARM_UP_EVENTS = 5_000_000;
  private static final int ROUNDS = 3;
  private static final int PARTITIONS = 2;
  private static final List<String> JVM = List.of("-Xms2g", "-Xmx2g");

  private KafkaBench() {}

  static void quick() throws Exception {
    try (KafkaBroker broker = KafkaBroker.start()) {
      produce(broker, "flows", 20_000);
      for (KafkaVariant variant : KafkaVariant.values()) {
        Progress.say("kafka: %s", variant.label);
        KafkaRound.run(variant, broker.servers(), "flows", 20_000);
      }
    }
  }

  static void full(BenchmarksDocument document) throws Exception {
    long[] bytes = new long[1];
    Medians<KafkaVariant> medians = measure(KafkaVariant.OF_DETECTORS, bytes);
    document.replace("kafka", table(medians, bytes[0] / EVENTS));
  }

  /** Rounds of these variants. */
  static Medians<KafkaVariant> measure(List<KafkaVariant> variants) throws Exception {
    return measure(variants, new long[1]);
  }

  private static Medians<KafkaVariant> measure(List<KafkaVariant> variants, long[] bytes)
      throws Exception {
    Medians<KafkaVariant> medians = new Medians<>(KafkaVariant.class);
    try (KafkaBroker broker = KafkaBroker.start()) {
      Progress.say("kafka: %d messages are produced", EVENTS + WARM_UP_EVENTS);
      produce(broker, "warm-up", WARM_UP_EVENTS);
      bytes[0] = produce(broker, "flows", EVENTS);
      for (int round = 1; round <= ROUNDS; round++) {
        for (KafkaVariant variant : variants) {
          Round measured =
              Round.of(
                  Fork.run(
                      KafkaRound.class,
                      JVM,
                      variant.name(),
                      broker.servers(),
                      "flows",
                      EVENTS,
                      "warm-up",
                      WARM_UP_EVENTS));
          medians.add(variant, measured);
          Progress.say(
              "kafka, round %d of %d: %s: %.2f million events/s",
              round, ROUNDS, variant.label, measured.eventsPerSecond() / 1e6);
        }
      }
    }
    return medians;
  }

  /** Returns the bytes of all values. */
  private static long produce(KafkaBroker broker, String topic, long events) throws Exception {
    broker.createTopic(topic, PARTITIONS);
    Flows flows = Flows.get();
    long bytes = 0;
    List<Future<RecordMetadata>> last = new ArrayList<>(Collections.nCopies(PARTITIONS, null));
    try (KafkaProducer<byte[], byte[]> producer =
        broker.newProducer(Map.of("linger.ms", "50", "batch.size", "131072", "acks", "1"))) {
      for (long event = 0; event < events; event++) {
        byte[] value = FlowJson.of(flows, event, Flows.millis(event));
        bytes += value.length;
        int partition = (int) (event % PARTITIONS);
        last.set(
            partition,
            producer.send(
                new ProducerRecord<>(topic, partition, Flows.millis(event), null, value)));
      }
      // A partition takes records in their order: all are there when its last one is.
      for (Future<RecordMetadata> sent : last) {
        sent.get();
      }
    }
    return bytes;
  }

  private static String table(Medians<KafkaVariant> medians, long messageBytes) {
    StringBuilder table = new StringBuilder();
    table.append("| messages of ").append(messageBytes);
    table.append(" bytes | million events/s | CPU µs per event | × its own decode → discard");
    table.append(" | × the cheapest |\n|---|---:|---:|---:|---:|\n");
    for (KafkaVariant variant : KafkaVariant.OF_DETECTORS) {
      table.append(
          String.format(
              Locale.ROOT,
              "| %s | %.2f | %.2f | %.2f | %.2f |\n",
              variant.label,
              medians.eventsPerSecond(variant) / 1e6,
              medians.cpuMicrosPerEvent(variant),
              medians.ratio(variant, variant.detectors == 1 ? DISCARD_1 : DISCARD_4),
              medians.ratio(variant, DISCARD_1)));
    }
    return table.toString();
  }
}
