package dev.atalaya.job;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.atalaya.fixtures.RabbitMqBroker;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;

/**
 * As much of MQTT 3.1.1 as it takes to publish with the flag DUP, which clients set only when a
 * confirmation was lost on the way.
 */
final class MqttSocket implements AutoCloseable {

  private static final int CONNECT = 0x10;
  private static final int PUBLISH_QOS_1 = 0x32;
  private static final int DUP = 0x08;
  private static final int DISCONNECT = 0xE0;
  private static final int PACKET_ID = 7;

  private final Socket socket;

  MqttSocket(RabbitMqBroker broker) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), broker.mqttPort());
    socket.setSoTimeout(60_000);
    var content = new ByteArrayOutputStream();
    var out = new DataOutputStream(content);
    out.writeUTF("MQTT");
    out.write(4); // 3.1.1
    out.write(0xC2); // user name, password, clean session
    out.writeShort(60); // keep alive, seconds
    out.writeUTF("dup");
    out.writeUTF(broker.username());
    out.writeUTF(broker.password());
    write(CONNECT, content);
    expect(0x20, 2, 0, 0);
  }

  /** Publishes with QoS 1 and waits for the confirmation. */
  void publish(String topic, String message, boolean again) throws IOException {
    var content = new ByteArrayOutputStream();
    var out = new DataOutputStream(content);
    out.writeUTF(topic);
    out.writeShort(PACKET_ID);
    out.write(message.getBytes(UTF_8));
    write(PUBLISH_QOS_1 | (again ? DUP : 0), content);
    expect(0x40, 2, 0, PACKET_ID);
  }

  private void write(int type, ByteArrayOutputStream content) throws IOException {
    assertThat(content.size()).as("fits the short form of a length").isLessThan(128);
    var packet = new ByteArrayOutputStream();
    packet.write(type);
    packet.write(content.size());
    content.writeTo(packet);
    socket.getOutputStream().write(packet.toByteArray());
  }

  private void expect(int... bytes) throws IOException {
    for (int expected : bytes) {
      assertThat(socket.getInputStream().read()).isEqualTo(expected);
    }
  }

  @Override
  public void close() throws IOException {
    write(DISCONNECT, new ByteArrayOutputStream());
    socket.close();
  }
}
