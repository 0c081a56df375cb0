package dev.lanyard.server.signals.inbound;

import dev.lanyard.protocol.claims.TrustedIssuer;
import dev.lanyard.protocol.evidence.Evidence;
import dev.lanyard.protocol.jose.UnverifiedJwt;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.protocol.securityevent.RevocationCaller;
import dev.lanyard.protocol.securityevent.RevocationCallerValidator;
import dev.lanyard.protocol.securityevent.SignalVerdict;
import dev.lanyard.server.http.Request;
import dev.lanyard.server.revocation.Source;
import dev.lanyard.server.signals.inbound.CallerConfig.Proof;
import dev.lanyard.server.token.Platform;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// Who may call for a global token revocation, and how they prove it. Thread-safe.
final class RevocationCalls {
  private final Callers callers;

  private RevocationCalls(Callers callers) {
    this.callers = callers;
  }

  /// Finds who says that they call; nothing is proved by that.
  private interface Callers {
    Optional<Caller> find(Request request, String token);
  }

  /// Those of the configuration.
  ///
  /// @param endpoints the URL below which each caller has its endpoint
  static RevocationCalls configured(List<CallerConfig> callers, URI endpoints, Platform platform) {
    Map<String, Caller> byName =
        callers.stream()
            .collect(
                Collectors.toUnmodifiableMap(
                    CallerConfig::name, one -> caller(one, endpoints, platform)));
    return new RevocationCalls(
        (request, _) -> Optional.ofNullable(byName.get(request.pathParameter("caller"))));
  }

  /// Those whom customers have enrolled, each known by the issuer of its token.
  ///
  /// @param endpoint the URL for all of them
  static RevocationCalls enrolled(EnrolledCallers callers, URI endpoint, Platform platform) {
    return new RevocationCalls((_, token) ->
        claimed(token).flatMap(callers::find).map(one -> caller(one, endpoint, platform)));
  }

  /// Whose token it says it is: so it is known whose keys may prove it, and nothing else.
  private static Optional<Issuer> claimed(String token) {
    try {
      var issuer = UnverifiedJwt.parse(token).unverifiedClaims().issuer();
      return issuer.isEmpty() ? Optional.empty() : Optional.of(Issuer.parse(issuer.get()));
    } catch (MalformedException _) {
      return Optional.empty();
    }
  }

  private static Caller caller(
      EnrolledCallers.EnrolledCaller enrolled, URI endpoint, Platform platform) {
    var issuer = enrolled.issuer().issuer();
    // What it may sign ID-JAGs with is the customer's choice; calls come with what signals do.
    var signer = new TrustedIssuer(issuer, enrolled.issuer().keys(), Signer.ALGORITHMS);
    return new Caller(
        Source.of(Source.Kind.GLOBAL_TOKEN_REVOCATION, issuer.value()),
        enrolled.trust(),
        // Which of them are Okta is not known here, and one of the two names is there at most.
        true,
        signed(signer, enrolled.subject(), endpoint, platform));
  }

  private static Caller caller(CallerConfig config, URI endpoints, Platform platform) {
    Check check =
        switch (config.proof()) {
          case Proof.Signed(var signer, var subject) ->
              signed(
                  SourceKeys.trusted(signer, platform),
                  subject,
                  URI.create(endpoints + "/" + config.name()),
                  platform);
          case Proof.Token(var hashes) ->
              token ->
                  hashes.stream().anyMatch(hash -> hash.isOf(new Secret(token)))
                      ? new Checked.Passed(Optional.empty(), Instant.EPOCH)
                      : new Checked.Failed(
                          new Evidence("bearer", "the agreed token", "another", "GTR-1"));
        };
    return new Caller(
        Source.of(Source.Kind.GLOBAL_TOKEN_REVOCATION, config.name()),
        config.trust(),
        config.synonym(),
        check);
  }

  private static Check signed(
      TrustedIssuer issuer, String subject, URI endpoint, Platform platform) {
    var validator =
        new RevocationCallerValidator(issuer, subject, endpoint, platform.skew(), platform.clock());
    return token ->
        switch (validator.judge(token)) {
          case SignalVerdict.Accepted<RevocationCaller> accepted ->
              new Checked.Passed(
                  Optional.of(accepted.token().id()),
                  accepted
                      .token()
                      .expiresAt()
                      .plus(platform.skew().tolerance())
                      .plus(Duration.ofMinutes(1)));
          case SignalVerdict.Rejected<RevocationCaller> rejected ->
              new Checked.Failed(rejected.reason().evidence());
          case SignalVerdict.Undecided<RevocationCaller> undecided ->
              new Checked.Undecided(undecided.why());
        };
  }

  /// Somebody who may call.
  ///
  /// @param identity under which what they call for is recorded
  /// @param trust whom they may name
  /// @param synonym whether they may write `subject` for `sub_id` (GTR-5)
  record Caller(Source identity, Trust trust, boolean synonym, Check check) {}

  /// Whether a bearer token is the caller's.
  interface Check {
    Checked of(String token);
  }

  sealed interface Checked {
    record Passed(Optional<String> id, Instant forgetAfter) implements Checked {}

    record Failed(Evidence evidence) implements Checked {}

    record Undecided(String why) implements Checked {}
  }

  /// Who calls.
  sealed interface Who {
    /// @param tokenId of the token that proved it, if it may be used once only
    record Known(Caller caller, Optional<String> tokenId, Instant forgetAfter) implements Who {}

    /// @param evidence the check that failed
    record Nobody(Evidence evidence) implements Who {}

    record Undecided(String why) implements Who {}
  }

  /// An endpoint, or an issuer, that nobody has is answered as a token that nobody has (GTR-8).
  Who authenticate(Request request) {
    var header = request.header("Authorization").orElse("");
    if (!header.regionMatches(true, 0, "Bearer ", 0, 7)) {
      return new Who.Nobody(new Evidence("Authorization", "Bearer", "none", "GTR-1"));
    }
    var token = header.substring(7).strip();
    var caller = callers.find(request, token);
    if (caller.isEmpty()) {
      return new Who.Nobody(
          new Evidence("caller", "one who may call for revocations", "unknown", "GTR-8"));
    }
    return switch (caller.get().check().of(token)) {
      case Checked.Passed(var id, var forgetAfter) -> new Who.Known(caller.get(), id, forgetAfter);
      case Checked.Failed(var evidence) -> new Who.Nobody(evidence);
      case Checked.Undecided(var why) -> new Who.Undecided(why);
    };
  }
}
