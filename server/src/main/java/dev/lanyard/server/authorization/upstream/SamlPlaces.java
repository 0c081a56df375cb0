package dev.lanyard.server.authorization.upstream;

import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.server.saml.ServiceProvider;
import dev.lanyard.server.token.Paths;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/// Where a server is for a SAML provider, and where its people are for the server.
public final class SamlPlaces {
  private SamlPlaces() {}

  /// Who we are at a provider.
  ///
  /// @param self the server
  public static ServiceProvider of(SamlUpstreamConfig upstream, Issuer self) {
    var base = Paths.SAML + "/" + upstream.id();
    return new ServiceProvider(
        upstream
            .self()
            .entityId()
            .orElseGet(() -> Paths.at(self, base + Paths.SAML_METADATA).toString()),
        Paths.at(self, base + Paths.SAML_CONSUMER),
        Paths.at(self, base + Paths.SAML_LOGOUT),
        upstream.people().format().uri(),
        upstream.self().signing());
  }

  /// The name space of the people of a provider, as the directory knows it.
  ///
  /// It is not the entity ID: many a provider has the same address as its OpenID Connect issuer,
  /// where another value may mean another person. Nor is it our name for the provider, which may be
  /// given to another.
  public static Issuer nameSpace(Issuer self, String entityId) {
    return new Issuer(
        Paths.at(self, Paths.SAML) + "/" + URLEncoder.encode(entityId, StandardCharsets.UTF_8));
  }
}
