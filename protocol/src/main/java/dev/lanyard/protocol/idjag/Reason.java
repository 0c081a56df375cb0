package dev.lanyard.protocol.idjag;

import dev.lanyard.protocol.evidence.Evidence;
import dev.lanyard.protocol.jose.Verification.Fault;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Issuer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Why an ID-JAG was refused: the first check that failed, in the order in which [IdJagValidator]
/// makes them. For the administrator; the caller learns `invalid_grant` only.
public sealed interface Reason {
  /// What to write into the audit record.
  Evidence evidence();

  /// Not a JWT, or a claim of it has a wrong form.
  ///
  /// @param detail what is wrong, without the input
  record Malformed(String detail) implements Reason {
    @Override
    public Evidence evidence() {
      return new Evidence("form", "an ID-JAG", detail, "SEC-1");
    }
  }

  /// `typ` says that it is another kind of token, or says nothing.
  record WrongType(Optional<String> actual) implements Reason {
    @Override
    public Evidence evidence() {
      return new Evidence("typ", IdJag.TYPE, actual.orElse("none"), "RAS-3");
    }
  }

  /// A claim that every ID-JAG must have is absent.
  record MissingClaim(String name) implements Reason {
    @Override
    public Evidence evidence() {
      return new Evidence(name, "present", "absent", "IDP-22");
    }
  }

  /// We issued it ourselves: that would turn our own sign-in into our own access token.
  record OwnIssuer(Issuer self) implements Reason {
    @Override
    public Evidence evidence() {
      return new Evidence("iss", "another domain than ours", self.value(), "IDP-35");
    }
  }

  /// Nobody has enrolled this issuer. No key was looked for.
  record UntrustedIssuer(String actual) implements Reason {
    @Override
    public Evidence evidence() {
      return new Evidence("iss", "an enrolled issuer", actual, "RAS-4");
    }
  }

  /// The issuer is enrolled, but did not sign this, or not with an algorithm that it may use.
  record NotAuthentic(Fault fault) implements Reason {
    @Override
    public Evidence evidence() {
      return new Evidence("signature", "by a key of the issuer", fault.describe(), "RAS-4");
    }
  }

  /// `aud` is not our issuer identifier and nothing else.
  record WrongAudience(Issuer self, List<String> actual) implements Reason {
    @Override
    public Evidence evidence() {
      return new Evidence("aud", self.value(), String.join(" ", actual), "RAS-5");
    }
  }

  /// `client_id` is another client than the one that authenticated.
  record WrongClient(ClientId authenticated, ClientId actual) implements Reason {
    @Override
    public Evidence evidence() {
      return new Evidence("client_id", authenticated.value(), actual.value(), "RAS-6");
    }
  }

  /// `tenant` is not the one that was enrolled with the issuer.
  record WrongTenant(Optional<String> enrolled, Optional<String> actual) implements Reason {
    @Override
    public Evidence evidence() {
      return new Evidence("tenant", enrolled.orElse("none"), actual.orElse("none"), "RAS-20");
    }
  }

  /// `aud_tenant` is not the tenant that the issuer was enrolled by.
  record WrongAudienceTenant(Optional<String> enrolled, String actual) implements Reason {
    @Override
    public Evidence evidence() {
      return new Evidence("aud_tenant", enrolled.orElse("none"), actual, "RAS-20");
    }
  }

  /// `exp` has passed.
  record Expired(Instant expiresAt, Instant now) implements Reason {
    @Override
    public Evidence evidence() {
      return new Evidence("exp", "after " + now, expiresAt.toString(), "RAS-7");
    }
  }

  /// `nbf` has not come.
  record NotYetValid(Instant notBefore, Instant now) implements Reason {
    @Override
    public Evidence evidence() {
      return new Evidence("nbf", "not after " + now, notBefore.toString(), "RAS-7");
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
          "iat", "within " + maxAge + " before " + now, issuedAt.toString(), "RAS-7");
    }
  }

  /// From `iat` to `exp` is more than we accept, or less than nothing.
  record UnacceptableLife(Duration actual, Duration maxLife) implements Reason {
    @Override
    public Evidence evidence() {
      return new Evidence("exp - iat", "up to " + maxLife, actual.toString(), "RAS-7");
    }
  }

  /// `cnf` binds the grant to something that cannot be proved here.
  record UnknownConfirmation(Set<String> members) implements Reason {
    @Override
    public Evidence evidence() {
      return new Evidence("cnf", "jkt", String.join(" ", members), "RAS-36");
    }
  }
}
