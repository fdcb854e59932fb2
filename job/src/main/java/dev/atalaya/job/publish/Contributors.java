package dev.atalaya.job.publish;

import dev.atalaya.job.detect.Finding;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes what other fields make up a finding's value. As flat lists, one place for each
 * contributor, since tables of a store know no lists of objects.
 */
final class Contributors {

  private Contributors() {}

  static void put(DocumentTree alert, Finding finding) {
    List<String> fields = new ArrayList<>();
    List<String> values = new ArrayList<>();
    List<Long> amounts = new ArrayList<>();
    List<Long> lower = new ArrayList<>();
    List<Long> upper = new ArrayList<>();
    List<Double> shares = new ArrayList<>();
    List<String> remainderFields = new ArrayList<>();
    List<Long> remainders = new ArrayList<>();
    List<Long> remaindersUpper = new ArrayList<>();
    for (Finding.ContributorField field : finding.contributors) {
      // In decimals, since the sum of longs may not fit.
      double whole = field.remainder;
      for (Finding.Contributor entry : field.entries) {
        whole += entry.amount;
      }
      for (Finding.Contributor entry : field.entries) {
        fields.add(field.field);
        values.add(entry.value);
        amounts.add(entry.amount);
        lower.add(entry.lower);
        upper.add(entry.upper);
        shares.add(whole == 0 ? 0 : Alerts.rounded(entry.amount / whole, 1e6));
      }
      remainderFields.add(field.field);
      remainders.add(field.remainder);
      remaindersUpper.add(field.remainderUpper);
    }
    if (!fields.isEmpty()) {
      alert.put("Atalaya.contributor_fields", fields);
      alert.put("Atalaya.contributor_values", values);
      alert.put("Atalaya.contributor_amounts", amounts);
      alert.put("Atalaya.contributor_lower", lower);
      alert.put("Atalaya.contributor_upper", upper);
      alert.put("Atalaya.contributor_shares", shares);
    }
    if (!remainderFields.isEmpty()) {
      alert.put("Atalaya.contributor_remainder_fields", remainderFields);
      alert.put("Atalaya.contributor_remainders", remainders);
      alert.put("Atalaya.contributor_remainders_upper", remaindersUpper);
    }
  }
}
