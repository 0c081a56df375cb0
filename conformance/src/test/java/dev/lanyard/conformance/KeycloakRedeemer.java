package dev.lanyard.conformance;

import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.suite.Credentials;
import dev.lanyard.suite.Members;
import dev.lanyard.suite.UnusableAnswer;
import dev.lanyard.suite.Wire;
import dev.lanyard.suite.redeemer.RedeemerSettings;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// Keycloak as a redeemer of ID-JAGs, with its experimental features switched on: a process of its
/// own with an in-memory database, on loopback, with a realm that trusts one issuer.
final class KeycloakRedeemer implements AutoCloseable {
  private static final String SUBJECT = "external-id-999";

  /// Without resource indicators: with them, 26.7.3 fails within itself on every redemption that
  /// repeats the resource, and says `invalid_grant`. Without them it takes no notice of it.
  private static final String FEATURES = "jwt-authorization-grant,identity-assertion-jwt";

  private final KeycloakProcess process;
  private final Issuer issuer;

  private KeycloakRedeemer(KeycloakProcess process, Issuer issuer) {
    this.process = process;
    this.issuer = issuer;
  }

  /// Starts it and waits until it answers.
  ///
  /// @param provider whose ID-JAGs it is to redeem
  static KeycloakRedeemer start(int port, Issuer provider, Wire wire, Path folder)
      throws IOException, InterruptedException {
    var clients = List.of(registered("suite-client"), registered("other-client"));
    return start(
        port, realm(provider, provider + "/jwks", SUBJECT, clients), List.of(), wire, folder);
  }

  /// Starts one that trusts the broker of an installation and knows one of its people.
  ///
  /// @param subject what the broker calls that person
  static KeycloakRedeemer startTrusting(Installation lanyard, int port, String subject, Path folder)
      throws Exception {
    var metadata = URI.create(lanyard.broker() + "/.well-known/openid-configuration");
    var keys = lanyard.wire().get(metadata).json().string("jwks_uri").orElseThrow();
    return start(
        port,
        realm(new Issuer(lanyard.broker()), keys, subject, List.of(registered("suite-client"))),
        List.of(
            "--db=dev-mem",
            "--features=" + FEATURES,
            "--truststore-paths=" + lanyard.certificates().authority()),
        new Wire(List.of()),
        folder);
  }

  private static KeycloakRedeemer start(
      int port, String realm, List<String> further, Wire wire, Path folder)
      throws IOException, InterruptedException {
    var issuer = new Issuer(issuer(port));
    var options =
        Stream.concat(
            Stream.of(
                "--http-enabled=true",
                "--http-host=127.0.0.1",
                "--http-port=" + port,
                "--hostname=http://127.0.0.1:" + port),
            further.stream());
    var process =
        KeycloakProcess.start(
            folder, "suite", realm, options.toList(), Map.of(), () -> answers(issuer, wire));
    return new KeycloakRedeemer(process, issuer);
  }

  /// What the redeemer at a port is called.
  static String issuer(int port) {
    return "http://127.0.0.1:" + port + "/realms/suite";
  }

  /// What its client has been given.
  static String secret(String client) {
    return "secret-of-" + client;
  }

  private static boolean answers(Issuer issuer, Wire wire) {
    try {
      var metadata = URI.create(issuer + "/.well-known/openid-configuration");
      return wire.get(metadata).status() == 200;
    } catch (UnusableAnswer e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  Issuer issuer() {
    return issuer;
  }

  /// What the suite has to know of it.
  RedeemerSettings settings(Issuer provider) {
    return new RedeemerSettings(
        issuer,
        client("suite-client"),
        Optional.of(client("other-client")),
        provider,
        Members.member("sub", SUBJECT),
        new RedeemerSettings.Target(
            new ResourceIndicator("https://mcp.example/mcp"), Scopes.of("profile", "email")),
        Optional.empty(),
        Optional.empty(),
        RedeemerSettings.Behaviour.STRICT);
  }

  private static Credentials client(String id) {
    return new Credentials(
        new ClientId(id), new Secret(secret(id)), Credentials.Method.CLIENT_SECRET_BASIC);
  }

  private static String realm(Issuer provider, String keys, String subject, List<String> clients) {
    return """
    {"realm": "suite", "enabled": true, "sslRequired": "none", "accessTokenLifespan": 300,
     "defaultSignatureAlgorithm": "ES256",
     "identityProviders": [{
       "alias": "id-jag", "providerId": "oidc", "enabled": true,
       "config": {
         "issuer": "%1$s", "authorizationUrl": "%1$s/authorize", "tokenUrl": "%1$s/token",
         "jwksUrl": "%2$s", "useJwksUrl": "true", "validateSignature": "true",
         "clientId": "receiver", "clientSecret": "unused",
         "jwtAuthorizationGrantEnabled": "true",
         "jwtAuthorizationGrantAssertionReuseAllowed": "false",
         "jwtAuthorizationGrantMaxAllowedAssertionExpiration": "300"}}],
     "clients": [%4$s],
     "users": [{
       "username": "alice", "email": "alice@example.com", "emailVerified": true,
       "firstName": "Alice", "lastName": "Example", "enabled": true,
       "federatedIdentities": [
         {"identityProvider": "id-jag", "userId": "%3$s", "userName": "alice"}]}]}
    """
        .formatted(provider, keys, subject, String.join(", ", clients));
  }

  private static String registered(String id) {
    return """
    {"clientId": "%1$s", "secret": "secret-of-%1$s", "enabled": true, "publicClient": false,
     "serviceAccountsEnabled": true, "standardFlowEnabled": false,
     "attributes": {
       "oauth2.jwt.authorization.grant.enabled": "true",
       "oauth2.jwt.authorization.grant.idp": "id-jag"}}
    """
        .formatted(id);
  }

  @Override
  public void close() throws InterruptedException {
    process.close();
  }
}
