package dev.atalaya.connectors;

/**
 * A finished JSON document on its way to a sink.
 *
 * @param kind which of the three streams it belongs to
 * @param id the same for the same finding in every replay: writing twice changes nothing
 * @param key of what belongs together: the detector's name, or where a dead letter came from
 * @param eventTimeMillis milliseconds since the epoch, or {@link #UNDATED}
 * @param json one line of JSON, UTF-8, without the line end
 */
public record Document(Kind kind, String id, String key, long eventTimeMillis, String json) {

  /** The event time of a document about something that has none. */
  public static final long UNDATED = Long.MIN_VALUE;

  /** The stream a document belongs to, and the folder, topic or index it goes to. */
  public enum Kind {
    ALERT("alerts"),
    REPORT("reports"),
    DEAD_LETTER("dead-letters");

    private final String folder;

    Kind(String folder) {
      this.folder = folder;
    }

    public String folder() {
      return folder;
    }
  }
}
