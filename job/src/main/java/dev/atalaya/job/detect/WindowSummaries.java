package dev.atalaya.job.detect;

import dev.atalaya.sketch.KeySummary;
import java.util.List;

/**
 * The summaries of one window of one slice.
 *
 * @param keys of the detector's measure
 * @param more those of the detector's {@link SummaryPlan}, in its order
 */
public record WindowSummaries(KeySummary keys, List<KeySummary> more) {}
