package dev.atalaya.bench.sketch;

import dev.atalaya.sketch.HeavyKeySketch;
import dev.atalaya.sketch.KeyHash;
import dev.atalaya.sketch.KeySummaries;
import dev.atalaya.sketch.KeySummary;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The operations of a heavy-key sketch one by one: what a change of the code costs or gains. Run
 * with {@code java -cp ... org.openjdk.jmh.Main SketchBenchmark}. For comparisons with peers,
 * {@link SketchAccuracy}.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class SketchBenchmark {

  private static final int EVENTS = 1_000_000;
  private static final KeyHash HASH = new KeyHash(1, 2);

  /** 64 MB keep all keys exact; 256 KB do not. */
  @Param({"262144", "67108864"})
  public long memoryBytes;

  private Stream stream;
  private HeavyKeySketch filled;
  private HeavyKeySketch other;
  private byte[] bytes;
  private ByteBuffer buffer;

  @Setup
  public void fill() {
    Epochs epochs = Epochs.create(EVENTS, 13, false, false, 1);
    stream = new Stream(epochs, 0, HASH);
    filled = stream.updateHashed(HeavyKeySketch.create(memoryBytes, HASH));
    other = new Stream(epochs, 1, HASH).updateHashed(HeavyKeySketch.create(memoryBytes, HASH));
    bytes = KeySummaries.toBytes(filled);
    buffer = ByteBuffer.allocate(filled.maxSerializedBytes());
  }

  @Benchmark
  @OperationsPerInvocation(EVENTS)
  @OutputTimeUnit(TimeUnit.NANOSECONDS)
  public long hash() {
    long sum = 0;
    for (int i = 0; i < EVENTS; i++) {
      sum += HASH.hash(stream.keys, i * stream.keyLength, stream.keyLength);
    }
    return sum;
  }

  @Benchmark
  @OperationsPerInvocation(EVENTS)
  @OutputTimeUnit(TimeUnit.NANOSECONDS)
  public KeySummary update() {
    return stream.updateHashed(HeavyKeySketch.create(memoryBytes, HASH));
  }

  @Benchmark
  @OperationsPerInvocation(EVENTS)
  @OutputTimeUnit(TimeUnit.NANOSECONDS)
  public KeySummary updateBatch() {
    return stream.updateBatchesHashed(HeavyKeySketch.create(memoryBytes, HASH));
  }

  @Benchmark
  @OperationsPerInvocation(EVENTS)
  @OutputTimeUnit(TimeUnit.NANOSECONDS)
  public long upper() {
    long sum = 0;
    for (long hash : stream.hashes) {
      sum += filled.upper(hash);
    }
    return sum;
  }

  @Benchmark
  @OutputTimeUnit(TimeUnit.MICROSECONDS)
  public KeySummary copyAndMerge() {
    HeavyKeySketch merged = filled.copy();
    merged.merge(other);
    return merged;
  }

  @Benchmark
  @OutputTimeUnit(TimeUnit.MICROSECONDS)
  public KeySummary scale() {
    return filled.scaled(0.9);
  }

  @Benchmark
  @OutputTimeUnit(TimeUnit.MICROSECONDS)
  public ByteBuffer write() {
    filled.write(buffer.clear());
    return buffer;
  }

  @Benchmark
  @OutputTimeUnit(TimeUnit.MICROSECONDS)
  public KeySummary read() {
    return KeySummaries.read(ByteBuffer.wrap(bytes));
  }

  @Benchmark
  @OutputTimeUnit(TimeUnit.MICROSECONDS)
  public long errorBound() {
    return filled.errorBound();
  }
}
