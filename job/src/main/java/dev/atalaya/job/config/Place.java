package dev.atalaya.job.config;

import java.io.Serializable;

/**
 * Where a configuration value was written.
 *
 * @param origin a file, a command line option or an environment variable
 * @param line 1 for the first, or 0 where there are no lines
 */
public record Place(String origin, int line) implements Serializable {

  @Override
  public String toString() {
    return line > 0 ? Printable.escape(origin) + ":" + line : Printable.escape(origin);
  }
}
