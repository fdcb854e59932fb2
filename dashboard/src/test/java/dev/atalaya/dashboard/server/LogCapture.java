package dev.atalaya.dashboard.server;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.LoggerConfig;
import org.apache.logging.log4j.core.config.Property;

/**
 * What is logged from level info on, as it would be without any escaping; but for the warnings of
 * the library, which quote what they cannot read: the launcher's layout escapes those, and its
 * level is error.
 */
final class LogCapture extends AbstractAppender implements AutoCloseable {

  private final List<String> messages = new CopyOnWriteArrayList<>();
  private final LoggerContext context = (LoggerContext) LogManager.getContext(false);
  private final LoggerConfig root = context.getConfiguration().getRootLogger();
  private final Level level = root.getLevel();

  LogCapture() {
    super("capture", null, null, true, Property.EMPTY_ARRAY);
    start();
    root.addAppender(this, Level.INFO, null);
    root.setLevel(Level.INFO);
    context.updateLoggers();
  }

  @Override
  public void append(LogEvent event) {
    if (event.getLoggerName().startsWith("org.eclipse.jetty.")
        && !event.getLevel().isMoreSpecificThan(Level.ERROR)) {
      return;
    }
    messages.add(event.getLevel() + " " + event.getMessage().getFormattedMessage());
    for (Throwable cause = event.getThrown(); cause != null; cause = cause.getCause()) {
      messages.add(cause.toString());
    }
  }

  List<String> messages() {
    return messages;
  }

  @Override
  public void close() {
    root.removeAppender("capture");
    root.setLevel(level);
    context.updateLoggers();
    stop();
  }
}
