package dev.atalaya.job.capture;

import java.util.concurrent.CompletableFuture;

/** A record that came in. */
final class Arrival {

  /** By which it came. */
  final Way way;

  /** Tells it from others of this way. */
  final String id;

  /** Null when the task has them. */
  byte[] bytes;

  /** Why it is no record, as a reject reason; null when it is one. */
  final String fault;

  /** One sentence for people about that. */
  final String faultDetail;

  final long receivedMillis = System.currentTimeMillis();

  /** Completed when whoever sent it need not keep it any more. */
  final CompletableFuture<Void> settled = new CompletableFuture<>();

  Arrival(Way way, String id, byte[] bytes, String fault, String faultDetail) {
    this.way = way;
    this.id = id;
    this.bytes = bytes;
    this.fault = fault;
    this.faultDetail = faultDetail;
  }
}
