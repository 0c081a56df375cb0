package dev.lanyard.server.gateway.task;

import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.sessions.OpaqueToken;

/// What a server calls a task. At a server that does not ask who is there it is all that somebody
/// needs for its result, so it is kept as a hash only.
///
/// @param value text of 1 to 256 characters
/// @param process which process of a command gives it: each counts for itself; empty at a server
///   that is one for everybody
public record TaskId(String value, String process) {
  private static final int LONGEST = 256;

  /// One of a server that is one for everybody.
  public TaskId(String value) {
    this(value, "");
  }

  /// @throws MalformedException if it is empty or longer than anybody's
  public static TaskId of(String value) throws MalformedException {
    if (value.isEmpty() || value.length() > LONGEST) {
      throw new MalformedException("'taskId' has 1 to " + LONGEST + " characters");
    }
    return new TaskId(value);
  }

  /// The same of one process.
  ///
  /// @param name without a line break
  public TaskId in(String name) {
    return new TaskId(value, name);
  }

  /// By which it is kept.
  public String hash() {
    return OpaqueToken.hash(new Secret(process.isEmpty() ? value : process + "\n" + value));
  }

  @Override
  public String toString() {
    return "TaskId[" + hash() + "]";
  }
}
