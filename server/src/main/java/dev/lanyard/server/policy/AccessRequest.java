package dev.lanyard.server.policy;

import dev.lanyard.protocol.claims.AuthenticationContext;
import dev.lanyard.protocol.oauth.AuthorizationDetails;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.server.library.Connector;
import java.time.Instant;
import java.util.List;

/// Whether somebody may reach something through a client.
///
/// @param member who asks
/// @param client the authenticated client at the broker
/// @param audience the registered issuer of the resource authorization server
/// @param resources what shall be reached; empty if the client did not say
/// @param scopes what was asked for; [Scopes#NONE] if the client did not say, which asks for
///   everything that policy gives
/// @param details the authorization details that were asked for; what is not asked for is not given
/// @param authentication how the person signed in
/// @param at now
/// @param asked the moment that conditions call `now`: for a look back, when the person asked
public record AccessRequest(
    Member member,
    ClientId client,
    Issuer audience,
    List<ResourceIndicator> resources,
    Scopes scopes,
    AuthorizationDetails details,
    AuthenticationContext authentication,
    Instant at,
    Instant asked) {
  /// Through which client somebody asks where every client is approved and none is meant.
  public static final ClientId ANY_CLIENT = new ClientId("any-client");

  /// A request of this moment.
  public AccessRequest(
      Member member,
      ClientId client,
      Issuer audience,
      List<ResourceIndicator> resources,
      Scopes scopes,
      AuthorizationDetails details,
      AuthenticationContext authentication,
      Instant at) {
    this(member, client, audience, resources, scopes, details, authentication, at, at);
  }

  /// A request without authorization details.
  public AccessRequest(
      Member member,
      ClientId client,
      Issuer audience,
      List<ResourceIndicator> resources,
      Scopes scopes,
      AuthenticationContext authentication,
      Instant at) {
    this(
        member, client, audience, resources, scopes, AuthorizationDetails.NONE, authentication, at);
  }

  /// The same, which conditions judge as they did at another moment. Exceptions that have ended
  /// since have ended.
  public AccessRequest askedAt(Instant then) {
    return new AccessRequest(
        member, client, audience, resources, scopes, details, authentication, at, then);
  }

  /// A request for everything of a connector.
  public static AccessRequest forAllOf(
      Connector connector,
      Member member,
      ClientId client,
      AuthenticationContext authentication,
      Instant at) {
    return new AccessRequest(
        member,
        client,
        connector.authorizationServer(),
        List.of(connector.resource()),
        Scopes.NONE,
        authentication,
        at);
  }

  public AccessRequest {
    resources =
        resources.size() < 2 ? List.copyOf(resources) : resources.stream().distinct().toList();
  }
}
