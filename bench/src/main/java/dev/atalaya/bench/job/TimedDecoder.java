package dev.atalaya.bench.job;

import dev.atalaya.connectors.Decoder;
import dev.atalaya.connectors.Payload;
import dev.atalaya.job.config.JobConfig;
import dev.atalaya.job.decode.DecodedRecord;
import dev.atalaya.job.decode.FieldPlan;
import dev.atalaya.job.decode.RecordDecoder;
import org.apache.flink.api.common.typeinfo.TypeInformation;

/** The job's decoder; tells the {@link Probe} when the first message is decoded. */
final class TimedDecoder implements Decoder<DecodedRecord> {
  private final RecordDecoder decoder;
  private transient boolean started;

  TimedDecoder(JobConfig config) {
    decoder = new RecordDecoder(config.format(), config.time(), FieldPlan.of(config));
  }

  @Override
  public void open() {
    decoder.open();
  }

  @Override
  public TypeInformation<DecodedRecord> producedType() {
    return decoder.producedType();
  }

  @Override
  public boolean emitsSeveral() {
    return decoder.emitsSeveral();
  }

  @Override
  public void decode(Payload payload, RecordOutput<DecodedRecord> out) {
    if (!started) {
      started = true;
      Probe.started();
    }
    decoder.decode(payload, out);
  }
}
