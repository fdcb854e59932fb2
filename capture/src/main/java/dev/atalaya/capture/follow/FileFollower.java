package dev.atalaya.capture.follow;

import dev.atalaya.capture.Intake;
import dev.atalaya.capture.publish.Outlet;
import dev.atalaya.capture.publish.Publisher;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows files as they grow, each line once: through renaming, through copying and truncating,
 * through compression of what was rotated, and through the end of this process at any moment.
 *
 * <p>At least once, with the same id for the same line. How far it is confirmed is kept in {@link
 * FollowSettings#state} every second, and before the first line of a content is handed on.
 *
 * <p>Lost is what nobody could read: lines that were written after a copy and before the
 * truncation, and those of a file deleted between two looks, which are a second apart.
 *
 * <p>Memory: about 10 KiB for each of up to {@link FileSearch#MAX_FILES} files, and a buffer of the
 * longest line.
 */
public final class FileFollower implements Intake {

  /*
   * What is followed is a content, not a name or an inode: a FollowedLines with its id and how far
   * it was read. A file carries it. When the file is cut or deleted the content is without one,
   * until a file turns up that begins as it did and has the same bytes before the place where
   * reading stopped: the copy that rotation made, or the same inflated. Such a file beside one that
   * still carries the content is left alone. So rotation needs no rules by names.
   *
   * One thread does it all: looks for files and hands those that are not followed to Newcomers,
   * has FollowedFiles read what came, and KeptPositions save how far it is confirmed.
   */

  private static final Logger LOG = LoggerFactory.getLogger(FileFollower.class);

  /**
   * How often what happens, in milliseconds.
   *
   * @param poll between looks at files that are known
   * @param search between looks for files
   * @param quiet after which a file is closed, and forgotten when it has no name any more
   */
  record Pace(long poll, long search, long quiet) {}

  private static final Pace PACE = new Pace(250, 1_000, 60_000);

  private final FollowSettings settings;
  private final Pace pace;
  private final Outlet outlet;
  private final FileSearch search;
  private final LineCounts lineCounts = new LineCounts();
  private final ReadFaults faults;
  private final FollowedFiles followed;
  private final KeptPositions positions;
  private final Newcomers newcomers;
  private final Thread thread;

  private boolean firstSearch;
  private volatile long files;
  private volatile long behindBytes;
  private volatile long linksOutside;
  private volatile boolean closed;

  public FileFollower(FollowSettings settings, Publisher publisher) {
    this(settings, publisher, PACE);
  }

  FileFollower(FollowSettings settings, Publisher publisher, Pace pace) {
    this.settings = settings;
    this.pace = pace;
    outlet = new Outlet(publisher);
    search = new FileSearch(settings.paths());
    faults = new ReadFaults(name());
    followed = new FollowedFiles(FollowedLines.buffer(settings.maxLineBytes()), faults);
    positions = new KeptPositions(settings.stateFile(), followed, faults);
    newcomers = new Newcomers(followed, positions, faults, this::newFollowed, pace.quiet());
    thread = new Thread(this::run, name());
    thread.setDaemon(true);
  }

  @Override
  public String name() {
    return "follow " + String.join(" ", settings.paths());
  }

  @Override
  public void start() throws IOException {
    List<Position> kept = positions.open();
    firstSearch = kept == null;
    if (kept != null) {
      kept.forEach(position -> followed.remember(newFollowed(position)));
    }
    thread.start();
  }

  @Override
  public Map<String, Long> counts() {
    Map<String, Long> counts = new LinkedHashMap<>();
    counts.put("files", files);
    lineCounts.addCounts(counts);
    counts.put("behind_bytes", behindBytes);
    counts.put("truncated", followed.truncated());
    counts.put("taken_up", newcomers.takenUp());
    counts.put("links_outside", linksOutside);
    counts.put("read_faults", faults.count());
    outlet.addCounts(counts);
    return counts;
  }

  @Override
  public boolean isLevel(String name) {
    return name.equals("files") || name.equals("behind_bytes") || name.equals("links_outside");
  }

  /** Reads no more, and keeps how far all is confirmed by now. */
  @Override
  public void close() throws IOException {
    if (!positions.isOpen()) {
      return;
    }
    closed = true;
    thread.interrupt();
    boolean interrupted = Thread.interrupted();
    try {
      thread.join();
    } catch (InterruptedException e) {
      interrupted = true;
    }
    try {
      awaitConfirmations();
      positions.save();
    } catch (InterruptedException e) {
      interrupted = true;
    } finally {
      positions.close();
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void awaitConfirmations() throws InterruptedException {
    long until = now() + KeptPositions.SAVE_MILLIS;
    while (now() < until && !followed.isIdle()) {
      Thread.sleep(10);
    }
  }

  /** Milliseconds of a clock that nobody sets. */
  static long now() {
    return System.nanoTime() / 1_000_000;
  }

  private Followed newFollowed(Position start) {
    return new Followed(new FollowedLines(start, settings.maxLineBytes(), outlet, lineCounts));
  }

  private void run() {
    long searchedMillis = now() - pace.search();
    long searchedTruncated = 0;
    try {
      while (!closed) {
        try {
          long now = now();
          if (followed.truncated() > searchedTruncated || now - searchedMillis >= pace.search()) {
            searchedMillis = now;
            searchedTruncated = followed.truncated();
            search(now);
          }
          boolean read = positions.saveIfDue(now) && readAll();
          if (!read && !followed.isUnkept()) {
            Thread.sleep(pace.poll());
          }
        } catch (RuntimeException e) {
          faults.tell(e);
          Thread.sleep(pace.search());
        }
      }
    } catch (InterruptedException e) {
      LOG.debug("{} ends", name());
    }
    followed.close();
  }

  /** Whether there may be more. */
  private boolean readAll() throws InterruptedException {
    boolean read = false;
    for (Followed one : followed.carried()) {
      read |= !followed.isUnkept() && followed.read(one, false);
    }
    return read;
  }

  private void search(long now) throws InterruptedException {
    Map<String, FoundFile> found = search.find();
    found.values().removeIf(file -> positions.isOwn(file.path()));
    linksOutside = search.linksOutside();
    if (search.isFull()) {
      faults.tell(
          Path.of(settings.paths().get(0)),
          new IOException(
              "more than " + FileSearch.MAX_FILES + " files; the others are not followed"));
    }
    long behind = 0;
    for (Followed one : followed.carried()) {
      one.seen(found.remove(one.file().key()), now);
      behind += one.behindBytes();
      if (one.isQuietSince(now - pace.quiet())) {
        rest(one);
      }
    }
    behindBytes = behind;
    newcomers.look(found, firstSearch && settings.fromEnd());
    firstSearch = false;
    files = followed.carried().size();
  }

  /** After nothing came for a while. */
  private void rest(Followed one) throws InterruptedException {
    if (one.hasUnfinishedLine()) {
      boolean isOver = one.isNameless() || one.lines().isMoved();
      if (!isOver || followed.isUnkept()) {
        return; // its end may come after the file's, when only what is open can be read
      }
      followed.read(one, true);
      if (followed.isUnkept()) {
        return;
      }
    }
    if (one.isCutOff()) {
      faults.tell(one.file().path(), new ZipException("ends early, or is damaged"));
    }
    if (one.isNameless() && one.file() != null) {
      followed.lose(one);
    }
    one.close();
  }
}
