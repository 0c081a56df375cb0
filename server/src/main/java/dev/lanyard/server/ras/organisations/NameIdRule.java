package dev.lanyard.server.ras.organisations;

import dev.lanyard.protocol.idjag.SamlNameId;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// Ties the issuer of ID-JAGs to a SAML identity provider: only a NameID of that one, with exactly
/// these qualifiers, means somebody. What an ID-JAG says of a SAML issuer creates no trust
/// (RAS-10).
///
/// @param issuer the SAML entity identifier, byte for byte
/// @param format the only `nameid_format`, if one is named
/// @param nameQualifier the only `name_qualifier`; absent means that there must be none
/// @param spNameQualifier the only `sp_name_qualifier`; absent means that there must be none
/// @param means what of a person it is
/// @param required whether every ID-JAG must carry one
/// @spec
///   https://datatracker.ietf.org/doc/html/draft-ietf-oauth-identity-assertion-authz-grant-04#section-9.5
///   ID-JAG draft-04 §9.5
public record NameIdRule(
    String issuer,
    Optional<String> format,
    Optional<String> nameQualifier,
    Optional<String> spNameQualifier,
    Means means,
    boolean required) {

  private static final Set<String> MEMBERS =
      Set.of("issuer", "format", "name_qualifier", "sp_name_qualifier", "means", "required");

  /// Reads it.
  ///
  /// @throws MalformedException with a sentence for whoever wrote it
  static NameIdRule parse(JsonObject json) throws MalformedException {
    Members.only(json, MEMBERS);
    var means = json.nonEmptyString("means");
    return new NameIdRule(
        json.nonEmptyString("issuer"),
        json.string("format"),
        json.string("name_qualifier"),
        json.string("sp_name_qualifier"),
        Means.of(means)
            .orElseThrow(() ->
                new MalformedException("'means' must be user_name or email, not '" + means + "'")),
        json.bool("required").orElse(false));
  }

  JsonObject toJson() {
    return JsonObject.builder()
        .put("issuer", issuer)
        .putIfPresent("format", format)
        .putIfPresent("name_qualifier", nameQualifier)
        .putIfPresent("sp_name_qualifier", spNameQualifier)
        .put("means", means.name().toLowerCase(Locale.ROOT))
        .put("required", required)
        .build();
  }

  /// What of a person of ours a NameID is.
  public enum Means {
    /// The user name.
    USER_NAME,
    /// The e-mail address, in a domain that the issuer may speak for.
    EMAIL;

    /// As the configuration has it.
    ///
    /// @throws IllegalArgumentException if it is neither
    public static Means named(String name) {
      return of(name)
          .orElseThrow(() ->
              new IllegalArgumentException(
                  "name_id.means must be user_name or email, not '" + name + "'"));
    }

    static Optional<Means> of(String name) {
      return switch (name) {
        case "user_name" -> Optional.of(USER_NAME);
        case "email" -> Optional.of(EMAIL);
        default -> Optional.empty();
      };
    }
  }

  /// Whether a NameID is one of the tied provider's, with the members that were agreed on: the same
  /// value with another qualifier is another person.
  boolean ties(SamlNameId nameId) {
    return nameId.issuer().equals(issuer)
        && (format.isEmpty() || format.equals(nameId.format()))
        && nameQualifier.equals(nameId.nameQualifier())
        && spNameQualifier.equals(nameId.spNameQualifier());
  }
}
