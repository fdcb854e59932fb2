package dev.atalaya.connectors.files;

import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;

/** Makes the bytes that lines are cut from of the bytes of a file: always the same ones. */
@FunctionalInterface
public interface FileContent extends Serializable {

  /** The file's own bytes, inflated when its name ends in {@code .gz}. */
  FileContent TEXT = (file, name) -> name.endsWith(".gz") ? new GzipInput(file) : file;

  /**
   * @param file closed with what is returned
   * @throws IOException of the file system; what is wrong with the bytes is said when they are read
   */
  InputStream open(InputStream file, String name) throws IOException;
}
