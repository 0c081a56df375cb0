package dev.lanyard.server.administration;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// What one call is: its name, what it takes, what it reads and what it answers. The description of
/// the API is made of these, and what is not described is refused.
///
/// @param id names it; never changes
/// @param summary what it does, in one sentence
/// @param right who may
/// @param path what the parameters of the path are
/// @param query what may stand in the query
/// @param body what is read of a body
/// @param answers what it answers when it comes to something
public record Operation(
    String id,
    String summary,
    Right right,
    Map<String, String> path,
    Map<String, Parameter> query,
    Body body,
    Answers answers) {

  /// Something that may stand in the query.
  ///
  /// @param isRequired whether it must
  record Parameter(String says, Schema schema, boolean isRequired) {}

  /// What a call reads of a body.
  sealed interface Body {
    /// Nothing; what comes all the same is not looked at.
    record None() implements Body {}

    /// A JSON object, and only under that name.
    record Json(Schema schema) implements Body {}

    /// Whatever comes.
    record Text(String mediaType) implements Body {}
  }

  /// @param byStatus nothing but that it is done where there is no schema
  /// @param areSecret whether they hold a secret that is told once, so that nothing may remember it
  record Answers(Map<Integer, Optional<Schema>> byStatus, boolean areSecret) {
    Answers {
      byStatus = Map.copyOf(byStatus);
    }

    Answers with(int status, Schema schema) {
      var more = new HashMap<>(byStatus);
      more.put(status, Optional.of(schema));
      return new Answers(more, areSecret);
    }
  }

  /// One without parameters and without a body.
  public static Operation of(String id, String summary, Right right, Schema answer) {
    return new Operation(
        id,
        summary,
        right,
        Map.of(),
        Map.of(),
        new Body.None(),
        new Answers(Map.of(200, Optional.of(answer)), false));
  }

  /// The same with what a parameter of the path is.
  public Operation path(String name, String says) {
    var more = new LinkedHashMap<>(path);
    more.put(name, says);
    return new Operation(id, summary, right, more, query, body, answers);
  }

  /// The same with one more parameter in the query.
  public Operation query(String name, Schema schema, String says) {
    return with(name, new Parameter(says, schema, false));
  }

  /// The same with one that must be there.
  public Operation needs(String name, Schema schema, String says) {
    return with(name, new Parameter(says, schema, true));
  }

  private Operation with(String name, Parameter parameter) {
    var more = new LinkedHashMap<>(query);
    more.put(name, parameter);
    return new Operation(id, summary, right, path, more, body, answers);
  }

  /// The same with a JSON object as its body.
  public Operation reads(Schema schema) {
    return new Operation(id, summary, right, path, query, new Body.Json(schema), answers);
  }

  /// The same with a body that is no JSON.
  public Operation readsText(String mediaType) {
    return new Operation(id, summary, right, path, query, new Body.Text(mediaType), answers);
  }

  /// The same, but it makes something and says so.
  public Operation creates() {
    var made = answers.byStatus().values().iterator().next();
    return answering(new Answers(Map.of(201, made), answers.areSecret()));
  }

  /// The same, but its answer holds a secret that is told once: it takes no `Idempotency-Key`.
  public Operation tellsSecret() {
    return answering(new Answers(answers.byStatus(), true));
  }

  /// The same with another answer.
  public Operation answers(int status, Schema schema) {
    return answering(answers.with(status, schema));
  }

  private Operation answering(Answers other) {
    return new Operation(id, summary, right, path, query, body, other);
  }

  /// Whether it takes an `Idempotency-Key`, and with one is done once.
  boolean isRepeatable() {
    return right.changes() && !answers.areSecret();
  }
}
