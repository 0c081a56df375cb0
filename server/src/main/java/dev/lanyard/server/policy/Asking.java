package dev.lanyard.server.policy;

import dev.lanyard.protocol.claims.AuthenticationContext;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.server.condition.Situation;
import java.time.Instant;
import java.util.Collection;
import java.util.Optional;

/// Who asks, through what, when: all of a request but what it asks for.
///
/// @param at when it is decided
/// @param now what conditions call so
/// @param tool empty where the question is not about a tool
record Asking(
    Member member,
    ClientId clientId,
    String connector,
    Optional<String> tool,
    AuthenticationContext authentication,
    Instant at,
    Instant now)
    implements Situation {

  Asking(
      Member member,
      ClientId clientId,
      String connector,
      Optional<String> tool,
      AuthenticationContext authentication,
      Instant now) {
    this(member, clientId, connector, tool, authentication, now, now);
  }

  static Asking of(AccessRequest request, String connector) {
    return new Asking(
        request.member(),
        request.client(),
        connector,
        Optional.empty(),
        request.authentication(),
        request.at(),
        request.asked());
  }

  static Asking of(ToolRequest request) {
    return new Asking(
        request.member(),
        request.client(),
        request.connector(),
        Optional.of(request.tool()),
        request.authentication(),
        request.at());
  }

  @Override
  public String personId() {
    return member.id();
  }

  @Override
  public Optional<String> userName() {
    return member.userName();
  }

  @Override
  public Optional<String> email() {
    return member.email().isEmpty()
        ? Optional.of("")
        : member.email().filter(_ -> member.emailVerified());
  }

  @Override
  public Collection<String> groups() {
    return member.groups();
  }

  @Override
  public String client() {
    return clientId.value();
  }
}
