package dev.atalaya.job.rules;

import dev.atalaya.connectors.Decoder;
import dev.atalaya.connectors.Payload;
import dev.atalaya.connectors.kafka.KafkaSettings;
import dev.atalaya.connectors.kafka.KafkaSources;
import dev.atalaya.job.config.RulesDocumentReader;
import java.util.Arrays;
import org.apache.flink.api.common.eventtime.WatermarkGenerator;
import org.apache.flink.api.common.eventtime.WatermarkOutput;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** The topic that rules come from, a document a record. It has no part in event time. */
public final class RulesTopic {

  private RulesTopic() {}

  public static DataStream<RulesRecord> read(
      StreamExecutionEnvironment env, KafkaSettings settings) {
    Documents decoder = new Documents();
    return env.fromSource(
            KafkaSources.create(settings, decoder),
            WatermarkStrategy.forGenerator(context -> new AlwaysIdle()),
            "read rules",
            decoder.producedType())
        .setParallelism(1)
        .uid("read-rules")
        .name("read rules");
  }

  private static final class AlwaysIdle implements WatermarkGenerator<RulesRecord> {

    @Override
    public void onEvent(RulesRecord event, long timestamp, WatermarkOutput output) {}

    @Override
    public void onPeriodicEmit(WatermarkOutput output) {
      output.markIdle();
    }
  }

  private static final class Documents implements Decoder<RulesRecord> {

    @Override
    public void open() {}

    @Override
    public void decode(Payload payload, RecordOutput<RulesRecord> out) {
      if (payload.fault != null) {
        // Records that the broker no longer keeps: what follows them has superseded them.
        return;
      }
      int length = Math.min(payload.length, RulesDocumentReader.MAX_BYTES + 1);
      byte[] document =
          payload.bytes == null
              ? new byte[0]
              : Arrays.copyOfRange(payload.bytes, payload.offset, payload.offset + length);
      out.emit(new RulesRecord(document, payload.origin.describe(), payload.timestampMillis));
    }

    @Override
    public TypeInformation<RulesRecord> producedType() {
      return TypeInformation.of(RulesRecord.class);
    }
  }
}
