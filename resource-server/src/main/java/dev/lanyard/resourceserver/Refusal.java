package dev.lanyard.resourceserver;

import dev.lanyard.protocol.dpop.DpopVerdict;
import dev.lanyard.protocol.evidence.Evidence;
import dev.lanyard.protocol.oauth.ErrorCode;

/// Why a request was refused.
public sealed interface Refusal {
  /// What to write into the audit record; the caller learns less.
  Evidence evidence();

  /// There is no token: 401 without an error code, the first step of every discovery (RS-1).
  record NoToken() implements Refusal {
    @Override
    public Evidence evidence() {
      return new Evidence("Authorization", "an access token", "none", "RS-1");
    }
  }

  /// The request is malformed: 400 (RS-2).
  ///
  /// @param detail what is wrong, without the input
  record BadRequest(String detail) implements Refusal {
    @Override
    public Evidence evidence() {
      return new Evidence("Authorization", "one access token in one header", detail, "RS-2");
    }
  }

  /// The token is not good here: 401 (RS-1, RS-6, RS-7).
  record BadToken(Evidence evidence) implements Refusal {}

  /// The token is bound to a key and the proof of it is missing or wrong: 401 (RS-9).
  record BadProof(ErrorCode error, Evidence evidence) implements Refusal {
    static BadProof missing() {
      return new BadProof(
          ErrorCode.INVALID_DPOP_PROOF,
          new Evidence("DPoP", "a proof by the key of the token", "none", "RS-9"));
    }

    static BadProof of(DpopVerdict.Rejected rejected) {
      return new BadProof(rejected.reason().error(), rejected.reason().evidence());
    }
  }

  /// The token lacks a scope: 403 (RS-3).
  ///
  /// @param needed everything that the operation needs
  record MissingScope(Requirement needed, String granted) implements Refusal {
    @Override
    public Evidence evidence() {
      return new Evidence("scope", needed.scopes().toString(), granted, "RS-3");
    }
  }

  /// The token does not have the authorization details that the operation needs: 403.
  ///
  /// @param needed everything that the operation needs
  /// @param granted the types of those that it has
  record MissingDetails(Requirement needed, String granted) implements Refusal {
    @Override
    public Evidence evidence() {
      return new Evidence("authorization_details", needed.details().toString(), granted, "RAS-14");
    }
  }

  /// The person signed in too long ago or too weakly: 401 (RS-11).
  record WeakSignIn(Requirement needed) implements Refusal {
    @Override
    public Evidence evidence() {
      var expected = "max_age " + needed.maxAge() + ", acr " + needed.acrValues();
      return new Evidence("auth_time, acr", expected, "an older or weaker sign-in", "RS-11");
    }
  }
}
