package dev.atalaya.job.detect;

import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;

/** Keeps the first findings by rank and counts and sums all of them exactly. Not thread-safe. */
final class TopFindings {

  private final int limit;
  private final PriorityQueue<Finding> lastFirst;
  private long count;
  private long weight;

  TopFindings(int limit) {
    this.limit = limit;
    lastFirst = new PriorityQueue<>(Finding.BY_RANK.reversed());
  }

  void add(Finding finding) {
    count++;
    weight = Saturating.add(weight, finding.magnitude);
    lastFirst.add(finding);
    if (lastFirst.size() > limit) {
      lastFirst.poll();
    }
  }

  /** All that were added, the first by rank listed. */
  KindFindings of(Finding.Kind kind, long threshold) {
    KindFindings found = new KindFindings(kind, threshold);
    found.count = count;
    found.weight = weight;
    List<Finding> ranked = new ArrayList<>(lastFirst);
    ranked.sort(Finding.BY_RANK);
    found.listed = ranked.toArray(Finding[]::new);
    return found;
  }
}
