package dev.atalaya.connectors.files;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atalaya.fixtures.SharedData;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RealFilesTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nasa-19950801/events/nasa_19950801.jsonl.gz",
        "mix-dev/events/mix-dev.csv.gz",
        "uqo-honeypot/events/honeytrap_5k.csv.gz"
      })
  void cutsTheLinesThatTheStandardLibrarySees(String name) throws IOException {
    Path file = SharedData.path(name);
    List<String> expected;
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.UTF_8))) {
      expected = reader.lines().toList();
    }
    assertThat(cut(new GzipInput(Files.newInputStream(file)))).isEqualTo(expected);
  }

  private static List<String> cut(InputStream in) throws IOException {
    List<String> all = new ArrayList<>();
    try (LineCutter cutter = new LineCutter(in, 0, 1 << 20, false)) {
      for (Lines lines = cutter.next(); lines != null; lines = cutter.next()) {
        assertThat(lines.fault).isNull();
        for (int line = 0; line < lines.count(); line++) {
          all.add(
              new String(
                  lines.bytes, lines.start(line), lines.length(line), StandardCharsets.UTF_8));
        }
      }
    }
    return all;
  }
}
