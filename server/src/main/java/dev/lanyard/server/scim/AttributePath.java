package dev.lanyard.server.scim;

import dev.lanyard.server.scim.Value.Complex;
import java.util.List;
import java.util.Optional;

/// Where in a resource an attribute is.
///
/// @param extension the extension that it belongs to; empty for the core schema
/// @param part the sub-attribute, if one is meant
record AttributePath(Optional<Schema> extension, Attribute attribute, Optional<Attribute> part) {

  /// What finally is at the path.
  Attribute target() {
    return part.orElse(attribute);
  }

  /// Everything that is at the path in a resource.
  List<Value> in(Complex resource) {
    var container =
        extension.isEmpty()
            ? Optional.of(resource)
            : resource.get(extension.get().id()).map(value -> asComplex(value));
    var values =
        container
            .flatMap(complex -> complex.get(attribute.name()))
            .map(Value::elements)
            .orElse(List.of());
    return part.isEmpty()
        ? values
        : values.stream()
            .flatMap(value -> asComplex(value).get(part.get().name()).stream())
            .toList();
  }

  private static Complex asComplex(Value value) {
    return value instanceof Complex complex ? complex : Complex.EMPTY;
  }
}
