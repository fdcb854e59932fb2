package dev.atalaya.capture.follow;

import dev.atalaya.capture.Intake;
import dev.atalaya.capture.RunIds;
import dev.atalaya.capture.follow.FollowedLines.Outcome;
import dev.atalaya.capture.publish.Outlet;
import dev.atalaya.capture.publish.Publisher;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
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
   */

  private static final Logger LOG = LoggerFactory.getLogger(FileFollower.class);

  /** Contents without a file that are remembered, in case a copy turns up. */
  private static final int MAX_WITHOUT_FILE = 1_000;

  private static final long SAVE_MILLIS = 1_000;
  private static final long TELL_MILLIS = 60_000;

  /**
   * How often what happens, in milliseconds.
   *
   * @param poll between looks at files that are known
   * @param search between looks for files
   * @param quiet after which a file is closed, and forgotten when it has no name any more
   */
  record Pace(long poll, long search, long quiet) {}

  private static final Pace PACE = new Pace(250, 1_000, 60_000);

  /** A content and the file that carries it, if there is one. */
  private static final class Followed {
    final FollowedLines lines;
    FoundFile file;
    Content content;
    boolean changed = true;
    boolean nameless;
    long seenSize = -1;
    long readMillis;

    Followed(FollowedLines lines) {
      this.lines = lines;
    }

    boolean hasUnfinishedLine() {
      return content != null && content.isMutable() && seenSize > lines.offset();
    }
  }

  /** A file that is not followed, or not yet, and why. */
  private record Unfollowed(FoundFile file, Followed copyOf, long losses) {}

  private final FollowSettings settings;
  private final Pace pace;
  private final Outlet outlet;
  private final FileSearch search;
  private final LineCounts lineCounts = new LineCounts();
  private final AtomicLong truncated = new AtomicLong();
  private final AtomicLong takenUp = new AtomicLong();
  private final AtomicLong faults = new AtomicLong();
  private final Thread thread;
  private final byte[] buffer;
  private final byte[] head = new byte[Position.COMPARED];
  private final byte[] tail = new byte[Position.COMPARED];
  private final Map<String, Followed> byKey = new LinkedHashMap<>();
  private final Set<Followed> withoutFile = new LinkedHashSet<>();
  private final Map<String, Unfollowed> unfollowed = new HashMap<>();

  private PositionStore<Position> store;
  private List<Position> saved;

  /** How often a content lost its file; then others may be its copy. */
  private long losses;

  private long lostMillis;

  private boolean firstSearch;
  private boolean searchSoon;
  private boolean unsaved;
  private long savedMillis;
  private long toldMillis = -TELL_MILLIS;
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
    buffer = FollowedLines.buffer(settings.maxLineBytes());
    thread = new Thread(this::run, name());
    thread.setDaemon(true);
  }

  @Override
  public String name() {
    return "follow " + String.join(" ", settings.paths());
  }

  @Override
  public void start() throws IOException {
    store = new PositionStore<>(settings.stateFile(), Position[].class);
    try {
      List<Position> positions = store.load();
      firstSearch = positions == null;
      if (positions != null) {
        positions.forEach(position -> withoutFile.add(new Followed(lines(position))));
      }
    } catch (IOException e) {
      store.close();
      store = null;
      throw e;
    }
    lostMillis = now();
    thread.start();
  }

  @Override
  public Map<String, Long> counts() {
    Map<String, Long> counts = new LinkedHashMap<>();
    counts.put("files", files);
    lineCounts.addCounts(counts);
    counts.put("behind_bytes", behindBytes);
    counts.put("truncated", truncated.get());
    counts.put("taken_up", takenUp.get());
    counts.put("links_outside", linksOutside);
    counts.put("read_faults", faults.get());
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
    if (store == null) {
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
      save();
    } catch (InterruptedException e) {
      interrupted = true;
    } finally {
      store.close();
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void awaitConfirmations() throws InterruptedException {
    long until = now() + SAVE_MILLIS;
    while (now() < until && !byKey.values().stream().allMatch(f -> f.lines.isIdle())) {
      Thread.sleep(10);
    }
  }

  private void run() {
    long searchedMillis = now() - pace.search();
    try {
      while (!closed) {
        long now = now();
        if (searchSoon || now - searchedMillis >= pace.search()) {
          searchedMillis = now;
          searchSoon = false;
          search(now);
        }
        boolean read = false;
        if (saveIfDue(now)) {
          for (Followed followed : List.copyOf(byKey.values())) {
            read |= !unsaved && read(followed, false);
          }
        }
        if (!read && !unsaved) {
          Thread.sleep(pace.poll());
        }
      }
    } catch (InterruptedException e) {
      LOG.debug("{} ends", name());
    } catch (RuntimeException e) {
      LOG.error("{} ends", name(), e);
    }
    byKey.values().forEach(FileFollower::closeContent);
  }

  private static long now() {
    return System.nanoTime() / 1_000_000;
  }

  private FollowedLines lines(Position start) {
    return new FollowedLines(start, settings.maxLineBytes(), outlet, lineCounts);
  }

  /** False when what must be kept before more is read cannot be. */
  private boolean saveIfDue(long now) throws InterruptedException {
    if (!unsaved && now - savedMillis < SAVE_MILLIS) {
      return true;
    }
    try {
      saveNow();
      return true;
    } catch (IOException e) {
      tell(now, settings.stateFile(), e);
      Thread.sleep(SAVE_MILLIS);
      return !unsaved;
    }
  }

  private void saveNow() throws IOException {
    save();
    savedMillis = now();
    unsaved = false;
  }

  private void save() throws IOException {
    List<Position> positions = new ArrayList<>();
    withoutFile.forEach(followed -> positions.add(followed.lines.position()));
    byKey.values().forEach(followed -> positions.add(followed.lines.position()));
    if (!positions.equals(saved)) {
      store.save(positions);
      saved = positions;
    }
  }

  private void tell(long now, Path file, Exception fault) {
    if (closed || fault instanceof NoSuchFileException) {
      return; // it was renamed or deleted since it was found; the next search knows
    }
    faults.incrementAndGet();
    if (now - toldMillis >= TELL_MILLIS) {
      toldMillis = now;
      LOG.warn("{}: {}: {}", name(), file.toString().replaceAll("\\p{C}", "?"), fault.toString());
    }
  }

  // Which file carries what

  private void search(long now) throws InterruptedException {
    Map<String, FoundFile> found = search.find();
    linksOutside = search.linksOutside();
    if (search.isFull()) {
      tell(now, Path.of(settings.paths().get(0)), new IOException("too many files"));
    }
    long behind = 0;
    for (Followed followed : List.copyOf(byKey.values())) {
      FoundFile file = found.remove(followed.file.key());
      if (file == null ? !followed.nameless : !file.path().equals(followed.file.path())) {
        followed.readMillis = now; // whoever writes it may go on for a while
      }
      followed.nameless = file == null;
      if (file != null) {
        followed.changed |= !file.isLike(followed.file);
        followed.file = file;
        followed.lines.renamed(file);
        behind += file.isGzip() ? 0 : Math.max(0, file.size() - followed.lines.offset());
      }
      boolean hasMore = followed.content != null && followed.seenSize < 0;
      if (!hasMore && now - followed.readMillis >= pace.quiet()) {
        rest(followed);
      }
    }
    behindBytes = behind;
    Map<String, FoundFile> beside = besideLost(now);
    unfollowed.keySet().removeIf(key -> !found.containsKey(key) && !beside.containsKey(key));
    for (FoundFile file : found.values()) {
      look(file, now, true);
    }
    beside.keySet().removeAll(found.keySet());
    for (FoundFile file : beside.values()) {
      look(file, now, false);
    }
    firstSearch = false;
    files = byKey.size();
  }

  /** After nothing came for a while. */
  private void rest(Followed followed) throws InterruptedException {
    boolean isOver = followed.nameless || followed.lines.isMoved();
    if (followed.hasUnfinishedLine()) {
      if (!isOver || unsaved) {
        return; // its end may come after the file's, when only what is open can be read
      }
      read(followed, true);
    }
    if (followed.nameless && followed.file != null) {
      withoutFile(followed);
    }
    closeContent(followed);
  }

  /** Where rotation may have put what is without a file: files with longer names beside it. */
  private Map<String, FoundFile> besideLost(long now) {
    Map<String, FoundFile> beside = new LinkedHashMap<>();
    if (now - lostMillis < pace.quiet()) {
      Map<Path, Set<String>> names = new HashMap<>();
      for (Followed followed : withoutFile) {
        Path path = Path.of(followed.lines.path());
        names
            .computeIfAbsent(path.getParent(), folder -> new LinkedHashSet<>())
            .add(path.getFileName().toString());
      }
      names.forEach((folder, begins) -> FileSearch.beside(folder, begins, beside));
      beside.keySet().removeAll(byKey.keySet());
    }
    return beside;
  }

  private void withoutFile(Followed followed) {
    byKey.remove(followed.file.key());
    followed.file = null;
    losses++;
    lostMillis = now();
    withoutFile.add(followed);
    if (withoutFile.size() > MAX_WITHOUT_FILE) {
      withoutFile.remove(withoutFile.iterator().next());
    }
  }

  /** Whether a file that is not followed carries on a content, or is new. */
  private void look(FoundFile file, long now, boolean isNamed) throws InterruptedException {
    Unfollowed before = unfollowed.get(file.key());
    boolean same = before != null && before.file().isLike(file);
    boolean leftAlone =
        same
            && (before.copyOf() == null ? before.losses() == losses : before.copyOf().file != null);
    if (leftAlone || file.size() == 0) {
      return;
    }
    Content content = null;
    try {
      content = open(file);
      if (content != null && !decide(file, content, before, isNamed)) {
        content.close();
      }
    } catch (IOException e) {
      closeQuietly(content);
      tell(now, file.path(), e);
    }
  }

  /** Null when the name belongs to another file by now. */
  private static Content open(FoundFile file) throws IOException {
    Content content = Content.of(file);
    FoundFile there = FoundFile.at(file.path());
    if (there != null && there.key().equals(file.key())) {
      return content;
    }
    content.close();
    return null;
  }

  /** Whether the file is followed from now on, with this open content. */
  private boolean decide(FoundFile file, Content content, Unfollowed before, boolean isNamed)
      throws IOException, InterruptedException {
    int headLength = content.readFully(0, head, head.length);
    if (headLength == 0) {
      unfollowed.put(file.key(), new Unfollowed(file, null, losses)); // no gzip yet
      return false;
    }
    for (Followed candidate : candidates(file)) {
      if (!candidate.lines.mayBegin(head, headLength)) {
        continue;
      }
      if (candidate.file != null && candidate.lines.offset() == 0) {
        saveNow();
        read(candidate, false); // first, or its copy would not be known for one
      }
      Position known = candidate.lines.known();
      boolean isUnread = candidate.file != null && known.offset() == 0;
      if (isUnread || !known.hasHead(head, headLength)) {
        continue;
      }
      if (!hasTail(known, content)) {
        if (known.key().equals(file.key()) || file.isGzip() || file.size() >= known.offset()) {
          continue;
        }
        int length = content.readFully(Math.max(0, file.size() - tail.length), tail, tail.length);
        if (!isPrefix(candidate, file.size(), length)) {
          continue;
        }
        if (candidate.file == null) {
          follow(file, content, file.size());
          return true;
        }
      }
      if (candidate.file != null) {
        unfollowed.put(file.key(), new Unfollowed(file, candidate, losses));
        return false;
      }
      takeUp(candidate, file, content);
      return true;
    }
    if (before != null && before.copyOf() != null && before.file().isLike(file)) {
      // It was the same once, and what came into the original since is not for this one.
      follow(file, content, file.size());
      return true;
    }
    if (!isNamed) {
      unfollowed.put(file.key(), new Unfollowed(file, null, losses));
      return false;
    }
    follow(file, content, firstSearch && settings.fromEnd() && !file.isGzip() ? file.size() : 0);
    return true;
  }

  /** What the file may have, most likely first. */
  private List<Followed> candidates(FoundFile file) {
    List<Followed> candidates = new ArrayList<>(withoutFile);
    candidates.sort(Comparator.comparing(lost -> !lost.lines.position().key().equals(file.key())));
    candidates.addAll(byKey.values());
    return candidates;
  }

  /** Whether a shorter file, of which {@code tail} has the end, is the beginning of a content. */
  private boolean isPrefix(Followed candidate, long size, int length) throws IOException {
    if (candidate.lines.isPrefix(size, tail, length)) {
      return true;
    }
    if (candidate.file == null || candidate.file.isGzip()) {
      return false;
    }
    try (Content original = open(candidate.file)) {
      byte[] there = new byte[length];
      return original != null
          && original.readFully(size - length, there, length) == length
          && Arrays.equals(there, 0, length, tail, 0, length);
    }
  }

  /** Whether it begins as a content, and has the same before the place where reading stopped. */
  private boolean hasAll(Position known, Content content) throws IOException {
    return known.hasHead(tail, content.readFully(0, tail, known.headLength()))
        && hasTail(known, content);
  }

  private boolean hasTail(Position known, Content content) throws IOException {
    if (content.size() < known.offset()) {
      return false;
    }
    int length = content.readFully(known.offset() - known.tailLength(), tail, known.tailLength());
    return length == known.tailLength() && known.hasTail(tail, length);
  }

  private void takeUp(Followed followed, FoundFile file, Content content) throws IOException {
    boolean isOther = !followed.lines.position().key().equals(file.key());
    takenUp.addAndGet(isOther ? 1 : 0);
    followed.lines.resume(file, content);
    withoutFile.remove(followed);
    carry(followed, file, content);
  }

  private void follow(FoundFile file, Content content, long offset) throws IOException {
    FollowedLines lines = lines(FollowedLines.positionAt(RunIds.random(), file, offset, content));
    lines.resume(file, content);
    carry(new Followed(lines), file, content);
    unsaved = true;
  }

  private void carry(Followed followed, FoundFile file, Content content) {
    closeContent(followed);
    followed.file = file;
    followed.content = content;
    followed.changed = true;
    followed.nameless = false;
    followed.seenSize = -1;
    followed.readMillis = now();
    byKey.put(file.key(), followed);
    unfollowed.remove(file.key());
  }

  // Reading

  /** Whether there may be more. A last line without its end waits for it unless it is the last. */
  private boolean read(Followed followed, boolean isLast) throws InterruptedException {
    if (followed.file == null) {
      return false;
    }
    try {
      if (followed.content == null) {
        followed.content = followed.changed ? open(followed.file) : null;
        if (followed.content == null) {
          return false;
        }
        followed.seenSize = -1;
        if (!hasAll(followed.lines.known(), followed.content)) {
          startAnew(followed);
          return true;
        }
      }
      long size = followed.content.size();
      if (!followed.changed && size == followed.seenSize && !isLast) {
        return false;
      }
      followed.changed = false;
      Outcome outcome =
          size < followed.lines.offset()
              ? Outcome.CHANGED
              : followed.lines.read(followed.content, buffer, isLast);
      followed.seenSize = outcome == Outcome.READ ? -1 : size;
      switch (outcome) {
        case READ -> followed.readMillis = now(); // it may have waited long for room
        case CHANGED -> startAnew(followed);
        case NOTHING -> {
          // for now
        }
      }
      return outcome != Outcome.NOTHING;
    } catch (IOException e) {
      if (closed) {
        throw new InterruptedException(); // which closed the channel
      }
      closeContent(followed);
      followed.changed = true; // to be tried again
      tell(now(), followed.file.path(), e);
      return false;
    }
  }

  /**
   * The file was cut, or written anew, or is another one of the same key. What it carried may turn
   * up in a copy; what is in it now is looked at as in a file that was just found.
   */
  private void startAnew(Followed followed) {
    closeContent(followed);
    withoutFile(followed);
    truncated.incrementAndGet();
    searchSoon = true;
  }

  private static void closeContent(Followed followed) {
    closeQuietly(followed.content);
    followed.content = null;
  }

  private static void closeQuietly(Content content) {
    if (content != null) {
      try {
        content.close();
      } catch (IOException e) {
        LOG.debug("closing what was only read", e);
      }
    }
  }
}
