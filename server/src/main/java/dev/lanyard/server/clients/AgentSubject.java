package dev.lanyard.server.clients;

import dev.lanyard.protocol.oauth.ClientId;

/// What `sub` says in the tokens of a client that acts for itself, without a person.
public final class AgentSubject {
  /// No id of a person has a colon in it, so that no client is ever taken for one (AC-20).
  private static final String PREFIX = "client:";

  private AgentSubject() {}

  public static String of(ClientId client) {
    return PREFIX + client.value();
  }

  /// Whether a `sub` is that of a client and not that of a person.
  public static boolean isOne(String subject) {
    return subject.startsWith(PREFIX);
  }
}
