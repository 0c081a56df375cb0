package dev.lanyard.protocol.dpop;

import dev.lanyard.protocol.evidence.Evidence;
import dev.lanyard.protocol.jose.Verification.Fault;
import dev.lanyard.protocol.oauth.ErrorCode;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// Why a proof was refused: the first check that failed, in the order in which [DpopValidator]
/// makes them.
public sealed interface Reason {
  /// What to write into the audit record.
  Evidence evidence();

  /// What the caller is told.
  default ErrorCode error() {
    return this instanceof WrongNonce ? ErrorCode.USE_DPOP_NONCE : ErrorCode.INVALID_DPOP_PROOF;
  }

  /// There is more than one `DPoP` header.
  record SeveralProofs(int count) implements Reason {
    @Override
    public Evidence evidence() {
      return new Evidence("DPoP header", "one", String.valueOf(count), "DPOP-1");
    }
  }

  /// Not a JWT, or a claim of it or its key has a wrong form; also if the key is private or weak.
  ///
  /// @param detail what is wrong, without the input
  record Malformed(String detail) implements Reason {
    @Override
    public Evidence evidence() {
      return new Evidence("form", "a DPoP proof", detail, "DPOP-1");
    }
  }

  /// A claim that every proof must have is absent.
  record MissingClaim(String name) implements Reason {
    @Override
    public Evidence evidence() {
      return new Evidence(name, "present", "absent", "DPOP-1");
    }
  }

  /// `typ` says that it is another kind of token, or says nothing.
  record WrongType(Optional<String> actual) implements Reason {
    @Override
    public Evidence evidence() {
      return new Evidence("typ", DpopProof.TYPE, actual.orElse("none"), "DPOP-1");
    }
  }

  /// The key in the proof did not sign it, or not with an algorithm that we accept.
  record NotAuthentic(Fault fault) implements Reason {
    @Override
    public Evidence evidence() {
      return new Evidence("signature", "by the key in the proof", fault.describe(), "DPOP-1");
    }
  }

  /// `htm` is another method.
  record WrongMethod(String expected, String actual) implements Reason {
    @Override
    public Evidence evidence() {
      return new Evidence("htm", expected, actual, "DPOP-1");
    }
  }

  /// `htu` is another URL.
  record WrongUrl(String expected, String actual) implements Reason {
    @Override
    public Evidence evidence() {
      return new Evidence("htu", expected, actual, "DPOP-1");
    }
  }

  /// `nonce` is none of those that are good now.
  record WrongNonce(boolean present) implements Reason {
    @Override
    public Evidence evidence() {
      return new Evidence("nonce", "one of ours", present ? "another" : "none", "DPOP-2");
    }
  }

  /// `iat` is further away than the window.
  record OutsideWindow(Instant issuedAt, Instant now, Duration maxAge) implements Reason {
    @Override
    public Evidence evidence() {
      return new Evidence(
          "iat", "within " + maxAge + " before " + now, issuedAt.toString(), "DPOP-1");
    }
  }

  /// `ath` is not the hash of the access token that came with the request.
  record WrongTokenHash(boolean present) implements Reason {
    @Override
    public Evidence evidence() {
      return new Evidence("ath", "the hash of the token", present ? "another" : "none", "RS-9");
    }
  }

  /// The access token is bound to another key.
  record WrongKey(String bound, String actual) implements Reason {
    @Override
    public Evidence evidence() {
      return new Evidence("cnf.jkt", bound, actual, "RS-9");
    }
  }

  /// The proof was used before.
  record Replayed(String id) implements Reason {
    @Override
    public Evidence evidence() {
      return new Evidence("jti", "not used before", id, "DPOP-3");
    }
  }
}
