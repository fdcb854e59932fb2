/** Writes events into the topic or queue that a job reads, for tests and demonstrations. */
package dev.atalaya.job.produce;
