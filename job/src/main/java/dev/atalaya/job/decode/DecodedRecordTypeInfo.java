package dev.atalaya.job.decode;

import org.apache.flink.api.common.ExecutionConfig;
import org.apache.flink.api.common.serialization.SerializerConfig;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.TypeSerializer;

/** Tells Flink how a {@link DecodedRecord} travels between tasks. */
public final class DecodedRecordTypeInfo extends TypeInformation<DecodedRecord> {

  public static final DecodedRecordTypeInfo INSTANCE = new DecodedRecordTypeInfo();

  private DecodedRecordTypeInfo() {}

  @Override
  public boolean isBasicType() {
    return false;
  }

  @Override
  public boolean isTupleType() {
    return false;
  }

  @Override
  public int getArity() {
    return 1;
  }

  @Override
  public int getTotalFields() {
    return 1;
  }

  @Override
  public Class<DecodedRecord> getTypeClass() {
    return DecodedRecord.class;
  }

  @Override
  public boolean isKeyType() {
    return false;
  }

  @Override
  public TypeSerializer<DecodedRecord> createSerializer(SerializerConfig config) {
    return DecodedRecordSerializer.INSTANCE;
  }

  /** Abstract in Flink 1.20, gone in 2.x. */
  @Override
  @SuppressWarnings("deprecation")
  public TypeSerializer<DecodedRecord> createSerializer(ExecutionConfig config) {
    return DecodedRecordSerializer.INSTANCE;
  }

  @Override
  public String toString() {
    return "DecodedRecord";
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof DecodedRecordTypeInfo;
  }

  @Override
  public int hashCode() {
    return DecodedRecordTypeInfo.class.hashCode();
  }

  @Override
  public boolean canEqual(Object other) {
    return other instanceof DecodedRecordTypeInfo;
  }
}
