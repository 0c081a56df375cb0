package dev.lanyard.client;

import dev.lanyard.protocol.oauth.Secret;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// Where a client program keeps what it must find again after a restart: the session at the
/// identity provider, refresh tokens, registrations (CLI-17). Implement it over the keychain of a
/// platform, or use [FileCredentialStore]. Implementations are thread-safe.
///
/// Access tokens and ID-JAGs are never kept: they live for minutes.
public interface CredentialStore {
  /// @param name what is kept, in words: names of people and URLs, so any characters, and a few
  ///   thousand of them; where a keychain takes less, use a hash of it
  /// @throws java.io.UncheckedIOException if the store cannot answer
  Optional<Secret> find(String name);

  /// Keeps a value in place of what was there; after a crash either is found, never half of one.
  ///
  /// @throws java.io.UncheckedIOException if it could not be kept
  void keep(String name, Secret value);

  /// Forgets a value, if it is there.
  ///
  /// @throws java.io.UncheckedIOException if it could not be forgotten
  void forget(String name);

  /// Keeps everything in memory, and nothing beyond the end of the process.
  static CredentialStore inMemory() {
    return new CredentialStore() {
      private final Map<String, Secret> values = new ConcurrentHashMap<>();

      @Override
      public Optional<Secret> find(String name) {
        return Optional.ofNullable(values.get(name));
      }

      @Override
      public void keep(String name, Secret value) {
        values.put(name, value);
      }

      @Override
      public void forget(String name) {
        values.remove(name);
      }
    };
  }
}
