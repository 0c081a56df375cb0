package dev.lanyard.server.saml;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import java.util.Optional;

/// How a provider names a person to a service provider.
///
/// @param value what identifies the person, together with the qualifiers
/// @param format a URI that says what kind of name it is
/// @param nameQualifier whose name it is; the provider's, if it does not say
/// @param spNameQualifier for whom it is; for the service provider, if it does not say
///
/// @spec https://docs.oasis-open.org/security/saml/v2.0/saml-core-2.0-os.pdf SAML 2.0 Core
public record NameId(
    String value,
    Optional<String> format,
    Optional<String> nameQualifier,
    Optional<String> spNameQualifier) {
  private static final int LONGEST = 256;

  /// @throws MalformedException if it is longer than SAML permits persistent names to be
  static NameId of(SamlElement element) throws MalformedException {
    var value = element.text();
    if (value.length() > LONGEST) {
      throw new MalformedException("a NameID longer than " + LONGEST + " characters");
    }
    return new NameId(
        value,
        element.attribute("Format"),
        element.attribute("NameQualifier"),
        element.attribute("SPNameQualifier"));
  }

  /// One text for one person: the value, and what qualifies it if that is not what is understood
  /// anyway. The same value with another qualifier is somebody else (RAS-10).
  ///
  /// @param provider the entity id of the provider
  /// @param audience the entity id of whom it names the person to
  public String key(String provider, String audience) {
    var qualifier = nameQualifier.filter(one -> !one.equals(provider));
    var spQualifier = spNameQualifier.filter(one -> !one.equals(audience));
    return qualifier.isEmpty() && spQualifier.isEmpty()
        ? value
        : JsonObject.builder()
            .put("nameid", value)
            .putIfPresent("name_qualifier", qualifier)
            .putIfPresent("sp_name_qualifier", spQualifier)
            .build()
            .toJson();
  }

  /// Not the value: it is personal.
  @Override
  public String toString() {
    return "NameId[" + format.orElse("no format") + "]";
  }
}
