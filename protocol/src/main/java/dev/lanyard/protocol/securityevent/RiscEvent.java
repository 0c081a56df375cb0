package dev.lanyard.protocol.securityevent;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import java.util.Optional;

/// The events of the RISC profile 1.0: what becomes of accounts and identifiers.
///
/// @spec https://openid.net/specs/openid-risc-1_0-final.html#section-2 OpenID RISC 1.0 §2 (SSF-37
///   to SSF-40)
public sealed interface RiscEvent extends SecurityEvent {
  /// What every event type URI of RISC begins with.
  String BASE = "https://schemas.openid.net/secevent/risc/event-type/";

  /// The account is switched off.
  ///
  /// @param reason `hijacking` or `bulk-account`, if the transmitter says
  record AccountDisabled(Optional<String> reason) implements RiscEvent {
    @Override
    public String type() {
      return BASE + "account-disabled";
    }

    @Override
    public JsonObject toJson() {
      return JsonObject.builder().putIfPresent("reason", reason).build();
    }
  }

  /// A credential of the subject is in wrong hands.
  ///
  /// @param credential `credential_type`
  record CredentialCompromise(String credential) implements RiscEvent {
    @Override
    public String type() {
      return BASE + "credential-compromise";
    }

    @Override
    public JsonObject toJson() {
      return JsonObject.builder().put("credential_type", credential).build();
    }
  }

  /// The subject, an e-mail address or telephone number, is no longer this person's.
  ///
  /// @param newValue what took its place, if the transmitter says
  record IdentifierChanged(Optional<String> newValue) implements RiscEvent {
    @Override
    public String type() {
      return BASE + "identifier-changed";
    }

    @Override
    public JsonObject toJson() {
      return JsonObject.builder().putIfPresent("new-value", newValue).build();
    }
  }

  /// An event that says everything by its type.
  record Plain(Kind kind) implements RiscEvent {
    @Override
    public String type() {
      return BASE + Words.lower(kind);
    }

    @Override
    public JsonObject toJson() {
      return JsonObject.EMPTY;
    }
  }

  /// The types without members of their own.
  enum Kind {
    ACCOUNT_ENABLED,
    /// The account is deleted for good.
    ACCOUNT_PURGED,
    /// The person had to choose a new credential.
    ACCOUNT_CREDENTIAL_CHANGE_REQUIRED,
    /// The subject, an e-mail address or telephone number, belongs to somebody else now.
    IDENTIFIER_RECYCLED,
    /// Every session was ended. Deprecated in favour of CAEP: understood, never sent.
    SESSIONS_REVOKED,
    OPT_IN,
    OPT_OUT_INITIATED,
    OPT_OUT_CANCELLED,
    OPT_OUT_EFFECTIVE,
    RECOVERY_ACTIVATED,
    RECOVERY_INFORMATION_CHANGED
  }

  /// Reads an event whose type begins with [#BASE]; one that RISC 1.0 does not have is unknown.
  ///
  /// @throws MalformedException if it lacks what its type demands
  static SecurityEvent parse(String type, JsonObject json) throws MalformedException {
    var name = type.substring(BASE.length());
    switch (name) {
      case "account-disabled" -> {
        // Whoever is switched off is, whatever is wrong with why.
        return new AccountDisabled(
            json.isString("reason") ? json.string("reason") : Optional.empty());
      }
      case "credential-compromise" -> {
        return new CredentialCompromise(json.nonEmptyString("credential_type"));
      }
      case "identifier-changed" -> {
        return new IdentifierChanged(json.string("new-value"));
      }
      default -> {
        for (var kind : Kind.values()) {
          if (Words.lower(kind).equals(name)) {
            return new Plain(kind);
          }
        }
        return new UnknownEvent(type, json);
      }
    }
  }
}
