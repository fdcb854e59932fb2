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
final class RulesTopic {

  private RulesTopic() {}

  static DataStream<GateInput> read(StreamExecutionEnvironment env, KafkaSettings settings) {
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

  private static final class AlwaysIdle implements WatermarkGenerator<GateInput> {

    @Override
    public void onEvent(GateInput event, long timestamp, WatermarkOutput output) {}

    @Override
    public void onPeriodicEmit(WatermarkOutput output) {
      output.markIdle();
    }
  }

  private static final class Documents implements Decoder<GateInput> {

    @Override
    public void open() {}

    @Override
    public void decode(Payload payload, RecordOutput<GateInput> out) {
      if (payload.fault != null) {
        // Records that the broker no longer keeps: what follows them has superseded them.
        return;
      }
      int length = Math.min(payload.length, RulesDocumentReader.MAX_BYTES + 1);
      byte[] document =
          payload.bytes == null
              ? new byte[0]
              : Arrays.copyOfRange(payload.bytes, payload.offset, payload.offset + length);
      out.emit(GateInput.rules(document, payload.origin.describe(), payload.timestampMillis));
    }

    @Override
    public TypeInformation<GateInput> producedType() {
      return TypeInformation.of(GateInput.class);
    }
  }
}
