package dev.atalaya.job.cli;

import dev.atalaya.job.config.JobConfig;

/** Builds the job of a configuration and runs it: to its end when its source ends. */
@FunctionalInterface
public interface JobRunner {

  void run(JobConfig config) throws Exception;
}
