/**
 * The configuration: one YAML file, read with the place of every key, checked before anything runs.
 */
package dev.atalaya.job.config;
