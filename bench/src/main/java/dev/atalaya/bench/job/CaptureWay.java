package dev.atalaya.bench.job;

/** What is measured of capture: a way in, and its peers. */
enum CaptureWay {
  HTTP_1("HTTP, one event a request", 1),
  HTTP_100("HTTP, 100 events a request", 100),
  HTTP_1000("HTTP, 1,000 events a request", 1_000),
  CLIENT("the same client alone", 0),
  UDP("NetFlow v5 by UDP, no loss", 0),
  FOLLOW("a file, followed", 0),
  FOLLOW_GROWING("a file, followed while it grows", 0),
  CLIENT_LINES("the same client alone, with these lines", 0),
  READ_LINES("lines read, nothing else", 0);

  final String label;

  /** Of HTTP: events of a request; otherwise 0. */
  final int batch;

  CaptureWay(String label, int batch) {
    this.label = label;
    this.batch = batch;
  }
}
