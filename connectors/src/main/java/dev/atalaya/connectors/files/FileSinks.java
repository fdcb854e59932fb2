package dev.atalaya.connectors.files;

import dev.atalaya.connectors.Document;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.apache.flink.api.common.serialization.Encoder;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.connector.file.sink.FileSink;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.streaming.api.functions.sink.filesystem.BucketAssigner;
import org.apache.flink.streaming.api.functions.sink.filesystem.OutputFileConfig;
import org.apache.flink.streaming.api.functions.sink.filesystem.bucketassigners.SimpleVersionedStringSerializer;
import org.apache.flink.streaming.api.functions.sink.filesystem.rollingpolicies.DefaultRollingPolicy;

/**
 * The file sink: JSON lines in one folder per kind of document and hour of event time, UTC, such as
 * {@code alerts/2026/11/21/22/part-….jsonl}; documents without a time go to {@code undated}.
 *
 * <p>Exactly once: lines become visible with the checkpoint that covers them. Until then they are
 * in files whose names begin with a dot. Visible files never change.
 */
public final class FileSinks {

  /** Longest time between a part file being due for closing and its being closed. */
  private static final long MAX_CHECK_MILLIS = 5_000;

  /**
   * After this time without a document a part is closed. A replay passes through thousands of hours
   * and has a part open in each that it has just been in.
   */
  private static final long MAX_INACTIVITY_MILLIS = 30_000;

  private FileSinks() {}

  public static FileSink<Document> create(FileSinkSettings settings) {
    Duration roll = Duration.ofMillis(settings.rollMillis());
    return FileSink.<Document>forRowFormat(InputFiles.absolute(settings.path()), new JsonLine())
        .withBucketAssigner(new KindAndHour())
        .withBucketCheckInterval(Math.min(settings.rollMillis(), MAX_CHECK_MILLIS))
        .withRollingPolicy(
            DefaultRollingPolicy.builder()
                .withMaxPartSize(new MemorySize(settings.maxPartBytes()))
                .withRolloverInterval(roll)
                .withInactivityInterval(
                    Duration.ofMillis(Math.min(settings.rollMillis(), MAX_INACTIVITY_MILLIS)))
                .build())
        .withOutputFileConfig(OutputFileConfig.builder().withPartSuffix(".jsonl").build())
        .build();
  }

  private static final class JsonLine implements Encoder<Document> {

    @Override
    public void encode(Document document, OutputStream out) throws IOException {
      out.write(document.json().getBytes(StandardCharsets.UTF_8));
      out.write('\n');
    }
  }

  /** Folder names come from the kind and the time alone, never from what a document says. */
  private static final class KindAndHour implements BucketAssigner<Document, String> {

    private static final DateTimeFormatter HOUR =
        DateTimeFormatter.ofPattern("uuuu/MM/dd/HH").withZone(ZoneOffset.UTC);

    @Override
    public String getBucketId(Document document, Context context) {
      String time =
          document.eventTimeMillis() == Document.UNDATED
              ? "undated"
              : HOUR.format(Instant.ofEpochMilli(document.eventTimeMillis()));
      return document.kind().folder() + "/" + time;
    }

    @Override
    public SimpleVersionedSerializer<String> getSerializer() {
      return SimpleVersionedStringSerializer.INSTANCE;
    }
  }
}
