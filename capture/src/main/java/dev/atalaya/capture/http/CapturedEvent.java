package dev.atalaya.capture.http;

/** An event of a request. */
final class CapturedEvent {

  private final String id;
  private final byte[] json;

  /**
   * @param id that the event itself holds, or null
   * @param json not to be changed afterwards
   */
  CapturedEvent(String id, byte[] json) {
    this.id = id;
    this.json = json;
  }

  String id() {
    return id;
  }

  byte[] json() {
    return json;
  }
}
