package dev.lanyard.server.app.configuration;

import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.credentials.CredentialsConfig;
import dev.lanyard.server.credentials.CredentialsConfig.Vendor;
import dev.lanyard.server.credentials.CredentialsConfig.Way;
import dev.lanyard.server.credentials.CredentialsConfig.Way.Consented.Pkce;
import dev.lanyard.server.yaml.YamlMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;

/// The `upstream_credentials` section of the configuration: with what the gateway proves itself to
/// the servers behind its connectors.
///
/// @param secret reads the file of a secret
record CredentialsSection(Function<String, Secret> secret) {
  private static final Set<String> OTHERS =
      Set.of(
          "accept",
          "connection",
          "cookie",
          "expect",
          "host",
          "last-event-id",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade");

  CredentialsConfig read(YamlMap map) {
    var ways = new LinkedHashMap<String, Way>();
    map.keys().forEach(connector -> ways.put(connector, way(map.map(connector))));
    return new CredentialsConfig(ways);
  }

  private Way way(YamlMap map) {
    return switch (map.value("type", CredentialsSection::type)) {
      case STATIC -> fixed(map);
      case CONSENT -> new Way.Consented(vendor(map), pkce(map));
      case EMA -> managed(map);
    };
  }

  private Way managed(YamlMap map) {
    if (!map.has("resource")) {
      map.fault(
          "resource", "'resource' is missing: what the tokens are for, as the library has it");
    }
    if (map.has("scopes") && map.has("scopes_for")) {
      map.fault("scopes_for", "'scopes' and 'scopes_for' both say what is asked for; keep one");
    }
    var translated = new LinkedHashMap<String, Scopes>();
    map.optionalMap("scopes_for")
        .ifPresent(
            section -> section.keys().forEach(ours -> translated.put(ours, theirs(section, ours))));
    return new Way.Managed(vendor(map), translated);
  }

  private static Scopes theirs(YamlMap section, String ours) {
    return section.attempts(ours, Scopes::of).stream().reduce(Scopes.NONE, Scopes::union);
  }

  private Vendor vendor(YamlMap map) {
    return new Vendor(
        map.value("issuer", Issuer::new),
        map.value("client_id", ClientId::new),
        map.optionalValue("client_secret_file", secret),
        Scopes.of(map.texts("scopes")),
        map.optionalValue("resource", ResourceIndicator::new));
  }

  private static Pkce pkce(YamlMap map) {
    return map.optionalValue("pkce", CredentialsSection::pkce).orElse(Pkce.ADVERTISED);
  }

  private static Pkce pkce(String name) {
    return switch (name) {
      case "advertised" -> Pkce.ADVERTISED;
      case "unadvertised" -> Pkce.UNADVERTISED;
      default ->
          throw new IllegalArgumentException("'" + name + "' is none of advertised, unadvertised");
    };
  }

  private enum Type {
    STATIC,
    CONSENT,
    EMA
  }

  private static Type type(String name) {
    return switch (name) {
      case "static" -> Type.STATIC;
      case "consent" -> Type.CONSENT;
      case "ema" -> Type.EMA;
      default ->
          throw new IllegalArgumentException("'" + name + "' is none of static, consent, ema");
    };
  }

  private Way fixed(YamlMap map) {
    if (!map.has("header")) {
      var token = map.value("token_file", secret);
      return new Way.Fixed("Authorization", new Secret("Bearer " + token.reveal()));
    }
    return new Way.Fixed(
        map.value("header", CredentialsSection::header), map.value("value_file", secret));
  }

  /// What the gateway or HTTP itself says is not for a secret.
  private static String header(String name) {
    var lower = name.toLowerCase(Locale.ROOT);
    if (!name.matches("[A-Za-z0-9-]{1,64}")
        || lower.startsWith("mcp-")
        || lower.startsWith("content-")
        || OTHERS.contains(lower)) {
      throw new IllegalArgumentException("'" + name + "' is no header for a secret");
    }
    return name;
  }
}
