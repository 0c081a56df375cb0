package dev.lanyard.server.gateway.task;

import dev.lanyard.protocol.oauth.Secret;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Whose the tasks are that servers upstream have made.
interface TaskStore {
  /// Keeps a task, unless its id is taken. Check and record are one step: of two that come at once,
  /// on whatever node, one has it. The same task of the same owner again is theirs.
  ///
  /// @param address how the server is told that it ends; empty if nobody has to be told
  /// @return whether it is this one's
  /// @throws java.io.UncheckedIOException if it is not kept; nobody may learn the id then
  boolean claim(String connector, TaskId id, KeptTask task, Optional<Secret> address);

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

  /// It has ended by itself: nobody has to be told any more.
  ///
  /// @throws java.io.UncheckedIOException if the store cannot
  void over(String connector, TaskId id);

  /// How many are taken at once, so that whoever takes them is done with them before they are due
  /// again.
  int MOST_DUE = 10;

  /// Takes those that a kill has dropped and that are due, [#MOST_DUE] at most and those first that
  /// are due for longest: each is one node's until it is due again. One whose id its server has
  /// given anew is not among them.
  ///
  /// @param again when those that are taken are due again
  /// @throws java.io.UncheckedIOException if the store cannot
  List<OpenEnd> due(String connector, Instant now, Instant again);

  /// A server has taken that a task has ended.
  ///
  /// @param hash of its id
  /// @throws java.io.UncheckedIOException if the store cannot
  void told(String connector, String hash);

  /// Forgets a task if it is this person's; it is nobody's then.
  ///
  /// @throws java.io.UncheckedIOException if the store cannot
  void forget(String connector, TaskId id, String subject);
}
