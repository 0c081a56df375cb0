package dev.lanyard.server.token;

import dev.lanyard.protocol.oauth.ErrorCode;
import dev.lanyard.protocol.oauth.OAuthError;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Which revision of the draft a server answers by: the one place for what changes with the next
/// one (FWD-1 to FWD-5). What both revisions refuse (a resource that the audience does not govern,
/// a confirmation that cannot be met) and what both answer (the granted `resource`) is not here.
public enum IdJagRevision {
  /// Refused by validation or by policy: the caller cannot tell (D-7).
  DRAFT_04("draft-04") {
    @Override
    public OAuthError notPermitted(ErrorCode code, String description) {
      return new OAuthError(code, description);
    }

    @Override
    public OAuthError betterSignInNeeded(Optional<Duration> maxAge, List<String> acrValues) {
      return new OAuthError(
          ErrorCode.INVALID_GRANT, "the person must sign in again, or in a better way");
    }
  },

  /// What is to come: `access_denied` for a refusal by policy, and a step-up that is told.
  DRAFT_05("draft-05") {
    @Override
    public OAuthError notPermitted(ErrorCode code, String description) {
      return new OAuthError(ErrorCode.ACCESS_DENIED, description);
    }

    @Override
    public OAuthError betterSignInNeeded(Optional<Duration> maxAge, List<String> acrValues) {
      return OAuthError.insufficientUserAuthentication(maxAge, acrValues);
    }
  };

  private final String value;

  IdJagRevision(String value) {
    this.value = value;
  }

  /// What a caller is told whose request is well-formed and authentic, and not permitted (FWD-3).
  ///
  /// @param code the one of the published draft
  public abstract OAuthError notPermitted(ErrorCode code, String description);

  /// What a caller is told at redemption when the sign-in is too weak or too long ago (FWD-5).
  ///
  /// @param maxAge how long ago it may have been
  /// @param acrValues the authentication contexts of which one is needed
  public abstract OAuthError betterSignInNeeded(Optional<Duration> maxAge, List<String> acrValues);

  /// The revision of this name in the configuration.
  ///
  /// @throws IllegalArgumentException if there is none
  public static IdJagRevision named(String name) {
    for (var revision : values()) {
      if (revision.value.equals(name)) {
        return revision;
      }
    }
    throw new IllegalArgumentException(
        "id_jag_revision must be draft-04 or draft-05, not '" + name + "'");
  }
}
