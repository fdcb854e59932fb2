package dev.atalaya.job.rules;

import dev.atalaya.connectors.Payload;
import dev.atalaya.job.config.ConfigException;
import dev.atalaya.job.config.ConfigHash;
import dev.atalaya.job.config.ConfigProblem;
import dev.atalaya.job.config.DetectorConfig;
import dev.atalaya.job.config.JobConfig;
import dev.atalaya.job.config.RulesConfig;
import dev.atalaya.job.decode.RejectReason;
import dev.atalaya.job.decode.Rejection;
import dev.atalaya.job.detect.RuleVersion;
import dev.atalaya.job.window.Partial;
import dev.atalaya.job.window.SilenceClock;
import dev.atalaya.sketch.KeyId;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.metrics.Counter;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.watermarkstatus.WatermarkStatus;
import org.apache.flink.util.OutputTag;

/**
 * Takes rules, checks them whole, and sends them to every slice of every detector with the instant
 * from which on they judge windows; or refuses them with all that is wrong. One subtask.
 *
 * <p>It reads what the folds enter into the ledger for the sake of time: it announces the watermark
 * of the events like they do, and, when all is silent, the wall clock in the place of the slices.
 * What it refuses is in {@link #REFUSED}.
 */
/*
 * Why no window is judged by two versions.
 *
 * A slice judges a window by its start alone, and has all versions in keyed state. So it is enough
 * that a version reaches every slice before any slice closes a window that it judges. The gate is
 * never idle, so no slice's watermark passes what the gate has announced; what it has announced is
 * before the rules in the same channel; and the rules judge windows that start behind it. A slice
 * closes such a window by a later watermark of the gate, and has the rules by then.
 *
 * Rules leave right before a checkpoint barrier: the checkpoint has them before a window that they
 * judge has begun, let alone ended, so that after a failure the same windows are judged by them,
 * unless the checkpoint takes longer than a window. (Within the job that makes no difference, but a
 * store may have kept an alert from before the failure.) Rules that are there at the start leave
 * before the first watermark: a bounded input is judged by them from its first window on.
 */
final class RulesGate extends AbstractStreamOperator<Partial>
    implements OneInputStreamOperator<GateInput, Partial> {

  static final OutputTag<Rejection> REFUSED = new OutputTag<>("rules-refused") {};

  private final JobConfig jobConfig;
  private final long beyondMillis;

  private transient ListState<GateState> stored;
  private transient GateState state;
  private transient SilenceClock clock;
  private transient WatchedFiles files;
  private transient Counter rulesRefused;

  /** What is in force and has not been sent; null when all has. */
  private transient List<DetectorConfig> unsent;

  private transient boolean hasBegun;

  /**
   * @param beyondMillis as {@link SilenceClock} has it, the same as for the slices
   */
  RulesGate(JobConfig jobConfig, long beyondMillis) {
    this.jobConfig = jobConfig;
    this.beyondMillis = beyondMillis;
  }

  @Override
  public void initializeState(StateInitializationContext context) throws Exception {
    super.initializeState(context);
    stored =
        context
            .getOperatorStateStore()
            .getListState(new ListStateDescriptor<>("rules", TypeInformation.of(GateState.class)));
    state = null;
    for (GateState restored : stored.get()) {
      state = restored;
    }
    if (state == null) {
      state = new GateState();
      state.configHash = ConfigHash.of(jobConfig);
      state.isLate = context.isRestored();
    }
  }

  @Override
  public void open() throws Exception {
    super.open();
    clock = new SilenceClock(getProcessingTimeService(), beyondMillis, super::processWatermark);
    files =
        new WatchedFiles(jobConfig.rules().file(), RulesConfig.listsOfKeys(jobConfig.detectors()));
    getMetricGroup().gauge("rulesVersion", () -> state.version);
    rulesRefused = getMetricGroup().counter("rulesRefused");
  }

  /** Not when opened: what was under way at an unaligned checkpoint comes before what is sent. */
  private void begin() {
    if (hasBegun) {
      return;
    }
    hasBegun = true;
    lookAtFiles();
    reviewFiles();
    if (!review() && !stateIds().equals(state.stateIds)) {
      // What was in force is of detectors that the configuration no longer has.
      state.document = null;
      state.origin = null;
      review();
    }
    send();
    files.start(jobConfig.rules().checkMillis());
  }

  /** Twice, so that what is there is taken at once. */
  void lookAtFiles() {
    files.look();
    files.look();
  }

  WatchedFiles files() {
    return files;
  }

  @Override
  public void processElement(StreamRecord<GateInput> element) {
    GateInput input = element.getValue();
    clock.see(input.newestMillis);
    if (input.document != null) {
      begin();
      take(input.document, input.origin, input.timestampMillis);
    }
  }

  /** Takes new rules, or refuses them. */
  private void take(byte[] document, String origin, long timestampMillis) {
    try {
      accept(jobConfig.rules().reader().read(document, origin), document, origin);
      state.refused = null;
    } catch (ConfigException e) {
      refuse(e, document, origin, timestampMillis);
    }
  }

  @Override
  public void processWatermark(Watermark mark) throws Exception {
    // Before anything is announced.
    begin();
    clock.advance(mark);
  }

  /** The slices are never told that the gate is idle: it keeps the time for them. */
  @Override
  public void processWatermarkStatus(WatermarkStatus status) {
    clock.listen(status);
  }

  @Override
  public void prepareSnapshotPreBarrier(long checkpointId) {
    begin();
    reviewFiles();
    send();
  }

  @Override
  public void snapshotState(StateSnapshotContext context) throws Exception {
    super.snapshotState(context);
    // The end of all input, as of a job that is stopped and drained, closes what is open; but of a
    // stream that goes on with a later start it says nothing.
    if (clock.announced() < Long.MAX_VALUE) {
      state.announcedMillis = Math.max(state.announcedMillis, clock.announced());
    }
    stored.update(List.of(state));
  }

  private void reviewFiles() {
    WatchedFiles.Change change = files.take();
    if (change == null) {
      return;
    }
    if (change.document() == null) {
      review();
    } else {
      take(change.document(), jobConfig.rules().file(), change.modifiedMillis());
    }
  }

  /** Reads what is in force once more: the lists it names, or the job itself, may be others. */
  private boolean review() {
    try {
      accept(inForce(), state.document, state.origin);
      return true;
    } catch (ConfigException e) {
      byte[] document = state.document == null ? new byte[0] : state.document;
      String origin = state.document == null ? jobConfig.name() : state.origin;
      refuse(e, document, origin, Payload.NO_TIMESTAMP);
      return false;
    }
  }

  private String stateIds() {
    return jobConfig.detectors().stream()
        .map(DetectorConfig::stateId)
        .sorted()
        .collect(Collectors.joining(" "));
  }

  private List<DetectorConfig> inForce() {
    return state.document == null
        ? jobConfig.rules().reader().readOwn()
        : jobConfig.rules().reader().read(state.document, state.origin);
  }

  private void accept(List<DetectorConfig> detectors, byte[] document, String origin) {
    String hash = ConfigHash.of(jobConfig.with(detectors));
    state.document = document;
    state.origin = origin;
    state.stateIds = stateIds();
    files.watch(RulesConfig.listsOfKeys(detectors));
    if (!hash.equals(state.configHash)) {
      state.version++;
      state.configHash = hash;
      state.isUnsent = true;
      LOG.info("rules are now version {}, from {}", state.version, origin);
    }
    unsent = state.isUnsent ? detectors : null;
  }

  private void refuse(ConfigException why, byte[] document, String origin, long timestampMillis) {
    byte[] identity = (origin + '\n').getBytes(StandardCharsets.UTF_8);
    String digest =
        KeyId.hex128(identity, 0, identity.length) + KeyId.hex128(document, 0, document.length);
    if (digest.equals(state.refused)) {
      return;
    }
    state.refused = digest;
    rulesRefused.inc();
    LOG.warn("rules from {} are refused:\n{}", origin, why.getMessage());
    String problems =
        why.problems().stream().map(ConfigProblem::toString).collect(Collectors.joining("; "));
    output.collect(
        REFUSED,
        new StreamRecord<>(
            Rejection.of(
                RejectReason.RULES_REFUSED,
                problems,
                document,
                0,
                document.length,
                document.length,
                origin,
                timestampMillis)));
  }

  private void send() {
    long announced = clock.announced();
    boolean isUnknown = state.isLate && announced == Long.MIN_VALUE;
    if (unsent == null || isUnknown || announced == Long.MAX_VALUE) {
      return;
    }
    // Before there was a gate, silence can have brought the slices so much further.
    long closed =
        state.isLate ? announced + beyondMillis : Math.max(state.announcedMillis, announced);
    long from = closed == Long.MIN_VALUE ? closed : closed + 1;
    for (DetectorConfig detector : unsent) {
      RuleVersion version = new RuleVersion(state.version, from, state.configHash, detector);
      for (int slice = 0; slice < detector.slices(); slice++) {
        output.collect(new StreamRecord<>(Partial.of(version, slice)));
      }
    }
    unsent = null;
    state.isUnsent = false;
    state.announcedMillis = closed;
    state.isLate = false;
  }

  @Override
  public void close() throws Exception {
    if (clock != null) {
      clock.stop();
      files.close();
    }
    super.close();
  }
}
