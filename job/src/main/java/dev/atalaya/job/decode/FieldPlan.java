package dev.atalaya.job.decode;

import dev.atalaya.job.config.DetectorConfig;
import dev.atalaya.job.config.FieldConfig;
import dev.atalaya.job.config.JobConfig;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The fields decode extracts, each with its slot in the {@link DecodedRecord}: those that some
 * detector's key, measures, filter, lists or contributors need, and no others.
 */
public final class FieldPlan implements Serializable {

  private final List<FieldConfig> textFields = new ArrayList<>();
  private final List<FieldConfig> numberFields = new ArrayList<>();

  /** For each number field, whether some detector takes negative weights from it. */
  private final List<Boolean> negativeAllowed = new ArrayList<>();

  /** For each text field, whether some detector has it in its key without calling it optional. */
  private final List<Boolean> required = new ArrayList<>();

  /** For each number field, whether it is some detector's weight without being optional. */
  private final List<Boolean> weightRequired = new ArrayList<>();

  public static FieldPlan of(JobConfig config) {
    return of(config.detectors(), config.format().fields());
  }

  public static FieldPlan of(List<DetectorConfig> detectors, Map<String, FieldConfig> declared) {
    FieldPlan plan = new FieldPlan();
    for (DetectorConfig detector : detectors) {
      for (String field : detector.key()) {
        int slot = plan.addText(field, declared);
        plan.required.set(slot, !plan.textFields.get(slot).optional());
      }
      for (DetectorConfig.Condition condition : detector.filter()) {
        plan.addText(condition.field(), declared);
      }
      if (detector.weight() != null) {
        int slot = plan.addNumber(detector.weight(), detector.signed(), declared);
        plan.weightRequired.set(slot, !plan.numberFields.get(slot).optional());
      }
      plan.addFurther(detector, declared);
    }
    return plan;
  }

  /** Fields that an event may lack: what is absent adds nothing, and matches nothing. */
  private void addFurther(DetectorConfig detector, Map<String, FieldConfig> declared) {
    detector.distinct().forEach(field -> addText(field, declared));
    for (DetectorConfig.Also measure : detector.also()) {
      measure.distinct().forEach(field -> addText(field, declared));
      if (measure.weight() != null) {
        addNumber(measure.weight(), detector.signed(), declared);
      }
    }
    if (detector.contributors() != null) {
      detector.contributors().fields().forEach(field -> addText(field, declared));
    }
    // Those of the key are there already.
    detector.allow().forEach(allowed -> addText(allowed.field(), declared));
  }

  private int addText(String name, Map<String, FieldConfig> declared) {
    int slot = textSlot(name);
    if (slot >= 0) {
      return slot;
    }
    textFields.add(declared.getOrDefault(name, FieldConfig.named(name)));
    required.add(false);
    return textFields.size() - 1;
  }

  private int addNumber(String name, boolean signed, Map<String, FieldConfig> declared) {
    int slot = numberSlot(name);
    if (slot < 0) {
      slot = numberFields.size();
      numberFields.add(declared.getOrDefault(name, FieldConfig.named(name)));
      negativeAllowed.add(false);
      weightRequired.add(false);
    }
    if (signed) {
      negativeAllowed.set(slot, true);
    }
    return slot;
  }

  /** In slot order. */
  public List<FieldConfig> textFields() {
    return textFields;
  }

  /** In slot order. */
  public List<FieldConfig> numberFields() {
    return numberFields;
  }

  /** The slot of a text field, or -1. */
  public int textSlot(String name) {
    return slotOf(name, textFields);
  }

  /** The slot of a number field, or -1. */
  public int numberSlot(String name) {
    return slotOf(name, numberFields);
  }

  public boolean negativeAllowed(int numberSlot) {
    return negativeAllowed.get(numberSlot);
  }

  /** Whether an event without this text field has no key for some detector. */
  public boolean required(int textSlot) {
    return required.get(textSlot);
  }

  /** Whether an event without this number field has no weight for some detector. */
  public boolean weightRequired(int numberSlot) {
    return weightRequired.get(numberSlot);
  }

  public DecodedRecord newRecord() {
    return new DecodedRecord(textFields.size(), numberFields.size());
  }

  private static int slotOf(String name, List<FieldConfig> fields) {
    for (int slot = 0; slot < fields.size(); slot++) {
      if (fields.get(slot).name().equals(name)) {
        return slot;
      }
    }
    return -1;
  }
}
