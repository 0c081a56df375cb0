package dev.lanyard.server.scim;

import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.server.scim.Value.Complex;
import dev.lanyard.server.scim.Value.Text;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What somebody looks for, from a query or from the body of `/.search`. Sorting is not offered,
/// and what asks for it is overlooked, as RFC 7644 says.
///
/// @param text the filter as it was sent; a cursor belongs to it
/// @param startIndex from 1
/// @param count from 0
/// @param cursor empty text for the first page; absent where pages have numbers
record Search(
    Optional<Filter> filter,
    String text,
    int startIndex,
    int count,
    Optional<String> cursor,
    Projection projection) {

  static Search ofQuery(String query, ResourceType type, Compatibility compatibility)
      throws ScimRefusal {
    var form = form(query);
    return of(
        new Sent(
            form.one("filter"),
            form.one("startIndex"),
            form.one("count"),
            // A form takes an empty parameter for an absent one; here it means the first page.
            form.one("cursor").or(() -> emptyCursor(query)),
            projection(form, type)),
        type,
        compatibility);
  }

  private static Optional<String> emptyCursor(String query) {
    return List.of(query.split("&", -1)).stream()
        .filter(parameter -> parameter.equals("cursor") || parameter.equals("cursor="))
        .findFirst()
        .map(_ -> "");
  }

  static Projection projection(String query, ResourceType type) throws ScimRefusal {
    return projection(form(query), type);
  }

  private static Projection projection(Form form, ResourceType type) {
    return Projection.of(
        type, names(form.one("attributes")), names(form.one("excludedAttributes")));
  }

  private static List<String> names(Optional<String> list) {
    return list.map(text -> List.of(text.split(",", -1))).orElse(List.of());
  }

  private static Form form(String query) throws ScimRefusal {
    try {
      return Form.parse(query, Set.of());
    } catch (MalformedException e) {
      throw ScimRefusal.invalidSyntax("the query: " + e.getMessage());
    }
  }

  static Search ofBody(Complex body, ResourceType type, Compatibility compatibility)
      throws ScimRefusal {
    var schema = "urn:ietf:params:scim:api:messages:2.0:SearchRequest";
    var isSearch =
        body.get("schemas").map(Value::elements).orElse(List.of()).contains(new Text(schema));
    if (!isSearch) {
      throw ScimRefusal.invalidSyntax("'schemas' does not name " + schema);
    }
    var projection =
        Projection.of(type, texts(body, "attributes"), texts(body, "excludedAttributes"));
    return of(
        new Sent(
            body.text("filter"),
            body.get("startIndex").flatMap(Search::digits),
            body.get("count").flatMap(Search::digits),
            body.text("cursor"),
            projection),
        type,
        compatibility);
  }

  private static List<String> texts(Complex body, String name) {
    return body.get(name).map(Value::elements).orElse(List.of()).stream()
        .filter(Text.class::isInstance)
        .map(value -> ((Text) value).text())
        .toList();
  }

  private static Optional<String> digits(Value value) {
    return switch (value) {
      case Value.Number(BigDecimal number) -> Optional.of(number.toPlainString());
      case Text(var text) -> Optional.of(text);
      default -> Optional.of("");
    };
  }

  private record Sent(
      Optional<String> filter,
      Optional<String> startIndex,
      Optional<String> count,
      Optional<String> cursor,
      Projection projection) {}

  private static Search of(Sent sent, ResourceType type, Compatibility compatibility)
      throws ScimRefusal {
    var text = sent.filter().orElse("");
    var filter =
        text.isBlank()
            ? Optional.<Filter>empty()
            : Optional.of(FilterParser.filter(text, type, compatibility));
    int count = count(sent);
    int startIndex = Math.max(1, number(sent.startIndex(), ScimRefusal.Type.INVALID_VALUE, 1));
    return new Search(filter, text, startIndex, count, sent.cursor(), sent.projection());
  }

  /// A negative count is none (SCIM-4), except where RFC 9865 wants it refused.
  private static int count(Sent sent) throws ScimRefusal {
    int count = number(sent.count(), ScimRefusal.Type.INVALID_COUNT, Listing.USUAL);
    if (count < 0 && sent.cursor().isPresent()) {
      throw new ScimRefusal(400, ScimRefusal.Type.INVALID_COUNT, "'count' is negative");
    }
    return Math.clamp(count, 0, Listing.MOST);
  }

  private static int number(Optional<String> text, ScimRefusal.Type type, int otherwise)
      throws ScimRefusal {
    if (text.isEmpty()) {
      return otherwise;
    }
    if (!text.get().matches("-?\\d{1,9}")) {
      throw new ScimRefusal(400, type, "'startIndex' and 'count' are whole numbers");
    }
    return Integer.parseInt(text.get());
  }
}
