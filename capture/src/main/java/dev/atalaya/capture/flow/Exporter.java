package dev.atalaya.capture.flow;

import dev.atalaya.capture.IpAddress;
import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What is remembered of one sender of datagrams. At most {@link #MAX_TEMPLATES} templates and
 * {@link #MAX_PARKED} parked sets, of {@link #MAX_BYTES} each, and {@link #MAX_DOMAINS} domains:
 * those used last stay, of parked sets those that came last.
 */
final class Exporter {

  static final int MAX_TEMPLATES = 1_024;
  static final int MAX_PARKED = 1_000;
  static final int MAX_DOMAINS = 256;
  static final long MAX_BYTES = 1 << 20;

  private static final int OBJECT_BYTES = 1_024;

  private final InetAddress address;
  private final IpAddress ip = new IpAddress();
  private final FlowOutput out;
  private final Map<Long, Template> templates = new LinkedHashMap<>(16, 0.75f, true);
  private final Map<Long, ArrayDeque<ParkedSet>> parked = new LinkedHashMap<>();
  private final Map<Long, Domain> domains = new Domain.Lru<>(MAX_DOMAINS);
  private long templateBytes;
  private long parkedBytes;
  private int parkedSets;

  Exporter(InetAddress address, FlowOutput out) {
    this.address = address;
    this.out = out;
    byte[] bytes = address.getAddress();
    ip.set(bytes, 0, bytes.length);
  }

  InetAddress address() {
    return address;
  }

  IpAddress ip() {
    return ip;
  }

  /** What it takes in memory, about. */
  long bytes() {
    return OBJECT_BYTES + templateBytes + parkedBytes + domains.size() * Domain.BYTES;
  }

  Domain domain(long key) {
    return domains.computeIfAbsent(key, k -> new Domain());
  }

  /** Null when there is none. */
  Template template(long key) {
    return templates.get(key);
  }

  void forget(long key) {
    Template old = templates.remove(key);
    if (old != null) {
      templateBytes -= old.bytes();
    }
  }

  void learn(long key, Template template) {
    out.count(FlowCounter.TEMPLATES);
    Template known = templates.get(key);
    if (known != null && known.sameAs(template)) {
      return;
    }
    forget(key);
    templates.put(key, template);
    templateBytes += template.bytes();
    Iterator<Template> oldest = templates.values().iterator();
    while (templates.size() > MAX_TEMPLATES
        || (templateBytes > MAX_BYTES && templates.size() > 1)) {
      templateBytes -= oldest.next().bytes();
      oldest.remove();
      out.count(FlowCounter.TEMPLATES_EVICTED);
    }
  }

  /** Keeps a set until its template comes, or until newer ones need its place. */
  void park(long key, ParkedSet set) {
    out.count(FlowCounter.PARKED_SETS);
    parked.computeIfAbsent(key, k -> new ArrayDeque<>()).add(set);
    parkedBytes += set.bytes();
    parkedSets++;
    while (parkedSets > MAX_PARKED || parkedBytes > MAX_BYTES) {
      rejectOldest();
    }
  }

  /** The sets that waited for a template, oldest first; they wait no longer. */
  Iterable<ParkedSet> unpark(long key) {
    ArrayDeque<ParkedSet> sets = parked.remove(key);
    if (sets == null) {
      return List.of();
    }
    sets.forEach(this::left);
    return sets;
  }

  /** Rejects all that is parked. */
  void close() {
    while (parkedSets > 0) {
      rejectOldest();
    }
  }

  // Of the template that has been waited for longest.
  private void rejectOldest() {
    Iterator<ArrayDeque<ParkedSet>> longest = parked.values().iterator();
    ArrayDeque<ParkedSet> sets = longest.next();
    ParkedSet oldest = sets.remove();
    if (sets.isEmpty()) {
      longest.remove();
    }
    left(oldest);
    out.reject(
        address,
        RejectReason.NO_TEMPLATE,
        "its template did not come",
        oldest.set,
        0,
        oldest.set.length);
  }

  private void left(ParkedSet set) {
    parkedBytes -= set.bytes();
    parkedSets--;
  }
}
