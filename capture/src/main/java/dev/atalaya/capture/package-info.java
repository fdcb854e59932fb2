/**
 * How records get into a queue: what routers, sensors and programs send, read or heard, becomes one
 * event per record. Knows no detector and no job.
 */
package dev.atalaya.capture;
