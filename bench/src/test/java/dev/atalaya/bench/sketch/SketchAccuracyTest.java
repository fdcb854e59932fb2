package dev.atalaya.bench.sketch;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SketchAccuracyTest {

  @TempDir Path folder;

  @Test
  void quickRunBreaksNoBoundAndWritesItsTables() throws Exception {
    Path file = folder.resolve("sketch.md");
    SketchAccuracy.main(new String[] {"--quick", file.toString()});
    assertThat(Files.readString(file))
        .contains("| random order, 256 KB |")
        .contains("| LongsSketch, 144 KB, keeps no keys |")
        .contains("Merging 8 partials of 256 KB: ")
        .contains("| 64 KB, from exact partials |")
        .contains("| ItemsSketch<String> |");
  }
}
