package dev.lanyard.server.policy;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.oauth.Scopes;
import java.util.List;

/// One rule that took part in a decision.
///
/// @param kind what kind of entry of the library it is
/// @param name the entry's name
/// @param groups through which groups the person comes to it, sorted; empty for an exception that
///   names the person, and for a separation of duty
/// @param connector the connector it is about
/// @param scopes the scopes it gives there, or withholds
/// @param effect what became of it
/// @param conditions the names of the conditions that decided the effect; empty if it applied
public record Rule(
    Kind kind,
    String name,
    List<String> groups,
    String connector,
    Scopes scopes,
    Effect effect,
    List<String> conditions) {

  /// Entries of the library.
  public enum Kind {
    /// A role gives a connector.
    ROLE("role"),
    /// An exception gives a connector for a while.
    EXCEPTION("exception"),
    /// A separation of duty withholds scopes.
    SEPARATION("separation");

    private final String value;

    Kind(String value) {
      this.value = value;
    }

    /// As it is written in records.
    public String value() {
      return value;
    }
  }

  /// What became of a rule.
  public enum Effect {
    /// It gave its scopes.
    APPLIED("applied"),
    /// It is restricted to other clients, so it gave nothing.
    OTHER_CLIENTS_ONLY("other-clients-only"),
    /// A condition is not met, so it gave nothing.
    CONDITION_NOT_MET("condition-not-met"),
    /// A condition could not be evaluated, so it gave nothing.
    CONDITION_FAILED("condition-failed"),
    /// It gives its scopes after a better sign-in only.
    NEEDS_STEP_UP("needs-step-up"),
    /// The exception is over, so it gave nothing.
    ENDED("ended"),
    /// It took away what others gave.
    WITHHELD("withheld");

    private final String value;

    Effect(String value) {
      this.value = value;
    }

    /// As it is written in records.
    public String value() {
      return value;
    }
  }

  /// For records and programs.
  public JsonObject toJson() {
    var json =
        JsonObject.builder()
            .put(kind.value(), name)
            .put("groups", groups)
            .put("connector", connector)
            .put("scope", scopes.toString())
            .put("effect", effect.value());
    return (conditions.isEmpty() ? json : json.put("conditions", conditions)).build();
  }
}
