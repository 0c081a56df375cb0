package dev.lanyard.server.scim;

import java.util.List;
import java.util.Optional;

/// An attribute as a schema defines it.
///
/// @param kind what its values are
/// @param many whether it may have several values
/// @param caseExact whether values that differ in case are different
/// @param parts the sub-attributes of a complex attribute
/// @spec https://www.rfc-editor.org/rfc/rfc7643.html#section-2.2 RFC 7643 §2.2
record Attribute(
    String name,
    Kind kind,
    boolean many,
    boolean caseExact,
    Mutability mutability,
    List<Attribute> parts) {

  Attribute {
    parts = List.copyOf(parts);
  }

  enum Kind {
    STRING("string"),
    BOOLEAN("boolean"),
    DATE_TIME("dateTime"),
    REFERENCE("reference"),
    COMPLEX("complex");

    private final String value;

    Kind(String value) {
      this.value = value;
    }
  }

  enum Mutability {
    READ_WRITE("readWrite"),
    READ_ONLY("readOnly");

    private final String value;

    Mutability(String value) {
      this.value = value;
    }
  }

  static Attribute text(String name) {
    return new Attribute(name, Kind.STRING, false, false, Mutability.READ_WRITE, List.of());
  }

  static Attribute flag(String name) {
    return new Attribute(name, Kind.BOOLEAN, false, false, Mutability.READ_WRITE, List.of());
  }

  static Attribute of(String name, Kind kind) {
    return new Attribute(name, kind, false, true, Mutability.READ_WRITE, List.of());
  }

  static Attribute complex(String name, Attribute... parts) {
    return new Attribute(name, Kind.COMPLEX, false, false, Mutability.READ_WRITE, List.of(parts));
  }

  static Attribute several(String name, Attribute... parts) {
    return new Attribute(name, Kind.COMPLEX, true, false, Mutability.READ_WRITE, List.of(parts));
  }

  Attribute exact() {
    return new Attribute(name, kind, many, true, mutability, parts);
  }

  /// Only we say what it is; what a peer sends of it is ignored.
  Attribute readOnly() {
    return new Attribute(name, kind, many, caseExact, Mutability.READ_ONLY, parts);
  }

  boolean isReadOnly() {
    return mutability == Mutability.READ_ONLY;
  }

  Optional<Attribute> part(String partName) {
    return parts.stream().filter(part -> part.name.equalsIgnoreCase(partName)).findFirst();
  }

  /// As `/Schemas` shows it, without any null (SCIM-E12).
  Value.Complex definition() {
    var definition =
        Value.Complex.of("name", new Value.Text(name))
            .with("type", kind.value)
            .with("multiValued", many)
            .with("description", "The attribute " + name + ".")
            .with("required", name.equals("userName"))
            .with("mutability", mutability.value)
            .with("returned", name.equals("id") ? "always" : "default")
            .with("uniqueness", name.equals("userName") ? "server" : "none");
    if (kind != Kind.BOOLEAN && kind != Kind.COMPLEX) {
      definition = definition.with("caseExact", caseExact);
    }
    return kind == Kind.REFERENCE
        ? definition.with("referenceTypes", Value.texts(List.of("external")))
        : definition.with(
            "subAttributes",
            new Value.Items(parts.stream().<Value>map(Attribute::definition).toList()));
  }
}
