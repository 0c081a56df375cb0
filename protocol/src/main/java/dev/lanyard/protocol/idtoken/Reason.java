package dev.lanyard.protocol.idtoken;

import dev.lanyard.protocol.evidence.Evidence;
import dev.lanyard.protocol.jose.Verification.Fault;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Issuer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Why an ID Token was refused: the first check that failed, in the order in which
/// [IdTokenValidator] makes them.
public sealed interface Reason {
  /// What to write into the audit record.
  Evidence evidence();

  /// Not a JWT, or a claim of it has a wrong form.
  ///
  /// @param detail what is wrong, without the input
  record Malformed(String detail) implements Reason {
    @Override
    public Evidence evidence() {
      return new Evidence("form", "an ID Token", detail, "SEC-1");
    }
  }

  /// `typ` says that it is another kind of token.
  record WrongType(String actual) implements Reason {
    @Override
    public Evidence evidence() {
      return new Evidence("typ", "none or JWT", actual, "SEC-2");
    }
  }

  /// A claim that every ID Token must have is absent.
  record MissingClaim(String name) implements Reason {
    @Override
    public Evidence evidence() {
      return new Evidence(name, "present", "absent", "IDP-13");
    }
  }

  /// `iss` is not the issuer that was expected. No key was looked for.
  record WrongIssuer(Issuer expected, String actual) implements Reason {
    @Override
    public Evidence evidence() {
      return new Evidence("iss", expected.value(), actual, "IDP-13");
    }
  }

  /// The issuer did not sign this, or not with an algorithm that it may use.
  record NotAuthentic(Fault fault) implements Reason {
    @Override
    public Evidence evidence() {
      return new Evidence("signature", "by a key of the issuer", fault.describe(), "IDP-13");
    }
  }

  /// A claim shows that it is another kind of token, whose header does not say so.
  record OtherToken(String claim) implements Reason {
    @Override
    public Evidence evidence() {
      return new Evidence(claim, "only what an ID Token has", "another kind of token", "SEC-2");
    }
  }

  /// `aud` does not name the client: the token was issued to another one.
  record WrongAudience(ClientId client, List<String> actual) implements Reason {
    @Override
    public Evidence evidence() {
      return new Evidence("aud", client.value(), String.join(" ", actual), "IDP-13");
    }
  }

  /// `azp` names another client, or there are several audiences and no `azp` says which it was for.
  record WrongAuthorizedParty(ClientId client, Optional<String> actual) implements Reason {
    @Override
    public Evidence evidence() {
      return new Evidence("azp", client.value(), actual.orElse("none"), "IDP-13");
    }
  }

  /// `exp` has passed.
  record Expired(Instant expiresAt, Instant now) implements Reason {
    @Override
    public Evidence evidence() {
      return new Evidence("exp", "after " + now, expiresAt.toString(), "IDP-13");
    }
  }

  /// `nbf` has not come.
  record NotYetValid(Instant notBefore, Instant now) implements Reason {
    @Override
    public Evidence evidence() {
      return new Evidence("nbf", "not after " + now, notBefore.toString(), "TOK-15");
    }
  }

  /// `iat` has not come.
  record IssuedInFuture(Instant issuedAt, Instant now) implements Reason {
    @Override
    public Evidence evidence() {
      return new Evidence("iat", "not after " + now, issuedAt.toString(), "TOK-15");
    }
  }

  /// `iat` is longer ago than we accept.
  record TooOld(Instant issuedAt, Instant now, Duration maxAge) implements Reason {
    @Override
    public Evidence evidence() {
      return new Evidence(
          "iat", "within " + maxAge + " before " + now, issuedAt.toString(), "IDP-13");
    }
  }

  /// `nonce` is not the one that was sent with the sign-in: this is the answer to another one.
  record WrongNonce(boolean present) implements Reason {
    @Override
    public Evidence evidence() {
      return new Evidence("nonce", "the one sent", present ? "another" : "none", "IDP-43");
    }
  }
}
