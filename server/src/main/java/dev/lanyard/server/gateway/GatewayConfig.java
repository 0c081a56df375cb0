package dev.lanyard.server.gateway;

import dev.lanyard.protocol.oauth.Issuer;
import java.util.HashSet;
import java.util.List;

/// What the gateway is told. Nothing listed means nothing served.
///
/// @param issuer whose tokens it takes: the resource authorization server of this installation
/// @param fronts the connectors behind it
/// @param contact a sentence that says whom to ask for what is missing
/// @param withoutAudit what happens to a call that cannot be recorded
public record GatewayConfig(
    Issuer issuer,
    List<Front> fronts,
    GatewayLimits limits,
    String contact,
    WithoutAudit withoutAudit) {
  /// Nobody in particular.
  public static final String DEFAULT_CONTACT =
      "If you need it for your work, please ask your administrator for a role.";

  /// @throws IllegalArgumentException if two connectors share an id or an address
  public GatewayConfig {
    fronts = List.copyOf(fronts);
    var seen = new HashSet<String>();
    for (var front : fronts) {
      if (!seen.add("id " + front.connector()) || !seen.add("path " + front.path())) {
        throw new IllegalArgumentException(
            "gateway.connectors: two share the id or the path of " + front.connector());
      }
    }
  }

  /// What happens to a call that cannot be recorded.
  public enum WithoutAudit {
    /// It is refused (503).
    STOP,
    /// It is passed on, and the log says so.
    CONTINUE;

    /// The value as files have it.
    public static WithoutAudit named(String name) {
      return switch (name) {
        case "stop" -> STOP;
        case "continue" -> CONTINUE;
        default -> throw new IllegalArgumentException("'" + name + "' is none of stop, continue");
      };
    }
  }
}
