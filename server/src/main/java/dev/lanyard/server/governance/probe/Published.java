package dev.lanyard.server.governance.probe;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import java.util.List;

/// What a connector and its authorization servers publish. Whoever publishes it may know nothing of
/// this organisation: that a server says it takes ID-JAGs does not mean that it takes ours.
///
/// @param challenge how it answers a call without a token: `401 with metadata`, `401`, `200`, …
/// @param resourceMetadata whether it has protected resource metadata (RFC 9728)
/// @param authorizationServers whose tokens it takes, those whose metadata was read
/// @param jwtBearer whether one of them has the JWT bearer grant (RFC 7523)
/// @param idJag whether one of them says that it takes ID-JAGs
/// @param clientIdMetadataDocuments whether clients may be called by a URL
/// @param registration whether clients may register themselves (RFC 7591)
/// @param authMethods how clients prove themselves at the token endpoint
/// @param revocation whether tokens can be given back (RFC 7009)
/// @param dpop whether tokens can be bound to a key (RFC 9449)
/// @param authorizationCode whether people can consent for themselves: the way without EMA
public record Published(
    String challenge,
    boolean resourceMetadata,
    List<String> authorizationServers,
    boolean jwtBearer,
    boolean idJag,
    boolean clientIdMetadataDocuments,
    boolean registration,
    List<String> authMethods,
    boolean revocation,
    boolean dpop,
    boolean authorizationCode) {
  public Published {
    authorizationServers = List.copyOf(authorizationServers);
    authMethods = List.copyOf(authMethods);
  }

  public JsonObject toJson() {
    return JsonObject.builder()
        .put("challenge", challenge)
        .put("resource_metadata", resourceMetadata)
        .put("authorization_servers", authorizationServers)
        .put("jwt_bearer", jwtBearer)
        .put("id_jag", idJag)
        .put("client_id_metadata_documents", clientIdMetadataDocuments)
        .put("registration", registration)
        .put("auth_methods", authMethods)
        .put("revocation", revocation)
        .put("dpop", dpop)
        .put("authorization_code", authorizationCode)
        .build();
  }

  static Published parse(JsonObject json) throws MalformedException {
    return new Published(
        json.string("challenge").orElse(""),
        flag(json, "resource_metadata"),
        json.strings("authorization_servers").orElse(List.of()),
        flag(json, "jwt_bearer"),
        flag(json, "id_jag"),
        flag(json, "client_id_metadata_documents"),
        flag(json, "registration"),
        json.strings("auth_methods").orElse(List.of()),
        flag(json, "revocation"),
        flag(json, "dpop"),
        flag(json, "authorization_code"));
  }

  private static boolean flag(JsonObject json, String name) throws MalformedException {
    return json.bool(name).orElse(false);
  }
}
