package dev.atalaya.job.cli;

import dev.atalaya.job.config.JobConfig;
import java.nio.file.Path;
import java.util.OptionalLong;

/**
 * Builds the job of a configuration and runs it: to its end when its source ends. It begins anew
 * when {@code restoreFrom}, a finished checkpoint or savepoint, is null. It answers how many
 * records were counted since, added up over the detectors; on a cluster nobody knows.
 */
@FunctionalInterface
public interface JobRunner {

  OptionalLong run(JobConfig config, Path restoreFrom) throws Exception;
}
