package dev.lanyard.client.mcp;

import dev.lanyard.client.Access;
import java.net.URI;

/// There is no access to an MCP server. An exception because the SDK leaves no other way out of its
/// transport.
public final class AccessRefusedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Access access;

  AccessRefusedException(URI server, Access access) {
    super("no access to " + server + ": " + describe(access));
    this.access = access;
  }

  /// Why, for deciding what to do; never [Access.Granted].
  public Access access() {
    return access;
  }

  private static String describe(Access access) {
    return switch (access) {
      case Access.Granted granted -> "granted";
      case Access.Denied(var by, var denial) ->
          denial.error()
              + denial.description().map(d -> " (" + d + ")").orElse("")
              + ", issuer "
              + by;
      case Access.SignInNeeded needed -> "the person must sign in at the identity provider";
      case Access.Stopped(var why) -> why;
      case Access.Unavailable(var why) -> why;
    };
  }
}
