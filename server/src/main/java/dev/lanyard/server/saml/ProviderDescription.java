package dev.lanyard.server.saml;

import dev.lanyard.protocol.json.MalformedException;
import java.net.URI;
import java.net.URISyntaxException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// An identity provider, as its metadata or an administrator describes it.
///
/// @param entityId what it calls itself
/// @param singleSignOn where sign-ins begin, by the redirect binding
/// @param logout where answers to its logout requests go, by the redirect binding; empty if it has
///   no such place
/// @param certificates of the keys that it signs with; several while one replaces another
/// @param validUntil until when this may be believed
/// @spec https://docs.oasis-open.org/security/saml/v2.0/saml-metadata-2.0-os.pdf SAML 2.0 Metadata
public record ProviderDescription(
    String entityId,
    URI singleSignOn,
    Optional<URI> logout,
    List<X509Certificate> certificates,
    Optional<Instant> validUntil) {

  /// @throws IllegalArgumentException if there is no certificate with a key that is strong enough
  public ProviderDescription {
    certificates = List.copyOf(certificates);
    if (Certificates.keys(certificates).isEmpty()) {
      throw new IllegalArgumentException(
          "no certificate of "
              + entityId
              + " has an RSA key of 2048 bits or more, or an EC key of 256 or more");
    }
  }

  /// Reads the metadata of one provider.
  ///
  /// @param entityId whom it must describe
  /// @throws MalformedException if it does not, or leaves out what is needed
  public static ProviderDescription parse(byte[] metadata, String entityId)
      throws MalformedException {
    var root = XmlParser.parse(metadata);
    var described = described(root, entityId);
    var role = described.only(Names.METADATA, "IDPSSODescriptor");
    try {
      return new ProviderDescription(
          entityId,
          location(role, "SingleSignOnService", "Location")
              .orElseThrow(
                  () -> new MalformedException("no SingleSignOnService with the redirect binding")),
          location(role, "SingleLogoutService", "ResponseLocation"),
          certificates(role),
          earlier(root.instant("validUntil"), described.instant("validUntil")));
    } catch (IllegalArgumentException e) {
      throw new MalformedException(String.valueOf(e.getMessage()));
    }
  }

  private static Optional<Instant> earlier(Optional<Instant> one, Optional<Instant> other) {
    return Stream.of(one, other).flatMap(Optional::stream).min(Instant::compareTo);
  }

  private static SamlElement described(SamlElement root, String entityId)
      throws MalformedException {
    var found =
        root.is(Names.METADATA, "EntitiesDescriptor")
            ? root.children(Names.METADATA, "EntityDescriptor")
            : List.of(root);
    for (var one : found) {
      if (one.is(Names.METADATA, "EntityDescriptor")
          && one.attribute("entityID").equals(Optional.of(entityId))) {
        return one;
      }
    }
    throw new MalformedException(
        "the metadata describes "
            + found.stream().map(one -> one.attribute("entityID").orElse("nobody")).toList()
            + " and not "
            + entityId);
  }

  /// @param preferred the attribute to look at first; `Location` is the other
  private static Optional<URI> location(SamlElement role, String service, String preferred)
      throws MalformedException {
    for (var one : role.children(Names.METADATA, service)) {
      if (one.attribute("Binding").equals(Optional.of(Names.REDIRECT))) {
        var location = one.attribute(preferred).or(() -> one.attribute("Location"));
        return Optional.of(url(location.orElse("")));
      }
    }
    return Optional.empty();
  }

  private static URI url(String text) throws MalformedException {
    try {
      var url = new URI(text);
      if (url.getHost() == null
          || !("https".equals(url.getScheme()) || "http".equals(url.getScheme()))) {
        throw new MalformedException("a Location is not a URL: " + text);
      }
      return url;
    } catch (URISyntaxException e) {
      throw new MalformedException("a Location is not a URL: " + text);
    }
  }

  private static List<X509Certificate> certificates(SamlElement role) throws MalformedException {
    var certificates = new ArrayList<X509Certificate>();
    for (var key : role.children(Names.METADATA, "KeyDescriptor")) {
      if (key.attribute("use").orElse("signing").equals("signing")) {
        for (var data :
            key.only(Names.SIGNATURE, "KeyInfo").children(Names.SIGNATURE, "X509Data")) {
          for (var one : data.children(Names.SIGNATURE, "X509Certificate")) {
            certificates.add(Certificates.parse(one.text()));
          }
        }
      }
    }
    return certificates;
  }
}
