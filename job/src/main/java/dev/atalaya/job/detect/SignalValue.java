package dev.atalaya.job.detect;

/**
 * One signal of a window as a whole, found unusual or not. Values are in the signal's own unit: the
 * detector's measure, keys, or thousandths of a bit. Public fields and an empty constructor: Flink
 * serializes it as a POJO.
 */
public final class SignalValue {

  /** What it is called when it is found unusual. */
  public Finding.Kind kind;

  public long actual;

  /** Bounds of the true value; distinct keys of a window that is not exact are an estimate. */
  public long lower;

  public long upper;

  /** What was usual before this window; 0 with its threshold before anything is known. */
  public long expected;

  /** The distance from {@link #expected} from which on the signal is unusual. */
  public long threshold;

  public SignalValue() {}
}
