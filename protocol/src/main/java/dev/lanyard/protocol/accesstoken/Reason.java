package dev.lanyard.protocol.accesstoken;

import dev.lanyard.protocol.evidence.Evidence;
import dev.lanyard.protocol.jose.Verification.Fault;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Why an access token was refused: the first check that failed, in the order in which
/// [AccessTokenValidator] makes them.
public sealed interface Reason {
  /// What to write into the audit record.
  Evidence evidence();

  /// Not a JWT, or a claim of it has a wrong form.
  ///
  /// @param detail what is wrong, without the input
  record Malformed(String detail) implements Reason {
    @Override
    public Evidence evidence() {
      return new Evidence("form", "an access token", detail, "SEC-1");
    }
  }

  /// The issuer was asked about an opaque token, and says that it counts for nothing here.
  record NotActive() implements Reason {
    @Override
    public Evidence evidence() {
      return new Evidence("active", "true", "false", "RS-13");
    }
  }

  /// `typ` says that it is another kind of token, or says nothing.
  record WrongType(Optional<String> actual) implements Reason {
    @Override
    public Evidence evidence() {
      return new Evidence("typ", AccessToken.TYPE, actual.orElse("none"), "RS-7");
    }
  }

  /// A claim that every access token must have is absent.
  record MissingClaim(String name) implements Reason {
    @Override
    public Evidence evidence() {
      return new Evidence(name, "present", "absent", "TOK-6");
    }
  }

  /// The issuer is none of this resource's authorization servers. No key was looked for.
  record UntrustedIssuer(String actual) implements Reason {
    @Override
    public Evidence evidence() {
      return new Evidence("iss", "one of the authorization servers", actual, "RS-7");
    }
  }

  /// The issuer did not sign this, or not with an algorithm that it may use.
  record NotAuthentic(Fault fault) implements Reason {
    @Override
    public Evidence evidence() {
      return new Evidence("signature", "by a key of the issuer", fault.describe(), "RS-7");
    }
  }

  /// `aud` does not name this resource.
  record WrongAudience(ResourceIndicator self, List<String> actual) implements Reason {
    @Override
    public Evidence evidence() {
      return new Evidence("aud", self.value(), String.join(" ", actual), "RS-6");
    }
  }

  /// `exp` has passed.
  record Expired(Instant expiresAt, Instant now) implements Reason {
    @Override
    public Evidence evidence() {
      return new Evidence("exp", "after " + now, expiresAt.toString(), "RS-7");
    }
  }

  /// `nbf` has not come.
  record NotYetValid(Instant notBefore, Instant now) implements Reason {
    @Override
    public Evidence evidence() {
      return new Evidence("nbf", "not after " + now, notBefore.toString(), "RS-7");
    }
  }

  /// `iat` has not come.
  record IssuedInFuture(Instant issuedAt, Instant now) implements Reason {
    @Override
    public Evidence evidence() {
      return new Evidence("iat", "not after " + now, issuedAt.toString(), "TOK-15");
    }
  }

  /// `cnf` binds the token to something that cannot be proved here.
  record UnknownConfirmation(Set<String> members) implements Reason {
    @Override
    public Evidence evidence() {
      return new Evidence("cnf", "jkt", String.join(" ", members), "RS-9");
    }
  }
}
