package dev.atalaya.bench.job;

import java.io.Serializable;

/** A flow event as plain Flink programs have it: a POJO. */
public class Flow implements Serializable {
  public long millis;
  public String src;

  /** The source again, as a number. */
  public long srcNumber;

  public int dport;
  public long bytes;
}
