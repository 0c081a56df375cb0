package dev.lanyard.server.gateway.task;

import dev.lanyard.protocol.oauth.Secret;
import java.util.Optional;

/// Seals how a server is told that a task ends, so that the record is no list of ids. A gateway
/// that has no key for it keeps none. Thread-safe.
public interface TaskSeal {
  /// There is no key.
  TaskSeal NONE =
      new TaskSeal() {
        @Override
        public Optional<String> sealed(Secret address, String context) {
          return Optional.empty();
        }

        @Override
        public Optional<Secret> opened(String sealed, String context) {
          return Optional.empty();
        }
      };

  /// Empty if there is no key.
  ///
  /// @param context which task it is about; it opens with the same one only
  Optional<String> sealed(Secret address, String context);

  /// Empty if there is no key, or it is not the one.
  Optional<Secret> opened(String sealed, String context);
}
