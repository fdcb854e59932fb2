package dev.atalaya.job.decode;

import org.apache.flink.api.common.eventtime.TimestampAssigner;
import org.apache.flink.api.common.eventtime.TimestampAssignerSupplier;
import org.apache.flink.api.common.eventtime.WatermarkGenerator;
import org.apache.flink.api.common.eventtime.WatermarkGeneratorSupplier;
import org.apache.flink.api.common.eventtime.WatermarkOutput;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;

/**
 * Event time of a folder that is watched: one for all the files that a task reads, one after the
 * other. If each file had its own, that of a short one would be gone with the file before anybody
 * asked for it, and its windows would stay open; and the idleness of a long one, so that silence
 * would never be seen.
 */
public final class FolderWatermarks implements WatermarkStrategy<DecodedRecord> {

  private final EventWatermarks ofOneFile;

  /** Of this task: every task has a strategy of its own. */
  private transient AllFiles ofAllFiles;

  public FolderWatermarks(EventWatermarks ofOneFile) {
    this.ofOneFile = ofOneFile;
  }

  @Override
  public TimestampAssigner<DecodedRecord> createTimestampAssigner(
      TimestampAssignerSupplier.Context context) {
    return ofOneFile.createTimestampAssigner(context);
  }

  /** The first is that of the task, which stays; those behind it come and go with their files. */
  @Override
  public WatermarkGenerator<DecodedRecord> createWatermarkGenerator(
      WatermarkGeneratorSupplier.Context context) {
    if (ofAllFiles == null) {
      ofAllFiles = new AllFiles(ofOneFile.createWatermarkGenerator(context));
      return ofAllFiles;
    }
    return new OneFile(ofAllFiles);
  }

  /** Keeps the time, and announces it where no file ends it. */
  private static final class AllFiles implements WatermarkGenerator<DecodedRecord> {

    private final WatermarkGenerator<DecodedRecord> time;

    /** Null until time is asked for, before which nothing can be idle. */
    private WatermarkOutput output;

    AllFiles(WatermarkGenerator<DecodedRecord> time) {
      this.time = time;
    }

    @Override
    public void onEvent(DecodedRecord record, long timestampMillis, WatermarkOutput ofFile) {
      time.onEvent(record, timestampMillis, output);
    }

    @Override
    public void onPeriodicEmit(WatermarkOutput ofTask) {
      output = ofTask;
      time.onPeriodicEmit(ofTask);
    }
  }

  /** Announces nothing of its own, not even that it is there. */
  private record OneFile(AllFiles all) implements WatermarkGenerator<DecodedRecord> {

    @Override
    public void onEvent(DecodedRecord record, long timestampMillis, WatermarkOutput output) {
      all.onEvent(record, timestampMillis, output);
    }

    @Override
    public void onPeriodicEmit(WatermarkOutput output) {
      output.markIdle();
    }
  }
}
