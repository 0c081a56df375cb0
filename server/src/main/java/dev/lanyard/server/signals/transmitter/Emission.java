package dev.lanyard.server.signals.transmitter;

import dev.lanyard.protocol.securityevent.CaepEvent;
import dev.lanyard.protocol.securityevent.RiscEvent;
import dev.lanyard.protocol.securityevent.SecurityEvent;
import dev.lanyard.server.revocation.Happening;
import java.util.List;
import java.util.Optional;

/// What we tell of each happening: the other way of `EventMeaning`, which reads events. Pure.
final class Emission {
  /// The sort of credential, which no signal tells us; both sides must agree on the word.
  static final String UNSPECIFIED = "unspecified";

  /// Every type that we send.
  static final List<String> SUPPORTED =
      List.of(
          new CaepEvent.SessionRevoked().type(),
          credentialChange().type(),
          new RiscEvent.AccountDisabled(Optional.empty()).type(),
          new RiscEvent.Plain(RiscEvent.Kind.ACCOUNT_ENABLED).type(),
          new RiscEvent.Plain(RiscEvent.Kind.ACCOUNT_PURGED).type(),
          new RiscEvent.Plain(RiscEvent.Kind.ACCOUNT_CREDENTIAL_CHANGE_REQUIRED).type());

  private Emission() {}

  static List<SecurityEvent> of(Happening what) {
    return switch (what) {
      case DISABLED ->
          List.of(new RiscEvent.AccountDisabled(Optional.empty()), new CaepEvent.SessionRevoked());
      case ENABLED -> List.of(new RiscEvent.Plain(RiscEvent.Kind.ACCOUNT_ENABLED));
      case DELETED ->
          List.of(
              new RiscEvent.Plain(RiscEvent.Kind.ACCOUNT_PURGED), new CaepEvent.SessionRevoked());
      case CREDENTIAL_CHANGED -> List.of(credentialChange(), new CaepEvent.SessionRevoked());
      case CREDENTIAL_COMPROMISED ->
          List.of(
              new RiscEvent.Plain(RiscEvent.Kind.ACCOUNT_CREDENTIAL_CHANGE_REQUIRED),
              new CaepEvent.SessionRevoked());
      case SESSIONS_REVOKED,
          TOKENS_REVOKED,
          ASSURANCE_LOWERED,
          DEVICE_NOT_COMPLIANT,
          RISK_RAISED,
          IDENTIFIER_RECYCLED ->
          List.of(new CaepEvent.SessionRevoked());
      // Sessions live on, and which claims others have of us we do not know.
      case GROUPS_CHANGED, CLAIMS_CHANGED, POLICY_CHANGED, NOTED -> List.of();
    };
  }

  private static CaepEvent.CredentialChange credentialChange() {
    return new CaepEvent.CredentialChange(
        UNSPECIFIED, CaepEvent.CredentialChange.Change.UPDATE, Optional.empty());
  }

  /// Whether an event does not contradict the state of the account.
  ///
  /// @param off whether the account is switched off now
  static boolean isTrueOf(SecurityEvent event, boolean off) {
    return switch (event) {
      case RiscEvent.AccountDisabled _ -> off;
      case RiscEvent.Plain(var kind) ->
          switch (kind) {
            case ACCOUNT_PURGED -> off;
            case ACCOUNT_ENABLED -> !off;
            default -> true;
          };
      default -> true;
    };
  }
}
