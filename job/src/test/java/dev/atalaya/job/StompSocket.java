package dev.atalaya.job;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.atalaya.fixtures.RabbitMqBroker;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;

/** As much of STOMP 1.2 as it takes to publish. */
final class StompSocket implements AutoCloseable {

  private final Socket socket;

  StompSocket(RabbitMqBroker broker) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), broker.stompPort());
    socket.setSoTimeout(60_000);
    write(
        "CONNECT\naccept-version:1.2\nhost:/\nlogin:%s\npasscode:%s\n\n"
            .formatted(broker.username(), broker.password()));
    assertThat(read()).startsWith("CONNECTED\n");
  }

  /**
   * Publishes and waits for the receipt.
   *
   * @param headers more lines, each with its end
   */
  void send(String destination, String headers, String message) throws IOException {
    write("SEND\ndestination:" + destination + "\nreceipt:1\n" + headers + "\n" + message);
    assertThat(read()).startsWith("RECEIPT\n");
  }

  private void write(String frame) throws IOException {
    socket.getOutputStream().write((frame + "\0").getBytes(UTF_8));
  }

  /** A frame ends with a zero; line ends may stand between two. */
  private String read() throws IOException {
    var frame = new ByteArrayOutputStream();
    for (int read = socket.getInputStream().read();
        read != 0;
        read = socket.getInputStream().read()) {
      assertThat(read).as("connection closed after: " + frame).isNotEqualTo(-1);
      if (frame.size() > 0 || read != '\n') {
        frame.write(read);
      }
    }
    return frame.toString(UTF_8);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
