package dev.atalaya.connectors;

import java.lang.reflect.Type;
import java.util.Map;
import org.apache.flink.api.common.ExecutionConfig;
import org.apache.flink.api.common.serialization.SerializerConfig;
import org.apache.flink.api.common.typeinfo.TypeInfoFactory;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.TypeSerializer;

/** What Flink knows of a {@link Document}: no key, no fields, its own serializer. */
public final class DocumentTypeInfo extends TypeInformation<Document> {

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
  public Class<Document> getTypeClass() {
    return Document.class;
  }

  @Override
  public boolean isKeyType() {
    return false;
  }

  @Override
  public TypeSerializer<Document> createSerializer(SerializerConfig config) {
    return DocumentSerializer.INSTANCE;
  }

  /** Flink 1.20 demands this form; 2.x does not know it, hence no {@code @Override}. */
  @SuppressWarnings("deprecation")
  public TypeSerializer<Document> createSerializer(ExecutionConfig config) {
    return DocumentSerializer.INSTANCE;
  }

  @Override
  public boolean canEqual(Object other) {
    return other instanceof DocumentTypeInfo;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof DocumentTypeInfo;
  }

  @Override
  public int hashCode() {
    return DocumentTypeInfo.class.hashCode();
  }

  @Override
  public String toString() {
    return "Document";
  }

  /** Finds this type for whoever asks Flink for the type of {@link Document}. */
  public static final class Factory extends TypeInfoFactory<Document> {

    @Override
    public TypeInformation<Document> createTypeInfo(
        Type type, Map<String, TypeInformation<?>> genericParameters) {
      return new DocumentTypeInfo();
    }
  }
}
