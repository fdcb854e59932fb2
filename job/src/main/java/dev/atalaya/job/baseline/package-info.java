/** What is usual: learned expectations of values, of keys and of windows as a whole. */
package dev.atalaya.job.baseline;
