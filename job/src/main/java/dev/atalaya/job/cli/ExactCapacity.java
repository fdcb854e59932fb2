package dev.atalaya.job.cli;

/** How many distinct keys of one length a sketch counts exactly in some memory. */
@FunctionalInterface
public interface ExactCapacity {

  long keys(long memoryBytes, int keyLength);
}
