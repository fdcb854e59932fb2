package dev.atalaya.bench.job;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** An exporter of NetFlow v5 on this machine that sends at a steady rate. */
final class NetflowSender implements AutoCloseable {

  private static final long PAUSE_NANOS = 500_000;
  private static final int SEQUENCE_AT = 16;

  private final List<byte[]> datagrams =
      ExportVariant.NETFLOW_V5.datagrams(Flows.get(), Turns.Size.FULL.records());
  private final DatagramChannel channel;
  private long sent;

  NetflowSender(int port) throws IOException {
    channel = DatagramChannel.open();
    channel.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
  }

  /**
   * Sends for some time.
   *
   * @param rate records per second
   * @return how many records were sent, fewer when this thread cannot follow
   */
  long send(double rate, long millis) throws IOException {
    long before = sent;
    long start = System.nanoTime();
    long end = start + millis * 1_000_000;
    for (long now = start; now < end; now = System.nanoTime()) {
      long due = before + (long) (rate * (now - start) / 1e9);
      // Late, it does not make up for more than a pause: bursts are not what is asked for.
      for (int burst = 0; sent < due && burst < rate * 2 * PAUSE_NANOS / 1e9; ) {
        burst += sendOne();
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    }
    return sent - before;
  }

  private int sendOne() throws IOException {
    int records = ExportVariant.NETFLOW_V5.flowsPerDatagram;
    ByteBuffer datagram = ByteBuffer.wrap(datagrams.get((int) (sent / records % datagrams.size())));
    channel.write(datagram.putInt(SEQUENCE_AT, (int) sent));
    sent += records;
    return records;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
