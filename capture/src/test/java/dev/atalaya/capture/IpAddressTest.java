package dev.atalaya.capture;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IpAddressTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0.0.0.0",
        "255.255.255.255",
        "10.100.9.0",
        "::",
        "::1",
        "1::",
        "2001:db8::1",
        "2001:db8:0:1:1:1:1:1",
        "2001:0:0:1::1",
        "2001:db8::1:0:0:1",
        "fe80::204:61ff:fe9d:f156",
        "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
        "1:2:3:4:5:6:7:0",
        "0:2:3:4:5:6:7:8",
        "1:0:3:0:5:0:7:0"
      })
  void writesTheCanonicalText(String text) throws UnknownHostException {
    assertThat(of(InetAddress.getByName(text).getAddress())).hasToString(text);
  }

  @ParameterizedTest
  @CsvSource({"2001:0:0:0:1:0:0:1,2001::1:0:0:1", "1:0:0:2:0:0:0:3,1:0:0:2::3"})
  void shortensTheLongestRunAndOfTwoTheFirst(String address, String text)
      throws UnknownHostException {
    assertThat(of(InetAddress.getByName(address).getAddress())).hasToString(text);
  }

  @Test
  void mappedIpv4IsIpv4() {
    byte[] mapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1, (byte) 192, 0, 2, 1};

    assertThat(of(mapped)).hasToString("192.0.2.1");
  }

  @Test
  void everyTextNamesItsAddress() throws UnknownHostException {
    Random random = new Random(5952);
    for (int i = 0; i < 10_000; i++) {
      byte[] bytes = new byte[16];
      random.nextBytes(bytes);
      for (int group = 0; group < 8; group++) {
        if (random.nextBoolean()) {
          bytes[2 * group] = 0;
          bytes[2 * group + 1] = 0;
        }
      }
      InetAddress address = InetAddress.getByAddress(bytes);
      String text = of(bytes).toString();
      assertThat(InetAddress.getByName(text)).as(text).isEqualTo(address);
    }
  }

  private static IpAddress of(byte[] bytes) {
    IpAddress address = new IpAddress();
    address.set(bytes, 0, bytes.length);
    return address;
  }
}
