package dev.atalaya.job.match;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IpAddressesTest {

  private final IpAddresses addresses = new IpAddresses();

  @ParameterizedTest
  @CsvSource({
    "0.0.0.0, 0.0.0.0",
    "255.255.255.255, 255.255.255.255",
    "::, ::",
    "0:0:0:0:0:0:0:0, ::",
    "::1, ::1",
    "1::, 1::",
    "2001:0DB8::0001, 2001:db8::1",
    "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
    "2001:db8::1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
    "2001:0:0:1:0:0:0:1, 2001:0:0:1::1",
    "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
    "1:0:0:2:3:4:0:0, 1::2:3:4:0:0",
    "1:2:3:4:5:6:0:0, 1:2:3:4:5:6::",
    "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff, ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
    "::ffff:1.2.3.4, 1.2.3.4",
    "::FFFF:102:304, 1.2.3.4",
    "64:ff9b::1.2.3.4, 64:ff9b::102:304",
    "1:2:3:4:5:6:1.2.3.4, 1:2:3:4:5:6:102:304",
    "fe80::1%eth0, fe80::1",
    "::ffff:1.2.3.4%1, 1.2.3.4",
  })
  void addressHasOneForm(String text, String canonical) {
    assertThat(canonical(text)).isEqualTo(canonical);
    assertThat(canonical(canonical)).isEqualTo(canonical);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "1",
        "1.2.3",
        "1.2.3.4.5",
        "1.2.3.256",
        "999.1.1.1",
        "01.2.3.4",
        "1.2.3.4 ",
        " 1.2.3.4",
        "1.2.3.",
        ".1.2.3",
        "1..2.3",
        "1.2.3.4%eth0",
        "0x1.2.3.4",
        "1.2.3.-4",
        ":",
        ":::",
        "1:",
        ":1",
        "1:2:3:4:5:6:7",
        "1:2:3:4:5:6:7:8:9",
        "1::2::3",
        "1:2:3:4:5:6:7::8:9",
        "12345::",
        "g::",
        "::1.2.3",
        "::1.2.3.4:5",
        "1:2:3:4:5:6:7:1.2.3.4",
        "fe80::1%",
        "[::1]",
        "::1/64",
        "%eth0",
        "1:2:3:4:5:6:7:8::",
        "::1:2:3:4:5:6:7:8",
        "localhost",
        "\u0661.2.3.4",
      })
  void anythingElseIsNone(String text) {
    assertThat(canonical(text)).isNull();
  }

  @Test
  void randomAddressesKeepTheirValueAndCanonicalFormsAreStable() throws UnknownHostException {
    Random random = new Random(7);
    for (int round = 0; round < 20_000; round++) {
      byte[] value = new byte[16];
      for (int i = 0; i < value.length; i += 2) {
        if (random.nextInt(3) > 0) {
          value[i] = (byte) random.nextInt(256);
          value[i + 1] = (byte) random.nextInt(256);
        }
      }
      InetAddress expected = InetAddress.getByAddress(value);
      String canonical = canonical(expected.getHostAddress());
      assertThat(InetAddress.getByName(canonical)).isEqualTo(expected);
      assertThat(canonical(canonical)).isEqualTo(canonical);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "203.0.113.77, 24, 203.0.113.0/24",
    "203.0.113.77, 32, 203.0.113.77/32",
    "203.0.113.77, 31, 203.0.113.76/31",
    "203.0.113.77, 9, 203.0.0.0/9",
    "203.0.113.77, 0, 0.0.0.0/0",
    "::ffff:203.0.113.77, 8, 203.0.0.0/8",
    "2001:db8:1:2:3:4:5:6, 32, 2001:db8::/32",
    "2001:db8:1:2:3:4:5:6, 33, 2001:db8::/33",
    "2001:db8:1:2:3:4:5:6, 48, 2001:db8:1::/48",
    "2001:db8:1:2:3:4:5:6, 64, 2001:db8:1:2::/64",
    "2001:db8:1:2:ffff:4:5:6, 65, 2001:db8:1:2:8000::/65",
    "2001:db8:1:2:3:4:5:6, 128, 2001:db8:1:2:3:4:5:6/128",
    "2001:db8:1:2:3:4:5:6, 0, ::/0",
  })
  void aPrefixHasOneForm(String text, int length, String prefix) {
    byte[] source = text.getBytes(US_ASCII);
    assertThat(addresses.read(source, 0, source.length)).isTrue();
    byte[] target = new byte[IpAddresses.MAX_PREFIX_LENGTH];
    // Twice: to write one changes nothing of the address.
    addresses.writePrefix(1, target, 0);
    int end = addresses.writePrefix(length, target, 0);
    assertThat(new String(target, 0, end, US_ASCII)).isEqualTo(prefix);
  }

  private String canonical(String text) {
    byte[] source = text.getBytes(java.nio.charset.StandardCharsets.UTF_8);
    byte[] target = new byte[Math.max(IpAddresses.MAX_LENGTH, source.length)];
    System.arraycopy(source, 0, target, 0, source.length);
    int length = addresses.canonical(target, 0, source.length, target, 0);
    return length < 0 ? null : new String(target, 0, length, US_ASCII);
  }
}
