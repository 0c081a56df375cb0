package dev.lanyard.server.gateway.task;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/// Whose the tasks are that servers upstream have made.
public interface TaskStore {
  /// Keeps a task, unless its id is taken. Check and record are one step: of two that come at once,
  /// on whatever node, one has it. The same task of the same owner again is theirs.
  ///
  /// @return whether it is this one's
  /// @throws java.io.UncheckedIOException if it is not kept; nobody may learn the id then
  boolean claim(String connector, TaskId id, KeptTask task);

  /// Whose a task is; empty if it is nobody's, or its time is over.
  ///
  /// @throws java.io.UncheckedIOException if the store cannot answer
  Optional<KeptTask> find(String connector, TaskId id, Instant now);

  /// Everything that is kept of somebody at a connector, by the hashes of the ids.
  ///
  /// @throws java.io.UncheckedIOException if the store cannot answer
  Map<String, KeptTask> of(String connector, String subject, Instant now);

  /// How many are kept of somebody at a connector.
  ///
  /// @throws java.io.UncheckedIOException if the store cannot answer
  int count(String connector, String subject, Instant now);

  /// Keeps a task for longer. Of one that is gone nothing is kept.
  ///
  /// @throws java.io.UncheckedIOException if the store cannot
  void prolong(String connector, TaskId id, Instant forgetAfter);

  /// Forgets a task if it is this person's; it is nobody's then.
  ///
  /// @throws java.io.UncheckedIOException if the store cannot
  void forget(String connector, TaskId id, String subject);
}
