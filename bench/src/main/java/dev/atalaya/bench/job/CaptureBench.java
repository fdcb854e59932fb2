package dev.atalaya.bench.job;

import dev.atalaya.fixtures.FreePort;
import dev.atalaya.fixtures.KafkaBroker;
import dev.atalaya.fixtures.RabbitMqBroker;
import java.io.IOException;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * What {@code atalaya capture} takes, from senders in this process into a real broker, all on the
 * same cores. Its process lives through all rounds, as it would anywhere.
 */
final class CaptureBench {

  private static final int ROUNDS = 3;
  private static final int CONNECTIONS = 16;
  private static final long FILE_BYTES = 100_000_000;
  private static final long WARM_UP_FILE_BYTES = 20_000_000;

  /** What the thesis's service for REST took. */
  private static final double THESIS = 250;

  /**
   * @param warmUpMillis of each batch size, before the first round
   * @param millis measured
   */
  private record Pace(long warmUpMillis, long settleMillis, long millis) {
    static final Pace FULL = new Pace(2_500, 300, 1_500);
    static final Pace QUICK = new Pace(0, 0, 200);
  }

  private static final List<CaptureWay> HTTP =
      List.of(CaptureWay.HTTP_1, CaptureWay.HTTP_100, CaptureWay.HTTP_1000);

  private CaptureBench() {}

  static void quick() throws Exception {
    try (KafkaBroker kafka = KafkaBroker.start()) {
      http(CaptureQueue.kafka(kafka, "http"), Pace.QUICK, 1);
      CaptureQueue flows = CaptureQueue.kafka(kafka, "flows");
      int port = FreePort.pick();
      try (CaptureProcess capture = new CaptureProcess(flows, udp(port));
          NetflowSender sender = new NetflowSender(port)) {
        new UdpRound(capture, flows, sender).quick();
      }
      CaptureQueue lines = CaptureQueue.kafka(kafka, "lines");
      try (CaptureProcess capture = new CaptureProcess(lines, FollowRound.YAML)) {
        FollowRound follow = new FollowRound(capture, lines);
        follow.whole("one", 1_000);
        follow.growing("two", 30_000);
      }
    }
  }

  static void full(BenchmarksDocument document) throws Exception {
    Medians<CaptureWay> toKafka;
    Map<CaptureWay, Round> streams;
    try (KafkaBroker kafka = KafkaBroker.start()) {
      toKafka = http(CaptureQueue.kafka(kafka, "http"), Pace.FULL, ROUNDS);
      streams = streams(kafka);
    }
    Medians<CaptureWay> toRabbitMq;
    try (RabbitMqBroker rabbitMq = RabbitMqBroker.start()) {
      toRabbitMq = http(CaptureQueue.rabbitMq(rabbitMq, "http"), Pace.FULL, ROUNDS);
    }
    document.replace("capture", table(toKafka, toRabbitMq) + table(streams));
  }

  private static Medians<CaptureWay> http(CaptureQueue queue, Pace pace, int rounds)
      throws Exception {
    Medians<CaptureWay> medians = new Medians<>(CaptureWay.class);
    Flows flows = Flows.get();
    try (CaptureProcess capture = new CaptureProcess(queue, "")) {
      for (CaptureWay way : HTTP) {
        http(capture, queue, way, new Pace(0, pace.warmUpMillis(), 0));
      }
      for (int round = 1; round <= rounds; round++) {
        for (CaptureWay way : HTTP) {
          Round measured = http(capture, queue, way, pace);
          medians.add(way, measured);
          Progress.say(
              "capture, round %d of %d: %s: %.0f events/s, %.1f µs of capture for each",
              round,
              rounds,
              way.label,
              measured.eventsPerSecond(),
              1e6 * measured.cpuSeconds() / measured.events());
        }
        Round alone =
            FollowRound.alone(
                queue,
                event -> FlowJson.of(flows, event, Flows.millis(event)),
                pace.millis() + pace.settleMillis());
        medians.add(CaptureWay.CLIENT, alone);
        Progress.say("capture: the client alone: %.0f events/s", alone.eventsPerSecond());
      }
    }
    return medians;
  }

  private static Round http(CaptureProcess capture, CaptureQueue queue, CaptureWay way, Pace pace)
      throws Exception {
    long before = queue.count();
    HttpSenders senders = new HttpSenders(capture.port, CONNECTIONS, way.batch);
    Round round;
    try (senders) {
      TimeUnit.MILLISECONDS.sleep(pace.settleMillis());
      long from = senders.accepted();
      double cpu = capture.cpuSeconds();
      long start = System.nanoTime();
      TimeUnit.MILLISECONDS.sleep(pace.millis());
      long events = senders.accepted() - from;
      double seconds = (System.nanoTime() - start) / 1e9;
      round = new Round(events, seconds, capture.cpuSeconds() - cpu, events, 0);
    }
    long kept = queue.count() - before;
    if (kept != senders.accepted()) {
      throw new IllegalStateException(
          senders.accepted() + " events were answered, " + kept + " are in the queue");
    }
    return round;
  }

  private static String udp(int port) {
    return "  udp: [ { port: " + port + " } ]\n";
  }

  private static Map<CaptureWay, Round> streams(KafkaBroker kafka) throws Exception {
    Map<CaptureWay, Round> rounds = new EnumMap<>(CaptureWay.class);
    CaptureQueue flows = CaptureQueue.kafka(kafka, "flows");
    int port = FreePort.pick();
    try (CaptureProcess capture = new CaptureProcess(flows, udp(port));
        NetflowSender sender = new NetflowSender(port)) {
      add(rounds, CaptureWay.UDP, new UdpRound(capture, flows, sender).search());
    }
    CaptureQueue lines = CaptureQueue.kafka(kafka, "lines");
    try (CaptureProcess capture = new CaptureProcess(lines, FollowRound.YAML)) {
      FollowRound follow = new FollowRound(capture, lines);
      follow.whole("warm-up", FollowRound.linesIn(WARM_UP_FILE_BYTES));
      long number = FollowRound.linesIn(FILE_BYTES);
      add(rounds, CaptureWay.FOLLOW, follow.whole("whole", number));
      add(rounds, CaptureWay.FOLLOW_GROWING, follow.growing("growing", number));
      Pace pace = Pace.FULL;
      FollowRound.alone(lines, FollowRound::line, pace.warmUpMillis());
      add(
          rounds,
          CaptureWay.CLIENT_LINES,
          FollowRound.alone(lines, FollowRound::line, pace.millis()));
      follow.read("whole"); // to warm up
      add(rounds, CaptureWay.READ_LINES, follow.read("growing"));
    }
    return rounds;
  }

  private static void add(Map<CaptureWay, Round> rounds, CaptureWay way, Round round)
      throws IOException {
    rounds.put(way, round);
    Progress.say("capture: %s: %.0f/s", way.label, round.eventsPerSecond());
  }

  private static String table(Medians<CaptureWay> toKafka, Medians<CaptureWay> toRabbitMq) {
    StringBuilder table = new StringBuilder();
    table.append("| | to Kafka: events/s | CPU µs per event | × the client alone | × 250");
    table.append(" | to RabbitMQ: events/s | CPU µs per event | × the client alone | × 250 |\n");
    table.append("|---|---:|---:|---:|---:|---:|---:|---:|---:|\n");
    for (CaptureWay way : HTTP) {
      table.append("| ").append(way.label).append(" |");
      table.append(columns(toKafka, way)).append(columns(toRabbitMq, way)).append('\n');
    }
    table.append("| ").append(CaptureWay.CLIENT.label).append(" |");
    table.append(columns(toKafka, CaptureWay.CLIENT));
    return table.append(columns(toRabbitMq, CaptureWay.CLIENT)).append('\n').toString();
  }

  private static String columns(Medians<CaptureWay> medians, CaptureWay way) {
    return String.format(
        Locale.ROOT,
        " %,.0f | %.1f | %.2f | %.0f |",
        medians.eventsPerSecond(way),
        medians.cpuMicrosPerEvent(way),
        medians.ratio(way, CaptureWay.CLIENT),
        medians.eventsPerSecond(way) / THESIS);
  }

  private static String table(Map<CaptureWay, Round> rounds) {
    StringBuilder table = new StringBuilder();
    table.append("\n| to Kafka | a second | CPU µs for each | × the client alone |\n");
    table.append("|---|---:|---:|---:|\n");
    double alone = rounds.get(CaptureWay.CLIENT_LINES).eventsPerSecond();
    rounds.forEach(
        (way, round) ->
            table.append(
                String.format(
                    Locale.ROOT,
                    "| %s | %,.0f | %.1f | %s |\n",
                    way.label,
                    round.eventsPerSecond(),
                    1e6 * round.cpuSeconds() / round.events(),
                    way == CaptureWay.UDP
                        ? ""
                        : String.format(Locale.ROOT, "%.2f", round.eventsPerSecond() / alone))));
    return table.toString();
  }
}
