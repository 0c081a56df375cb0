package dev.lanyard.server.ras.organisations;

import dev.lanyard.protocol.idjag.SamlNameId;
import java.util.Optional;

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
      return switch (name) {
        case "user_name" -> USER_NAME;
        case "email" -> EMAIL;
        default ->
            throw new IllegalArgumentException(
                "name_id.means must be user_name or email, not '" + name + "'");
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
