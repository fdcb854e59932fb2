package dev.atalaya.sketch;

/**
 * Estimates a number of distinct keys from their 64-bit hashes: HyperLogLog, one byte a register.
 *
 * <p>Shape: {@code m} registers, a power of two, {@code m} bytes. Standard error: {@code 1.04 /
 * sqrt(m)}: 2.3 % at 2048. Merge: the same number of registers, by maximum.
 *
 * <p>Source: Flajolet et al., <i>HyperLogLog</i>, AofA 2007; the estimator is that of Ertl, <i>New
 * cardinality estimation algorithms for HyperLogLog sketches</i>, arXiv:1702.01284, section 3:
 * without the bias of the original and without its corrections at both ends.
 */
final class DistinctCounter {

  private final byte[] registers;
  private final int indexShift;

  DistinctCounter(int registerCount) {
    this(new byte[registerCount]);
  }

  private DistinctCounter(byte[] registers) {
    this.registers = registers;
    this.indexShift = 64 - Integer.numberOfTrailingZeros(registers.length);
  }

  DistinctCounter copy() {
    return new DistinctCounter(registers.clone());
  }

  byte[] registers() {
    return registers;
  }

  /** The highest value a register can take. */
  int maxRank() {
    return indexShift + 1;
  }

  void add(long hash) {
    long mixed = hash * BucketTable.MIX;
    int index = (int) (mixed >>> indexShift);
    // The bit set below the index bits ends the count of zeros when all the rest are zero.
    long rest = mixed << (64 - indexShift) | 1L << (63 - indexShift);
    byte rank = (byte) (Long.numberOfLeadingZeros(rest) + 1);
    if (rank > registers[index]) {
      registers[index] = rank;
    }
  }

  void merge(DistinctCounter other) {
    byte[] theirs = other.registers;
    for (int i = 0; i < registers.length; i++) {
      registers[i] = (byte) Math.max(registers[i], theirs[i]);
    }
  }

  long estimate() {
    int[] count = new int[maxRank() + 1];
    for (byte rank : registers) {
      count[rank]++;
    }
    double m = registers.length;
    double z = m * tau(1 - count[maxRank()] / m);
    for (int rank = maxRank() - 1; rank >= 1; rank--) {
      z = 0.5 * (z + count[rank]);
    }
    z += m * sigma(count[0] / m);
    return Math.round(m * m / (2 * Math.log(2) * z));
  }

  /** Five standard errors above the estimate: exceeded less than once in a million. */
  long upper() {
    return (long) Math.ceil(estimate() * (1 + 5 * 1.04 / Math.sqrt(registers.length)));
  }

  private static double sigma(double x) {
    if (x == 1) {
      return Double.POSITIVE_INFINITY;
    }
    double power = x;
    double weight = 1;
    double sum = x;
    double before;
    do {
      power *= power;
      before = sum;
      sum += power * weight;
      weight += weight;
    } while (sum != before);
    return sum;
  }

  private static double tau(double x) {
    if (x == 0 || x == 1) {
      return 0;
    }
    double root = x;
    double weight = 1;
    double sum = 1 - x;
    double before;
    do {
      root = Math.sqrt(root);
      before = sum;
      weight *= 0.5;
      sum -= (1 - root) * (1 - root) * weight;
    } while (sum != before);
    return sum / 3;
  }
}
