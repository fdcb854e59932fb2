/**
 * What a job captures for itself, without a queue: a source of Flink around the listeners and the
 * follower of {@code capture}.
 */
package dev.atalaya.job.capture;
