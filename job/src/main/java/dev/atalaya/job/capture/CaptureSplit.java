package dev.atalaya.job.capture;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.flink.api.connector.source.SourceSplit;
import org.apache.flink.core.io.SimpleVersionedSerializer;

/**
 * All that comes in: there is one of it.
 *
 * @param lastBytes of contents of files, where the last line that was handed on begins
 */
record CaptureSplit(Map<String, Long> lastBytes) implements SourceSplit {

  static final String ID = "capture";

  @Override
  public String splitId() {
    return ID;
  }

  /** Number of contents, then of each its id and byte. */
  static final class Serializer implements SimpleVersionedSerializer<CaptureSplit> {

    private static final int VERSION = 1;

    @Override
    public int getVersion() {
      return VERSION;
    }

    @Override
    public byte[] serialize(CaptureSplit split) throws IOException {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      DataOutputStream out = new DataOutputStream(bytes);
      out.writeInt(split.lastBytes().size());
      for (Map.Entry<String, Long> content : split.lastBytes().entrySet()) {
        out.writeUTF(content.getKey());
        out.writeLong(content.getValue());
      }
      return bytes.toByteArray();
    }

    @Override
    public CaptureSplit deserialize(int version, byte[] serialized) throws IOException {
      if (version != VERSION) {
        throw new IOException("state of version " + version + "; " + VERSION + " is read here");
      }
      DataInputStream in = new DataInputStream(new ByteArrayInputStream(serialized));
      Map<String, Long> lastBytes = new LinkedHashMap<>();
      for (int left = in.readInt(); left > 0; left--) {
        String content = in.readUTF();
        lastBytes.put(content, in.readLong());
      }
      return new CaptureSplit(lastBytes);
    }
  }
}
