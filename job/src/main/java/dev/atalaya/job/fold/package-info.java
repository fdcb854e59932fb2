/** Events to partial sketches, in the task that decodes, without a shuffle. */
package dev.atalaya.job.fold;
