package dev.lanyard.server.scim;

import dev.lanyard.server.scim.Attribute.Kind;
import java.util.List;
import java.util.Optional;

/// A set of attributes under a URN.
///
/// @spec https://www.rfc-editor.org/rfc/rfc7643.html#section-4 RFC 7643 §4
record Schema(String id, String name, String description, List<Attribute> attributes) {
  static final String BASE = "urn:ietf:params:scim:schemas:";

  private static final Attribute ID = Attribute.text("id").exact().readOnly();

  /// What every resource has besides its schema.
  private static final List<Attribute> COMMON =
      List.of(
          Attribute.several("schemas").exact().readOnly(),
          ID,
          Attribute.text("externalId").exact(),
          Attribute.complex(
                  "meta",
                  Attribute.text("resourceType").exact().readOnly(),
                  Attribute.of("created", Kind.DATE_TIME).readOnly(),
                  Attribute.of("lastModified", Kind.DATE_TIME).readOnly(),
                  Attribute.of("location", Kind.REFERENCE).readOnly(),
                  Attribute.text("version").exact().readOnly())
              .readOnly());

  static final Schema USER =
      new Schema(
          BASE + "core:2.0:User",
          "User",
          "A person",
          List.of(
              Attribute.text("userName"),
              Attribute.complex(
                  "name",
                  Attribute.text("formatted"),
                  Attribute.text("familyName"),
                  Attribute.text("givenName"),
                  Attribute.text("middleName"),
                  Attribute.text("honorificPrefix"),
                  Attribute.text("honorificSuffix")),
              Attribute.text("displayName"),
              Attribute.text("nickName"),
              Attribute.of("profileUrl", Kind.REFERENCE),
              Attribute.text("title"),
              Attribute.text("userType"),
              Attribute.text("preferredLanguage"),
              Attribute.text("locale"),
              Attribute.text("timezone"),
              Attribute.flag("active"),
              typed("emails"),
              typed("phoneNumbers"),
              typed("ims"),
              typed("photos"),
              Attribute.several(
                  "addresses",
                  Attribute.text("formatted"),
                  Attribute.text("streetAddress"),
                  Attribute.text("locality"),
                  Attribute.text("region"),
                  Attribute.text("postalCode"),
                  Attribute.text("country"),
                  Attribute.text("type"),
                  Attribute.flag("primary")),
              typed("entitlements"),
              typed("roles"),
              typed("x509Certificates"),
              Attribute.several(
                      "groups",
                      Attribute.text("value").exact().readOnly(),
                      Attribute.of("$ref", Kind.REFERENCE).readOnly(),
                      Attribute.text("display").readOnly(),
                      Attribute.text("type").readOnly())
                  .readOnly()));

  static final Schema ENTERPRISE =
      new Schema(
          BASE + "extension:enterprise:2.0:User",
          "EnterpriseUser",
          "What an enterprise knows of a person",
          List.of(
              Attribute.text("employeeNumber"),
              Attribute.text("costCenter"),
              Attribute.text("organization"),
              Attribute.text("division"),
              Attribute.text("department"),
              Attribute.complex(
                  "manager",
                  Attribute.text("value").exact(),
                  Attribute.of("$ref", Kind.REFERENCE),
                  Attribute.text("displayName"))));

  static final Schema GROUP =
      new Schema(
          BASE + "core:2.0:Group",
          "Group",
          "A group of people",
          List.of(
              Attribute.text("displayName"),
              Attribute.several(
                  "members",
                  Attribute.text("value").exact(),
                  Attribute.of("$ref", Kind.REFERENCE),
                  Attribute.text("display"),
                  Attribute.text("type"))));

  Schema {
    attributes = List.copyOf(attributes);
  }

  private static Attribute typed(String name) {
    return Attribute.several(
        name,
        Attribute.text("value"),
        Attribute.text("display"),
        Attribute.text("type"),
        Attribute.flag("primary"));
  }

  static Optional<Attribute> common(String name) {
    return find(COMMON, name);
  }

  Optional<Attribute> attribute(String attributeName) {
    return find(attributes, attributeName);
  }

  private static Optional<Attribute> find(List<Attribute> among, String name) {
    return among.stream().filter(attribute -> attribute.name().equalsIgnoreCase(name)).findFirst();
  }
}
