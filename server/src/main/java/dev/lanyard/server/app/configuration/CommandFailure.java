package dev.lanyard.server.app.configuration;

/// A command cannot do what it was asked to; the message tells the administrator why and what to
/// do.
public final class CommandFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final boolean wrongUsage;

  public CommandFailure(String message) {
    this(message, false);
  }

  public CommandFailure(String message, Throwable cause) {
    super(message, cause);
    this.wrongUsage = false;
  }

  private CommandFailure(String message, boolean wrongUsage) {
    super(message);
    this.wrongUsage = wrongUsage;
  }

  /// The same of options that contradict each other, or that are not enough: whatever the
  /// installation is, the command cannot be meant so.
  public static CommandFailure ofUsage(String message) {
    return new CommandFailure(message, true);
  }

  /// The exit code of the command.
  public int exitCode() {
    return wrongUsage ? 2 : 1;
  }
}
