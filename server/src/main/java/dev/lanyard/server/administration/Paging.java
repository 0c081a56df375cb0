package dev.lanyard.server.administration;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.server.http.Response;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/// Which page of a list is asked for.
///
/// A cursor holds where the last page ended, so that nothing is met twice or missed because others
/// come and go between two pages. To callers it means nothing, and it is good for the list that it
/// is of alone, with the same filters: see [Cursors].
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
    return of(Schema.object(), name, one);
  }

  /// The same with what is said on each page.
  public static Schema of(Schema.Members head, String name, Schema one) {
    return head.has(name, Schema.list(one))
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
        cursor.isPresent()
            ? Optional.of(call.cursors().open(cursor.get(), list(call)))
            : Optional.empty());
  }

  private static String list(Call call) {
    return call.request().path() + "?" + filters(call).build().encode();
  }

  private static Form.Builder filters(Call call) {
    var form = Form.builder();
    call.query().names().stream()
        .filter(name -> !name.equals(CURSOR) && !name.equals(LIMIT))
        .sorted()
        .forEach(name -> form.addIfPresent(name, call.query(name)));
    return form;
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
    return page(call, JsonObject.EMPTY, name, all, key, json);
  }

  /// The same with something that is said on each page.
  public <T> Response page(
      Call call,
      JsonObject head,
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
    return answer(call, head, name, some, key, json);
  }

  /// A page of what was read for it: in order, after the place, and one more than the limit if
  /// there is one more.
  public <T> Response answer(
      Call call, String name, List<T> some, Function<T, String> key, Function<T, JsonObject> json) {
    return answer(call, JsonObject.EMPTY, name, some, key, json);
  }

  /// The same with something that is said on each page.
  public <T> Response answer(
      Call call,
      JsonObject head,
      String name,
      List<T> some,
      Function<T, String> key,
      Function<T, JsonObject> json) {
    var shown = some.stream().limit(limit).toList();
    var body = JsonObject.builder().putAll(head).put(name, shown.stream().map(json).toList());
    if (some.size() > limit) {
      body.put(NEXT, next(call, key.apply(shown.getLast())));
    }
    return Response.json(200, body.build());
  }

  private static String next(Call call, String last) {
    var cursor = call.cursors().seal(last, list(call));
    return call.request().path()
        + "?"
        + filters(call).addIfPresent(LIMIT, call.query(LIMIT)).add(CURSOR, cursor).build().encode();
  }
}
