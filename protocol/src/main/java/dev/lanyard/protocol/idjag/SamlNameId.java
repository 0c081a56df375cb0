package dev.lanyard.protocol.idjag;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import java.util.Optional;

/// The subject as a SAML service provider knows it: a `sub_id` of the format `saml-nameid`.
///
/// @param issuer the SAML entity identifier of the identity provider
/// @param nameId the value of `<NameID>`
/// @param format `nameid_format`
/// @param nameQualifier `name_qualifier`
/// @param spNameQualifier `sp_name_qualifier`
/// @param spProvidedId `sp_provided_id`
/// @spec
///   https://datatracker.ietf.org/doc/html/draft-ietf-oauth-identity-assertion-authz-grant-04#section-3.2
///   ID-JAG draft-04 §3.2
public record SamlNameId(
    String issuer,
    String nameId,
    Optional<String> format,
    Optional<String> nameQualifier,
    Optional<String> spNameQualifier,
    Optional<String> spProvidedId) {
  private static final String FORMAT = "saml-nameid";

  /// Reads `sub_id`; empty if there is none or it has another format.
  ///
  /// @throws MalformedException if it says that it has this format, and has not
  static Optional<SamlNameId> of(JsonObject claims) throws MalformedException {
    var found = claims.object("sub_id");
    if (found.isEmpty() || !found.get().nonEmptyString("format").equals(FORMAT)) {
      return Optional.empty();
    }
    var subject = found.get();
    return Optional.of(
        new SamlNameId(
            subject.nonEmptyString("issuer"),
            subject.nonEmptyString("nameid"),
            subject.string("nameid_format"),
            subject.string("name_qualifier"),
            subject.string("sp_name_qualifier"),
            subject.string("sp_provided_id")));
  }

  /// The claim `sub_id`.
  JsonObject toJson() {
    return JsonObject.builder()
        .put("format", FORMAT)
        .put("issuer", issuer)
        .put("nameid", nameId)
        .putIfPresent("nameid_format", format)
        .putIfPresent("name_qualifier", nameQualifier)
        .putIfPresent("sp_name_qualifier", spNameQualifier)
        .putIfPresent("sp_provided_id", spProvidedId)
        .build();
  }
}
