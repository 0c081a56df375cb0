package dev.lanyard.server.administration;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.server.http.Response;
import java.util.function.Function;
import java.util.stream.Stream;

/// A list that is in memory or can be had as a whole, answered in pages.
///
/// @param name of the list in the answer
/// @param schema of one
/// @param key by which it is ordered; no two have the same
public record Listing<T>(
    String name, Schema schema, Function<T, String> key, Function<T, JsonObject> json) {
  /// An operation that answers with it.
  public Operation operation(String id, String summary, Right right) {
    return Paging.paged(Operation.of(id, summary, right, Paging.of(name, schema)));
  }

  /// The page that is asked for.
  ///
  /// @param all in whatever order
  public Response page(Call call, Stream<T> all) throws MalformedException {
    return Paging.of(call).page(call, name, all, key, json);
  }
}
