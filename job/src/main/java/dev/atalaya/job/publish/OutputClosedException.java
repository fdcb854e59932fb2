package dev.atalaya.job.publish;

import java.io.IOException;
import org.apache.flink.runtime.throwable.ThrowableAnnotation;
import org.apache.flink.runtime.throwable.ThrowableType;

/** Nobody reads the console any more; no restart of the job changes that. */
@ThrowableAnnotation(ThrowableType.NonRecoverableError)
public final class OutputClosedException extends IOException {

  OutputClosedException() {
    super("standard output is closed");
  }
}
