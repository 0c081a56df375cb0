package dev.lanyard.server.clients;

import dev.lanyard.protocol.jose.SigningAlgorithm;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.GrantType;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.protocol.oauth.Scopes;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// A client as it is registered at one authorization server. Immutable.
///
/// @param name for people
/// @param permissions what it may do
/// @param redirectUris where its users may come back to
/// @param idsAt what it is called at resource authorization servers (IDP-34)
/// @param logout how it wants to hear that a session has ended, if it does
/// @param openId what it is as a relying party of OpenID Connect
public record Client(
    ClientId id,
    String name,
    Credentials credentials,
    Permissions permissions,
    List<RedirectUri> redirectUris,
    Map<Issuer, IdsThere> idsAt,
    Optional<BackChannelLogout> logout,
    OpenId openId) {

  public Client {
    redirectUris = List.copyOf(redirectUris);
    idsAt = Map.copyOf(idsAt);
  }

  /// How a client wants to hear that a session has ended.
  ///
  /// @param uri where logout tokens are sent, each of which names the session
  /// @spec https://openid.net/specs/openid-connect-backchannel-1_0.html#BCRegistration OpenID
  ///   Connect Back-Channel Logout 1.0 §2.2 (BCL-6)
  public record BackChannelLogout(URI uri) {

    /// @throws IllegalArgumentException if the URI is none that a logout token may be sent to
    public BackChannelLogout {
      if (uri.getHost() == null
          || !("https".equals(uri.getScheme()) || "http".equals(uri.getScheme()))
          || uri.getRawFragment() != null) {
        throw new IllegalArgumentException(
            "backchannel_logout_uri must be an https URL without fragment, not " + uri);
      }
    }
  }

  /// What a client is as a relying party.
  ///
  /// @param idTokenLife how long its ID Tokens live, if not as long as those of others: a working
  ///   day for a client that keeps nothing else
  /// @param postLogoutRedirectUris where its users may come back to after a sign-out
  /// @param idTokenAlgorithm what its ID Tokens are signed with, if not with the usual
  /// @param userInfoAlgorithm what answers of UserInfo to it are signed with; unsigned if empty
  /// @param sector where people have names that no other sector knows; empty if they are known to
  ///   it by the same `sub` as to every other
  /// @spec https://openid.net/specs/openid-connect-rpinitiated-1_0.html#ClientMetadata RP-Initiated
  ///   Logout 1.0 §3.1
  public record OpenId(
      Optional<Duration> idTokenLife,
      List<RedirectUri> postLogoutRedirectUris,
      Optional<SigningAlgorithm> idTokenAlgorithm,
      Optional<SigningAlgorithm> userInfoAlgorithm,
      Optional<String> sector) {
    /// Nothing in particular.
    public static final OpenId NONE =
        new OpenId(
            Optional.empty(), List.of(), Optional.empty(), Optional.empty(), Optional.empty());

    private static final Duration LEAST = Duration.ofMinutes(1);
    private static final Duration MOST = Duration.ofHours(24);

    /// @throws IllegalArgumentException if ID Tokens would live longer than a day or no minute
    public OpenId {
      postLogoutRedirectUris = List.copyOf(postLogoutRedirectUris);
      idTokenLife.ifPresent(life -> {
        if (life.compareTo(LEAST) < 0 || life.compareTo(MOST) > 0) {
          throw new IllegalArgumentException("must be between 1m and 24h, not " + life);
        }
      });
    }

    /// Whether users may be sent back there after a sign-out (AC-13).
    ///
    /// @param uri as it was sent
    public boolean allowsReturnTo(String uri) {
      return postLogoutRedirectUris.stream().anyMatch(registered -> registered.matches(uri));
    }
  }

  /// What a client may do.
  ///
  /// @param grants the grant types it may use
  /// @param mayIntrospect it is the resource server of these, and may introspect tokens for them
  /// @param mayExchangeFor it is the resource server of these, and may exchange the access tokens
  ///   that its callers show it
  /// @param dpopRequired whether every token for it must be bound to a key
  /// @param pushedRequestsOnly whether its authorization requests count only if it has pushed them
  ///   (AC-15)
  /// @param administration for what people may use the JSON API of administrators through it;
  ///   nothing for everybody of whom the configuration does not say it
  public record Permissions(
      Set<GrantType> grants,
      Set<ResourceIndicator> mayIntrospect,
      Set<ResourceIndicator> mayExchangeFor,
      boolean dpopRequired,
      boolean pushedRequestsOnly,
      Set<ApiScope> administration) {
    /// It is nobody's resource server.
    public Permissions(Set<GrantType> grants, boolean dpopRequired, boolean pushedRequestsOnly) {
      this(grants, Set.of(), Set.of(), dpopRequired, pushedRequestsOnly, Set.of());
    }

    public Permissions {
      mayExchangeFor = Set.copyOf(mayExchangeFor);
      grants = Set.copyOf(grants);
      mayIntrospect = Set.copyOf(mayIntrospect);
      administration = Set.copyOf(administration);
    }
  }

  /// Whether it may have tokens of its own, without a person.
  public boolean mayActForItself() {
    return isConfidential() && grantTypes().contains(GrantType.CLIENT_CREDENTIALS);
  }

  /// Whether it may exchange people's tokens.
  public boolean mayExchange() {
    return isConfidential() && grantTypes().contains(GrantType.TOKEN_EXCHANGE);
  }

  /// Whether what it proves is enough to redeem assertions. A public client proves nothing, and
  /// whoever has its assertion could redeem it. Hosted MCP clients have no secret all the same:
  /// they are known by the URL of their metadata document, which an administrator registered here
  /// or on whose host they allow such documents, and the issuer signed it into `client_id` (RAS-2).
  public boolean mayRedeem() {
    return isConfidential() || id.value().startsWith("https://");
  }

  public Set<GrantType> grantTypes() {
    return permissions.grants();
  }

  public boolean dpopRequired() {
    return permissions.dpopRequired();
  }

  public boolean pushedRequestsOnly() {
    return permissions.pushedRequestsOnly();
  }

  /// What a token for the JSON API of administrators may be good for that somebody gets through it.
  public Scopes administration() {
    return Scopes.of(permissions.administration().stream().map(ApiScope::value).toList());
  }

  public boolean mayIntrospect(ResourceIndicator resource) {
    return permissions.mayIntrospect().contains(resource);
  }

  /// Whose callers' access tokens it may exchange.
  public Set<ResourceIndicator> mayExchangeFor() {
    return permissions.mayExchangeFor();
  }

  /// Whether the client proves its identity; a public one does not.
  public boolean isConfidential() {
    return credentials.isConfidential();
  }

  /// Whether users may be sent back there (AC-4).
  ///
  /// @param redirectUri as it was sent
  public boolean allowsRedirectTo(String redirectUri) {
    return redirectUris.stream().anyMatch(registered -> registered.matches(redirectUri));
  }

  /// What the client is called at a resource authorization server; empty if nobody has said so,
  /// which is a refusal and never a guess. The URL of a metadata document is its name everywhere
  /// (IDP-34).
  ///
  /// @param tenant of that server's, whose people it comes with; empty if it has none
  public Optional<ClientId> idAt(Issuer resourceAuthorizationServer, Optional<String> tenant) {
    var said = idsAt.get(resourceAuthorizationServer);
    return said == null ? shared() : said.in(tenant);
  }

  /// Each name that it has there, in whatever tenant.
  public Set<ClientId> idsAt(Issuer resourceAuthorizationServer) {
    var said = idsAt.get(resourceAuthorizationServer);
    return said == null ? shared().map(Set::of).orElse(Set.of()) : said.all();
  }

  private Optional<ClientId> shared() {
    return id.value().startsWith("https://") ? Optional.of(id) : Optional.empty();
  }
}
