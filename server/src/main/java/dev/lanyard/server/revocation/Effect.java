package dev.lanyard.server.revocation;

/// What a [Happening] can do to a person.
public enum Effect {
  /// Nothing is issued for the person and nothing accepted.
  SWITCH_OFF,
  /// The person may sign in again.
  SWITCH_ON,
  /// Every session at the broker ends.
  END_SESSIONS,
  /// Whatever was issued for the person is dead: sign-ins, ID-JAGs, access tokens.
  DENY_ALL,
  /// Sign-ins are dead: sessions, codes, ID Tokens, refresh tokens. Access tokens live on.
  DENY_SIGN_INS,
  /// ID-JAGs that are not redeemed yet are dead; the client gets a new one silently, if policy
  /// still gives it.
  DENY_ASSERTIONS,
  /// Grants that policy would not give any more are dead; all others live on.
  REEVALUATE,
  /// The person has no e-mail address any more: whoever brings it is somebody else.
  FORGET_ADDRESS
}
