package dev.lanyard.conformance;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.oauth.Form;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// Keycloak as the OpenID Provider of an organisation: a process of its own with an in-memory
/// database, on loopback over TLS, with the realm `acme` imported at the start.
final class Keycloak implements AutoCloseable {
  static final String CLIENT = "lanyard";
  static final String CLIENT_SECRET = "between-lanyard-and-keycloak-only";

  /// An application that is a SAML service provider of its own.
  static final String APPLICATION = "https://app.acme.example/saml";

  static final String APPLICATION_ACS = "https://app.acme.example/saml/acs";

  private static final String ADMIN = "admin";
  private static final String ADMIN_PASSWORD = "administrator-of-this-test-run";

  private static final Duration STREAM_LIMIT = Duration.ofMinutes(1);

  private final KeycloakProcess process;
  private final Wire wire;
  private final String origin;

  private Keycloak(KeycloakProcess process, Wire wire, String origin) {
    this.process = process;
    this.wire = wire;
    this.origin = origin;
  }

  /// Starts it and waits until it answers.
  ///
  /// @param redirectUri where the broker receives its authorization responses
  static Keycloak start(Certificates certificates, int port, String redirectUri, Path folder)
      throws Exception {
    var origin = "https://localhost:" + port;
    var wire = Wire.trusting(certificates.trust());
    var process =
        KeycloakProcess.start(
            folder,
            "acme",
            realm(redirectUri),
            List.of(
                "--https-port=" + port,
                "--http-host=127.0.0.1",
                "--https-certificate-file=" + certificates.certificate(),
                "--https-certificate-key-file=" + certificates.key(),
                "--truststore-paths=" + certificates.authority(),
                "--hostname=" + origin,
                // It waits five seconds for the answer to a logout, and tells of it once only: on a
                // machine that is busy the session here would live on.
                "--spi-connections-http-client--default--socket-timeout-millis=60000",
                "--spi-connections-http-client--default--connection-request-timeout-millis=60000"),
            Map.of(
                "KC_BOOTSTRAP_ADMIN_USERNAME", ADMIN,
                "KC_BOOTSTRAP_ADMIN_PASSWORD", ADMIN_PASSWORD),
            () -> answers(wire, origin));
    return new Keycloak(process, wire, origin);
  }

  private static boolean answers(Wire wire, String origin) {
    try {
      var metadata = URI.create(issuer(origin) + "/.well-known/openid-configuration");
      return wire.get(metadata).status() == 200;
    } catch (UncheckedIOException e) {
      return false;
    }
  }

  String issuer() {
    return issuer(origin);
  }

  private static String issuer(String origin) {
    return origin + "/realms/acme";
  }

  /// Where a Keycloak that is to be started on a port describes itself as a SAML provider.
  static String samlMetadataAt(int port) {
    return issuerAt(port) + "/protocol/saml/descriptor";
  }

  /// Where a sign-in to the application begins at Keycloak itself.
  URI signInToApplication() {
    return URI.create(issuer() + "/protocol/saml/clients/app");
  }

  /// The issuer of a Keycloak that is to be started on a port.
  static String issuerAt(int port) {
    return issuer("https://localhost:" + port);
  }

  /// Creates a person with a password and membership in a group.
  void create(String userName, String password, String group) throws Exception {
    create(userName, password, group, List.of());
  }

  /// The same with what they have to do when they sign in for the first time.
  void create(String userName, String password, String group, List<String> actions)
      throws Exception {
    var credential = JsonObject.builder().put("type", "password").put("value", password).build();
    var person =
        JsonObject.builder()
            .put("username", userName)
            .put("email", userName + "@acme.example")
            .put("emailVerified", true)
            .put("firstName", userName)
            .put("lastName", "Example")
            .put("enabled", true)
            .put("groups", List.of(group))
            .put("requiredActions", actions)
            .put("credentials", List.of(credential))
            .build();
    var answer = wire.postJson(admin("users"), person.toJson(), "Authorization", adminToken());
    if (answer.status() != 201) {
      throw new AssertionError("Keycloak refused to create " + userName + ": " + answer);
    }
  }

  /// Disables the account, as an administrator does in its console.
  void disable(String userName) throws Exception {
    var token = adminToken();
    var id = id(userName, token);
    var change = JsonObject.builder().put("enabled", false).build();
    var answer = wire.putJson(admin("users/" + id), change.toJson(), "Authorization", token);
    if (answer.status() != 204) {
      throw new AssertionError("Keycloak refused to disable " + userName + ": " + answer);
    }
  }

  /// Moves a person from one group to another.
  void move(String userName, String from, String to) throws Exception {
    var token = adminToken();
    var groups = admin("users/" + id(userName, token) + "/groups/");
    require(204, wire.delete(groups.resolve(group(from, token)), "Authorization", token));
    var answer = wire.putJson(groups.resolve(group(to, token)), "{}", "Authorization", token);
    require(204, answer);
  }

  private String group(String name, String token) throws Exception {
    var found = wire.get(admin("groups?exact=true&search=" + name), "Authorization", token);
    return first(found).string("id").orElseThrow();
  }

  /// Makes a new signing key that signs from now on; the old one stays published.
  void rotateKeys() throws Exception {
    var token = adminToken();
    var realm = wire.get(admin("").resolve("../acme"), "Authorization", token).json();
    var config =
        JsonObject.builder()
            .put("priority", List.of("200"))
            .put("enabled", List.of("true"))
            .put("active", List.of("true"))
            .put("keySize", List.of("2048"))
            .put("algorithm", List.of("RS256"))
            .build();
    var key =
        JsonObject.builder()
            .put("name", "rsa-" + System.nanoTime())
            .put("parentId", realm.string("id").orElseThrow())
            .put("providerId", "rsa-generated")
            .put("providerType", "org.keycloak.keys.KeyProvider")
            .put("config", config)
            .build();
    require(201, wire.postJson(admin("components"), key.toJson(), "Authorization", token));
  }

  /// Lets the broker's client come back to these addresses only.
  void allowRedirects(String... uris) throws Exception {
    allowPlaces(CLIENT, uris);
  }

  /// Lets a client have answers at these addresses only.
  ///
  /// @param clientId of a SAML client the entity id
  void allowPlaces(String clientId, String... uris) throws Exception {
    var token = adminToken();
    var found = URLEncoder.encode(clientId, StandardCharsets.UTF_8);
    var client = first(wire.get(admin("clients?clientId=" + found), "Authorization", token));
    var changed = client.with(JsonObject.builder().put("redirectUris", List.of(uris)).build());
    var path = admin("clients/" + client.string("id").orElseThrow());
    require(204, wire.putJson(path, changed.toJson(), "Authorization", token));
  }

  /// Lets the broker's client fetch the security events of this realm, of everybody, and sends it
  /// no logout tokens any more.
  ///
  /// @param audience what the events call their receiver
  void transmitSignals(String audience) throws Exception {
    var token = adminToken();
    var realm = JsonObject.builder().put("attributes", attribute("ssf.transmitterEnabled", "true"));
    require(
        204,
        wire.putJson(admin("").resolve("../acme"), realm.build().toJson(), "Authorization", token));
    var client = first(wire.get(admin("clients?clientId=" + CLIENT), "Authorization", token));
    var changed =
        JsonObject.builder()
            .put("serviceAccountsEnabled", true)
            .put(
                "attributes",
                JsonObject.builder()
                    .put("ssf.enabled", "true")
                    .put("ssf.allowedDeliveryMethods", "poll")
                    .put("ssf.defaultSubjects", "ALL")
                    .put("ssf.streamAudience", audience)
                    .put("backchannel.logout.url", "")
                    .build())
            .build();
    var path = admin("clients/" + client.string("id").orElseThrow());
    require(204, wire.putJson(path, client.with(changed).toJson(), "Authorization", token));
    for (var scope : list(wire.get(admin("client-scopes"), "Authorization", token))) {
      if (scope.string("name").orElseThrow().startsWith("ssf.")) {
        var optional = path + "/optional-client-scopes/" + scope.string("id").orElseThrow();
        require(204, wire.putJson(URI.create(optional), "{}", "Authorization", token));
      }
    }
  }

  /// Waits until the broker's client has made its stream.
  void awaitStream() throws Exception {
    var form =
        Form.builder()
            .add("grant_type", "client_credentials")
            .add("client_id", CLIENT)
            .add("client_secret", CLIENT_SECRET)
            .add("scope", "ssf.read")
            .build();
    var endpoint = URI.create(issuer() + "/protocol/openid-connect/token");
    var token = wire.post(endpoint, form).json().string("access_token").orElseThrow();
    var streams = URI.create(issuer() + "/ssf/transmitter/streams");
    long giveUp = System.nanoTime() + STREAM_LIMIT.toNanos();
    while (list(wire.get(streams, "Authorization", "Bearer " + token)).isEmpty()) {
      if (System.nanoTime() > giveUp) {
        throw new AssertionError("nobody has made a stream at Keycloak");
      }
      Thread.sleep(500);
    }
  }

  /// Makes something in the realm, as an administrator does in its console.
  ///
  /// @param path below the realm
  void make(String path, JsonObject what) throws Exception {
    require(201, wire.postJson(admin(path), what.toJson(), "Authorization", adminToken()));
  }

  /// Changes something in the realm.
  ///
  /// @param path below the realm; empty for the realm itself
  void change(String path, JsonObject what) throws Exception {
    var place = path.isEmpty() ? admin("").resolve("../acme") : admin(path);
    var answer = wire.putJson(place, what.toJson(), "Authorization", adminToken());
    if (answer.status() != 202) {
      require(204, answer);
    }
  }

  /// What is in the realm at a path.
  List<JsonObject> all(String path) throws Exception {
    return list(wire.get(admin(path), "Authorization", adminToken()));
  }

  private static JsonObject attribute(String name, String value) {
    return JsonObject.builder().put(name, value).build();
  }

  private static JsonObject first(Answer answer) throws Exception {
    return list(answer).getFirst();
  }

  private static List<JsonObject> list(Answer answer) throws Exception {
    return JsonObject.parse("{\"found\":" + answer.body() + "}").objects("found").orElseThrow();
  }

  private static void require(int status, Answer answer) {
    if (answer.status() != status) {
      throw new AssertionError("Keycloak refused: " + answer);
    }
  }

  /// Ends every session of a person, as an administrator does in its console: Keycloak then tells
  /// the clients that took part.
  void logOut(String userName) throws Exception {
    var token = adminToken();
    var path = admin("users/" + id(userName, token) + "/logout");
    var answer = wire.postJson(path, "{}", "Authorization", token);
    if (answer.status() != 204) {
      throw new AssertionError("Keycloak refused to log out " + userName + ": " + answer);
    }
  }

  private String id(String userName, String token) throws Exception {
    var found = wire.get(admin("users?exact=true&username=" + userName), "Authorization", token);
    return first(found).string("id").orElseThrow();
  }

  private URI admin(String path) {
    return URI.create(origin + "/admin/realms/acme/" + path);
  }

  private String adminToken() throws Exception {
    var form =
        Form.builder()
            .add("grant_type", "password")
            .add("client_id", "admin-cli")
            .add("username", ADMIN)
            .add("password", ADMIN_PASSWORD)
            .build();
    var token = URI.create(origin + "/realms/master/protocol/openid-connect/token");
    return "Bearer " + wire.post(token, form).json().string("access_token").orElseThrow();
  }

  private static String realm(String redirectUri) {
    return """
    {"realm": "acme", "enabled": true, "sslRequired": "all",
     "groups": [{"name": "engineering"}, {"name": "sales"}],
     "clients": [{
       "clientId": "%s", "secret": "%s", "publicClient": false,
       "standardFlowEnabled": true, "directAccessGrantsEnabled": false,
       "redirectUris": ["%s"],
       "attributes": {
         "pkce.code.challenge.method": "S256",
         "backchannel.logout.url": "%s",
         "backchannel.logout.session.required": "true"},
       "protocolMappers": [{
         "name": "groups", "protocol": "openid-connect",
         "protocolMapper": "oidc-group-membership-mapper",
         "config": {"claim.name": "groups", "full.path": "false", "id.token.claim": "true"}}]},
       %s, %s]}
    """
        .formatted(
            CLIENT,
            CLIENT_SECRET,
            redirectUri,
            redirectUri.replace("/callback/", "/backchannel-logout/"),
            samlClient(
                redirectUri.replace("/callback/", "/saml/") + "/metadata",
                redirectUri.replace("/callback/", "/saml/") + "/acs",
                """
                "saml_single_logout_service_url_post": "%s/logout",
                "saml.server.signature": "true", "saml.assertion.signature": "false",
                """
                    .formatted(redirectUri.replace("/callback/", "/saml/"))),
            samlClient(
                APPLICATION,
                APPLICATION_ACS,
                """
                "saml_idp_initiated_sso_url_name": "app",
                "saml.server.signature": "false", "saml.assertion.signature": "true",
                """));
  }

  /// A service provider: signs nothing itself, wants nothing encrypted, is told who somebody is.
  private static String samlClient(String entityId, String acs, String attributes) {
    return """
    {
       "clientId": "%1$s", "protocol": "saml", "enabled": true, "frontchannelLogout": false,
       "redirectUris": ["%2$s"],
       "attributes": {
         %3$s
         "saml_assertion_consumer_url_post": "%2$s",
         "saml_name_id_format": "persistent", "saml.authnstatement": "true",
         "saml.signature.algorithm": "RSA_SHA256", "saml.client.signature": "false",
         "saml.force.post.binding": "true", "saml.encrypt": "false"},
       "protocolMappers": [%4$s, %5$s, %6$s, {
         "name": "groups", "protocol": "saml",
         "protocolMapper": "saml-group-membership-mapper",
         "config": {"attribute.name": "groups", "attribute.nameformat": "Basic",
           "single": "true", "full.path": "false"}}]}
    """
        .formatted(
            entityId,
            acs,
            attributes,
            samlProperty("id", "id"),
            samlProperty("username", "uid"),
            samlProperty("email", "mail"));
  }

  private static String samlProperty(String property, String attribute) {
    return """
    {"name": "%2$s", "protocol": "saml", "protocolMapper": "saml-user-property-mapper",
     "config": {"user.attribute": "%1$s", "attribute.name": "%2$s",
       "attribute.nameformat": "Basic"}}
    """
        .formatted(property, attribute);
  }

  @Override
  public void close() throws InterruptedException {
    process.close();
    wire.close();
  }
}
