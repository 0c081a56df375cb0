package dev.lanyard.protocol.securityevent;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import java.util.Optional;

/// The events of the Continuous Access Evaluation Profile 1.0.
///
/// @spec https://openid.net/specs/openid-caep-1_0-final.html#section-3 OpenID CAEP 1.0 §3 (SSF-30
///   to SSF-36)
public sealed interface CaepEvent extends SecurityEvent {
  /// What every event type URI of CAEP begins with.
  String BASE = "https://schemas.openid.net/secevent/caep/event-type/";

  /// A session of the subject, or every session, has ended.
  record SessionRevoked() implements CaepEvent {
    @Override
    public String type() {
      return BASE + "session-revoked";
    }

    @Override
    public JsonObject toJson() {
      return JsonObject.EMPTY;
    }
  }

  /// A credential of the subject was made, changed or taken away.
  ///
  /// @param credential `credential_type`: `password`, `fido2-roaming`, … or what both sides agreed
  /// @param change what became of it
  /// @param friendlyName what people call it
  record CredentialChange(String credential, Change change, Optional<String> friendlyName)
      implements CaepEvent {
    /// `change_type`.
    public enum Change {
      CREATE,
      REVOKE,
      UPDATE,
      DELETE
    }

    @Override
    public String type() {
      return BASE + "credential-change";
    }

    @Override
    public JsonObject toJson() {
      return JsonObject.builder()
          .put("credential_type", credential)
          .put("change_type", Words.lower(change))
          .putIfPresent("friendly_name", friendlyName)
          .build();
    }
  }

  /// Claims of tokens that were issued are no longer what they were.
  ///
  /// @param claims the new values
  record TokenClaimsChange(JsonObject claims) implements CaepEvent {
    @Override
    public String type() {
      return BASE + "token-claims-change";
    }

    @Override
    public JsonObject toJson() {
      return JsonObject.builder().put("claims", claims).build();
    }
  }

  /// How sure the transmitter is of the subject has changed.
  record AssuranceLevelChange(
      String namespace,
      String currentLevel,
      Optional<String> previousLevel,
      Optional<Direction> direction)
      implements CaepEvent {
    /// `change_direction`.
    public enum Direction {
      INCREASE,
      DECREASE
    }

    @Override
    public String type() {
      return BASE + "assurance-level-change";
    }

    @Override
    public JsonObject toJson() {
      return JsonObject.builder()
          .put("namespace", namespace)
          .put("current_level", currentLevel)
          .putIfPresent("previous_level", previousLevel)
          .putIfPresent("change_direction", direction.map(Words::lower))
          .build();
    }
  }

  /// A device meets the organisation's rules, or no longer does.
  record DeviceComplianceChange(Status previous, Status current) implements CaepEvent {
    /// Whether the device meets the rules.
    public enum Status {
      COMPLIANT,
      NOT_COMPLIANT
    }

    @Override
    public String type() {
      return BASE + "device-compliance-change";
    }

    @Override
    public JsonObject toJson() {
      return JsonObject.builder()
          .put("previous_status", Words.lower(previous))
          .put("current_status", Words.lower(current))
          .build();
    }
  }

  /// The transmitter thinks the subject more or less endangered.
  ///
  /// @param principal what the risk is about: `USER`, `DEVICE`, `SESSION`, …
  record RiskLevelChange(
      String principal, Level current, Optional<Level> previous, Optional<String> reason)
      implements CaepEvent {
    /// How high the risk is.
    public enum Level {
      LOW,
      MEDIUM,
      HIGH
    }

    @Override
    public String type() {
      return BASE + "risk-level-change";
    }

    @Override
    public JsonObject toJson() {
      return JsonObject.builder()
          .put("principal", principal)
          .put("current_level", current.name())
          .putIfPresent("previous_level", previous.map(Enum::name))
          .putIfPresent("risk_reason", reason)
          .build();
    }
  }

  /// The subject has a new session at the transmitter.
  record SessionEstablished() implements CaepEvent {
    @Override
    public String type() {
      return BASE + "session-established";
    }

    @Override
    public JsonObject toJson() {
      return JsonObject.EMPTY;
    }
  }

  /// A session was seen in use at the transmitter.
  record SessionPresented() implements CaepEvent {
    @Override
    public String type() {
      return BASE + "session-presented";
    }

    @Override
    public JsonObject toJson() {
      return JsonObject.EMPTY;
    }
  }

  /// Reads an event whose type begins with [#BASE]; one that CAEP 1.0 does not have is unknown.
  ///
  /// @throws MalformedException if it lacks what its type demands
  static SecurityEvent parse(String type, JsonObject json) throws MalformedException {
    return switch (type.substring(BASE.length())) {
      case "session-revoked" -> new SessionRevoked();
      case "credential-change" ->
          new CredentialChange(
              json.nonEmptyString("credential_type"),
              Words.required(json, "change_type", CredentialChange.Change.class),
              json.string("friendly_name"));
      case "token-claims-change" ->
          new TokenClaimsChange(
              json.object("claims").orElseThrow(() -> new MalformedException("no 'claims'")));
      case "assurance-level-change" ->
          new AssuranceLevelChange(
              json.nonEmptyString("namespace"),
              json.nonEmptyString("current_level"),
              json.string("previous_level"),
              Words.optional(json, "change_direction", AssuranceLevelChange.Direction.class));
      case "device-compliance-change" ->
          new DeviceComplianceChange(
              Words.required(json, "previous_status", DeviceComplianceChange.Status.class),
              Words.required(json, "current_status", DeviceComplianceChange.Status.class));
      case "risk-level-change" ->
          new RiskLevelChange(
              json.nonEmptyString("principal"),
              Words.required(json, "current_level", RiskLevelChange.Level.class),
              Words.optional(json, "previous_level", RiskLevelChange.Level.class),
              json.string("risk_reason"));
      case "session-established" -> new SessionEstablished();
      case "session-presented" -> new SessionPresented();
      default -> new UnknownEvent(type, json);
    };
  }
}
