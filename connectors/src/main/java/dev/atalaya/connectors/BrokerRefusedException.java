package dev.atalaya.connectors;

import org.apache.flink.util.FlinkRuntimeException;

/**
 * A broker is there and does not give what is asked of it: wrong credentials, virtual host, topic
 * or queue, a certificate or a host name that does not fit. Trying again without changing a
 * setting, or the broker, changes nothing. The message names the setting and the host.
 */
public final class BrokerRefusedException extends FlinkRuntimeException {

  public BrokerRefusedException(String message, Throwable cause) {
    super(message, cause);
  }
}
