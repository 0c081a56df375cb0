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

/// Keycloak as a redeemer of ID-JAGs, with its experimental features switched on: a process of its
/// own with an in-memory database, on loopback, with a realm that trusts one issuer.
final class KeycloakRedeemer implements AutoCloseable {
  private static final String SUBJECT = "external-id-999";

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
    var origin = "http://127.0.0.1:" + port;
    var issuer = new Issuer(origin + "/realms/suite");
    var process =
        KeycloakProcess.start(
            folder,
            "suite",
            realm(provider),
            List.of(
                "--http-enabled=true",
                "--http-host=127.0.0.1",
                "--http-port=" + port,
                "--hostname=" + origin),
            Map.of(),
            () -> answers(issuer, wire));
    return new KeycloakRedeemer(process, issuer);
  }

  private static boolean answers(Issuer issuer, Wire wire) {
    try {
      var metadata = URI.create(issuer + "/.well-known/openid-configuration");
      return wire.get(metadata).status() == 200;
    } catch (UnusableAnswer e) {
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
        new ClientId(id), new Secret("secret-of-" + id), Credentials.Method.CLIENT_SECRET_BASIC);
  }

  private static String realm(Issuer provider) {
    return """
    {"realm": "suite", "enabled": true, "sslRequired": "none", "accessTokenLifespan": 300,
     "defaultSignatureAlgorithm": "ES256",
     "identityProviders": [{
       "alias": "id-jag", "providerId": "oidc", "enabled": true,
       "config": {
         "issuer": "%1$s", "authorizationUrl": "%1$s/authorize", "tokenUrl": "%1$s/token",
         "jwksUrl": "%1$s/jwks", "useJwksUrl": "true", "validateSignature": "true",
         "clientId": "receiver", "clientSecret": "unused",
         "jwtAuthorizationGrantEnabled": "true",
         "jwtAuthorizationGrantAssertionReuseAllowed": "false",
         "jwtAuthorizationGrantMaxAllowedAssertionExpiration": "300"}}],
     "clients": [%2$s, %3$s],
     "users": [{
       "username": "alice", "email": "alice@example.com", "emailVerified": true,
       "firstName": "Alice", "lastName": "Example", "enabled": true,
       "federatedIdentities": [
         {"identityProvider": "id-jag", "userId": "%4$s", "userName": "alice"}]}]}
    """
        .formatted(provider, registered("suite-client"), registered("other-client"), SUBJECT);
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
