package dev.atalaya.connectors;

import java.io.IOException;
import org.apache.flink.api.common.typeutils.base.TypeSerializerSingleton;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * A serializer of variable length without configuration: what is left to say is how to copy, write
 * and read one value. The bytes of whatever is kept in state begin with a version.
 */
public abstract class ValueSerializer<T> extends TypeSerializerSingleton<T> {

  /** Refuses bytes of a release that knew more. */
  protected final void checkVersion(int found, int known) throws IOException {
    if (found != known) {
      throw new IOException(
          getClass().getSimpleName() + ": version " + found + " is not known to this release");
    }
  }

  @Override
  public boolean isImmutableType() {
    return false;
  }

  @Override
  public T createInstance() {
    return null;
  }

  @Override
  public T copy(T from, T reuse) {
    return copy(from);
  }

  @Override
  public int getLength() {
    return -1;
  }

  @Override
  public T deserialize(T reuse, DataInputView source) throws IOException {
    return deserialize(source);
  }

  @Override
  public void copy(DataInputView source, DataOutputView target) throws IOException {
    serialize(deserialize(source), target);
  }
}
