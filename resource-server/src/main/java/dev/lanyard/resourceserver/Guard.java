package dev.lanyard.resourceserver;

import dev.lanyard.protocol.accesstoken.AccessToken;
import dev.lanyard.protocol.accesstoken.AccessTokenValidator;
import dev.lanyard.protocol.accesstoken.AccessTokenVerdict;
import dev.lanyard.protocol.claims.ClockSkew;
import dev.lanyard.protocol.claims.Confirmation;
import dev.lanyard.protocol.claims.TrustedIssuer;
import dev.lanyard.protocol.claims.TrustedIssuers;
import dev.lanyard.protocol.dpop.DpopReplay;
import dev.lanyard.protocol.dpop.DpopRequest;
import dev.lanyard.protocol.dpop.DpopValidator;
import dev.lanyard.protocol.dpop.DpopVerdict;
import dev.lanyard.protocol.evidence.Evidence;
import dev.lanyard.protocol.jose.KeySource;
import dev.lanyard.protocol.jose.SigningAlgorithm;
import dev.lanyard.protocol.metadata.ProtectedResourceMetadata;
import dev.lanyard.protocol.oauth.AccessTokenType;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.resourceserver.Refusal.BadProof;
import dev.lanyard.resourceserver.Refusal.BadToken;
import dev.lanyard.resourceserver.TokenStatus.Status;
import dev.lanyard.resourceserver.Verdict.Admitted;
import dev.lanyard.resourceserver.Verdict.Refused;
import dev.lanyard.resourceserver.Verdict.Unavailable;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// Decides for every request whether it may be served.
///
/// In this order: one token in one place (RS-2, RS-5), the token valid for this resource (RS-6,
/// RS-7), its key proved if it is bound to one (RS-9), or shown on a connection with its
/// certificate (RS-10), not revoked (RS-13), and what the operation needs (RS-3, RS-11). There is
/// no session: every request is judged. Thread-safe.
///
/// @spec https://www.rfc-editor.org/rfc/rfc6750.html#section-2.1 RFC 6750 §2.1
public final class Guard {
  private final ProtectedResourceMetadata self;
  private final TrustedIssuers issuers;
  private final VerifiedTokens tokens;
  private final TokenStatus status;
  private final Optional<DpopValidator> dpop;
  private final ScopeCoverage coverage;
  private final Challenges challenges;
  private final InstantSource clock;

  /// A guard that takes JWTs only, and for which every scope stands for itself.
  public Guard(
      ProtectedResourceMetadata self,
      TrustedIssuers issuers,
      TokenStatus status,
      DpopReplay replay,
      InstantSource clock) {
    this(self, issuers, status, Optional.empty(), replay, ScopeCoverage.EXACT, clock);
  }

  /// @param self what this resource says of itself; only tokens of the authorization servers that
  ///   it names are taken, and DPoP is understood if it names algorithms
  /// @param issuers the keys of those authorization servers
  /// @param status whether a valid token was revoked
  /// @param opaque says what a token stands for that is no JWT; without it such tokens are refused
  /// @param replay where used DPoP proofs are remembered
  /// @param coverage which scope implies which others
  /// @throws IllegalArgumentException if an authorization server has no keys, an algorithm is
  ///   unknown, or DPoP is required without any
  public Guard(
      ProtectedResourceMetadata self,
      TrustedIssuers issuers,
      TokenStatus status,
      Optional<? extends OpaqueTokenReader> opaque,
      DpopReplay replay,
      ScopeCoverage coverage,
      InstantSource clock) {
    for (var server : self.authorizationServers()) {
      if (issuers.find(server).isEmpty()) {
        throw new IllegalArgumentException("no keys for the authorization server " + server);
      }
    }
    if (self.dpopRequired() && self.dpopAlgorithms().isEmpty()) {
      throw new IllegalArgumentException("DPoP is required but no algorithm is named");
    }
    TrustedIssuers own =
        issuer ->
            self.authorizationServers().contains(issuer) ? issuers.find(issuer) : Optional.empty();
    this.self = self;
    this.issuers = own;
    this.tokens =
        new VerifiedTokens(
            new AccessTokenValidator(own, self.resource(), ClockSkew.DEFAULT, clock)
                .comparingCertificates(),
            opaque.<OpaqueTokenReader>map(reader -> reader),
            () -> keys().mapToLong(KeySource::withdrawals).sum(),
            clock);
    this.status = status;
    this.dpop = dpop(self, replay, clock);
    this.coverage = coverage;
    this.challenges = new Challenges(self);
    this.clock = clock;
  }

  private static Optional<DpopValidator> dpop(
      ProtectedResourceMetadata self, DpopReplay replay, InstantSource clock) {
    if (self.dpopAlgorithms().isEmpty()) {
      return Optional.empty();
    }
    var algorithms = EnumSet.noneOf(SigningAlgorithm.class);
    for (var name : self.dpopAlgorithms()) {
      algorithms.add(
          SigningAlgorithm.of(name)
              .orElseThrow(() -> new IllegalArgumentException("unknown algorithm " + name)));
    }
    return Optional.of(new DpopValidator(algorithms, DpopValidator.Window.DEFAULT, replay, clock));
  }

  /// What this resource says of itself.
  public ProtectedResourceMetadata metadata() {
    return self;
  }

  /// Judges a request. May block for a fetch of keys or for the status of the token.
  public Verdict judge(GuardedRequest request, Requirement requirement) {
    return switch (Presented.in(request)) {
      case Presented.Nothing() -> new Refused(new Refusal.NoToken());
      case Presented.Malformed(var detail) -> new Refused(new Refusal.BadRequest(detail));
      case Presented.Token token -> judge(request, token, requirement);
    };
  }

  private Verdict judge(GuardedRequest request, Presented.Token presented, Requirement needed) {
    return switch (tokens.judge(presented.token())) {
      case AccessTokenVerdict.Rejected(var reason) -> new Refused(new BadToken(reason.evidence()));
      case AccessTokenVerdict.Undecided(var why) -> new Unavailable(why);
      case AccessTokenVerdict.Accepted(var token) ->
          bindingFault(request, presented, token)
              .<Verdict>map(Refused::new)
              .orElseGet(() -> judgeStatus(token, presented.token(), needed));
    };
  }

  private Verdict judgeStatus(AccessToken token, Secret secret, Requirement needed) {
    return switch (status.of(token, secret)) {
      case Status.Active() -> judge(token, needed);
      case Status.Revoked() ->
          new Refused(new BadToken(new Evidence("status", "active", "revoked", "RS-13")));
      case Status.Unknown(var why) -> new Unavailable(why);
    };
  }

  /// Judges whether a token that was admitted suffices for an operation that is known only later,
  /// such as the one named in the body of the request.
  public Verdict judge(AccessToken token, Requirement needed) {
    if (!coverage.covers(token.scopes(), needed.scopes())) {
      return new Refused(new Refusal.MissingScope(needed, token.scopes().toString()));
    }
    if (!needed.isCoveredBy(token.authorizationDetails(), self.resource())) {
      return new Refused(
          new Refusal.MissingDetails(needed, token.authorizationDetails().types().toString()));
    }
    if (!needed.isMetBy(token.authentication(), clock.instant())) {
      return new Refused(new Refusal.WeakSignIn(needed));
    }
    return new Admitted(token);
  }

  private Optional<Refusal> bindingFault(
      GuardedRequest request, Presented.Token presented, AccessToken token) {
    var thumbprint = token.keyThumbprint();
    var scheme = thumbprint.isPresent() ? AccessTokenType.DPOP : AccessTokenType.BEARER;
    if (presented.type() != scheme) {
      return Optional.of(
          new BadToken(new Evidence("scheme", scheme.value(), presented.type().value(), "RS-9")));
    }
    if (thumbprint.isEmpty()) {
      return self.dpopRequired()
          ? Optional.of(new BadToken(new Evidence("cnf", "a key", "none", "RS-9")))
          : certificateFault(request, token);
    }
    if (dpop.isEmpty()) {
      return Optional.of(
          new BadToken(new Evidence("cnf", "none, as DPoP is off here", "a key", "RS-9")));
    }
    var proven =
        DpopRequest.of(request.method(), request.url())
            .with(new DpopRequest.Presented(presented.token(), thumbprint.get()));
    return switch (dpop.get().judge(request.dpop(), proven)) {
      case DpopVerdict.Accepted accepted -> Optional.empty();
      case DpopVerdict.Absent() -> Optional.of(BadProof.missing());
      case DpopVerdict.Rejected rejected -> Optional.of(BadProof.of(rejected));
    };
  }

  /// A proof by any key is none: the token says which certificate it wants (RFC 8705 §3).
  private static Optional<Refusal> certificateFault(GuardedRequest request, AccessToken token) {
    if (!(token.confirmation() instanceof Confirmation.Certificate bound)) {
      return Optional.empty();
    }
    var shown = request.certificate().map(Confirmation.Certificate::of);
    return shown.equals(Optional.of(bound))
        ? Optional.empty()
        : Optional.of(
            new BadToken(
                new Evidence(
                    "cnf.x5t#S256",
                    bound.thumbprint(),
                    shown.map(Confirmation.Certificate::thumbprint).orElse("no certificate"),
                    "RS-10")));
  }

  /// Whether a token that was admitted has expired since.
  boolean hasExpired(AccessToken token) {
    return ClockSkew.DEFAULT.isOver(token.expiresAt(), clock.instant());
  }

  /// Whether a token that was admitted still lives, and that is known. For what goes on after the
  /// request was judged, such as a stream (RS-24).
  ///
  /// @param request as it was judged
  boolean isAlive(AccessToken token, GuardedRequest request) {
    return Presented.in(request) instanceof Presented.Token presented
        && status.of(token, presented.token()) instanceof Status.Active;
  }

  /// Whether the token of a request that was admitted would be found valid by the keys of now. May
  /// block for a fetch of keys.
  ///
  /// @param request as it was judged
  boolean isStillGood(GuardedRequest request) {
    return Presented.in(request) instanceof Presented.Token presented
        && tokens.isStillGood(presented.token());
  }

  /// See [KeySource#onWithdrawal]; of the keys of every authorization server.
  void onWithdrawal(Runnable listener) {
    keys().forEach(source -> source.onWithdrawal(listener));
  }

  private Stream<KeySource> keys() {
    return self.authorizationServers().stream()
        .flatMap(server -> issuers.find(server).stream())
        .map(TrustedIssuer::keys);
  }

  /// See [TokenStatus#onNews].
  boolean onNews(Consumer<TokenStatus.News> listener) {
    return status.onNews(listener);
  }

  /// See [TokenStatus#namesOf].
  Set<String> namesOf(AccessToken token) {
    return status.namesOf(token);
  }

  /// What to answer to a refused request.
  public Answer answer(Refusal refusal) {
    return challenges.answer(refusal);
  }

  /// What to answer while nobody can say whether a token is good.
  public Answer unavailable() {
    return challenges.unavailable();
  }
}
