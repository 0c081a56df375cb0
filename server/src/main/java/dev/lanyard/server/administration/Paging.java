package dev.lanyard.server.administration;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.server.http.Response;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/// Which page of a list is asked for.
///
/// A cursor holds where the last page ended, so that nothing is met twice or missed because others
/// come and go between two pages. It is a place and no secret; to callers it means nothing.
///
/// @param limit how many at most
/// @param after where the last page ended; empty for the first
public record Paging(int limit, Optional<String> after) {
  private static final String LIMIT = "limit";
  private static final String CURSOR = "cursor";
  private static final String NEXT = "next";
  private static final int USUAL = 50;
  private static final int MOST = 200;

  /// An operation that answers in pages.
  public static Operation paged(Operation operation) {
    return operation
        .query(LIMIT, Schema.integer(), "How many, 1 to " + MOST + "; " + USUAL + " if left out.")
        .query(CURSOR, Schema.text(), "Out of 'next' of the page before.");
  }

  /// What such an operation answers.
  public static Schema of(String name, Schema one) {
    return Schema.object()
        .has(name, Schema.list(one))
        .may(NEXT, Schema.text().says("The address of the next page; not there on the last one."))
        .build();
  }

  public static Paging of(Call call) throws MalformedException {
    var limit = call.query(LIMIT);
    var number = limit.map(text -> text.matches("\\d{1,3}") ? Integer.parseInt(text) : 0);
    if (number.filter(one -> one < 1 || one > MOST).isPresent()) {
      throw new MalformedException("'limit' is 1 to " + MOST);
    }
    var cursor = call.query(CURSOR);
    return new Paging(
        number.orElse(USUAL),
        cursor.isPresent() ? Optional.of(place(cursor.get())) : Optional.empty());
  }

  private static String place(String cursor) throws MalformedException {
    if (!cursor.matches("[A-Za-z0-9_-]{1,1000}")) {
      throw new MalformedException("'cursor' is what 'next' of the page before says");
    }
    return new String(Base64.getUrlDecoder().decode(cursor + pad(cursor)), StandardCharsets.UTF_8);
  }

  private static String pad(String text) {
    return "=".repeat((4 - text.length() % 4) % 4);
  }

  /// A page of what is in memory.
  ///
  /// @param all in whatever order
  /// @param key by which it is ordered; no two have the same
  public <T> Response page(
      Call call,
      String name,
      Stream<T> all,
      Function<T, String> key,
      Function<T, JsonObject> json) {
    var some =
        all.filter(one -> after.isEmpty() || key.apply(one).compareTo(after.get()) > 0)
            .sorted((one, other) -> key.apply(one).compareTo(key.apply(other)))
            // One more than a page, to know whether there is a next one.
            .limit(limit + 1L)
            .toList();
    return answer(call, name, some, key, json);
  }

  /// A page of what was read for it: in order, after the place, and one more than the limit if
  /// there is one more.
  public <T> Response answer(
      Call call, String name, List<T> some, Function<T, String> key, Function<T, JsonObject> json) {
    var shown = some.stream().limit(limit).toList();
    var body = JsonObject.builder().put(name, shown.stream().map(json).toList());
    if (some.size() > limit) {
      body.put(NEXT, next(call, key.apply(shown.getLast())));
    }
    return Response.json(200, body.build());
  }

  private String next(Call call, String last) {
    var form = Form.builder();
    call.query().names().stream()
        .filter(name -> !name.equals(CURSOR))
        .sorted()
        .forEach(name -> form.addIfPresent(name, call.query(name)));
    var cursor =
        Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(last.getBytes(StandardCharsets.UTF_8));
    return call.request().path() + "?" + form.add(CURSOR, cursor).build().encode();
  }
}
