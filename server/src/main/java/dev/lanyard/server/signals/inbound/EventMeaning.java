package dev.lanyard.server.signals.inbound;

import dev.lanyard.protocol.securityevent.CaepEvent;
import dev.lanyard.protocol.securityevent.CaepEvent.AssuranceLevelChange;
import dev.lanyard.protocol.securityevent.CaepEvent.CredentialChange;
import dev.lanyard.protocol.securityevent.CaepEvent.DeviceComplianceChange;
import dev.lanyard.protocol.securityevent.CaepEvent.RiskLevelChange;
import dev.lanyard.protocol.securityevent.RiscEvent;
import dev.lanyard.protocol.securityevent.SecurityEvent;
import dev.lanyard.protocol.securityevent.StreamEvent;
import dev.lanyard.protocol.securityevent.SubjectIdentifier;
import dev.lanyard.protocol.securityevent.UnknownEvent;
import dev.lanyard.server.revocation.Happening;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What an event of CAEP or RISC means here: the table of SSF-30 to SSF-40. Pure.
final class EventMeaning {
  /// Credentials that are proved again at the next sign-in; a new one of another sort says nothing
  /// about the old ones.
  private static final Set<String> KNOWLEDGE = Set.of("password", "pin");

  /// The types that we ask a transmitter for: those that can have an effect here.
  static final List<String> ACTED_UPON =
      List.of(
          CaepEvent.BASE + "session-revoked",
          CaepEvent.BASE + "credential-change",
          CaepEvent.BASE + "token-claims-change",
          CaepEvent.BASE + "assurance-level-change",
          CaepEvent.BASE + "device-compliance-change",
          CaepEvent.BASE + "risk-level-change",
          RiscEvent.BASE + "account-disabled",
          RiscEvent.BASE + "account-enabled",
          RiscEvent.BASE + "account-purged",
          RiscEvent.BASE + "account-credential-change-required",
          RiscEvent.BASE + "credential-compromise",
          RiscEvent.BASE + "identifier-changed",
          RiscEvent.BASE + "identifier-recycled");

  private EventMeaning() {}

  /// What has happened to the subject of an event; [Happening#NOTED] if it is only recorded.
  ///
  /// @param subject the one name by which it means somebody
  static Happening of(SecurityEvent event, SubjectIdentifier subject) {
    return switch (event) {
      case CaepEvent caep -> of(caep);
      case RiscEvent.AccountDisabled _ -> Happening.DISABLED;
      case RiscEvent.CredentialCompromise _ -> Happening.CREDENTIAL_COMPROMISED;
      // Whom the new identifier belongs to, provisioning tells; the policy is asked again.
      case RiscEvent.IdentifierChanged _ -> Happening.CLAIMS_CHANGED;
      case RiscEvent.Plain(var kind) -> of(kind, subject);
      case StreamEvent _, UnknownEvent _ -> Happening.NOTED;
    };
  }

  private static Happening of(CaepEvent event) {
    return switch (event) {
      case CaepEvent.SessionRevoked() -> Happening.SESSIONS_REVOKED;
      case CredentialChange change -> of(change);
      case CaepEvent.TokenClaimsChange _ -> Happening.CLAIMS_CHANGED;
      // Without a direction it may be a decrease: whoever is still sure proves it by signing in.
      case AssuranceLevelChange change ->
          change.direction().equals(Optional.of(AssuranceLevelChange.Direction.INCREASE))
              ? Happening.NOTED
              : Happening.ASSURANCE_LOWERED;
      case DeviceComplianceChange(_, var current) ->
          current == DeviceComplianceChange.Status.NOT_COMPLIANT
              ? Happening.DEVICE_NOT_COMPLIANT
              : Happening.NOTED;
      case RiskLevelChange change ->
          change.current() == RiskLevelChange.Level.HIGH ? Happening.RISK_RAISED : Happening.NOTED;
      case CaepEvent.SessionEstablished(), CaepEvent.SessionPresented() -> Happening.NOTED;
    };
  }

  private static Happening of(CredentialChange change) {
    return switch (change.change()) {
      case REVOKE, DELETE -> Happening.CREDENTIAL_CHANGED;
      case UPDATE ->
          KNOWLEDGE.contains(change.credential()) ? Happening.CREDENTIAL_CHANGED : Happening.NOTED;
      case CREATE -> Happening.NOTED;
    };
  }

  private static Happening of(RiscEvent.Kind kind, SubjectIdentifier subject) {
    return switch (kind) {
      case ACCOUNT_ENABLED -> Happening.ENABLED;
      case ACCOUNT_PURGED -> Happening.DELETED;
      case ACCOUNT_CREDENTIAL_CHANGE_REQUIRED -> Happening.CREDENTIAL_COMPROMISED;
      case SESSIONS_REVOKED -> Happening.SESSIONS_REVOKED;
      // Only an address can be given to somebody else.
      case IDENTIFIER_RECYCLED ->
          subject instanceof SubjectIdentifier.Email
              ? Happening.IDENTIFIER_RECYCLED
              : Happening.NOTED;
      case OPT_IN,
          OPT_OUT_INITIATED,
          OPT_OUT_CANCELLED,
          OPT_OUT_EFFECTIVE,
          RECOVERY_ACTIVATED,
          RECOVERY_INFORMATION_CHANGED ->
          Happening.NOTED;
    };
  }
}
