package dev.lanyard.server.catalog;

import dev.lanyard.protocol.json.JsonObject;
import java.time.LocalDate;
import java.util.List;

/// An identity provider of the catalogue: whether it issues ID-JAGs by itself. With our broker
/// before it, any of them does.
///
/// @param products the products of that name, if it is several
/// @param seen what was said of it
public record KnownProvider(String id, String name, List<String> products, Statements seen) {
  public KnownProvider {
    products = List.copyOf(products);
  }

  /// For programs.
  ///
  /// @param day of which the status is
  public JsonObject toJson(LocalDate day) {
    return JsonObject.builder()
        .put("id", id)
        .put("name", name)
        .put("products", products)
        .putAll(KnownConnector.status(seen, day))
        .put("seen", seen.toJson())
        .put("contradictions", seen.contradictions())
        .build();
  }
}
