package dev.atalaya.connectors;

/**
 * A system outside refuses what the job is configured to do with it: the password, the certificate,
 * a queue or topic. Trying again does not help; somebody has to change the setting, here or there.
 */
public final class RefusedException extends RuntimeException {

  private final String setting;
  private final String reason;

  /**
   * @param setting path of the setting to look at, within the system's own: {@code security.ca}
   * @param reason one sentence that names the host
   */
  public RefusedException(String setting, String reason, Throwable cause) {
    super(setting + ": " + reason, cause);
    this.setting = setting;
    this.reason = reason;
  }

  /** The same with the whole path of the setting: {@code source.kafka} and what there is. */
  public RefusedException under(String parent) {
    return new RefusedException(parent + "." + setting, reason, getCause());
  }
}
