package dev.lanyard.server.revocation;

import static dev.lanyard.server.revocation.Effect.DENY_ALL;
import static dev.lanyard.server.revocation.Effect.DENY_ASSERTIONS;
import static dev.lanyard.server.revocation.Effect.DENY_SIGN_INS;
import static dev.lanyard.server.revocation.Effect.END_SESSIONS;
import static dev.lanyard.server.revocation.Effect.FORGET_ADDRESS;
import static dev.lanyard.server.revocation.Effect.REEVALUATE;
import static dev.lanyard.server.revocation.Effect.SWITCH_OFF;
import static dev.lanyard.server.revocation.Effect.SWITCH_ON;

import java.util.EnumSet;
import java.util.Set;

/// What can happen, each with its effects on a person: the table of DPR-2. The names are kept in
/// the database.
///
/// About a session, grant or token every happening but [#ENABLED] means that it is dead; only what
/// has policy asked again is about the person whose session it is. About a client, connector,
/// provider or everything [#DISABLED] and [#ENABLED] switch it, and every other one kills what was
/// issued so far.
public enum Happening {
  /// The account was switched off.
  DISABLED(SWITCH_OFF, END_SESSIONS, DENY_ALL),
  /// The account was switched on again. Nothing that was issued before lives again.
  ENABLED(SWITCH_ON),
  /// The account is gone for good; whoever comes later under its names is somebody else.
  DELETED(SWITCH_OFF, END_SESSIONS, DENY_ALL, FORGET_ADDRESS),
  /// The person was signed out.
  SESSIONS_REVOKED(END_SESSIONS, DENY_ALL),
  /// Everything that was issued shall be taken back.
  TOKENS_REVOKED(END_SESSIONS, DENY_ALL),
  /// A password or key was changed: the person must sign in again; what they were given on a
  /// sign-in that was good then lives on.
  CREDENTIAL_CHANGED(END_SESSIONS, DENY_SIGN_INS),
  /// A password or key is in wrong hands.
  CREDENTIAL_COMPROMISED(END_SESSIONS, DENY_ALL),
  /// The person proved less than was thought: they must sign in again.
  ASSURANCE_LOWERED(END_SESSIONS, DENY_SIGN_INS),
  /// A device is not to be trusted. We do not know which sessions are on it, so all of them end.
  DEVICE_NOT_COMPLIANT(END_SESSIONS, DENY_ALL),
  /// The provider believes that the account is being abused.
  RISK_RAISED(END_SESSIONS, DENY_ALL),
  /// The person is in other groups now.
  GROUPS_CHANGED(DENY_ASSERTIONS, REEVALUATE),
  /// Something else that policy may look at has changed.
  CLAIMS_CHANGED(DENY_ASSERTIONS, REEVALUATE),
  /// The role library gives the person something else.
  POLICY_CHANGED(DENY_ASSERTIONS, REEVALUATE),
  /// The address by which the person was found belongs to somebody else now.
  IDENTIFIER_RECYCLED(END_SESSIONS, DENY_ALL, FORGET_ADDRESS),
  /// Something to be recorded, and nothing else.
  NOTED;

  private final Set<Effect> effects;

  Happening(Effect... effects) {
    var all = EnumSet.noneOf(Effect.class);
    all.addAll(Set.of(effects));
    this.effects = all;
  }

  /// What it does to the person it is about.
  public Set<Effect> effects() {
    return EnumSet.copyOf(effects);
  }

  boolean has(Effect effect) {
    return effects.contains(effect);
  }

  /// Whether the person may have put it right since it happened, so that what began afterwards is
  /// good. Of everything else whoever began something meanwhile may be the one against whom it is
  /// directed: the thief of the password, the next owner of the address.
  public boolean mayBeOver() {
    return switch (this) {
      case SESSIONS_REVOKED, CREDENTIAL_CHANGED, ASSURANCE_LOWERED -> true;
      case DISABLED,
          ENABLED,
          DELETED,
          TOKENS_REVOKED,
          CREDENTIAL_COMPROMISED,
          DEVICE_NOT_COMPLIANT,
          RISK_RAISED,
          GROUPS_CHANGED,
          CLAIMS_CHANGED,
          POLICY_CHANGED,
          IDENTIFIER_RECYCLED,
          NOTED ->
          false;
    };
  }

  /// Whether it says in which state the account is.
  boolean isOfState() {
    return has(SWITCH_OFF) || has(SWITCH_ON);
  }
}
