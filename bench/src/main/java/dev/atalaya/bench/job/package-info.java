/** The job from end to end, beside the same questions asked of plain Flink and of Flink SQL. */
package dev.atalaya.bench.job;
