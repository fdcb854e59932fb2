package dev.atalaya.job.detect;

import dev.atalaya.sketch.EntropyBounds;

/**
 * {@link EntropyBounds} on their way between operators. Public fields and an empty constructor:
 * Flink serializes it as a POJO.
 */
public final class EntropyPart {

  public double lowerSum;
  public double upperSum;
  public double lowerTotal;
  public double upperTotal;

  public EntropyPart() {}

  public static EntropyPart of(EntropyBounds bounds) {
    EntropyPart part = new EntropyPart();
    part.lowerSum = bounds.lowerSum();
    part.upperSum = bounds.upperSum();
    part.lowerTotal = bounds.lowerTotal();
    part.upperTotal = bounds.upperTotal();
    return part;
  }

  EntropyBounds bounds() {
    return new EntropyBounds(lowerSum, upperSum, lowerTotal, upperTotal);
  }
}
