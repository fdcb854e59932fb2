package dev.atalaya.connectors.search;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** The policy by which a store deletes the monthly indices of an alias, named as the alias. */
enum Lifecycle {

  /** Of Elasticsearch, "ILM": each index names its policy. */
  INDEX_LIFECYCLE_MANAGEMENT("/_ilm/policy/") {

    @Override
    boolean isAbsent(int status, JsonNode answer) {
      // Where there is no such API, it is taken for an index that is missing.
      return status == 404
          && answer.at("/error/type").asText().equals("resource_not_found_exception");
    }

    @Override
    JsonNode found(String alias, JsonNode answer) {
      return answer.path(alias);
    }

    @Override
    ObjectNode policy(String alias, int ageDays) {
      ObjectNode body = JSON.createObjectNode();
      body.withObject("/policy/phases/delete")
          .put("min_age", ageDays + "d")
          .withObject("/actions/delete");
      return body;
    }

    @Override
    ObjectNode indexSettings(String alias) {
      ObjectNode settings = JSON.createObjectNode();
      settings.withObject("/index/lifecycle").put("name", alias);
      return settings;
    }

    @Override
    String assignment(boolean isNew) {
      return null;
    }
  },

  /**
   * Of OpenSearch, "ISM": a policy takes new indices by their names, others must be given to it.
   */
  INDEX_STATE_MANAGEMENT("/_plugins/_ism/policies/") {

    @Override
    boolean isAbsent(int status, JsonNode answer) {
      return status == 404;
    }

    @Override
    JsonNode found(String alias, JsonNode answer) {
      return answer;
    }

    @Override
    ObjectNode policy(String alias, int ageDays) {
      ObjectNode body = JSON.createObjectNode();
      ObjectNode policy = body.putObject("policy");
      policy.put("description", "Deletes what Atalaya wrote, month by month");
      policy.put("default_state", "kept");
      ObjectNode kept = policy.putArray("states").addObject().put("name", "kept");
      kept.putArray("actions");
      kept.putArray("transitions")
          .addObject()
          .put("state_name", "deleted")
          .putObject("conditions")
          .put("min_index_age", ageDays + "d");
      ObjectNode deleted = policy.withArray("states").addObject().put("name", "deleted");
      deleted.putArray("actions").addObject().putObject("delete");
      deleted.putArray("transitions");
      policy
          .putArray("ism_template")
          .addObject()
          .put("priority", SearchSetup.PRIORITY)
          .putArray("index_patterns")
          .add(months(alias));
      return body;
    }

    @Override
    ObjectNode indexSettings(String alias) {
      return JSON.createObjectNode();
    }

    @Override
    String assignment(boolean isNew) {
      return isNew ? "/_plugins/_ism/add/" : "/_plugins/_ism/change_policy/";
    }
  };

  private static final ObjectMapper JSON = new ObjectMapper();

  private final String path;

  Lifecycle(String path) {
    this.path = path;
  }

  /** Where policies are, with a slash at the end. */
  String path() {
    return path;
  }

  /** The indices of months; that of undated documents has no dot. */
  static String months(String alias) {
    return alias + "-*.*";
  }

  /** Whether an answer says that there is no such policy; else there is no such API. */
  abstract boolean isAbsent(int status, JsonNode answer);

  /** The policy in an answer. */
  abstract JsonNode found(String alias, JsonNode answer);

  /**
   * @param ageDays of an index, since it was made
   */
  abstract ObjectNode policy(String alias, int ageDays);

  /** What an index needs to be under the policy. */
  abstract ObjectNode indexSettings(String alias);

  /** Where indices that exist are given to a policy that is new or changed; null if it has them. */
  abstract String assignment(boolean isNew);
}
