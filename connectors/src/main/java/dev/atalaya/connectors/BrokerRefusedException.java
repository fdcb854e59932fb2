package dev.atalaya.connectors;

import org.apache.flink.runtime.throwable.ThrowableAnnotation;
import org.apache.flink.runtime.throwable.ThrowableType;
import org.apache.flink.util.FlinkRuntimeException;
import org.apache.flink.util.SerializedThrowable;

/**
 * A broker is there and does not give what is asked of it: wrong credentials, virtual host, topic
 * or queue, a certificate or a host name that does not fit. Trying again without changing a
 * setting, or the broker, changes nothing, so a job that it fails is not restarted. The message
 * names the setting and the host.
 */
@ThrowableAnnotation(ThrowableType.NonRecoverableError)
public final class BrokerRefusedException extends FlinkRuntimeException {

  /**
   * @param cause or null
   */
  public BrokerRefusedException(String message, Throwable cause) {
    // The client's exceptions can hold a whole connection. One of them in the chain, and on its way
    // from a worker the chain would lose its types, and with them this one.
    super(message, cause == null ? null : new SerializedThrowable(cause));
  }
}
