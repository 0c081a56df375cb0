package dev.lanyard.server.administration;

import java.util.LinkedHashMap;
import java.util.Map;

/// What one call is: its name, what it takes and what it reads. The description of the API is made
/// of these, and what is not described is refused.
///
/// @param id names it; never changes
/// @param summary what it does, in one sentence
/// @param right who may
/// @param query what may stand in the query, and what that says
/// @param body what is read of a body
public record Operation(
    String id, String summary, Right right, Map<String, String> query, Body body) {

  /// What kind of body a call reads.
  public enum Body {
    /// None; what comes all the same is not looked at.
    NONE,
    /// A JSON object, and only under that name.
    JSON,
    /// Whatever comes.
    ANY
  }

  public Operation {
    query = Map.copyOf(query);
  }

  /// One without parameters and without a body.
  public static Operation of(String id, String summary, Right right) {
    return new Operation(id, summary, right, Map.of(), Body.NONE);
  }

  /// The same with one more parameter in the query.
  public Operation query(String name, String says) {
    var more = new LinkedHashMap<>(query);
    more.put(name, says);
    return new Operation(id, summary, right, more, body);
  }

  /// The same with a body.
  public Operation takes(Body kind) {
    return new Operation(id, summary, right, query, kind);
  }
}
