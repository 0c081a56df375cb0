package dev.lanyard.server.app.command.installation;

import dev.lanyard.protocol.egress.TrustedTls;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.app.configuration.ConfigurationFile;
import dev.lanyard.server.yaml.YamlFile;
import dev.lanyard.server.yaml.YamlMap;
import dev.lanyard.suite.Credentials;
import dev.lanyard.suite.Jws;
import dev.lanyard.suite.issuer.IssuerSettings;
import dev.lanyard.suite.redeemer.RedeemerSettings;
import dev.lanyard.suite.redeemer.RedeemerSettings.Behaviour;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;

/// The settings file of `lanyard conformance`. Paths are relative to it.
final class ConformanceSettings {
  private final Path file;
  private final Path folder;

  ConformanceSettings(Path file) {
    this.file = file;
    this.folder = file.toAbsolutePath().resolveSibling("");
  }

  /// @param authorities to trust beside the platform's
  record ForIssuer(IssuerSettings settings, List<X509Certificate> authorities) {}

  /// @param authorities to trust beside the platform's
  record ForRedeemer(RedeemerSettings settings, Played played, List<X509Certificate> authorities) {}

  /// The identity provider that is played.
  ///
  /// @param listen where its key is served; nowhere if the server was given it
  record Played(Path keyFile, Jws.Algorithm algorithm, Optional<InetSocketAddress> listen) {}

  ForIssuer issuer() {
    return section("issuer", (map, authorities) -> new ForIssuer(issuerSettings(map), authorities));
  }

  ForRedeemer redeemer() {
    return section(
        "redeemer",
        (map, authorities) -> {
          // One reading of it: a second would not know what the first has understood.
          var provider = map.map("identity_provider");
          var settings = redeemerSettings(map, provider.value("issuer", Issuer::new));
          return new ForRedeemer(settings, played(provider), authorities);
        });
  }

  /// The other section may be empty or wrong; it is for another command.
  private <T> T section(String name, BiFunction<YamlMap, List<X509Certificate>, T> reader) {
    return YamlFile.read(
        file,
        top -> {
          var authorities = top.optionalValue("ca", this::authorities).orElse(List.of());
          var _ = top.has(name.equals("issuer") ? "redeemer" : "issuer");
          return reader.apply(top.map(name), authorities);
        });
  }

  private List<X509Certificate> authorities(String name) {
    try (var pem = Files.newInputStream(folder.resolve(name))) {
      return TrustedTls.readPem(pem);
    } catch (IOException e) {
      throw new IllegalArgumentException("cannot be read: " + e, e);
    }
  }

  private static RedeemerSettings redeemerSettings(YamlMap map, Issuer provider) {
    return new RedeemerSettings(
        map.value("issuer", Issuer::new),
        client(map.map("client")),
        map.optionalMap("other_client").map(ConformanceSettings::client),
        provider,
        subject(map.map("subject")),
        target(map.map("target")),
        map.optionalMap("other_target").map(ConformanceSettings::target),
        map.optionalMap("introspection").map(ConformanceSettings::client),
        new Behaviour(
            map.bool("reuses_assertions", Behaviour.STRICT.reusesAssertions()),
            map.bool("creates_people", Behaviour.STRICT.createsPeople())));
  }

  /// Every key is a claim.
  private static JsonObject subject(YamlMap map) {
    var claims = JsonObject.builder();
    map.keys().forEach(claim -> claims.put(claim, map.text(claim)));
    if (!map.has("sub")) {
      map.fault("sub", "an assertion needs 'subject.sub'");
    }
    return claims.build();
  }

  private static RedeemerSettings.Target target(YamlMap map) {
    return new RedeemerSettings.Target(
        map.value("resource", ResourceIndicator::new), Scopes.of(map.texts("scopes")));
  }

  private Played played(YamlMap map) {
    return new Played(
        folder.resolve(map.text("key_file", "conformance.key")),
        map.optionalValue("algorithm", Jws.Algorithm::valueOf).orElse(Jws.Algorithm.ES256),
        map.optionalValue("listen", ConfigurationFile.Listen::parse));
  }

  private IssuerSettings issuerSettings(YamlMap map) {
    var subject =
        new IssuerSettings.Subject(
            map.value("id_token_file", this::secret),
            map.optionalValue("refresh_token_file", this::secret));
    return new IssuerSettings(
        map.value("issuer", Issuer::new),
        client(map.map("client")),
        map.optionalMap("other_client").map(ConformanceSettings::client),
        map.optionalValue("public_client", ClientId::new),
        subject,
        granted(map.map("target")),
        map.optionalMap("forbidden").map(ConformanceSettings::granted));
  }

  private static IssuerSettings.Target granted(YamlMap map) {
    return new IssuerSettings.Target(
        map.value("audience", Issuer::new),
        map.value("resource", ResourceIndicator::new),
        map.value("client_there", ClientId::new),
        Scopes.of(map.texts("scopes")));
  }

  private static Credentials client(YamlMap map) {
    return new Credentials(
        map.value("id", ClientId::new),
        map.value("secret", Secret::new),
        map.optionalValue("authentication", Credentials.Method::named)
            .orElse(Credentials.Method.CLIENT_SECRET_BASIC));
  }

  private Secret secret(String name) {
    try {
      return new Secret(Files.readString(folder.resolve(name)).strip());
    } catch (IOException e) {
      throw new IllegalArgumentException("cannot be read: " + e, e);
    }
  }
}
