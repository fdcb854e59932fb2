package dev.atalaya.connectors.search;

import dev.atalaya.connectors.DocumentSerializer;
import java.io.IOException;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;

/** Version 1: the tries as a big-endian int, then the {@link DocumentSerializer}'s bytes. */
final class EntrySerializer implements SimpleVersionedSerializer<Entry> {

  private static final int VERSION = 1;

  private static final int INITIAL_BYTES = 1024;

  private final DocumentSerializer documents = new DocumentSerializer();

  @Override
  public int getVersion() {
    return VERSION;
  }

  @Override
  public byte[] serialize(Entry entry) throws IOException {
    DataOutputSerializer target = new DataOutputSerializer(INITIAL_BYTES);
    target.writeInt(entry.tries());
    documents.serialize(entry.document(), target);
    return target.getCopyOfBuffer();
  }

  @Override
  public Entry deserialize(int version, byte[] bytes) throws IOException {
    if (version != VERSION) {
      throw new IOException(
          "documents on their way to the store: version "
              + version
              + " is not known to this release");
    }
    DataInputDeserializer source = new DataInputDeserializer(bytes);
    int tries = source.readInt();
    return Entry.of(documents.deserialize(source), tries);
  }
}
