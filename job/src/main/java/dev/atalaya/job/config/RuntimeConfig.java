package dev.atalaya.job.config;

import dev.atalaya.connectors.Secret;
import java.io.Serializable;

/**
 * How the job runs.
 *
 * @param parallelism of all operators, or 0 for what the cluster or machine gives
 * @param checkpointMillis between checkpoints
 * @param checkpointDir a URI or path, or null for Flink's own configuration (memory when local)
 * @param seed 32 hexadecimal digits that key the hashes, or null to draw one at the first start
 */
public record RuntimeConfig(
    int parallelism, long checkpointMillis, String checkpointDir, Secret seed)
    implements Serializable {

  public static final int MAX_PARALLELISM = 1024;
}
