package dev.lanyard.server.scim;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/// What can be kept here.
enum ResourceType {
  USER("User", "/Users", Schema.USER, List.of(Schema.ENTERPRISE)),
  GROUP("Group", "/Groups", Schema.GROUP, List.of());

  private final String title;
  private final String endpoint;
  private final Schema core;
  private final List<Schema> extensions;

  ResourceType(String title, String endpoint, Schema core, List<Schema> extensions) {
    this.title = title;
    this.endpoint = endpoint;
    this.core = core;
    this.extensions = extensions;
  }

  /// The type whose resources are at this path, such as `/Users`.
  static Optional<ResourceType> at(String endpoint) {
    return Stream.of(values()).filter(type -> type.endpoint.equals(endpoint)).findFirst();
  }

  String title() {
    return title;
  }

  String endpoint() {
    return endpoint;
  }

  Schema core() {
    return core;
  }

  List<Schema> extensions() {
    return extensions;
  }

  Optional<Schema> extension(String id) {
    return extensions.stream().filter(schema -> schema.id().equalsIgnoreCase(id)).findFirst();
  }

  /// An attribute of the core schema, or one that every resource has.
  Optional<Attribute> attribute(String name) {
    return core.attribute(name).or(() -> Schema.common(name));
  }

  /// The schema whose URN the text starts with; none is the beginning of another.
  Optional<Schema> schemaOf(String text) {
    var lower = text.toLowerCase(Locale.ROOT);
    return Stream.concat(Stream.of(core), extensions.stream())
        .filter(schema -> {
          var id = schema.id().toLowerCase(Locale.ROOT);
          return lower.equals(id) || lower.startsWith(id + ":");
        })
        .findFirst();
  }
}
