/**
 * Events on disk while the queue is away, for the ways in that cannot ask their senders to wait.
 */
package dev.atalaya.capture.spool;
