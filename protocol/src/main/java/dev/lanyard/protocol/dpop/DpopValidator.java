package dev.lanyard.protocol.dpop;

import dev.lanyard.protocol.claims.ClockSkew;
import dev.lanyard.protocol.dpop.DpopVerdict.Absent;
import dev.lanyard.protocol.dpop.DpopVerdict.Accepted;
import dev.lanyard.protocol.dpop.DpopVerdict.Rejected;
import dev.lanyard.protocol.jose.JwtClaims;
import dev.lanyard.protocol.jose.JwtVerifier;
import dev.lanyard.protocol.jose.KeySource;
import dev.lanyard.protocol.jose.SigningAlgorithm;
import dev.lanyard.protocol.jose.UnverifiedJwt;
import dev.lanyard.protocol.jose.Verification;
import dev.lanyard.protocol.json.MalformedException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Decides whether a DPoP proof belongs to the request that it came with.
///
/// **Does not check** that a grant or refresh token is bound to the same key: compare
/// [DpopProof#thumbprint()]. Thread-safe if its [DpopReplay] is.
///
/// @spec https://www.rfc-editor.org/rfc/rfc9449.html#section-4.3 RFC 9449 §4.3 (DPOP-1)
public final class DpopValidator {
  private final Set<SigningAlgorithm> algorithms;
  private final Window window;
  private final DpopReplay replay;
  private final InstantSource clock;

  /// How old a proof may be.
  ///
  /// @param maxAge the longest time since `iat`
  /// @param skew how far the sender's clock may differ
  public record Window(Duration maxAge, ClockSkew skew) {
    /// One minute and the default skew.
    public static final Window DEFAULT = new Window(Duration.ofMinutes(1), ClockSkew.DEFAULT);

    /// @throws IllegalArgumentException if the age is not positive or above 10 minutes
    public Window {
      if (!maxAge.isPositive() || maxAge.compareTo(Duration.ofMinutes(10)) > 0) {
        throw new IllegalArgumentException("a proof may be up to 10 min old, not " + maxAge);
      }
    }
  }

  /// @param algorithms the only ones that a proof may be signed with
  /// @param replay where used proofs are remembered
  public DpopValidator(
      Set<SigningAlgorithm> algorithms, Window window, DpopReplay replay, InstantSource clock) {
    this.algorithms = Set.copyOf(algorithms);
    this.window = window;
    this.replay = replay;
    this.clock = clock;
  }

  /// Judges what came in the `DPoP` header. A proof that passes is recorded and passes no second
  /// time.
  ///
  /// @param headers the values of every `DPoP` header of the request
  public DpopVerdict judge(List<String> headers, DpopRequest request) {
    if (headers.isEmpty()) {
      return new Absent();
    }
    if (headers.size() > 1) {
      return new Rejected(new Reason.SeveralProofs(headers.size()));
    }
    try {
      var jwt = UnverifiedJwt.parse(headers.getFirst());
      if (!jwt.unverifiedType().equals(Optional.of(DpopProof.TYPE))) {
        return new Rejected(new Reason.WrongType(jwt.unverifiedType()));
      }
      // The one kind of token that is proved by the key in its own header (KEY-4).
      var key = jwt.selfAssertedKey();
      return switch (new JwtVerifier(KeySource.only(key), algorithms).verify(jwt)) {
        case Verification.Verified(var verified) ->
            judge(verified.claims(), key.thumbprint(), request);
        case Verification.Refused(var fault) -> new Rejected(new Reason.NotAuthentic(fault));
        case Verification.Undecided(var why) ->
            throw new IllegalStateException("a key in hand cannot be unavailable: " + why);
      };
    } catch (MalformedException e) {
      return new Rejected(new Reason.Malformed(e.getMessage()));
    }
  }

  private DpopVerdict judge(JwtClaims claims, String thumbprint, DpopRequest request)
      throws MalformedException {
    for (var name : DpopProof.REQUIRED_CLAIMS) {
      if (!claims.all().has(name)) {
        return new Rejected(new Reason.MissingClaim(name));
      }
    }
    var proof = new DpopProof(claims, thumbprint);
    return targetFault(proof, request)
        .or(() -> nonceFault(proof, request))
        .or(() -> ageFault(proof))
        .or(() -> tokenFault(proof, request))
        .or(() -> replayFault(proof))
        .<DpopVerdict>map(Rejected::new)
        .orElseGet(() -> new Accepted(proof));
  }

  private static Optional<Reason> targetFault(DpopProof proof, DpopRequest request) {
    if (!proof.method().equals(request.method())) {
      return Optional.of(new Reason.WrongMethod(request.method(), proof.method()));
    }
    var url = TargetUrl.normalised(request.url());
    return proof.url().equals(url)
        ? Optional.empty()
        : Optional.of(new Reason.WrongUrl(url.toString(), proof.url().toString()));
  }

  private static Optional<Reason> nonceFault(DpopProof proof, DpopRequest request) {
    var good = request.nonces();
    return good.isEmpty() || proof.nonce().filter(good::contains).isPresent()
        ? Optional.empty()
        : Optional.of(new Reason.WrongNonce(proof.nonce().isPresent()));
  }

  private Optional<Reason> ageFault(DpopProof proof) {
    var now = clock.instant();
    var issuedAt = proof.issuedAt();
    return window.skew().isAhead(issuedAt, now)
            || window.skew().isOlderThan(window.maxAge(), issuedAt, now)
        ? Optional.of(new Reason.OutsideWindow(issuedAt, now, window.maxAge()))
        : Optional.empty();
  }

  private static Optional<Reason> tokenFault(DpopProof proof, DpopRequest request) {
    if (request.presented().isEmpty()) {
      return Optional.empty();
    }
    var presented = request.presented().get();
    if (!proof.tokenHash().equals(Optional.of(DpopProof.hashOf(presented.accessToken())))) {
      return Optional.of(new Reason.WrongTokenHash(proof.tokenHash().isPresent()));
    }
    return proof.thumbprint().equals(presented.thumbprint())
        ? Optional.empty()
        : Optional.of(new Reason.WrongKey(presented.thumbprint(), proof.thumbprint()));
  }

  private Optional<Reason> replayFault(DpopProof proof) {
    var forgetAfter =
        proof.issuedAt().plus(window.maxAge()).plus(window.skew().tolerance()).plusSeconds(1);
    return replay.recordFirst(proof.thumbprint(), proof.url(), proof.id(), forgetAfter)
        ? Optional.empty()
        : Optional.of(new Reason.Replayed(proof.id()));
  }
}
