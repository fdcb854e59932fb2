package dev.atalaya.capture.follow;

import dev.atalaya.capture.EventJson;
import dev.atalaya.capture.FlowEvent;
import dev.atalaya.capture.Intake;
import dev.atalaya.capture.RunIds;
import dev.atalaya.capture.flow.FlowEvents;
import dev.atalaya.capture.follow.CaptureFileSettings.Content;
import dev.atalaya.capture.follow.Progress.Step;
import dev.atalaya.capture.pcap.MalformedCaptureException;
import dev.atalaya.capture.pcap.PcapReader;
import dev.atalaya.capture.publish.Outlet;
import dev.atalaya.capture.publish.Publisher;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The packets of capture files (pcap, pcapng), or the flows that are told in them, one file after
 * the other, then it is done. Files that are damaged are read as far as they can be, and counted.
 *
 * <p>At least once: an event's id is made of the first bytes of its file and the packet's number,
 * so that a file that is read again gives the same events. How many packets are confirmed is kept
 * in {@link CaptureFileSettings#state} every second, and reading goes on behind them; for flows
 * what is before is decoded again, since templates are in it.
 */
public final class CaptureFiles implements Intake {

  private static final Logger LOG = LoggerFactory.getLogger(CaptureFiles.class);

  /** Of which a file's id is made. */
  private static final int IDENTIFIED = 64 * 1024;

  /** Packets that are confirmed together. */
  private static final int STEP = 256;

  /** Files that are remembered; the first ones are forgotten. */
  private static final int MAX_REMEMBERED = 10_000;

  private static final long SAVE_NANOS = 1_000_000_000L;
  private static final long LOOK_MILLIS = 5;

  /** How many packets of a file are confirmed. */
  record Reached(String id, long packets) {}

  private final String name;
  private final CaptureFileSettings settings;
  private final InputStream stream;
  private final Outlet outlet;
  private final FlowEvents flows;
  private final EventJson json = new EventJson();
  private final FlowEvent event = new FlowEvent();
  private final LongAdder packets = new LongAdder();
  private final LongAdder otherPackets = new LongAdder();
  private final LongAdder knownPackets = new LongAdder();
  private final AtomicLong malformed = new AtomicLong();
  private final Map<String, Long> reached = new LinkedHashMap<>();
  private final Thread thread;
  private PositionStore<Reached> store;
  private long savedNanos;
  private volatile boolean done;

  public CaptureFiles(CaptureFileSettings settings, Publisher publisher) {
    this("pcap " + joined(settings.files()), settings, null, publisher);
  }

  /**
   * A stream that is there once, such as standard input: at most once.
   *
   * @param in closed with this, though a read that waits may outlast it
   */
  public CaptureFiles(String name, InputStream in, Publisher publisher) {
    this(name, new CaptureFileSettings(List.of(), Content.PACKETS, null), in, publisher);
  }

  private CaptureFiles(
      String name, CaptureFileSettings settings, InputStream stream, Publisher publisher) {
    this.name = name;
    this.settings = settings;
    this.stream = stream;
    outlet = new Outlet(publisher);
    flows = settings.content() == Content.FLOWS ? new FlowEvents() : null;
    thread = new Thread(this::run, name);
    thread.setDaemon(true);
  }

  private static String joined(List<Path> files) {
    return String.join(" ", files.stream().map(Path::toString).toList());
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public void start() throws IOException {
    for (Path file : settings.files()) {
      if (!Files.isRegularFile(file)) {
        throw new FileSystemException(file.toString(), null, "is no file, or is not there");
      }
    }
    if (settings.state() != null) {
      store = new PositionStore<>(settings.state(), Reached[].class);
      try {
        List<Reached> kept = store.load();
        if (kept != null) {
          kept.forEach(file -> reached.put(file.id(), file.packets()));
        }
      } catch (IOException e) {
        store.close();
        throw e;
      }
    }
    thread.start();
  }

  @Override
  public boolean isDone() {
    return done;
  }

  @Override
  public Map<String, Long> counts() {
    Map<String, Long> counts = new LinkedHashMap<>();
    counts.put("packets", packets.sum());
    counts.put("other_packets", otherPackets.sum());
    counts.put("known_packets", knownPackets.sum());
    counts.put("malformed_files", malformed.get());
    if (flows != null) {
      flows.addCounts(counts);
    }
    outlet.addCounts(counts);
    return counts;
  }

  /** Reads no more. What is confirmed by now is kept. */
  @Override
  public void close() throws IOException {
    thread.interrupt();
    if (store != null) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      store.close();
    }
  }

  private void run() {
    try {
      if (stream != null) {
        read(name, RunIds.random(), stream);
      }
      for (Path file : settings.files()) {
        read(file);
      }
      if (flows != null) {
        flows.close();
      }
      done = true;
    } catch (InterruptedException e) {
      LOG.debug("{} ends", name);
    }
  }

  private void read(Path file) throws InterruptedException {
    try {
      byte[] first;
      try (InputStream in = Files.newInputStream(file)) {
        first = in.readNBytes(IDENTIFIED);
      }
      read(file.toString(), Position.digest(first, 0, first.length), Files.newInputStream(file));
    } catch (IOException e) {
      tell(file.toString(), e);
    }
  }

  private void tell(String file, Exception fault) {
    malformed.incrementAndGet();
    String why = fault instanceof MalformedCaptureException ? fault.getMessage() : fault.toString();
    LOG.warn("{}: {}", file.replaceAll("\\p{C}", "?"), why);
  }

  /** Returns when all of it is confirmed. */
  private void read(String file, String id, InputStream in) throws InterruptedException {
    long known = reached.getOrDefault(id, 0L);
    Progress<Long> progress = new Progress<>(known);
    Step step = new Step();
    long number = 0;
    try (in;
        PcapReader reader = new PcapReader(in)) {
      while (reader.next()) {
        number++;
        packets.increment();
        if (number <= known) {
          knownPackets.increment();
          handOn(reader, unused -> {}); // templates may be in it
          continue;
        }
        handOn(reader, new Sender(id + "-" + number, step));
        if (number % STEP == 0) {
          progress.add(step, number);
          step = new Step();
          saveIfDue(id, progress);
        }
      }
    } catch (IOException | RuntimeException e) {
      tell(file, e); // a fault of ours is no reason to read no other file
    } finally {
      progress.add(step, Math.max(number, known));
      save(id, progress);
    }
    while (!progress.isIdle()) {
      Thread.sleep(LOOK_MILLIS);
      saveIfDue(id, progress);
    }
    save(id, progress);
  }

  /** Numbers the events of a packet, and sends them. */
  private final class Sender implements FlowEvents.Sink {

    private final String id;
    private final Step step;
    private int count;

    Sender(String id, Step step) {
      this.id = id;
      this.step = step;
    }

    @Override
    public void take(byte[] bytes) throws InterruptedException {
      step.sent();
      outlet.send(count == 0 ? id : id + "-" + count, bytes, step::settled);
      count++;
    }
  }

  private void handOn(PcapReader reader, FlowEvents.Sink to) throws InterruptedException {
    boolean isIp = reader.read(event);
    int length = reader.headers().udpPayloadLength();
    if (isIp && flows == null) {
      to.take(json.write(event).toBytes());
    } else if (isIp && length > 0) {
      flows.decode(
          event.src().toInetAddress(),
          reader.data(),
          reader.headers().udpPayloadOffset(),
          length,
          reader.millis(),
          to);
    } else {
      otherPackets.increment();
    }
  }

  private void saveIfDue(String id, Progress<Long> progress) {
    if (System.nanoTime() - savedNanos >= SAVE_NANOS) {
      save(id, progress);
    }
  }

  private void save(String id, Progress<Long> progress) {
    if (store == null) {
      return;
    }
    reached.put(id, progress.confirmed());
    if (reached.size() > MAX_REMEMBERED) {
      reached.remove(reached.keySet().iterator().next());
    }
    boolean interrupted = Thread.interrupted(); // which would close the file that is written
    try {
      List<Reached> files = new ArrayList<>();
      reached.forEach((file, packets) -> files.add(new Reached(file, packets)));
      store.save(files);
      savedNanos = System.nanoTime();
    } catch (IOException e) {
      LOG.warn("{}: {}", settings.state(), e.toString());
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
