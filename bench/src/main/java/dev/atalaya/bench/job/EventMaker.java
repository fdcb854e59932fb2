package dev.atalaya.bench.job;

import java.io.Serializable;

/** Makes event number so-and-so; may hand out one object again and again. Not thread-safe. */
interface EventMaker<T> extends Serializable {

  /** Called once, in the task, before the first event. */
  default void open() {}

  T make(long event);
}
