package dev.atalaya.job.rules;

import dev.atalaya.job.config.RulesDocumentReader;
import java.io.IOException;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.flink.core.fs.FSDataInputStream;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file that rules come from and the lists that rules name, in any file system that Flink knows,
 * looked at by a thread of its own: a store that answers slowly holds nothing up.
 *
 * <p>A change is taken when two looks in a row have seen the same, so not while it is written. A
 * file that is missing is no error: nothing changes until it is back.
 */
final class WatchedFiles implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(WatchedFiles.class);

  /** What tells one content of a file from another. */
  private record Stamp(long length, long modifiedMillis) {}

  /**
   * Something changed.
   *
   * @param document null when the rules themselves did not
   */
  @SuppressWarnings("ArrayRecordComponent") // handed over once, never compared
  record Change(byte[] document, long modifiedMillis) {}

  private final String rules;
  private final Set<String> missing = new HashSet<>();
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread named = new Thread(task, "watched-rules");
            named.setDaemon(true);
            return named;
          });

  private Set<String> lists;
  private Map<String, Stamp> lastSeen;
  private Map<String, Stamp> taken = Map.of();
  private Change change;

  /**
   * @param rules the file that rules come from, or null
   * @param lists the files that rules name
   */
  WatchedFiles(String rules, Set<String> lists) {
    this.rules = rules;
    this.lists = Set.copyOf(lists);
  }

  void start(long checkMillis) {
    var unused =
        thread.scheduleWithFixedDelay(this::look, checkMillis, checkMillis, TimeUnit.MILLISECONDS);
  }

  /** Sets the files that rules name from now on. */
  synchronized void watch(Set<String> files) {
    lists = Set.copyOf(files);
  }

  /** What has changed since this was last asked, or null when nothing has. */
  synchronized Change take() {
    Change found = change;
    change = null;
    return found;
  }

  /** Never throws: the thread would not look again. */
  void look() {
    Set<String> required = listsNow();
    Set<String> files = new HashSet<>(required);
    if (rules != null) {
      files.add(rules);
    }
    Map<String, Stamp> seen = new TreeMap<>();
    for (String file : files) {
      Stamp stamp = stampOf(file);
      if (stamp != null) {
        seen.put(file, stamp);
      }
    }
    boolean isSettled = seen.equals(lastSeen) && seen.keySet().containsAll(required);
    lastSeen = seen;
    if (!isSettled || seen.equals(taken)) {
      return;
    }
    Stamp ofRules = rules == null ? null : seen.get(rules);
    if (ofRules != null && !ofRules.equals(taken.get(rules))) {
      try {
        hand(new Change(read(rules), ofRules.modifiedMillis()));
      } catch (IOException e) {
        sayMissing(rules, e);
        return;
      }
    } else {
      hand(new Change(null, 0));
    }
    taken = seen;
  }

  private synchronized Set<String> listsNow() {
    return lists;
  }

  /** Lists that changed are read again with the rules, so a document is all there is to keep. */
  private synchronized void hand(Change found) {
    if (change == null || found.document() != null) {
      change = found;
    }
  }

  private Stamp stampOf(String file) {
    try {
      Path path = new Path(file);
      FileStatus status = path.getFileSystem().getFileStatus(path);
      if (missing.remove(file)) {
        LOG.info("{} is there again", file);
      }
      return new Stamp(status.getLen(), status.getModificationTime());
    } catch (IOException | RuntimeException e) {
      sayMissing(file, e);
      return null;
    }
  }

  private void sayMissing(String file, Exception e) {
    if (missing.add(file)) {
      LOG.warn(
          "{} cannot be read ({}): the rules stay as they are until it is back",
          file,
          e.toString());
    }
  }

  private static byte[] read(String file) throws IOException {
    Path path = new Path(file);
    try (FSDataInputStream in = path.getFileSystem().open(path)) {
      return in.readNBytes(RulesDocumentReader.MAX_BYTES + 1);
    }
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
