package dev.atalaya.connectors;

import java.io.IOException;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * A serializer whose bytes begin with the number of their one layout. Who comes to have a second
 * one reads the byte itself, as a {@link ValueSerializer}.
 */
public abstract class VersionedSerializer<T> extends ValueSerializer<T> {

  private static final int VERSION = 1;

  /** Writes what follows the version. */
  protected abstract void write(T value, DataOutputView target) throws IOException;

  /** Reads what follows the version. */
  protected abstract T read(DataInputView source) throws IOException;

  @Override
  public final void serialize(T value, DataOutputView target) throws IOException {
    target.writeByte(VERSION);
    write(value, target);
  }

  @Override
  public final T deserialize(DataInputView source) throws IOException {
    checkVersion(source.readByte(), VERSION);
    return read(source);
  }
}
