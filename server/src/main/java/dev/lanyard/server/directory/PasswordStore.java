package dev.lanyard.server.directory;

import dev.lanyard.protocol.oauth.Secret;
import java.util.Optional;

/// The passwords of local people.
public interface PasswordStore {
  /// Whether this is the password of this person; takes as long for nobody as for somebody.
  boolean verify(Optional<PersonId> person, Secret password);
}
