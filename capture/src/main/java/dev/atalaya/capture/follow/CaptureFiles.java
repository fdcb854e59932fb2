package dev.atalaya.capture.follow;

import dev.atalaya.capture.EventJson;
import dev.atalaya.capture.FlowEvent;
import dev.atalaya.capture.Intake;
import dev.atalaya.capture.RunIds;
import dev.atalaya.capture.pcap.MalformedCaptureException;
import dev.atalaya.capture.pcap.PcapReader;
import dev.atalaya.capture.publish.Outlet;
import dev.atalaya.capture.publish.Publisher;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Each packet of capture files (pcap, pcapng) as one event, one file after the other, then it is
 * done. A packet's id is made of the first bytes of its file and its number, so a file that is read
 * again gives the same events. Files that are damaged are read as far as they can be, and counted.
 */
public final class CaptureFiles implements Intake {

  private static final Logger LOG = LoggerFactory.getLogger(CaptureFiles.class);

  /** Of which the id is made. */
  private static final int IDENTIFIED = 64 * 1024;

  /** Opens a file, or hands out standard input. */
  @FunctionalInterface
  public interface Opening {
    InputStream open() throws IOException;
  }

  private final List<String> names;
  private final List<Opening> files;
  private final Outlet outlet;
  private final EventJson json = new EventJson();
  private final LongAdder packets = new LongAdder();
  private final LongAdder otherPackets = new LongAdder();
  private final AtomicLong malformed = new AtomicLong();
  private final Thread thread;
  private volatile boolean done;

  /**
   * @param files by the names that messages tell
   */
  public CaptureFiles(Map<String, Opening> files, Publisher publisher) {
    names = List.copyOf(files.keySet());
    this.files = List.copyOf(files.values());
    outlet = new Outlet(publisher);
    thread = new Thread(this::run, name());
    thread.setDaemon(true);
  }

  @Override
  public String name() {
    return "pcap " + String.join(" ", names);
  }

  @Override
  public void start() {
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
    counts.put("malformed_files", malformed.get());
    outlet.addCounts(counts);
    return counts;
  }

  @Override
  public void close() {
    thread.interrupt();
  }

  private void run() {
    try {
      for (int i = 0; i < files.size(); i++) {
        try {
          read(files.get(i));
        } catch (MalformedCaptureException e) {
          malformed.incrementAndGet();
          LOG.warn("{}: {}", names.get(i), e.getMessage());
        } catch (IOException e) {
          malformed.incrementAndGet();
          LOG.warn("{}: {}", names.get(i), e.toString());
        }
      }
    } catch (InterruptedException e) {
      LOG.debug("{} ends", name());
    }
    done = true;
  }

  private void read(Opening file) throws IOException, InterruptedException {
    try (BufferedInputStream in = new BufferedInputStream(file.open(), IDENTIFIED)) {
      String prefix = id(in) + "-";
      FlowEvent event = new FlowEvent();
      try (PcapReader reader = new PcapReader(in)) {
        for (long number = 1; reader.next(); number++) {
          packets.increment();
          if (reader.read(event)) {
            outlet.send(prefix + number, json.write(event).toBytes());
          } else {
            otherPackets.increment();
          }
        }
      }
    }
  }

  private static String id(BufferedInputStream in) throws IOException {
    in.mark(IDENTIFIED);
    byte[] first = in.readNBytes(IDENTIFIED);
    in.reset();
    return first.length == 0 ? RunIds.random() : Position.digest(first, 0, first.length);
  }
}
