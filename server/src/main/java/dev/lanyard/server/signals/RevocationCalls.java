package dev.lanyard.server.signals;

import dev.lanyard.protocol.claims.Evidence;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.protocol.securityevent.RevocationCaller;
import dev.lanyard.protocol.securityevent.RevocationCallerValidator;
import dev.lanyard.protocol.securityevent.SignalVerdict;
import dev.lanyard.server.http.Request;
import dev.lanyard.server.revocation.Source;
import dev.lanyard.server.signals.SignalsConfig.Proof;
import dev.lanyard.server.token.Platform;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// Who may call for a global token revocation, each at an endpoint of its own. Thread-safe.
final class RevocationCalls {
  private final Map<String, Caller> callers;
  private final Platform platform;

  /// @param endpoints the URL below which each caller has its endpoint
  RevocationCalls(List<SignalsConfig.Caller> callers, URI endpoints, Platform platform) {
    this.platform = platform;
    this.callers =
        callers.stream()
            .collect(
                Collectors.toUnmodifiableMap(
                    SignalsConfig.Caller::name, one -> caller(one, endpoints)));
  }

  private Caller caller(SignalsConfig.Caller config, URI endpoints) {
    Check check =
        switch (config.proof()) {
          case Proof.Signed(var signer, var subject) ->
              signed(
                  new RevocationCallerValidator(
                      SourceKeys.trusted(signer, platform),
                      subject,
                      URI.create(endpoints + "/" + config.name()),
                      platform.skew(),
                      platform.clock()));
          case Proof.Token(var hashes) ->
              token ->
                  hashes.stream().anyMatch(hash -> hash.isOf(new Secret(token)))
                      ? new Checked.Passed(Optional.empty(), Instant.EPOCH)
                      : new Checked.Failed(
                          new Evidence("bearer", "the agreed token", "another", "GTR-1"));
        };
    return new Caller(config, check);
  }

  private Check signed(RevocationCallerValidator validator) {
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

  /// A caller that an administrator has configured.
  record Caller(SignalsConfig.Caller config, Check check) {
    Source identity() {
      return Source.of(Source.Kind.GLOBAL_TOKEN_REVOCATION, config.name());
    }
  }

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

  /// An endpoint that nobody has is answered as a token that nobody has (GTR-8).
  Who authenticate(Request request) {
    var caller = Optional.ofNullable(callers.get(request.pathParameter("caller")));
    if (caller.isEmpty()) {
      return new Who.Nobody(new Evidence("caller", "configured", "unknown", "GTR-8"));
    }
    var header = request.header("Authorization").orElse("");
    if (!header.regionMatches(true, 0, "Bearer ", 0, 7)) {
      return new Who.Nobody(new Evidence("Authorization", "Bearer", "none", "GTR-1"));
    }
    return switch (caller.get().check().of(header.substring(7).strip())) {
      case Checked.Passed(var id, var forgetAfter) -> new Who.Known(caller.get(), id, forgetAfter);
      case Checked.Failed(var evidence) -> new Who.Nobody(evidence);
      case Checked.Undecided(var why) -> new Who.Undecided(why);
    };
  }
}
