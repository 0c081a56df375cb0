package dev.lanyard.server.clients;

import dev.lanyard.protocol.jose.PublicKeySet;
import dev.lanyard.protocol.jose.SigningAlgorithm;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.GrantType;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.server.yaml.YamlMap;
import java.net.URI;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Reads a clients file.
final class ClientReader {
  /// The members of a JWK that are lists.
  private static final Set<String> LISTS = Set.of("key_ops", "x5c");

  private ClientReader() {}

  static Map<ClientId, Client> read(YamlMap top) {
    var clients = new LinkedHashMap<ClientId, Client>();
    for (var map : top.maps("clients")) {
      var client = client(map);
      client.ifPresent(read -> {
        if (clients.putIfAbsent(read.id(), read) != null) {
          map.fault("id", "client '" + read.id() + "' is there twice; remove one");
        }
      });
    }
    return Collections.unmodifiableMap(clients);
  }

  private static Optional<Client> client(YamlMap map) {
    if (!map.has("id")) {
      map.fault("id", "'id' is missing; every client has one");
    }
    return client(map, map.attempt("id", ClientId::new), Optional.empty());
  }

  /// One client in these words, but for what it is called and its secret, which are kept elsewhere.
  static Optional<Client> entry(YamlMap map, ClientId id, SecretHash secret) {
    for (var key : List.of("id", "secret_hash")) {
      if (map.has(key)) {
        map.fault(key, "'" + key + "' is not written here: it is made for the client, and kept");
      }
    }
    if (map.has("administration")) {
      map.fault("administration", "'administration' is said in the clients file only");
    }
    return client(map, Optional.of(id), Optional.of(secret));
  }

  /// @param kept the secret, if it is not written in the file
  private static Optional<Client> client(
      YamlMap map, Optional<ClientId> id, Optional<SecretHash> kept) {
    var name = map.text("name", id.map(ClientId::value).orElse(""));
    var credentials = credentials(map, kept);
    var permissions =
        new Client.Permissions(
            Set.copyOf(map.attempts("grants", ClientReader::grant)),
            Set.copyOf(map.attempts("may_introspect", ResourceIndicator::new)),
            Set.copyOf(map.attempts("exchanges_tokens_for", ResourceIndicator::new)),
            map.bool("dpop_required", false),
            map.bool("require_pushed_authorization_requests", false),
            Set.copyOf(map.attempts("administration", ApiScope::parse)));
    var redirectUris = map.attempts("redirect_uris", RedirectUri::new);
    var idsAt = idsAt(map);
    // Whether it is required or not: every logout token names the session.
    var _ = map.bool("backchannel_logout_session_required", true);
    var logout =
        map.attempt("backchannel_logout_uri", uri -> new Client.BackChannelLogout(URI.create(uri)));
    if (permissions.grants().contains(GrantType.AUTHORIZATION_CODE) && redirectUris.isEmpty()) {
      map.fault("grants", "authorization_code needs 'redirect_uris'");
    }
    if (permissions.grants().contains(GrantType.TOKEN_EXCHANGE)
        && credentials.filter(one -> !one.isConfidential()).isPresent()) {
      // Each of its exchanges would be refused (IDP-11), and by that its user signed out.
      map.fault(
          "grants",
          "token-exchange needs a client that proves who it is, and 'authentication: [none]' proves"
              + " nothing");
    }
    if (!permissions.administration().isEmpty()
        && !permissions.grants().contains(GrantType.AUTHORIZATION_CODE)) {
      map.fault("administration", "'administration' needs the grant authorization_code");
    }
    var openId = openId(map, redirectUris);
    if (id.isEmpty() || credentials.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new Client(
            id.get(), name, credentials.get(), permissions, redirectUris, idsAt, logout, openId));
  }

  private static Client.OpenId openId(YamlMap map, List<RedirectUri> redirectUris) {
    var returns = map.attempts("post_logout_redirect_uris", RedirectUri::new);
    var life = map.optionalDuration("id_token_life");
    var idTokens = map.attempt("id_token_signed_response_alg", ClientReader::algorithm);
    var userInfo = map.attempt("userinfo_signed_response_alg", ClientReader::algorithm);
    var sector = sector(map, redirectUris);
    try {
      return new Client.OpenId(life, returns, idTokens, userInfo, sector);
    } catch (IllegalArgumentException e) {
      // A configuration record has no other way to refuse.
      map.fault("id_token_life", "'id_token_life' " + e.getMessage());
      return new Client.OpenId(Optional.empty(), returns, idTokens, userInfo, sector);
    }
  }

  private static SigningAlgorithm algorithm(String name) {
    return SigningAlgorithm.of(name)
        .orElseThrow(() ->
            new IllegalArgumentException(
                unknown(
                    name,
                    Stream.of(SigningAlgorithm.values())
                        .map(SigningAlgorithm::value)
                        .collect(Collectors.joining(", ")))));
  }

  /// The host of the redirect URIs, unless it is said; two applications on people's own machines
  /// have no host that would tell them apart.
  ///
  /// @spec https://openid.net/specs/openid-connect-core-1_0.html#PairwiseAlg OpenID Connect Core
  ///   §8.1
  private static Optional<String> sector(YamlMap map, List<RedirectUri> redirectUris) {
    var said = map.attempt("sector", ClientReader::sector);
    boolean pairwise = map.attempt("subject_type", ClientReader::isPairwise).orElse(false);
    if (!pairwise) {
      if (said.isPresent()) {
        map.fault("sector", "'sector' goes with 'subject_type: pairwise'");
      }
      return Optional.empty();
    }
    var hosts = redirectUris.stream().map(RedirectUri::host).distinct().toList();
    var sector = said.or(() -> hosts.size() == 1 ? hosts.getFirst() : Optional.empty());
    if (sector.isEmpty() && !map.has("sector")) {
      map.fault(
          "subject_type",
          "'subject_type: pairwise' needs 'sector' where the redirect URIs have not one host");
    }
    return sector;
  }

  private static String sector(String text) {
    if (text.isEmpty() || text.chars().anyMatch(Character::isWhitespace)) {
      throw new IllegalArgumentException("a sector is a name without spaces, such as example.com");
    }
    return text;
  }

  private static boolean isPairwise(String name) {
    return switch (name) {
      case "public" -> false;
      case "pairwise" -> true;
      default -> throw new IllegalArgumentException(unknown(name, "public, pairwise"));
    };
  }

  private static Optional<Credentials> credentials(YamlMap map, Optional<SecretHash> kept) {
    if (map.texts("authentication").isEmpty()) {
      map.fault(
          "authentication",
          "'authentication' is missing; use some of: " + names(AuthMethod.values()));
    }
    var methods = map.attempts("authentication", ClientReader::method);
    var secret =
        kept.isPresent()
            ? kept.filter(_ -> Credentials.needSecret(methods))
            : map.attempt("secret_hash", SecretHash::parse);
    var keys = keys(map);
    var audience = map.attempt("client_assertion_audience", ClientReader::audience);
    if (methods.isEmpty() || (map.has("secret_hash") && secret.isEmpty()) || keys.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new Credentials(
              Set.copyOf(methods), secret, keys.get(), audience.orElse(AssertionAudience.ISSUER)));
    } catch (IllegalArgumentException e) {
      // A configuration record has no other way to refuse.
      map.fault("authentication", "'authentication': " + e.getMessage());
      return Optional.empty();
    }
  }

  private static AssertionAudience audience(String text) {
    return AssertionAudience.of(text)
        .orElseThrow(() -> new IllegalArgumentException(unknown(text, "issuer, token_endpoint")));
  }

  private static Optional<ClientKeys> keys(YamlMap map) {
    if (map.has("jwks") && map.has("jwks_uri")) {
      map.fault("jwks", "there are 'jwks' and 'jwks_uri'; keep one");
      return Optional.empty();
    }
    if (map.has("jwks")) {
      return inline(map);
    }
    return map.has("jwks_uri")
        ? map.attempt("jwks_uri", ClientReader::remote)
        : Optional.of(new ClientKeys.None());
  }

  private static ClientKeys remote(String uri) {
    return new ClientKeys.Remote(URI.create(new ResourceIndicator(uri).value()));
  }

  private static Optional<ClientKeys> inline(YamlMap map) {
    var keys = map.map("jwks").maps("keys").stream().map(ClientReader::jwk).toList();
    try {
      var set = PublicKeySet.parse(JsonObject.builder().put("keys", keys).build());
      if (!set.keys().isEmpty()) {
        return Optional.of(new ClientKeys.Inline(set));
      }
      map.fault("jwks", "no key of 'jwks' can be used; give an EC P-256 or RSA public key");
    } catch (MalformedException e) {
      map.fault("jwks", "'jwks' is not a set of public keys: " + e.getMessage());
    }
    return Optional.empty();
  }

  private static JsonObject jwk(YamlMap map) {
    var key = JsonObject.builder();
    for (var name : map.keys()) {
      if (LISTS.contains(name)) {
        key.put(name, map.texts(name));
      } else {
        key.putIfPresent(name, map.optionalText(name));
      }
    }
    return key.build();
  }

  private static Map<Issuer, IdsThere> idsAt(YamlMap map) {
    var ids = new HashMap<Issuer, IdsThere>();
    map.optionalMap("ids_at")
        .ifPresent(section -> {
          for (var key : section.keys()) {
            var issuer = section.attemptKey(key, Issuer::new);
            var there = idsThere(section, key);
            if (issuer.isPresent() && there.isPresent()) {
              ids.put(issuer.get(), there.get());
            }
          }
        });
    return ids;
  }

  /// A name, or a name for each tenant.
  private static Optional<IdsThere> idsThere(YamlMap section, String issuer) {
    if (!section.isMapping(issuer)) {
      return section.attempt(issuer, ClientId::new).map(IdsThere::everywhere);
    }
    var byTenant = new HashMap<String, ClientId>();
    var tenants = section.map(issuer);
    for (var tenant : tenants.keys()) {
      tenants.attempt(tenant, ClientId::new).ifPresent(id -> byTenant.put(tenant, id));
    }
    return Optional.of(new IdsThere(Optional.empty(), byTenant));
  }

  private static AuthMethod method(String text) {
    return AuthMethod.of(text)
        .orElseThrow(() -> new IllegalArgumentException(unknown(text, names(AuthMethod.values()))));
  }

  /// Short names, because nobody wants to write URNs into a file.
  private static GrantType grant(String text) {
    return Stream.of(GrantType.values())
        .filter(type -> type.value().equals(text) || shortName(type).equals(text))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException(
                unknown(
                    text,
                    Stream.of(GrantType.values())
                        .map(ClientReader::shortName)
                        .collect(Collectors.joining(", ")))));
  }

  private static String shortName(GrantType type) {
    return type.value().substring(type.value().lastIndexOf(':') + 1);
  }

  private static String names(AuthMethod... methods) {
    return List.of(methods).stream().map(AuthMethod::value).collect(Collectors.joining(", "));
  }

  private static String unknown(String text, String known) {
    return "unknown '" + text + "'; use some of: " + known;
  }
}
