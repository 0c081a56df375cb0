package dev.lanyard.server.authorization;

import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.server.authorization.UpstreamSignInEndpoint.Entrance;
import dev.lanyard.server.authorization.upstream.SamlUpstream;
import dev.lanyard.server.authorization.upstream.Upstream;
import dev.lanyard.server.authorization.upstream.UpstreamPeople;
import dev.lanyard.server.directory.Directory;
import dev.lanyard.server.http.Access;
import dev.lanyard.server.http.Request;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.http.Route;
import dev.lanyard.server.revocation.GroupChanges;
import dev.lanyard.server.revocation.ProfileChanges;
import dev.lanyard.server.revocation.Revocation;
import dev.lanyard.server.sessions.UpstreamSignInStore;
import dev.lanyard.server.token.Paths;
import dev.lanyard.server.token.Platform;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The providers upstream of a server, each with how it is spoken to and who comes from there, and
/// their routes.
final class Upstreams {
  /// Somebody in a thousand groups has a large assertion.
  private static final int LARGEST_ANSWER = 1024 * 1024;

  private static final String SAML_METADATA = "application/samlmetadata+xml";

  private final Map<String, Entrance> entrances = new LinkedHashMap<>();
  private final Map<String, SamlUpstream> saml = new LinkedHashMap<>();
  private final Map<String, AssertionSignIn.Provider> providers = new HashMap<>();
  private final Issuer self;
  private final Revocation revocation;
  private final Platform platform;
  private final boolean redirecting;

  Upstreams(
      SignInWays ways, Issuer self, Directory directory, Revocation revocation, Platform platform) {
    this.self = self;
    this.revocation = revocation;
    this.platform = platform;
    this.redirecting = !ways.providers().isEmpty();
    var profiles = new ProfileChanges(platform.database(), directory, revocation, platform.clock());
    var groups = new GroupChanges(platform.database(), directory, revocation, platform.clock());
    for (var way : ways.providers()) {
      entrances.put(
          way.config().id(),
          new Entrance(
              new Upstream(
                  way.config(),
                  ways.addresses(way.config().id()),
                  Paths.at(self, Paths.CALLBACK + "/" + way.config().id()),
                  platform.egress(),
                  platform.skew(),
                  platform.clock()),
              new UpstreamPeople(way.organisation(), directory, profiles, groups)));
    }
    for (var way : ways.saml()) {
      var upstream =
          new SamlUpstream(
              way.config(), way.organisation(), ways.addresses(way.config().id()), self, platform);
      var people = new UpstreamPeople(way.organisation(), directory, profiles, groups);
      saml.put(upstream.id(), upstream);
      entrances.put(upstream.id(), new Entrance(upstream, people));
      providers.put(
          way.config().provider().entityId(), new AssertionSignIn.Provider(upstream, people));
    }
  }

  /// Sign-ins by assertions that applications present.
  ///
  /// @param parts what begins sessions
  AssertionSignIn newAssertions(AssertionSignIn.Parts parts) {
    return new AssertionSignIn(providers, parts);
  }

  /// The routes, below the path of the issuer; none if there is no provider.
  List<Route> routes(AuthorizeEndpoint authorize, SignInCompletion signIn, Browser browser) {
    if (entrances.isEmpty()) {
      return List.of();
    }
    var signIns =
        new UpstreamSignInEndpoint(
            entrances,
            new UpstreamSignInStore(platform.database(), self),
            authorize,
            signIn,
            browser,
            platform.skew(),
            platform.clock());
    var routes = new ArrayList<Route>();
    routes.add(Route.get(Paths.LOGIN + "/{upstream}", Access.SESSION, signIns::begin));
    if (redirecting) {
      routes.add(Route.get(Paths.CALLBACK + "/{upstream}", Access.SESSION, signIns::finish));
    }
    if (!saml.isEmpty()) {
      var below = Paths.SAML + "/{upstream}";
      var logout = new SamlLogoutEndpoint(saml, revocation, platform);
      routes.add(
          Route.post(below + Paths.SAML_CONSUMER, Access.SESSION, signIns::consume)
              .bodyLimit(LARGEST_ANSWER));
      routes.add(Route.get(below + Paths.SAML_LOGOUT, Access.PUBLIC, logout::handle));
      routes.add(Route.post(below + Paths.SAML_LOGOUT, Access.PUBLIC, logout::handle));
      routes.add(Route.get(below + Paths.SAML_METADATA, Access.PUBLIC, this::metadata));
    }
    return routes;
  }

  /// What the administrator of a provider imports.
  private Response metadata(Request request) {
    return Optional.ofNullable(saml.get(request.pathParameter("upstream")))
        .map(upstream ->
            Response.bytes(
                200,
                SAML_METADATA,
                upstream.self().metadata(upstream.config().provider().signed())))
        .orElseGet(() -> Pages.error(404, "There is no such sign-in.", request.correlationId()));
  }
}
