package dev.atalaya.dashboard.history;

/**
 * Which window of which detector a document is about.
 *
 * @param measure the detector's, or null when the document has values of another
 */
record Place(String detector, String measure, long startMillis, long lengthMillis) {

  static Place of(Fields document) throws Stranger {
    long start = document.timeMillis("event.start");
    long length = document.timeMillis("event.end") - start;
    if (length <= 0) {
      throw new Stranger("event.end");
    }
    String measure = document.name("Atalaya.measure");
    return new Place(
        document.name("rule.name"),
        Finding.isOfKey(document.text("event.action")) ? measure : null,
        start,
        length);
  }

  /** Windows begin at multiples of their length. */
  long index() {
    return Math.floorDiv(startMillis, lengthMillis);
  }
}
