package dev.lanyard.server.scim;

import dev.lanyard.server.scim.Value.Complex;
import dev.lanyard.server.scim.Value.Items;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;

/// What the server can do, as it tells a connection.
///
/// @spec https://www.rfc-editor.org/rfc/rfc7644.html#section-4 RFC 7644 §4
final class Discovery {
  private final String base;
  private final ScimConnection connection;
  private final Compatibility compatibility;

  Discovery(String base, ScimConnection connection) {
    this.base = base;
    this.connection = connection;
    this.compatibility = connection.compatibility();
  }

  /// @spec https://www.rfc-editor.org/rfc/rfc7643.html#section-5 RFC 7643 §5
  Complex configuration() {
    var minimal = compatibility.isMinimal();
    var configuration =
        Complex.EMPTY
            .with("schemas", Value.texts(List.of(Schema.BASE + "core:2.0:ServiceProviderConfig")))
            .with("patch", supported(true))
            .with(
                "bulk",
                supported(true)
                    .with("maxOperations", Bulk.MOST_OPERATIONS)
                    .with("maxPayloadSize", Bulk.MOST_BYTES))
            .with("filter", supported(true).with("maxResults", Listing.MOST))
            .with("changePassword", supported(false))
            .with("sort", supported(false))
            .with("etag", supported(!minimal))
            .with("pagination", pagination())
            .with("authenticationSchemes", new Items(List.of(authentication())))
            .with(
                "meta",
                Complex.EMPTY
                    .with("resourceType", "ServiceProviderConfig")
                    .with("location", base + "/ServiceProviderConfig"));
    return minimal ? configuration.with("interopProfileConformant", true) : configuration;
  }

  private Complex authentication() {
    return connection.hasClients()
        ? Complex.EMPTY
            .with("type", "oauth2")
            .with("name", "OAuth 2.0 client credentials")
            .with("description", "A token of " + base + Scim.TOKEN + ", scope scim.")
            .with("primary", true)
        : Complex.EMPTY
            .with("type", "oauthbearertoken")
            .with("name", "Bearer token")
            .with("description", "A token made with `lanyard scim token create`.")
            .with("primary", true);
  }

  private static Complex supported(boolean yes) {
    return Complex.EMPTY.with("supported", yes);
  }

  /// @spec https://www.rfc-editor.org/rfc/rfc9865.html#section-4 RFC 9865 §4
  private static Complex pagination() {
    return Complex.EMPTY
        .with("cursor", true)
        .with("index", true)
        .with("defaultPaginationMethod", "index")
        .with("defaultPageSize", Listing.USUAL)
        .with("maxPageSize", Listing.MOST)
        .with("cursorTimeout", Cursors.LIFE.toSeconds());
  }

  Complex resourceTypes() {
    return list(List.of(resourceType(ResourceType.USER), resourceType(ResourceType.GROUP)));
  }

  Optional<Complex> resourceType(String id) {
    for (var type : ResourceType.values()) {
      if (type.title().equals(id)) {
        return Optional.of(resourceType(type));
      }
    }
    return Optional.empty();
  }

  private Complex resourceType(ResourceType type) {
    var extensions =
        type.extensions().stream()
            .<Value>map(schema -> Complex.EMPTY.with("schema", schema.id()).with("required", false))
            .toList();
    return Complex.EMPTY
        .with("schemas", Value.texts(List.of(Schema.BASE + "core:2.0:ResourceType")))
        .with("id", type.title())
        .with("name", type.title())
        .with("endpoint", type.endpoint())
        .with("description", type.core().description())
        .with("schema", type.core().id())
        .with("schemaExtensions", new Items(extensions))
        .with(
            "meta",
            Complex.EMPTY
                .with("resourceType", "ResourceType")
                .with("location", base + "/ResourceTypes/" + type.title()));
  }

  Complex schemas() {
    return list(all().stream().map(this::schema).toList());
  }

  Optional<Complex> schema(String id) {
    return all().stream().filter(one -> one.id().equals(id)).findFirst().map(this::schema);
  }

  private static List<Schema> all() {
    return List.of(Schema.USER, Schema.ENTERPRISE, Schema.GROUP);
  }

  private Complex schema(Schema schema) {
    var attributes = schema.attributes().stream().<Value>map(Attribute::definition).toList();
    return Complex.EMPTY
        .with("schemas", Value.texts(List.of(Schema.BASE + "core:2.0:Schema")))
        .with("id", schema.id())
        .with("name", schema.name())
        .with("description", schema.description())
        .with("attributes", new Items(attributes))
        .with(
            "meta",
            Complex.EMPTY
                .with("resourceType", "Schema")
                .with("location", base + "/Schemas/" + schema.id()));
  }

  private static Complex list(List<Complex> resources) {
    var list = new LinkedHashMap<String, Value>();
    list.put("schemas", Value.texts(List.of("urn:ietf:params:scim:api:messages:2.0:ListResponse")));
    list.put("totalResults", Value.number(resources.size()));
    list.put("itemsPerPage", Value.number(resources.size()));
    list.put("startIndex", Value.number(1));
    list.put("Resources", new Items(new ArrayList<>(resources)));
    return new Complex(list);
  }
}
