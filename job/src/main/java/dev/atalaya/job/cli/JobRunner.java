package dev.atalaya.job.cli;

import dev.atalaya.job.config.JobConfig;
import java.nio.file.Path;

/**
 * Builds the job of a configuration and runs it: to its end when its source ends. It begins anew
 * when {@code restoreFrom}, a finished checkpoint or savepoint, is null.
 */
@FunctionalInterface
public interface JobRunner {

  void run(JobConfig config, Path restoreFrom) throws Exception;
}
