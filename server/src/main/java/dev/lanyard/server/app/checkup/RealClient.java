package dev.lanyard.server.app.checkup;

import dev.lanyard.protocol.oauth.GrantType;
import dev.lanyard.server.clients.AuthMethod;
import dev.lanyard.server.clients.Client;
import java.util.List;
import java.util.Set;

/// The MCP clients that there are, as they behave on the wire: what each needs of the servers that
/// it talks to. Observed in November 2026.
public enum RealClient {
  /// Needs HTTPS everywhere and keeps the ID token only. At the broker it redeems the code by Basic
  /// and exchanges with its secret in the body; at the resource authorization server it proves
  /// itself by Basic, unless that offers the body only.
  CLAUDE_CODE(
      "Claude Code",
      Set.of(AuthMethod.CLIENT_SECRET_BASIC, AuthMethod.CLIENT_SECRET_POST),
      Set.of(AuthMethod.CLIENT_SECRET_BASIC, AuthMethod.CLIENT_SECRET_POST),
      Set.of(AuthMethod.CLIENT_SECRET_BASIC),
      List.of("http://localhost:3118/callback"),
      Set.of(GrantType.AUTHORIZATION_CODE, GrantType.TOKEN_EXCHANGE)),

  /// Never sends Basic, and wants a new ID token at each renewal.
  VSCODE(
      "VS Code",
      Set.of(AuthMethod.CLIENT_SECRET_POST),
      Set.of(AuthMethod.CLIENT_SECRET_POST, AuthMethod.NONE),
      Set.of(AuthMethod.CLIENT_SECRET_POST, AuthMethod.NONE),
      List.of("http://127.0.0.1:33418/", "https://vscode.dev/redirect"),
      Set.of(GrantType.AUTHORIZATION_CODE, GrantType.REFRESH_TOKEN, GrantType.TOKEN_EXCHANGE)),

  /// Comes to the resource authorization server only, by the URL of its metadata document or with
  /// credentials that its vendor holds; its identity provider is asked by other means.
  HOSTED_CLAUDE(
      "hosted Claude",
      Set.of(),
      Set.of(
          AuthMethod.NONE,
          AuthMethod.CLIENT_SECRET_BASIC,
          AuthMethod.CLIENT_SECRET_POST,
          AuthMethod.PRIVATE_KEY_JWT),
      Set.of(AuthMethod.values()),
      List.of(),
      Set.of());

  private final String title;
  private final Set<AuthMethod> atBroker;
  private final Set<AuthMethod> atServer;
  private final Set<AuthMethod> ofItsChoice;
  private final List<String> redirects;
  private final Set<GrantType> grants;

  RealClient(
      String title,
      Set<AuthMethod> atBroker,
      Set<AuthMethod> atServer,
      Set<AuthMethod> ofItsChoice,
      List<String> redirects,
      Set<GrantType> grants) {
    this.title = title;
    this.atBroker = atBroker;
    this.atServer = atServer;
    this.ofItsChoice = ofItsChoice;
    this.redirects = redirects;
    this.grants = grants;
  }

  String title() {
    return title;
  }

  /// Whether it signs people in at the broker itself.
  boolean comesToBroker() {
    return !redirects.isEmpty();
  }

  /// The ways in which it proves who it is at the broker; it uses each of them.
  Set<AuthMethod> methodsAtBroker() {
    return atBroker;
  }

  /// The ways in which it can prove who it is at a resource authorization server; one of them must
  /// be offered.
  Set<AuthMethod> methodsAtServer() {
    return atServer;
  }

  /// Of those the ones that it uses where all are offered, as our own server does: its registration
  /// there must have one of them.
  Set<AuthMethod> methodsOfItsChoice() {
    return ofItsChoice;
  }

  /// Where its users come back to; the port of a loopback address is whatever is free.
  List<String> redirects() {
    return redirects;
  }

  /// Whether a registered client could be this one: its users may come back, and it may do what it
  /// does.
  boolean fits(Client client) {
    return comesToBroker()
        && redirects.stream().allMatch(client::allowsRedirectTo)
        && client.grantTypes().containsAll(grants)
        && client.credentials().methods().containsAll(atBroker);
  }

  Set<GrantType> grants() {
    return grants;
  }
}
