package dev.atalaya.bench.job;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.LongAdder;

/**
 * Connections that each post flows and wait for the answer, again and again, until they are closed.
 * Requests are made beforehand and answers hardly looked at: the senders have the machine's cores
 * in common with what is measured.
 */
final class HttpSenders implements AutoCloseable {

  /** Different bodies, so that not always the same bytes go through. */
  private static final int BODIES = 64;

  private static final int PATIENCE_MILLIS = 60_000;
  private static final int LINE_END = '\n';

  private final LongAdder accepted = new LongAdder();
  private final ExecutorService threads;
  private final List<CompletableFuture<Void>> ends = new ArrayList<>();
  private volatile boolean closed;

  /**
   * @param batch events of a request
   */
  HttpSenders(int port, int connections, int batch) {
    List<byte[]> requests = requests(batch);
    threads = Executors.newFixedThreadPool(connections);
    for (int i = 0; i < connections; i++) {
      int first = i;
      ends.add(CompletableFuture.runAsync(() -> send(port, requests, first, batch), threads));
    }
  }

  private static List<byte[]> requests(int batch) {
    Flows flows = Flows.get();
    List<byte[]> requests = new ArrayList<>();
    for (long body = 0; body < BODIES; body++) {
      ByteArrayOutputStream events = new ByteArrayOutputStream();
      for (long event = body * batch; event < (body + 1) * batch; event++) {
        events.writeBytes(FlowJson.of(flows, event, Flows.millis(event)));
        events.write(LINE_END);
      }
      String head =
          "POST /events HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-ndjson\r\n"
              + "Content-Length: "
              + events.size()
              + "\r\n\r\n";
      ByteArrayOutputStream request = new ByteArrayOutputStream();
      request.writeBytes(head.getBytes(StandardCharsets.US_ASCII));
      request.writeBytes(events.toByteArray());
      requests.add(request.toByteArray());
    }
    return requests;
  }

  private void send(int port, List<byte[]> requests, int first, int batch) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setTcpNoDelay(true);
      socket.setSoTimeout(PATIENCE_MILLIS);
      OutputStream out = socket.getOutputStream();
      InputStream in = new BufferedInputStream(socket.getInputStream());
      for (int next = first; !closed; next++) {
        out.write(requests.get(next % BODIES));
        awaitAnswer(in);
        accepted.add(batch);
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void awaitAnswer(InputStream in) throws IOException {
    String status = line(in);
    if (!status.startsWith("HTTP/1.1 200")) {
      throw new IOException("answered " + status);
    }
    int length = 0;
    for (String header = line(in); !header.isEmpty(); header = line(in)) {
      if (header.regionMatches(true, 0, "Content-Length:", 0, 15)) {
        length = Integer.parseInt(header.substring(15).trim());
      }
    }
    in.skipNBytes(length);
  }

  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c != LINE_END; c = in.read()) {
      if (c < 0) {
        throw new EOFException("the connection was closed");
      }
      line.append((char) c);
    }
    return line.toString().trim();
  }

  /** Events that were answered with 200 so far; fails when a sender has failed. */
  long accepted() {
    for (CompletableFuture<Void> end : ends) {
      if (end.isCompletedExceptionally()) {
        end.join();
      }
    }
    return accepted.sum();
  }

  /** Waits for the answers that are still to come. */
  @Override
  public void close() {
    closed = true;
    ends.forEach(CompletableFuture::join);
    threads.shutdown();
  }
}
