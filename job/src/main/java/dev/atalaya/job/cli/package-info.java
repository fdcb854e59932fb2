/** The command line: {@code run}, {@code validate}, {@code demo}, and what they say to people. */
package dev.atalaya.job.cli;
