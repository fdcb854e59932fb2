package dev.atalaya.bench.job;

/** A flow event as plain Flink programs have it: a POJO. */
public class Flow {
  public long millis;
  public String src;

  /** The source again, as a number. */
  public long srcNumber;

  public String dst;
  public int dport;
  public long bytes;
}
