package dev.atalaya.job.decode;

import org.apache.flink.api.common.eventtime.TimestampAssigner;
import org.apache.flink.api.common.eventtime.TimestampAssignerSupplier;
import org.apache.flink.api.common.eventtime.WatermarkGenerator;
import org.apache.flink.api.common.eventtime.WatermarkGeneratorSupplier;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;

/**
 * Event time of a folder that is watched: one for all the files that a task reads, one after the
 * other. If each file had its own, that of a short one would be gone with the file before anybody
 * asked for it, and its windows would stay open.
 */
public final class FolderWatermarks implements WatermarkStrategy<DecodedRecord> {

  private final EventWatermarks ofOneFile;

  /** Of this task: every task has a strategy of its own. */
  private transient WatermarkGenerator<DecodedRecord> ofAllFiles;

  public FolderWatermarks(EventWatermarks ofOneFile) {
    this.ofOneFile = ofOneFile;
  }

  @Override
  public TimestampAssigner<DecodedRecord> createTimestampAssigner(
      TimestampAssignerSupplier.Context context) {
    return ofOneFile.createTimestampAssigner(context);
  }

  @Override
  public WatermarkGenerator<DecodedRecord> createWatermarkGenerator(
      WatermarkGeneratorSupplier.Context context) {
    if (ofAllFiles == null) {
      ofAllFiles = ofOneFile.createWatermarkGenerator(context);
    }
    return ofAllFiles;
  }
}
