package dev.atalaya.job.baseline;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;
import java.util.Comparator;

/** A key and its series. */
final class KnownKey {

  /** The smallest first; ties by the bytes, as hashes are others in each installation. */
  static final Comparator<KnownKey> BY_SIZE =
      Comparator.comparingDouble((KnownKey key) -> key.size)
          .thenComparing((a, b) -> Arrays.compareUnsigned(a.bytes, b.bytes));

  final long hash;
  final byte[] bytes;
  final Series series;

  /** By which keys are compared, when they are: a value, or what is expected. */
  double size;

  KnownKey(long hash, byte[] bytes, Series series) {
    this.hash = hash;
    this.bytes = bytes;
    this.series = series;
  }

  KnownKey copy() {
    return new KnownKey(hash, bytes, series.copy());
  }

  void write(DataOutput target) throws IOException {
    target.writeLong(hash);
    target.writeInt(bytes.length);
    target.write(bytes);
    series.write(target);
  }

  static KnownKey read(DataInput source, Learning learning) throws IOException {
    long hash = source.readLong();
    byte[] bytes = new byte[source.readInt()];
    source.readFully(bytes);
    return new KnownKey(hash, bytes, Series.read(source, learning));
  }
}
