package dev.lanyard.server.broker;

import dev.lanyard.protocol.idjag.IdJagClaims;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.server.authorization.SignInWays;
import dev.lanyard.server.authorization.upstream.HomeRealms;
import dev.lanyard.server.authorization.upstream.SamlUpstreamConfig;
import dev.lanyard.server.authorization.upstream.UpstreamConfig;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What the broker is told.
///
/// @param issuer its identifier; what is served lies below this URL
/// @param organisation whose people it signs in
/// @param lives how long what it issues is good for
/// @param signIn how people sign in
/// @param contact whom people are told to ask
/// @param exchange what token exchange is told beside the role library
/// @param pushedRequestsOnly whether every client has to push its authorization requests
public record BrokerConfig(
    Issuer issuer,
    String organisation,
    Lives lives,
    SignIn signIn,
    Contact contact,
    ExchangeConfig exchange,
    boolean pushedRequestsOnly) {

  public BrokerConfig {
    if (organisation.isBlank()) {
      throw new IllegalArgumentException("broker.organisation must not be empty");
    }
    checkNameIds(signIn, exchange);
    var providers = signIn.upstreams().stream().map(UpstreamConfig::id).toList();
    for (var tokens : exchange.upstreamTokens()) {
      if (!providers.contains(tokens.upstream())) {
        throw new IllegalArgumentException(
            "broker.exchange.upstream_id_tokens: there is no upstream '"
                + tokens.upstream()
                + "' in broker.sign_in.upstreams");
      }
    }
  }

  /// The NameID of a provider is known only where it is what means a person there.
  private static void checkNameIds(SignIn signIn, ExchangeConfig exchange) {
    for (var audience : exchange.audiences()) {
      audience
          .nameId()
          .filter(source -> source.from() == NameIdSource.From.NAME_ID)
          .filter(source ->
              signIn.samlUpstreams().stream()
                  .noneMatch(upstream ->
                      upstream.provider().entityId().equals(source.entityId())
                          && upstream.people().subject().isEmpty()))
          .ifPresent(source -> {
            throw new IllegalArgumentException(
                "broker.exchange.audiences.sub_id.from: name_id needs a SAML upstream with the"
                    + " entity_id '"
                    + source.entityId()
                    + "' and without subject_attribute");
          });
    }
  }

  /// The provider upstream with this id.
  Optional<UpstreamConfig> upstream(String id) {
    return signIn.upstreams().stream().filter(one -> one.id().equals(id)).findFirst();
  }

  /// How people sign in, with whose people they are.
  public SignInWays ways() {
    return new SignInWays(
        signIn.localPeople() ? Optional.of(organisation) : Optional.empty(),
        signIn.upstreams().stream()
            .map(upstream -> new SignInWays.Provider(upstream, organisation))
            .toList(),
        signIn.samlUpstreams().stream()
            .map(upstream -> new SignInWays.SamlProvider(upstream, organisation))
            .toList(),
        signIn.realms());
  }

  /// How long things live.
  ///
  /// @param idToken real clients throw everything else away, so this is how often people sign in
  /// @param idJag a few minutes: it is redeemed at once (IDP-32)
  /// @param session how long a browser stays signed in
  /// @param refreshToken how long a client may renew without the person; rotating does not prolong
  ///   it
  public record Lives(Duration idToken, Duration idJag, Duration session, Duration refreshToken) {
    /// A working day, 5 minutes, 12 hours, 30 days.
    public static final Lives DEFAULT =
        new Lives(
            Duration.ofHours(8), Duration.ofMinutes(5), Duration.ofHours(12), Duration.ofDays(30));

    public Lives {
      between("broker.id_token_life", idToken, Duration.ofMinutes(1), Duration.ofHours(24));
      between("broker.id_jag_life", idJag, Duration.ofSeconds(10), IdJagClaims.MAX_LIFE);
      between("broker.session_life", session, Duration.ofMinutes(1), Duration.ofDays(30));
      between("broker.refresh_token_life", refreshToken, session, Duration.ofDays(366));
    }

    private static void between(String property, Duration life, Duration least, Duration most) {
      if (life.compareTo(least) < 0 || life.compareTo(most) > 0) {
        throw new IllegalArgumentException(
            property + " must be between " + least + " and " + most + ", not " + life);
      }
    }
  }

  /// How people sign in.
  ///
  /// @param localPeople whether with a password of ours
  /// @param upstreams the OpenID Providers that sign people in for us
  /// @param samlUpstreams the SAML providers that do
  /// @param realms which of them signs in whom, by the domain of their address
  public record SignIn(
      boolean localPeople,
      List<UpstreamConfig> upstreams,
      List<SamlUpstreamConfig> samlUpstreams,
      HomeRealms realms) {
    /// Passwords of ours only.
    public static final SignIn LOCAL = new SignIn(true, List.of());

    /// Whoever comes chooses, and nobody comes from a SAML provider.
    public SignIn(boolean localPeople, List<UpstreamConfig> upstreams) {
      this(localPeople, upstreams, HomeRealms.NONE);
    }

    /// Nobody comes from a SAML provider.
    public SignIn(boolean localPeople, List<UpstreamConfig> upstreams, HomeRealms realms) {
      this(localPeople, upstreams, List.of(), realms);
    }

    public SignIn {
      upstreams = List.copyOf(upstreams);
      samlUpstreams = List.copyOf(samlUpstreams);
      if (!localPeople && upstreams.isEmpty() && samlUpstreams.isEmpty()) {
        throw new IllegalArgumentException(
            "broker.sign_in lets nobody in: set local_people or name an upstream");
      }
      unique(names(upstreams, samlUpstreams));
      // By its entity id a provider is found whose assertion somebody presents.
      unique(samlUpstreams.stream().map(upstream -> upstream.provider().entityId()));
    }

    /// By which its providers are known.
    public Set<String> ids() {
      return names(upstreams, samlUpstreams).collect(Collectors.toUnmodifiableSet());
    }

    private static Stream<String> names(
        List<UpstreamConfig> upstreams, List<SamlUpstreamConfig> samlUpstreams) {
      return Stream.concat(
          upstreams.stream().map(UpstreamConfig::id),
          samlUpstreams.stream().map(SamlUpstreamConfig::id));
    }

    private static void unique(Stream<String> names) {
      var seen = new HashSet<String>();
      names.forEach(name -> {
        if (!seen.add(name)) {
          throw new IllegalArgumentException("broker.sign_in.upstreams names '" + name + "' twice");
        }
      });
    }
  }
}
