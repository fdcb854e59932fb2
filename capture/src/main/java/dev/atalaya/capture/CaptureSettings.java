package dev.atalaya.capture;

import dev.atalaya.capture.http.HttpSettings;
import dev.atalaya.capture.publish.PublishSettings;
import dev.atalaya.capture.spool.SpoolSettings;

/**
 * What a process captures, and where it puts it.
 *
 * @param spool null for none
 * @param http null for none
 */
public record CaptureSettings(
    PublishSettings publish, SpoolSettings spool, HttpSettings http, StreamSettings streams) {

  /** Without ways in but HTTP. */
  public CaptureSettings(PublishSettings publish, SpoolSettings spool, HttpSettings http) {
    this(publish, spool, http, StreamSettings.NONE);
  }
}
