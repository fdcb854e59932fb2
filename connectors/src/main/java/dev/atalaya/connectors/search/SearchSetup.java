package dev.atalaya.connectors.search;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.atalaya.connectors.BrokerRefusedException;
import dev.atalaya.connectors.Document;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.apache.flink.util.FlinkRuntimeException;

/**
 * Brings a store into the state that the sink wants: an ingest pipeline, and for each alias a
 * policy that deletes old indices, the template of its indices, and in the indices that exist the
 * fields that they lack. A second run changes nothing. What others have added to a template, such
 * as fields and settings, stays.
 *
 * <p>Not thread-safe.
 */
public final class SearchSetup {

  /** Sets {@code event.ingested}, the time of storing. */
  static final String PIPELINE = "atalaya";

  /** An index is deleted by its age, and its newest document may be as much younger. */
  private static final int LONGEST_MONTH_DAYS = 31;

  /** Above the templates that the products bring with them. */
  static final int PRIORITY = 500;

  private static final ObjectMapper JSON = new ObjectMapper();

  private static final String PIPELINE_BODY =
      """
      {"description": "Tells when Atalaya's documents were stored",
       "processors": [{"set": {"field": "event.ingested", "value": "{{{_ingest.timestamp}}}",
                               "ignore_failure": true}}]}
      """;

  private final StoreClient client;
  private final SearchSettings settings;
  private final Collection<String> keyFields;
  private final Retention retention;
  private final List<Step> steps = new ArrayList<>();
  private String store;
  private Lifecycle lifecycle;

  private SearchSetup(SearchSettings settings, Collection<String> keyFields, Retention retention) {
    this.client = new StoreClient(settings);
    this.settings = settings;
    this.keyFields = keyFields;
    this.retention = retention;
  }

  /**
   * How long documents are kept at least, counted from the day on which the first one of their
   * month was stored.
   *
   * @param documentDays of alerts, reports and ledgers
   */
  public record Retention(int documentDays, int deadLetterDays) {

    private int days(Document.Kind kind) {
      return kind == Document.Kind.DEAD_LETTER ? deadLetterDays : documentDays;
    }
  }

  /** What a step is about. */
  public enum Part {
    PIPELINE,
    POLICY,
    TEMPLATE,
    INDICES
  }

  /** What became of it. */
  public enum Outcome {
    MADE,
    UPDATED,
    UNCHANGED,
    /** The store cannot have it. */
    SKIPPED
  }

  /**
   * @param name in the store
   */
  public record Step(Part part, String name, Outcome outcome) {}

  /**
   * @param store product and version, such as {@code OpenSearch 2.19.3}
   */
  public record Result(String store, List<Step> steps) {

    public Result {
      steps = List.copyOf(steps);
    }
  }

  /**
   * Whether alerts can have all these fields beside their own and each other.
   *
   * @throws IllegalArgumentException when one of these names is a field and an object at once
   */
  public static void requireFields(Collection<String> keyFields) {
    SearchFields.mapping(Document.Kind.ALERT, keyFields);
  }

  /**
   * @param keyFields the names under which alerts have parts of their key, such as {@code
   *     source.ip}; {@link #requireFields} accepts them
   * @throws BrokerRefusedException when the store refuses, is none or too old, or when a name is
   *     taken
   * @throws FlinkRuntimeException when no node answers
   */
  public static Result run(
      SearchSettings settings, Collection<String> keyFields, Retention retention) {
    SearchSetup setup = new SearchSetup(settings, keyFields, retention);
    setup.identify();
    // Before anything is made.
    for (Document.Kind kind : Document.Kind.values()) {
      setup.checkFree(settings.alias(kind));
    }
    boolean ingested = setup.pipeline();
    for (Document.Kind kind : Document.Kind.values()) {
      setup.alias(kind, ingested);
    }
    return new Result(setup.store, setup.steps);
  }

  private void identify() {
    JsonNode version = existing("/").path("version");
    String number = version.path("number").asText();
    boolean openSearch = version.path("distribution").asText().equals("opensearch");
    String[] parts = number.split("\\.", 3);
    if (parts.length < 2 || !(parts[0] + parts[1]).matches("\\d{1,8}")) {
      throw refused("what answers is neither Elasticsearch nor OpenSearch");
    }
    store = (openSearch ? "OpenSearch " : "Elasticsearch ") + number;
    int major = Integer.parseInt(parts[0]);
    if (!openSearch && (major < 7 || (major == 7 && Integer.parseInt(parts[1]) < 8))) {
      throw refused(store + " has no composable index templates; they came with 7.8");
    }
    lifecycle =
        openSearch ? Lifecycle.INDEX_STATE_MANAGEMENT : Lifecycle.INDEX_LIFECYCLE_MANAGEMENT;
  }

  private void checkFree(String alias) {
    JsonNode indices = existing("/" + alias);
    for (Map.Entry<String, JsonNode> index : indices.properties()) {
      if (index.getKey().equals(alias) || index.getKey().startsWith(".ds-" + alias + "-")) {
        throw refused(
            alias
                + " is the name of an index or data stream, so it can be no alias: choose another"
                + " name in the configuration, or reindex it under another name and delete it");
      }
    }
  }

  /** Whether the store can do it. */
  private boolean pipeline() {
    ObjectNode trial = JSON.createObjectNode();
    trial.set("pipeline", tree(PIPELINE_BODY));
    trial.putArray("docs").addObject().putObject("_source");
    StoreClient.Answer answer = client.ask("POST", "/_ingest/pipeline/_simulate", trial.toString());
    // Without its module the processor is unknown; without templates it writes the braces.
    boolean able =
        answer.isSuccess()
            && isTime(tree(answer.body()).at("/docs/0/doc/_source/event/ingested").asText());
    if (!able) {
      failUnlessUnknown("ingest pipeline " + PIPELINE, answer);
      steps.add(new Step(Part.PIPELINE, PIPELINE, Outcome.SKIPPED));
      return false;
    }
    String path = "/_ingest/pipeline/" + PIPELINE;
    JsonNode there = existing(path).path(PIPELINE);
    put(Part.PIPELINE, PIPELINE, path, there, (ObjectNode) tree(PIPELINE_BODY));
    return true;
  }

  private static boolean isTime(String text) {
    try {
      Instant.parse(text);
      return true;
    } catch (DateTimeException e) {
      return false;
    }
  }

  private void alias(Document.Kind kind, boolean ingested) {
    String alias = settings.alias(kind);
    Map<String, JsonNode> indices = indices(alias);
    boolean aging = policy(alias, retention.days(kind) + LONGEST_MONTH_DAYS, indices);
    ObjectNode undated = index(kind, ingested);
    ObjectNode monthly = undated.deepCopy();
    if (aging) {
      monthly.set(
          "settings", JsonTrees.merged(monthly.path("settings"), lifecycle.indexSettings(alias)));
    }
    template(alias, alias + "-*", PRIORITY, monthly);
    if (!monthly.equals(undated)) {
      // It is written for ever, so its age says nothing about its documents.
      template(alias + "-undated", alias + "-undated", PRIORITY + 1, undated);
    }
    Outcome outcome = Outcome.UNCHANGED;
    for (Map.Entry<String, JsonNode> index : indices.entrySet()) {
      boolean dated = !index.getKey().endsWith("-undated");
      if (update(index.getKey(), index.getValue(), dated ? monthly : undated)) {
        outcome = Outcome.UPDATED;
      }
    }
    steps.add(new Step(Part.INDICES, alias + "-*", outcome));
  }

  /** The alias's own indices with all they are, by name. */
  private Map<String, JsonNode> indices(String alias) {
    Pattern own = Pattern.compile(Pattern.quote(alias) + "-(\\d{4}\\.\\d{2}|undated)");
    Map<String, JsonNode> indices = new TreeMap<>();
    existing("/" + alias + "-*?expand_wildcards=open")
        .properties()
        .forEach(
            index -> {
              if (own.matcher(index.getKey()).matches()) {
                indices.put(index.getKey(), index.getValue());
              }
            });
    return indices;
  }

  /** What an index of a kind has: alias, settings, mapping. */
  private ObjectNode index(Document.Kind kind, boolean ingested) {
    ObjectNode index = JSON.createObjectNode();
    index.withObject("/aliases").putObject(settings.alias(kind));
    if (ingested) {
      index.withObject("/settings/index").put("default_pipeline", PIPELINE);
    }
    index.set("mappings", SearchFields.mapping(kind, keyFields));
    return index;
  }

  /** Whether the store can do it. */
  private boolean policy(String alias, int ageDays, Map<String, JsonNode> indices) {
    String path = lifecycle.path() + alias;
    StoreClient.Answer answer = client.ask("GET", path, null);
    JsonNode there = JsonNodeFactory.instance.missingNode();
    if (answer.isSuccess()) {
      there = lifecycle.found(alias, tree(answer.body()));
      if (there.has("_seq_no")) {
        path +=
            "?if_seq_no="
                + there.path("_seq_no").asText()
                + "&if_primary_term="
                + there.path("_primary_term").asText();
      }
    } else if (!lifecycle.isAbsent(answer.status(), tree(answer.body()))) {
      failUnlessUnknown("lifecycle policy " + alias, answer);
      steps.add(new Step(Part.POLICY, alias, Outcome.SKIPPED));
      return false;
    }
    ObjectNode wanted = lifecycle.policy(alias, ageDays);
    Outcome outcome = put(Part.POLICY, alias, path, there, wanted);
    String assignment = lifecycle.assignment(outcome == Outcome.MADE);
    if (assignment != null && outcome != Outcome.UNCHANGED && !indices.isEmpty()) {
      String assigned = JSON.createObjectNode().put("policy_id", alias).toString();
      String months = Lifecycle.months(alias);
      done("lifecycle policy " + alias, client.ask("POST", assignment + months, assigned));
    }
    return true;
  }

  private void template(String name, String pattern, int priority, ObjectNode index) {
    ObjectNode wanted = JSON.createObjectNode();
    wanted.putArray("index_patterns").add(pattern);
    wanted.put("priority", priority);
    wanted.set("template", index);
    String path = "/_index_template/" + name;
    JsonNode there = existing(path).at("/index_templates/0/index_template");
    if (there.isObject()) {
      // What others have added stays; of the rest some stores answer more than they take.
      wanted.set("template", JsonTrees.merged(there.path("template"), index));
      if (there.has("composed_of")) {
        wanted.set("composed_of", there.get("composed_of"));
      }
    }
    put(Part.TEMPLATE, name, path, there, wanted);
  }

  private Outcome put(Part part, String name, String path, JsonNode there, ObjectNode wanted) {
    Outcome outcome =
        !there.isObject()
            ? Outcome.MADE
            : JsonTrees.covers(there, wanted) ? Outcome.UNCHANGED : Outcome.UPDATED;
    if (outcome != Outcome.UNCHANGED) {
      done(name, client.ask("PUT", path, wanted.toString()));
    }
    steps.add(new Step(part, name, outcome));
    return outcome;
  }

  /** Whether something had to be changed. */
  private boolean update(String name, JsonNode there, ObjectNode wanted) {
    if (JsonTrees.covers(there, wanted)) {
      return false;
    }
    for (Map.Entry<String, JsonNode> part : wanted.properties()) {
      if (!JsonTrees.covers(there.path(part.getKey()), part.getValue())) {
        String path = "/" + name;
        StoreClient.Answer answer =
            switch (part.getKey()) {
              case "mappings" -> client.ask("PUT", path + "/_mapping", part.getValue().toString());
              case "settings" -> client.ask("PUT", path + "/_settings", part.getValue().toString());
              default ->
                  client.ask("PUT", path + "/_alias/" + part.getValue().fieldNames().next(), null);
            };
        done("index " + name + " cannot be changed (it may have to be reindexed)", answer);
      }
    }
    return true;
  }

  /** What a path of the store has; empty when it is not there. */
  private JsonNode existing(String path) {
    StoreClient.Answer answer = client.ask("GET", path, null);
    if (answer.status() == 404) {
      return JSON.createObjectNode();
    }
    done(path, answer);
    return tree(answer.body());
  }

  private void done(String what, StoreClient.Answer answer) {
    if (!answer.isSuccess()) {
      fail(what, answer);
    }
  }

  /** An API or processor that a store does not know is answered with 400, 404, 405 or 410. */
  private void failUnlessUnknown(String what, StoreClient.Answer answer) {
    if (!answer.isSuccess() && !List.of(400, 404, 405, 410).contains(answer.status())) {
      fail(what, answer);
    }
  }

  private void fail(String what, StoreClient.Answer answer) {
    String reason = what + ": " + answer.status() + " " + StoreFailures.reason(answer);
    if (StoreFailures.isTransient(answer)) {
      throw new FlinkRuntimeException(StoreFailures.at(client.url()) + ": " + reason);
    }
    throw refused(reason);
  }

  private BrokerRefusedException refused(String reason) {
    return new BrokerRefusedException(StoreFailures.at(client.url()) + ": " + reason, null);
  }

  /** Missing when the text is no JSON: then a proxy answers, not a store. */
  private static JsonNode tree(String json) {
    try {
      return JSON.readTree(json);
    } catch (JsonProcessingException e) {
      return JsonNodeFactory.instance.missingNode();
    }
  }
}
