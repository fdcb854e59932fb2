package dev.atalaya.dashboard.follow;

import dev.atalaya.dashboard.follow.StoreQueries.Place;
import java.util.Arrays;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Which documents behind an alias were read, by bucket of their time: how many, and of the newest
 * buckets also which. Memory: up to 16 bytes for each of {@link #MAX_KNOWN} documents.
 */
final class ReadDocuments {

  /** In the buckets of which it is known which documents were read. */
  static final int MAX_KNOWN = 250_000;

  private final SortedMap<Long, Bucket> buckets = new TreeMap<>();
  private final int maxKnown;
  private int known;

  private static final class Bucket {
    long count;

    /** Hashes of places, unordered; null when it is no longer known which they were. */
    long[] hashes = new long[8];

    int hashCount;
  }

  ReadDocuments(int maxKnown) {
    this.maxKnown = maxKnown;
  }

  static long bucketOf(Place place) {
    return Math.floorDiv(place.timeMillis(), StoreQueries.BUCKET_MILLIS)
        * StoreQueries.BUCKET_MILLIS;
  }

  void add(Place place) {
    Bucket bucket = buckets.computeIfAbsent(bucketOf(place), missing -> new Bucket());
    bucket.count++;
    if (bucket.hashes == null) {
      return;
    }
    if (bucket.hashCount == bucket.hashes.length) {
      bucket.hashes = Arrays.copyOf(bucket.hashes, 2 * bucket.hashCount);
    }
    bucket.hashes[bucket.hashCount++] = hash64(place);
    known++;
    for (Bucket oldest : buckets.values()) {
      if (known <= maxKnown) {
        break;
      }
      forgetWhich(oldest);
    }
  }

  private void forgetWhich(Bucket bucket) {
    known -= bucket.hashCount;
    bucket.hashCount = 0;
    bucket.hashes = null;
  }

  long count() {
    return buckets.values().stream().mapToLong(bucket -> bucket.count).sum();
  }

  /** Of a bucket. */
  long count(long start) {
    Bucket bucket = buckets.get(start);
    return bucket == null ? 0 : bucket.count;
  }

  /** Whether it is known which documents of a bucket were read. */
  boolean isKnown(long start) {
    Bucket bucket = buckets.get(start);
    return bucket == null || bucket.hashes != null;
  }

  /** Of a bucket, in which documents may have been deleted. */
  void setCount(long start, long count) {
    buckets.computeIfAbsent(start, missing -> new Bucket()).count = count;
  }

  /** Without the buckets that begin at other times. */
  void retain(Set<Long> starts) {
    buckets
        .entrySet()
        .removeIf(
            entry -> {
              boolean isGone = !starts.contains(entry.getKey());
              if (isGone) {
                forgetWhich(entry.getValue());
              }
              return isGone;
            });
  }

  /** Of what was read of a bucket of which that is known, sorted. */
  long[] hashes(long start) {
    Bucket bucket = buckets.get(start);
    if (bucket == null) {
      return new long[0];
    }
    long[] hashes = Arrays.copyOf(bucket.hashes, bucket.hashCount);
    Arrays.sort(hashes);
    return hashes;
  }

  static boolean contains(long[] sortedHashes, Place place) {
    return Arrays.binarySearch(sortedHashes, hash64(place)) >= 0;
  }

  /** Ids end in a hash of their own, so any mixture of all characters will do. */
  private static long hash64(Place place) {
    long hash = place.timeMillis();
    for (int i = 0; i < place.id().length(); i++) {
      hash = hash * 0x100000001b3L + place.id().charAt(i);
    }
    return hash;
  }
}
