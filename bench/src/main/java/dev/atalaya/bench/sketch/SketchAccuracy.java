package dev.atalaya.bench.sketch;

import dev.atalaya.sketch.HeavyKeySketch;
import dev.atalaya.sketch.KeyHash;
import dev.atalaya.sketch.KeySummaries;
import dev.atalaya.sketch.SignedHeavyKeySketch;
import dev.atalaya.sketch.SpreadSketch;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.apache.datasketches.frequencies.ErrorType;
import org.apache.datasketches.frequencies.ItemsSketch;
import org.apache.datasketches.frequencies.LongsSketch;

/**
 * Measures what the heavy-key sketch finds, how fast and in how many bytes, beside its peers of
 * Apache DataSketches on the same data in the same process, and writes the tables as Markdown.
 *
 * <p>{@code SketchAccuracy [--quick] [file]}. Quick is a hundredth of the data: it checks that
 * bounds hold and that the bench still runs; its rates mean nothing.
 */
public final class SketchAccuracy {

  private static final KeyHash HASH = new KeyHash(0x243f6a8885a308d3L, 0x13198a2e03707344L);
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  private static final int LONGS_MAP_SIZE = 8192; // 144 KB
  private static final int PARTIALS = 8;

  private final int eventsPerEpoch;
  private final int rounds;
  private final StringBuilder out = new StringBuilder();
  private long used;

  private SketchAccuracy(boolean quick) {
    eventsPerEpoch = quick ? 100_000 : 10_000_000;
    rounds = quick ? 1 : 9;
  }

  public static void main(String[] arguments) throws IOException {
    List<String> rest = new ArrayList<>(Arrays.asList(arguments));
    SketchAccuracy bench = new SketchAccuracy(rest.remove("--quick"));
    bench.run();
    System.out.print(bench.out);
    if (!rest.isEmpty()) {
      Files.writeString(Path.of(rest.get(0)), bench.out, StandardCharsets.UTF_8);
    }
  }

  private void run() {
    line(
        "%s, %d processors, Java %s. %,d events an epoch, Zipf 1.0 by rank over 545,000 keys.",
        processor(), Runtime.getRuntime().availableProcessors(), Runtime.version(), eventsPerEpoch);
    line("Rates: thread CPU time, median of %d interleaved rounds.", rounds);

    Epochs epochs = Epochs.create(eventsPerEpoch, 13, false, false, 1);
    accuracyTable(epochs);
    merging(epochs);
    speedOfBytes(epochs);
    spread(epochs);
    epochs = null;
    speedOfText();
    speedOfCollidingStrings();
    line("");
    line("(Check word %x.)", used);
  }

  // ---- accuracy

  private void accuracyTable(Epochs epochs) {
    line("");
    line("Found by upper bound, certified by lower bound, at 0.01 %% of the events:");
    line("");
    line(
        "| 13-byte keys | hitters P / R | certified | changers P / R | certified"
            + " | error bound of threshold | broken bounds |");
    line("|---|---|---|---|---|---|---|");
    for (long memory : new long[] {256 << 10, 270 << 10, 540 << 10}) {
      check(accuracy("random order, " + kilobytes(memory), epochs, memory));
    }
    Epochs bursty = Epochs.create(eventsPerEpoch, 13, false, true, 1);
    for (long memory : new long[] {256 << 10, 310 << 10}) {
      check(accuracy("bursty order, " + kilobytes(memory), bursty, memory));
    }
    HeavyKeySketch[] merged = new HeavyKeySketch[2];
    for (int epoch = 0; epoch < 2; epoch++) {
      merged[epoch] = merge(partials(epochs, epoch));
    }
    check(new Accuracy("8 × 256 KB merged", epochs, HASH, merged[0], merged[1]));
    check(retractions(epochs));
    longsAccuracy(epochs);
  }

  private Accuracy accuracy(String name, Epochs epochs, long memory) {
    HeavyKeySketch first = HeavyKeySketch.create(memory, HASH);
    HeavyKeySketch second = HeavyKeySketch.create(memory, HASH);
    fold(epochs, 0, first);
    fold(epochs, 1, second);
    return new Accuracy(name, epochs, HASH, first, second);
  }

  private static void fold(Epochs epochs, int epoch, HeavyKeySketch sketch) {
    int length = epochs.keyLength;
    for (int id : epochs.events[epoch]) {
      long hash = HASH.hash(epochs.keys, id * length, length);
      sketch.update(hash, epochs.keys, id * length, length, 1);
    }
  }

  /** Every event, and a fifth of them taken back at once or later: the truth is what is left. */
  private static Accuracy retractions(Epochs epochs) {
    Epochs left = epochs.withOwnCounts();
    SignedHeavyKeySketch[] sketches = new SignedHeavyKeySketch[2];
    Random random = new Random(2);
    for (int epoch = 0; epoch < 2; epoch++) {
      sketches[epoch] = SignedHeavyKeySketch.create(256 << 10, HASH);
      int length = epochs.keyLength;
      int[] events = epochs.events[epoch];
      for (int i = 0; i < events.length; i++) {
        update(sketches[epoch], epochs.keys, events[i] * length, length, 1);
        if (random.nextInt(5) == 0) {
          int id = events[random.nextInt(i + 1)];
          update(sketches[epoch], epochs.keys, id * length, length, -1);
          left.counts[epoch][id]--;
        }
      }
    }
    return new Accuracy("20 % retractions, signed, 256 KB", left, HASH, sketches[0], sketches[1]);
  }

  private static void update(
      SignedHeavyKeySketch sketch, byte[] keys, int offset, int length, long weight) {
    sketch.update(HASH.hash(keys, offset, length), keys, offset, length, weight);
  }

  private void check(Accuracy accuracy) {
    line("%s", accuracy.row());
    if (accuracy.brokenBounds != 0) {
      throw new AssertionError(accuracy.name + ": " + accuracy.brokenBounds + " broken bounds");
    }
    boolean certified = accuracy.threshold > accuracy.errorBound;
    if (certified && (accuracy.hitters.recall() < 1 || accuracy.changers.recall() < 1)) {
      throw new AssertionError(accuracy.name + ": certified, but a key was missed");
    }
  }

  private void longsAccuracy(Epochs epochs) {
    LongsSketch[] sketches = new LongsSketch[2];
    for (int epoch = 0; epoch < 2; epoch++) {
      sketches[epoch] = new LongsSketch(LONGS_MAP_SIZE);
      for (int id : epochs.events[epoch]) {
        sketches[epoch].update(hash(epochs, id));
      }
    }
    long threshold = Math.max(1, eventsPerEpoch / 10_000);
    Accuracy.Tally hitters = new Accuracy.Tally();
    Accuracy.Tally changers = new Accuracy.Tally();
    for (int id = 0; id < epochs.keyCount(); id++) {
      long hash = hash(epochs, id);
      int before = epochs.counts[0][id];
      int after = epochs.counts[1][id];
      long lowerBefore = sketches[0].getLowerBound(hash);
      long lowerAfter = sketches[1].getLowerBound(hash);
      long upperBefore = sketches[0].getUpperBound(hash);
      long upperAfter = sketches[1].getUpperBound(hash);
      hitters.add(before >= threshold, upperBefore >= threshold, lowerBefore >= threshold);
      changers.add(
          Math.abs(after - before) >= threshold,
          Math.max(upperAfter - lowerBefore, upperBefore - lowerAfter) >= threshold,
          Math.max(lowerAfter - upperBefore, lowerBefore - upperAfter) >= threshold);
    }
    line(
        "| LongsSketch, 144 KB, keeps no keys | %s | %s | %d of %d | |",
        hitters.row(),
        changers.row(),
        Math.max(sketches[0].getMaximumError(), sketches[1].getMaximumError()),
        threshold);
  }

  private static long hash(Epochs epochs, int id) {
    return HASH.hash(epochs.keys, id * epochs.keyLength, epochs.keyLength);
  }

  // ---- spread

  /** Overwrites some of the first epoch's events. */
  private void spread(Epochs epochs) {
    Contacts contacts = new Contacts(epochs, HASH);
    line("");
    long threshold = Math.max(10, contacts.pairs / 10_000);
    line(
        "%,d distinct pairs of key and peer in %,d events; keys with at least %,d distinct peers:",
        contacts.pairs, contacts.keys.length, threshold);
    line("");
    line(SpreadAccuracy.HEAD);
    line(SpreadAccuracy.RULE);
    long memory = rounds == 1 ? 64 << 10 : 4 << 20;
    String name = kilobytes(memory);
    spread(name, contacts, threshold, memory, false);
    spread(name + ", from exact partials", contacts, threshold, memory, true);
    spread("exact, 256 MB", contacts, threshold, 256 << 20, false);
    line("");
    line("The same 10,000 events again and again: %.0f ns an event.", nanosOfKnownPairs(contacts));
  }

  private void spread(
      String name, Contacts contacts, long threshold, long memory, boolean partials) {
    double[] nanos = new double[Math.min(3, rounds)];
    SpreadSketch sketch = null;
    for (int round = 0; round < nanos.length; round++) {
      long start = THREADS.getCurrentThreadCpuTime();
      sketch = partials ? foldInPartials(contacts, memory) : fold(contacts, memory);
      nanos[round] = (THREADS.getCurrentThreadCpuTime() - start) / (double) contacts.keys.length;
    }
    SpreadAccuracy accuracy = new SpreadAccuracy(contacts, sketch, threshold);
    line("%s", accuracy.row(name, median(nanos)));
    if (accuracy.brokenBounds != 0) {
      throw new AssertionError(name + ": " + accuracy.brokenBounds + " broken bounds");
    }
    if (accuracy.certified() && accuracy.recallOfPossible() < 1) {
      throw new AssertionError(name + ": certified, but a key was missed");
    }
  }

  private static SpreadSketch fold(Contacts contacts, long memory) {
    SpreadSketch sketch = SpreadSketch.create(memory, HASH);
    for (int i = 0; i < contacts.keys.length; i++) {
      contacts.add(sketch, i);
    }
    return sketch;
  }

  /** As a job does: what is folded stays exact, and is merged whenever it is full. */
  private static SpreadSketch foldInPartials(Contacts contacts, long memory) {
    SpreadSketch merged = SpreadSketch.create(memory, HASH);
    SpreadSketch partial = SpreadSketch.create(memory, HASH);
    for (int i = 0; i < contacts.keys.length; i++) {
      contacts.add(partial, i);
      if (partial.isFull()) {
        merged.merge(partial);
        partial.clear();
      }
    }
    merged.merge(partial);
    return merged;
  }

  private double nanosOfKnownPairs(Contacts contacts) {
    SpreadSketch sketch = SpreadSketch.create(1 << 20, HASH);
    int events = 10_000;
    int times = rounds == 1 ? 10 : 1_000;
    long start = 0;
    for (int time = -times / 10; time < times; time++) {
      start = time == 0 ? THREADS.getCurrentThreadCpuTime() : start;
      for (int i = 0; i < events; i++) {
        contacts.add(sketch, i);
      }
    }
    use(sketch.total());
    return (THREADS.getCurrentThreadCpuTime() - start) / ((double) events * times);
  }

  // ---- merging

  private static HeavyKeySketch[] partials(Epochs epochs, int epoch) {
    HeavyKeySketch[] partials = new HeavyKeySketch[PARTIALS];
    for (int i = 0; i < PARTIALS; i++) {
      partials[i] = HeavyKeySketch.create(256 << 10, HASH);
    }
    int[] events = epochs.events[epoch];
    int length = epochs.keyLength;
    for (int i = 0; i < events.length; i++) {
      int offset = events[i] * length;
      partials[i % PARTIALS].update(
          HASH.hash(epochs.keys, offset, length), epochs.keys, offset, length, 1);
    }
    return partials;
  }

  private static HeavyKeySketch merge(HeavyKeySketch[] partials) {
    HeavyKeySketch merged = HeavyKeySketch.create(partials[0].memoryBytes(), HASH);
    for (HeavyKeySketch partial : partials) {
      merged.merge(partial);
    }
    return merged;
  }

  private void merging(Epochs epochs) {
    HeavyKeySketch[] partials = partials(epochs, 0);
    int largest = 0;
    for (HeavyKeySketch partial : partials) {
      largest = Math.max(largest, KeySummaries.toBytes(partial).length);
    }
    int merges = rounds == 1 ? 3 : 300;
    double[] millis = new double[merges];
    for (int i = 0; i < merges; i++) {
      long start = THREADS.getCurrentThreadCpuTime();
      use(merge(partials).total());
      millis[i] = (THREADS.getCurrentThreadCpuTime() - start) / 1e6;
    }
    line("");
    line(
        "Merging 8 partials of 256 KB: %.2f ms (median of %d); the largest has %,d bytes on the"
            + " wire, merged %,d.",
        median(millis), merges, largest, KeySummaries.toBytes(merge(partials)).length);
  }

  // ---- speed

  /** Each of these once a round, in order, so that all see the same disturbances. */
  private Map<String, Double> rates(int events, Map<String, Runnable> runs) {
    Map<String, double[]> seconds = new LinkedHashMap<>();
    runs.keySet().forEach(name -> seconds.put(name, new double[rounds]));
    for (int round = rounds == 1 ? 0 : -2; round < rounds; round++) {
      for (Map.Entry<String, Runnable> run : runs.entrySet()) {
        long start = THREADS.getCurrentThreadCpuTime();
        run.getValue().run();
        long nanos = THREADS.getCurrentThreadCpuTime() - start;
        if (round >= 0) {
          seconds.get(run.getKey())[round] = nanos / 1e9;
        }
      }
    }
    Map<String, Double> rates = new LinkedHashMap<>();
    seconds.forEach((name, all) -> rates.put(name, events / median(all) / 1e6));
    return rates;
  }

  private void speedTable(String title, String peer, Map<String, Double> rates) {
    line("");
    line("| %s | M updates/s | relative |", title);
    line("|---|---|---|");
    rates.forEach(
        (name, rate) ->
            line("| %s | %.1f | %.2f |", name, rate, rate / rates.get(peerOf(name, peer))));
  }

  /** Rows that hash are compared with the peer that hashes. */
  private static String peerOf(String name, String peer) {
    return name.endsWith(HASHED) ? peer + HASHED : peer;
  }

  private static final String HASHED = ", hashes at hand";

  private void speedOfBytes(Epochs epochs) {
    Stream stream = new Stream(epochs, 0, HASH);
    long memory = 256 << 10;
    Map<String, Runnable> runs = new LinkedHashMap<>();
    runs.put(
        "HeavyKeySketch, batches", () -> use(stream.updateBatches(stream.sketch(memory)).total()));
    runs.put("HeavyKeySketch, one by one", () -> use(stream.update(stream.sketch(memory)).total()));
    runs.put("LongsSketch", () -> use(longs(stream)));
    runs.put(
        "HeavyKeySketch, batches" + HASHED,
        () -> use(stream.updateBatchesHashed(stream.sketch(memory)).total()));
    runs.put(
        "HeavyKeySketch, one by one" + HASHED,
        () -> use(stream.updateHashed(stream.sketch(memory)).total()));
    runs.put("LongsSketch" + HASHED, () -> use(longsHashed(stream)));
    runs.put("the hash alone", () -> use(hashes(stream)));
    speedTable("13-byte keys, 256 KB", "LongsSketch", rates(stream.size(), runs));
  }

  private static long longs(Stream stream) {
    LongsSketch sketch = new LongsSketch(LONGS_MAP_SIZE);
    int length = stream.keyLength;
    for (int i = 0; i < stream.size(); i++) {
      sketch.update(HASH.hash(stream.keys, i * length, length));
    }
    return sketch.getStreamLength();
  }

  private static long longsHashed(Stream stream) {
    LongsSketch sketch = new LongsSketch(LONGS_MAP_SIZE);
    for (long hash : stream.hashes) {
      sketch.update(hash);
    }
    return sketch.getStreamLength();
  }

  private static long hashes(Stream stream) {
    long sum = 0;
    int length = stream.keyLength;
    for (int i = 0; i < stream.size(); i++) {
      sum += HASH.hash(stream.keys, i * length, length);
    }
    return sum;
  }

  private void speedOfText() {
    Epochs epochs = Epochs.create(eventsPerEpoch / 2, 38, true, false, 1);
    Stream stream = new Stream(epochs, 0, HASH);
    String[] texts = new String[epochs.keyCount()];
    for (int id = 0; id < texts.length; id++) {
      texts[id] = new String(epochs.key(id), StandardCharsets.US_ASCII);
    }
    String[] strings = new String[stream.size()];
    for (int i = 0; i < strings.length; i++) {
      strings[i] = texts[epochs.events[0][i]];
    }
    long memory = 512 << 10;
    Map<String, Runnable> runs = new LinkedHashMap<>();
    runs.put(
        "HeavyKeySketch, batches", () -> use(stream.updateBatches(stream.sketch(memory)).total()));
    runs.put("HeavyKeySketch, one by one", () -> use(stream.update(stream.sketch(memory)).total()));
    runs.put("ItemsSketch<String>", () -> use(items(strings)));
    runs.put("ItemsSketch<String>, strings made of the bytes", () -> use(items(stream)));
    speedTable("38-byte text keys, 512 KB", "ItemsSketch<String>", rates(stream.size(), runs));
  }

  /**
   * The strings exist already, and remember their hash codes: the peer is not charged for either.
   */
  private static long items(String[] strings) {
    ItemsSketch<String> sketch = new ItemsSketch<>(LONGS_MAP_SIZE);
    for (String string : strings) {
      sketch.update(string);
    }
    return sketch.getFrequentItems(ErrorType.NO_FALSE_POSITIVES).length;
  }

  /** From the same bytes as the others. */
  private static long items(Stream stream) {
    ItemsSketch<String> sketch = new ItemsSketch<>(LONGS_MAP_SIZE);
    int length = stream.keyLength;
    for (int i = 0; i < stream.size(); i++) {
      sketch.update(new String(stream.keys, i * length, length, StandardCharsets.ISO_8859_1));
    }
    return sketch.getFrequentItems(ErrorType.NO_FALSE_POSITIVES).length;
  }

  /** Keys that all have one String.hashCode: no worse for a keyed hash. */
  private void speedOfCollidingStrings() {
    int count = rounds == 1 ? 1 << 14 : 1 << 20;
    byte[] keys = new byte[count * 40];
    byte[] other = new byte[count * 40];
    Random random = new Random(3);
    for (int id = 0; id < count; id++) {
      for (int bit = 0; bit < 20; bit++) {
        boolean set = (id >>> bit & 1) != 0;
        int at = id * 40 + 2 * bit;
        // "Aa" and "BB" have the same hash code.
        keys[at] = (byte) (set ? 'A' : 'B');
        keys[at + 1] = (byte) (set ? 'a' : 'B');
        other[at] = (byte) ('a' + random.nextInt(26));
        other[at + 1] = (byte) ('a' + random.nextInt(26));
      }
    }
    Map<String, Runnable> runs = new LinkedHashMap<>();
    runs.put("keys with random hash codes", () -> use(foldAll(other)));
    runs.put("keys with one hash code", () -> use(foldAll(keys)));
    speedTable(
        String.format(Locale.ROOT, "%,d distinct 40-byte strings, 256 KB", count),
        "keys with random hash codes",
        rates(count, runs));
  }

  private static long foldAll(byte[] keys) {
    HeavyKeySketch sketch = HeavyKeySketch.create(256 << 10, HASH);
    for (int offset = 0; offset < keys.length; offset += 40) {
      sketch.update(HASH.hash(keys, offset, 40), keys, offset, 40, 1);
    }
    return sketch.total();
  }

  /** So that no result can be optimised away. */
  private void use(long value) {
    used ^= value;
  }

  // ---- text

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  private static String kilobytes(long bytes) {
    return bytes / 1024 + " KB";
  }

  private static String processor() {
    try {
      for (String line : Files.readAllLines(Path.of("/proc/cpuinfo"))) {
        if (line.startsWith("model name")) {
          return line.substring(line.indexOf(':') + 2);
        }
      }
    } catch (IOException e) {
      // Not Linux: the name below has to do.
    }
    return System.getProperty("os.arch");
  }

  private void line(String format, Object... arguments) {
    out.append(String.format(Locale.ROOT, format, arguments)).append('\n');
  }
}
