/** Closed windows to findings: the rules in plain Java, and the gathering of all slices. */
package dev.atalaya.job.detect;
