package dev.atalaya.capture.udp;

import dev.atalaya.capture.Intake;
import dev.atalaya.capture.flow.Rejections;
import dev.atalaya.capture.publish.Outlet;
import dev.atalaya.capture.publish.Publisher;
import dev.atalaya.capture.udp.DatagramQueue.Datagram;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Awaits datagrams at one address. One thread only receives, so that pauses of the queue do not
 * fill the kernel's buffer; another decodes and hands on, waiting while the publisher is full.
 *
 * <p>Memory: {@link UdpSettings#waitingBytes} and what {@link
 * dev.atalaya.capture.flow.FlowExportDecoder} keeps.
 *
 * <p>At most once: what is not received, or dropped for want of room, is counted: {@code
 * dropped_kernel} and {@code dropped_own}. {@code datagrams = decoded + failed + dropped_own +
 * waiting}.
 */
public final class UdpListener implements Intake {

  private static final Logger LOG = LoggerFactory.getLogger(UdpListener.class);
  private static final int MAX_DATAGRAM = 65_535;
  private static final long DRAIN_MILLIS = 5_000;
  private static final long PAUSE_MILLIS = 100;

  private final UdpSettings settings;
  private final Outlet outlet;
  private final DatagramDecoder decoder;
  private final DatagramQueue queue;
  private final LongAdder received = new LongAdder();
  private final LongAdder receivedBytes = new LongAdder();
  private final LongAdder decoded = new LongAdder();
  private final LongAdder failed = new LongAdder();
  private final LongAdder droppedOwn = new LongAdder();
  private final LongAdder faults = new LongAdder();
  private final Thread receiver;
  private final Thread worker;
  private DatagramChannel channel;
  private InetSocketAddress address;

  /** What is rejected is counted, and told in the log now and then. */
  public UdpListener(UdpSettings settings, Publisher publisher) {
    this(settings, publisher, (exporter, reason, detail, datagram) -> {});
  }

  /**
   * @param rejections gets what is rejected, besides
   */
  public UdpListener(UdpSettings settings, Publisher publisher, Rejections rejections) {
    this.settings = settings;
    address = settings.address();
    outlet = new Outlet(publisher);
    decoder =
        switch (settings.content()) {
          case FLOWS -> new FlowDecoder(outlet, rejections);
          case LINES -> new LineDecoder(outlet);
        };
    queue = new DatagramQueue(settings.waitingBytes());
    receiver = new Thread(this::receive, name());
    worker = new Thread(this::work, name() + " decode");
    receiver.setDaemon(true);
    worker.setDaemon(true);
  }

  @Override
  public String name() {
    return "udp " + address.getHostString() + ":" + address.getPort();
  }

  @Override
  public void start() throws IOException {
    channel = DatagramChannel.open();
    try {
      channel.setOption(StandardSocketOptions.SO_RCVBUF, settings.receiveBufferBytes());
      channel.bind(settings.address());
      address = (InetSocketAddress) channel.getLocalAddress();
      int given = channel.getOption(StandardSocketOptions.SO_RCVBUF);
      if (given < settings.receiveBufferBytes()) {
        LOG.warn(
            "{}: the kernel gives a receive buffer of {} bytes, not {}; raise net.core.rmem_max",
            name(),
            given,
            settings.receiveBufferBytes());
      }
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw new IOException("cannot listen on " + name() + ": " + e.getMessage(), e);
    }
    receiver.start();
    worker.start();
  }

  /** Where it listens, with the port that was given to it. */
  public InetSocketAddress address() {
    return address;
  }

  @Override
  public Map<String, Long> counts() {
    Map<String, Long> counts = new LinkedHashMap<>();
    counts.put("datagrams", received.sum());
    counts.put("bytes", receivedBytes.sum());
    counts.put("decoded", decoded.sum());
    counts.put("failed", failed.sum());
    counts.put("waiting", (long) queue.size());
    counts.put("dropped_own", droppedOwn.sum());
    counts.put("dropped_kernel", KernelDrops.of(address));
    counts.put("receive_faults", faults.sum());
    decoder.addCounts(counts);
    outlet.addCounts(counts);
    return counts;
  }

  @Override
  public boolean isLevel(String name) {
    return name.equals("waiting");
  }

  /** Receives no more, and hands on what waits if the publisher takes it in a few seconds. */
  @Override
  public void close() throws IOException {
    if (channel == null) {
      return;
    }
    channel.close();
    queue.close();
    try {
      worker.join(DRAIN_MILLIS);
      worker.interrupt();
      worker.join(DRAIN_MILLIS);
      receiver.join(DRAIN_MILLIS);
    } catch (InterruptedException e) {
      worker.interrupt();
      Thread.currentThread().interrupt();
    }
  }

  private void receive() {
    ByteBuffer buffer = ByteBuffer.allocateDirect(MAX_DATAGRAM);
    while (true) {
      buffer.clear();
      try {
        InetSocketAddress sender = (InetSocketAddress) channel.receive(buffer);
        byte[] bytes = new byte[buffer.flip().remaining()];
        buffer.get(bytes);
        received.increment();
        receivedBytes.add(bytes.length);
        if (!queue.offer(new Datagram(sender.getAddress(), bytes, System.currentTimeMillis()))) {
          droppedOwn.increment();
        }
      } catch (ClosedChannelException e) {
        return;
      } catch (IOException e) {
        faults.increment();
        if (faults.sum() == 1) {
          LOG.warn("{}: {}", name(), e.toString());
        }
        pause();
      }
    }
  }

  /** Not to turn in circles while the network is away. */
  private static void pause() {
    try {
      Thread.sleep(PAUSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void work() {
    try {
      for (Datagram next = queue.take(); next != null; next = queue.take()) {
        decode(next);
      }
    } catch (InterruptedException e) {
      LOG.info("{}: {} datagrams are given up", name(), queue.size());
    }
    decoder.close();
  }

  private void decode(Datagram datagram) throws InterruptedException {
    try {
      decoder.decode(datagram);
      decoded.increment();
    } catch (RuntimeException e) {
      // A fault of ours, and no reason to take no more.
      failed.increment();
      if (failed.sum() == 1) {
        LOG.error("{}: a datagram of {} bytes", name(), datagram.bytes.length, e);
      }
    }
  }
}
