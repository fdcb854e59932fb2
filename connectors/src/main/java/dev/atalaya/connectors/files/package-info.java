/** Files and directories, local or on any file system Flink knows. */
package dev.atalaya.connectors.files;
