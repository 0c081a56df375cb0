package dev.lanyard.server.authorization;

import dev.lanyard.server.token.Paths;

/// A page of an authorization server that is about the person who opens it. They sign in for it as
/// for an application.
public enum OwnPage {
  /// What they have agreed to.
  CONSENTS(Paths.CONSENTS, "your access"),
  /// Their accounts at servers outside Enterprise-Managed Authorization.
  CONNECTIONS(Paths.CONNECTIONS, "your connections");

  private final String path;
  private final String title;

  OwnPage(String path, String title) {
    this.path = path;
    this.title = title;
  }

  /// Below the issuer.
  String path() {
    return path;
  }

  /// To what somebody continues who signs in for it.
  String title() {
    return title;
  }
}
