package dev.atalaya.connectors;

/** Where a payload came from, exactly enough to find it again. */
@FunctionalInterface
public interface Origin {

  /** For example {@code kafka:flows/3@1200} or {@code file:/data/a.csv@4096}. */
  String describe();
}
