package dev.atalaya.capture.pcap;

import static dev.atalaya.capture.pcap.Packets.bytes;
import static dev.atalaya.capture.pcap.Packets.ethernet;
import static dev.atalaya.capture.pcap.Packets.ipv4;
import static dev.atalaya.capture.pcap.Packets.ipv6;
import static dev.atalaya.capture.pcap.Packets.join;
import static dev.atalaya.capture.pcap.Packets.udp;
import static org.assertj.core.api.Assertions.assertThat;

import dev.atalaya.capture.FlowEvent;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PacketHeadersTest {

  private static final String UDP4 =
      "{\"src\":\"10.0.0.1\",\"dst\":\"10.0.0.2\",\"sport\":7,\"dport\":8,\"proto\":17,"
          + "\"flags\":0,\"tos\":0}";
  private static final String UDP6 =
      "{\"src\":\"::1\",\"dst\":\"::2\",\"sport\":7,\"dport\":8,\"proto\":17,"
          + "\"flags\":0,\"tos\":184}";

  private final PacketHeaders headers = new PacketHeaders();
  private final FlowEvent event = new FlowEvent();

  @Test
  void everyLinkType() {
    byte[] ip4 = join(ipv4(17, 0, 12), udp(7, 8, 4));
    byte[] ip6 = join(ipv6(17, 12), udp(7, 8, 4));
    byte[] tags = bytes(0, 1, 0x81, 0, 0, 2);

    assertThat(read(PacketHeaders.ETHERNET, join(ethernet(0x0800), ip4))).isEqualTo(UDP4);
    assertThat(read(PacketHeaders.ETHERNET, join(ethernet(0x86dd), ip6))).isEqualTo(UDP6);
    assertThat(read(PacketHeaders.ETHERNET, join(ethernet(0x88a8), tags, bytes(8, 0), ip4)))
        .isEqualTo(UDP4);
    byte[] cooked = new byte[16];
    cooked[14] = 8;
    assertThat(read(PacketHeaders.LINUX_COOKED, join(cooked, ip4))).isEqualTo(UDP4);
    byte[] cooked2 = new byte[20];
    cooked2[0] = (byte) 0x86;
    cooked2[1] = (byte) 0xdd;
    assertThat(read(PacketHeaders.LINUX_COOKED_2, join(cooked2, ip6))).isEqualTo(UDP6);
    assertThat(read(PacketHeaders.NULL, join(bytes(2, 0, 0, 0), ip4))).isEqualTo(UDP4);
    assertThat(read(PacketHeaders.LOOP, join(bytes(0, 0, 0, 24), ip6))).isEqualTo(UDP6);
    assertThat(read(PacketHeaders.RAW, ip6)).isEqualTo(UDP6);
    assertThat(read(PacketHeaders.IPV4, ip4)).isEqualTo(UDP4);
    assertThat(read(PacketHeaders.IPV6, ip6)).isEqualTo(UDP6);
  }

  @Test
  void whatIsNoIp() {
    assertThat(read(PacketHeaders.ETHERNET, join(ethernet(0x0806), new byte[28]))).isEmpty();
    assertThat(read(PacketHeaders.RAW, bytes(0x20))).isEmpty();
    assertThat(read(147, join(ipv4(17, 0, 12), udp(7, 8, 4)))).isEmpty();
  }

  @Test
  void fragmentsBehindTheFirstHaveNoPorts() {
    assertThat(read(PacketHeaders.RAW, join(ipv4(17, 0x2000, 12), udp(7, 8, 4))))
        .contains("\"sport\":7,");
    assertThat(headers.udpPayloadOffset()).isZero();

    assertThat(read(PacketHeaders.RAW, join(ipv4(17, 185, 12), udp(7, 8, 4))))
        .contains("\"sport\":0,\"dport\":0,\"proto\":17,");
  }

  @Test
  void extensionHeadersOfIpv6() {
    byte[] hopByHop = bytes(60, 0, 1, 4, 0, 0, 0, 0);
    byte[] destination = bytes(44, 1, 1, 12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    byte[] whole = bytes(17, 0, 0, 0, 0, 0, 0, 1);
    byte[] later = bytes(17, 0, 0, 8, 0, 0, 0, 1);

    assertThat(
            read(PacketHeaders.RAW, join(ipv6(0, 44), hopByHop, destination, whole, udp(7, 8, 4))))
        .isEqualTo(UDP6);
    assertThat(headers.udpPayloadLength()).isEqualTo(4);
    assertThat(
            read(PacketHeaders.RAW, join(ipv6(0, 44), hopByHop, destination, later, udp(7, 8, 4))))
        .contains("\"sport\":0,\"dport\":0,\"proto\":17,");
  }

  @Test
  void flagsOfTcpAndKindsOfIcmp() {
    byte[] tcp = new byte[20];
    tcp[1] = 80;
    tcp[13] = 0x12;
    assertThat(read(PacketHeaders.RAW, join(ipv4(6, 0, 20), tcp)))
        .contains("\"sport\":80,\"dport\":0,\"proto\":6,\"flags\":18,");
    assertThat(read(PacketHeaders.RAW, join(ipv4(1, 0, 8), bytes(3, 1, 0, 0, 0, 0, 0, 0))))
        .contains("\"sport\":3,\"dport\":1,\"proto\":1,\"flags\":0,");
  }

  @Test
  void paddingOfShortFramesIsNoPayload() {
    read(PacketHeaders.ETHERNET, join(Packets.udp4(7, 8, 4), new byte[14]));

    assertThat(headers.udpPayloadOffset()).isEqualTo(14 + 20 + 8);
    assertThat(headers.udpPayloadLength()).isEqualTo(4);
  }

  @ParameterizedTest
  @ValueSource(ints = {PacketHeaders.ETHERNET, PacketHeaders.RAW, PacketHeaders.LINUX_COOKED})
  void anyBytesAtAnyLength(int linkType) {
    Random random = new Random(linkType);
    byte[] packet = new byte[128];
    for (int i = 0; i < 100_000; i++) {
      random.nextBytes(packet);
      int ip = linkType == PacketHeaders.ETHERNET ? 14 : linkType == PacketHeaders.RAW ? 0 : 16;
      packet[ip] = (byte) (i % 2 == 0 ? 0x45 : 0x60);
      if (ip > 0) {
        packet[ip - 2] = (byte) (i % 2 == 0 ? 0x08 : 0x86);
        packet[ip - 1] = (byte) (i % 2 == 0 ? 0x00 : 0xdd);
      }
      // The next header, so that chains of extensions come.
      packet[ip + 6] = (byte) new int[] {0, 43, 44, 60, 17}[i % 5];
      int length = random.nextInt(packet.length + 1);
      byte[] exact = Arrays.copyOf(packet, length);
      event.clear();
      headers.read(linkType, exact, 0, length, event);
      assertThat(headers.udpPayloadOffset() + headers.udpPayloadLength())
          .isLessThanOrEqualTo(length);
    }
  }

  private String read(int linkType, byte[] packet) {
    event.clear();
    return headers.read(linkType, packet, 0, packet.length, event) ? event.toString() : "";
  }
}
