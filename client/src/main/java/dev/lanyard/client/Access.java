package dev.lanyard.client;

import dev.lanyard.protocol.oauth.Issuer;
import java.util.Optional;

/// Whether an [AccessSource] could get access to an MCP server.
public sealed interface Access {
  /// Here is the token.
  record Granted(HeldToken token) implements Access {}

  /// A server said no. Under Enterprise-Managed Authorization this is final: there is no way around
  /// it through the resource's own authorization page (CLI-34).
  ///
  /// @param by who said no; where the MCP server itself refuses what was granted for it, the
  ///   authorization server whose token it refuses
  record Denied(Issuer by, Denial denial) implements Access {}

  /// Only a sign-in of the person can help: none is possible now, or the last one did not suffice.
  ///
  /// @param because what the last refusal was; empty if there simply is no live session
  record SignInNeeded(Optional<Denial> because) implements Access {}

  /// What was found or answered must not be used: another resource or issuer than asked for, a
  /// wider or a weaker token.
  record Stopped(String why) implements Access {}

  /// Somebody is down. Nothing was lost; try again.
  record Unavailable(String why) implements Access {}
}
