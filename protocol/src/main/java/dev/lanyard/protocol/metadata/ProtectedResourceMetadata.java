package dev.lanyard.protocol.metadata;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.protocol.oauth.Scopes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What a protected resource, such as an MCP server, says of itself.
///
/// @param resource its identifier, byte for byte as registered
/// @param authorizationServers whose tokens it takes, the one that clients should prefer first; at
///   least one, as MCP demands
/// @param scopes the scopes worth asking for; never `offline_access`, which is no scope of a
///   resource
/// @param name a name for people
/// @param dpopAlgorithms the algorithms of DPoP proofs that it understands; empty without DPoP
/// @param dpopRequired whether tokens must be bound to a key
/// @param detailTypes the types of authorization details that it understands (META-17)
/// @param certificateBound whether it takes tokens that are bound to a client certificate of mutual
///   TLS (RFC 8705)
/// @spec https://www.rfc-editor.org/rfc/rfc9728.html#section-2 RFC 9728 §2 (META-11 to META-16)
public record ProtectedResourceMetadata(
    ResourceIndicator resource,
    List<Issuer> authorizationServers,
    Scopes scopes,
    Optional<String> name,
    List<String> dpopAlgorithms,
    boolean dpopRequired,
    List<String> detailTypes,
    boolean certificateBound) {
  private static final String OFFLINE_ACCESS = "offline_access";

  /// @throws IllegalArgumentException if there is no authorization server, or `offline_access` is
  ///   among the scopes (META-14)
  public ProtectedResourceMetadata {
    if (authorizationServers.isEmpty()) {
      throw new IllegalArgumentException("a resource needs an authorization server: " + resource);
    }
    if (scopes.contains(OFFLINE_ACCESS)) {
      throw new IllegalArgumentException("offline_access is no scope of a resource: " + resource);
    }
    authorizationServers = List.copyOf(authorizationServers);
    dpopAlgorithms = List.copyOf(dpopAlgorithms);
    detailTypes = List.copyOf(detailTypes);
  }

  /// A resource that takes no tokens that are bound to certificates.
  public ProtectedResourceMetadata(
      ResourceIndicator resource,
      List<Issuer> authorizationServers,
      Scopes scopes,
      Optional<String> name,
      List<String> dpopAlgorithms,
      boolean dpopRequired,
      List<String> detailTypes) {
    this(
        resource,
        authorizationServers,
        scopes,
        name,
        dpopAlgorithms,
        dpopRequired,
        detailTypes,
        false);
  }

  /// The same, and it understands no authorization details.
  public ProtectedResourceMetadata(
      ResourceIndicator resource,
      List<Issuer> authorizationServers,
      Scopes scopes,
      Optional<String> name,
      List<String> dpopAlgorithms,
      boolean dpopRequired) {
    this(resource, authorizationServers, scopes, name, dpopAlgorithms, dpopRequired, List.of());
  }

  /// A resource that takes bearer tokens of one authorization server.
  public ProtectedResourceMetadata(ResourceIndicator resource, Issuer server, Scopes scopes) {
    this(resource, List.of(server), scopes, Optional.empty(), List.of(), false);
  }

  /// The same, and it understands authorization details of these types.
  public ProtectedResourceMetadata withDetailTypes(List<String> types) {
    return new ProtectedResourceMetadata(
        resource,
        authorizationServers,
        scopes,
        name,
        dpopAlgorithms,
        dpopRequired,
        types,
        certificateBound);
  }

  /// The same, and it takes tokens that are bound to certificates: whoever terminates TLS for it
  /// asks clients for theirs, and it sees them.
  public ProtectedResourceMetadata withCertificateBoundTokens() {
    return new ProtectedResourceMetadata(
        resource,
        authorizationServers,
        scopes,
        name,
        dpopAlgorithms,
        dpopRequired,
        detailTypes,
        true);
  }

  /// Reads a document. Members that we do not use are ignored, and authorization servers whose
  /// names are none.
  ///
  /// @param expected the identifier from which the document's URL was made, or, if a challenge
  ///   named that URL, the URL that was called
  /// @throws MalformedException if it describes another resource (META-12, CLI-2), names no usable
  ///   authorization server, or a member has another type than RFC 9728 gives it
  public static ProtectedResourceMetadata parse(JsonObject json, ResourceIndicator expected)
      throws MalformedException {
    if (!json.string("resource").equals(Optional.of(expected.value()))) {
      throw new MalformedException("the document's resource is not " + expected);
    }
    var servers = new ArrayList<Issuer>();
    for (var server : json.strings("authorization_servers").orElse(List.of())) {
      usable(server).ifPresent(servers::add);
    }
    if (servers.isEmpty()) {
      throw new MalformedException("the document names no usable authorization server");
    }
    return new ProtectedResourceMetadata(
        expected,
        servers,
        scopes(json),
        json.string("resource_name"),
        json.strings("dpop_signing_alg_values_supported").orElse(List.of()),
        json.bool("dpop_bound_access_tokens_required").orElse(false),
        json.strings("authorization_details_types_supported").orElse(List.of()),
        json.bool("tls_client_certificate_bound_access_tokens").orElse(false));
  }

  /// One that is no issuer takes nothing away from the others.
  private static Optional<Issuer> usable(String server) {
    try {
      return Optional.of(Issuer.parse(server));
    } catch (MalformedException e) {
      return Optional.empty();
    }
  }

  private static Scopes scopes(JsonObject json) throws MalformedException {
    var published = new ArrayList<>(json.strings("scopes_supported").orElse(List.of()));
    published.removeIf(OFFLINE_ACCESS::equals);
    if (published.isEmpty()) {
      return Scopes.NONE;
    }
    var scopes = Scopes.parse(String.join(" ", published));
    if (!scopes.values().containsAll(published)) {
      throw new MalformedException("a member of 'scopes_supported' is not one scope");
    }
    return scopes;
  }

  /// The document to serve; empty lists are left out (META-13).
  public JsonObject toJson() {
    var json =
        JsonObject.builder()
            .put("resource", resource.value())
            .put("authorization_servers", authorizationServers.stream().map(Issuer::value).toList())
            .put("scopes_supported", List.copyOf(scopes.values()))
            .put("bearer_methods_supported", List.of("header"))
            .putIfPresent("resource_name", name)
            .put("dpop_signing_alg_values_supported", dpopAlgorithms)
            .put("authorization_details_types_supported", detailTypes);
    if (dpopRequired) {
      json.put("dpop_bound_access_tokens_required", true);
    }
    if (certificateBound) {
      json.put("tls_client_certificate_bound_access_tokens", true);
    }
    return json.build();
  }
}
