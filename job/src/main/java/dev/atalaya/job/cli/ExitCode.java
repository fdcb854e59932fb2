package dev.atalaya.job.cli;

/** What the process answers to the shell. */
public final class ExitCode {

  public static final int OK = 0;

  /** The job ran and failed. */
  public static final int JOB_FAILED = 1;

  /** The command line or the configuration was refused; nothing was started. */
  public static final int REFUSED = 2;

  /** Something outside is missing: an input path, a broker, a free port. */
  public static final int ENVIRONMENT = 3;

  /** The demo did not find exactly what was planted. */
  public static final int DEMO_CHECK_FAILED = 4;

  /** A broker is there and refused: credentials, a name, a certificate. */
  public static final int BROKER_REFUSED = 5;

  private ExitCode() {}
}
