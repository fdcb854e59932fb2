package dev.atalaya.job.cli;

import java.util.Map;

/**
 * What the commands need from outside.
 *
 * @param runner runs a job
 * @param env the environment variables
 * @param ownProcess whether the process is ours, and not a client of Flink that called our main
 *     method; then the job runs here as well
 * @param terminal whether a person looks at the output, so that colour helps
 */
public record CommandContext(
    JobRunner runner, Map<String, String> env, boolean ownProcess, boolean terminal) {}
