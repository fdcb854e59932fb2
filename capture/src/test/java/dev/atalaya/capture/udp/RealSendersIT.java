package dev.atalaya.capture.udp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.atalaya.capture.FlowEvent;
import dev.atalaya.capture.MemoryPublisher;
import dev.atalaya.capture.pcap.PcapReader;
import dev.atalaya.capture.udp.UdpSettings.Content;
import dev.atalaya.fixtures.SharedData;
import java.io.IOException;
import java.io.InputStream;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What programs send that were not written for us: {@code fixtures/install-senders.sh}. */
class RealSendersIT {

  private static final Duration LONG = Duration.ofSeconds(30);
  private static final int ETHERNET_HEAD = 14;

  @TempDir Path folder;

  private final MemoryPublisher queue = new MemoryPublisher();
  private UdpListener listener;

  @AfterEach
  void close() throws IOException {
    if (listener != null) {
      listener.close();
    }
  }

  /** softflowd counts a packet without its Ethernet head, and nothing else is left out. */
  @ParameterizedTest
  @CsvSource({"5", "9", "10"})
  void theFlowsOfSoftflowdAddUpToThePacketsItRead(String version) throws Exception {
    listen(Content.FLOWS);
    Path pcap = folder.resolve("x.pcap"); // softflowd waits forever when the name is long
    try (InputStream in =
        new GZIPInputStream(
            Files.newInputStream(SharedData.path("pcapplusplus/example.pcap.gz")))) {
      Files.copy(in, pcap);
    }
    long packets = 0;
    long bytes = 0;
    FlowEvent event = new FlowEvent();
    try (PcapReader reader = new PcapReader(Files.newInputStream(pcap))) {
      while (reader.next()) {
        assertThat(reader.read(event)).isTrue();
        packets++;
        bytes += event.get(FlowEvent.BYTES) - ETHERNET_HEAD;
      }
    }
    assertThat(packets).isEqualTo(4_631);
    assertThat(bytes).isEqualTo(3_673_689);

    run(
        program("softflowd"),
        List.of(
            "-r",
            "x.pcap",
            "-n",
            "127.0.0.1:" + listener.address().getPort(),
            "-v",
            version,
            "-p",
            "pid",
            "-c",
            "ctl"));

    long all = packets;
    await().atMost(LONG).until(() -> sum("packets") >= all);
    assertThat(sum("packets")).isEqualTo(packets);
    assertThat(sum("bytes")).isEqualTo(bytes);
    assertThat(listener.counts())
        .containsEntry("dropped_kernel", 0L)
        .containsEntry("rejected_length", 0L)
        .containsEntry("rejected_template", 0L)
        .containsEntry("rejected_no_template", 0L);
  }

  @Test
  void linesOfLoggerArrive() throws Exception {
    listen(Content.LINES);
    logger(listener.address().getPort(), "--rfc3164", "one");
    logger(listener.address().getPort(), "--rfc5424", "two");
    await().atMost(LONG).until(() -> queue.events().size() == 2);
    assertThat(queue.events().get(0)).startsWith("<13>").endsWith(" probe: one");
    assertThat(queue.events().get(1)).startsWith("<13>1 ").endsWith(" two");
  }

  @Test
  void linesPassThroughRsyslog() throws Exception {
    listen(Content.LINES);
    int port;
    try (DatagramSocket free = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    Path config = folder.resolve("rsyslog.conf");
    Files.writeString(
        config,
        """
        global(workDirectory="%s")
        module(load="imudp")
        input(type="imudp" address="127.0.0.1" port="%d")
        action(type="omfwd" target="127.0.0.1" port="%d" protocol="udp")
        """
            .formatted(folder, port, listener.address().getPort()));
    Process rsyslog =
        start(
            program("rsyslogd"),
            List.of("-n", "-f", config.toString(), "-i", folder.resolve("pid").toString()));
    try {
      // Nobody tells when it listens, and what comes before is lost.
      await()
          .atMost(LONG)
          .until(
              () -> {
                logger(port, "--rfc3164", "one");
                return !queue.events().isEmpty();
              });
      assertThat(queue.events().get(0)).startsWith("<13>").endsWith(" probe: one");
    } finally {
      rsyslog.destroyForcibly().waitFor();
    }
  }

  private void listen(Content content) throws IOException {
    listener =
        new UdpListener(
            new UdpSettings(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                content,
                1 << 20,
                UdpSettings.DEFAULT_WAITING),
            queue);
    listener.start();
  }

  private long sum(String field) throws IOException {
    ObjectMapper mapper = new ObjectMapper();
    long sum = 0;
    for (String event : queue.events()) {
      JsonNode number = mapper.readTree(event).path(field);
      sum += number.asLong();
    }
    return sum;
  }

  private void logger(int port, String form, String text) throws Exception {
    run(
        program("logger"),
        List.of("-d", "-n", "127.0.0.1", "-P", Integer.toString(port), "-t", "probe", form, text));
  }

  private static String program(String name) {
    for (String bin : (System.getenv("PATH") + ":/usr/sbin").split(":")) {
      Path program = Path.of(bin, name);
      if (Files.isExecutable(program)) {
        return program.toString();
      }
    }
    throw new IllegalStateException(
        name
            + " is missing. Debian, Ubuntu: apt-get install --no-install-recommends softflowd"
            + " rsyslog bsdutils; otherwise fixtures/install-senders.sh installs it or says how");
  }

  private void run(String program, List<String> arguments) throws Exception {
    Process process = start(program, arguments);
    try {
      assertThat(process.waitFor(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).as(Files.readString(log())).isZero();
    } finally {
      process.destroyForcibly();
    }
  }

  private Process start(String program, List<String> arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of(program));
    command.addAll(arguments);
    return new ProcessBuilder(command)
        .directory(folder.toFile())
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
        .start();
  }

  private Path log() {
    return folder.resolve("senders.log");
  }
}
