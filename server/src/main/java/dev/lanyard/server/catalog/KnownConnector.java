package dev.lanyard.server.catalog;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.server.catalog.Statements.Status;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;

/// A connector of the catalogue: what the world knows of it, not what an organisation allows.
///
/// @param id the name under which libraries use to have it
/// @param name its name for people
/// @param products the products behind it, if it is several
/// @param category what it is for
/// @param address where its MCP server is said to be
/// @param seen what was said of it
public record KnownConnector(
    String id,
    String name,
    List<String> products,
    String category,
    Optional<ResourceIndicator> address,
    Statements seen) {
  public KnownConnector {
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
        .put("category", category)
        .putIfPresent("address", address.map(ResourceIndicator::value))
        .putAll(status(seen, day))
        .put("seen", seen.toJson())
        .put("contradictions", seen.contradictions())
        .build();
  }

  static JsonObject status(Statements seen, LocalDate day) {
    return switch (seen.status(day)) {
      case Status.Known(var bucket, _) ->
          JsonObject.builder().put("bucket", bucket.value()).build();
      case Status.Unknown(var reason) ->
          JsonObject.builder().put("bucket", "unknown").put("reason", reason).build();
    };
  }
}
