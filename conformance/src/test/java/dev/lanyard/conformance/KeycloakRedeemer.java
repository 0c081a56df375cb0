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
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// Keycloak as a redeemer of ID-JAGs, with its experimental features switched on: a process of its
/// own with an in-memory database, on loopback, with a realm that trusts one issuer.
final class KeycloakRedeemer implements AutoCloseable {
  private static final Path DISTRIBUTION = Path.of("target", "keycloak").toAbsolutePath();
  private static final Duration START_LIMIT = Duration.ofMinutes(8);
  private static final String FEATURES =
      "jwt-authorization-grant,identity-assertion-jwt,resource-indicators,dpop";
  private static final String SUBJECT = "external-id-999";

  private final Process process;
  private final Issuer issuer;

  private KeycloakRedeemer(Process process, Issuer issuer) {
    this.process = process;
    this.issuer = issuer;
  }

  /// Starts it and waits until it answers.
  ///
  /// @param provider whose ID-JAGs it is to redeem
  static KeycloakRedeemer start(int port, Issuer provider, Wire wire, Path log)
      throws IOException, InterruptedException {
    var home = home();
    var realm = Files.createDirectories(home.resolve("data/import")).resolve("suite-realm.json");
    Files.writeString(realm, realm(provider));
    var builder =
        new ProcessBuilder(
                home.resolve("bin/kc.sh").toString(),
                "start-dev",
                "--db=dev-mem",
                "--import-realm",
                "--features=" + FEATURES,
                "--http-host=127.0.0.1",
                "--http-port=" + port,
                "--hostname=http://127.0.0.1:" + port)
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().put("JAVA_OPTS_APPEND", "-Xmx512m");
    var issuer = new Issuer("http://127.0.0.1:" + port + "/realms/suite");
    var keycloak = new KeycloakRedeemer(builder.start(), issuer);
    keycloak.awaitReady(wire, log);
    return keycloak;
  }

  private static Path home() throws IOException {
    if (!Files.isDirectory(DISTRIBUTION)) {
      throw new AssertionError(DISTRIBUTION + " is missing: run Maven with -Pforeign");
    }
    try (var folders = Files.list(DISTRIBUTION)) {
      return folders.filter(Files::isDirectory).findFirst().orElseThrow();
    }
  }

  private void awaitReady(Wire wire, Path log) throws IOException, InterruptedException {
    long giveUp = System.nanoTime() + START_LIMIT.toNanos();
    while (!answers(wire)) {
      if (!process.isAlive() || System.nanoTime() > giveUp) {
        close();
        throw new AssertionError("Keycloak did not start:\n" + Files.readString(log));
      }
      Thread.sleep(500);
    }
  }

  private boolean answers(Wire wire) {
    try {
      var metadata = URI.create(issuer + "/.well-known/openid-configuration");
      return wire.get(metadata).status() == 200;
    } catch (UnusableAnswer e) {
      return false;
    }
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
    // The process is a shell around the server; it would pass the signal on, but not always.
    var server = List.copyOf(process.descendants().toList());
    server.forEach(ProcessHandle::destroy);
    process.destroy();
    if (!process.waitFor(20, TimeUnit.SECONDS)) {
      server.forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly().waitFor();
    }
  }
}
