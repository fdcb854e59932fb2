package dev.atalaya.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atalaya.job.config.RuntimeConfig;
import java.nio.file.Path;
import org.apache.flink.configuration.CheckpointingOptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AtalayaJobTest {

  @ParameterizedTest
  @CsvSource({
    "out/checkpoints, out/checkpoints",
    "/tmp/../var/checkpoints, /var/checkpoints",
    "file:///var/checkpoints, /var/checkpoints"
  })
  void aLocalCheckpointDirectoryIsHandedToFlinkAsAUri(String given, String path) {
    assertThat(checkpointDirectory(given))
        .isEqualTo(Path.of(path).toAbsolutePath().toUri().toString())
        .startsWith("file:///");
  }

  @ParameterizedTest
  @CsvSource({"s3://bucket/checkpoints", "hdfs://name:8020/checkpoints"})
  void aCheckpointDirectoryElsewhereStaysAsItIs(String given) {
    assertThat(checkpointDirectory(given)).isEqualTo(given);
  }

  private static String checkpointDirectory(String given) {
    return AtalayaJob.settings(new RuntimeConfig(0, 1000, given, null))
        .get(CheckpointingOptions.CHECKPOINTS_DIRECTORY);
  }
}
