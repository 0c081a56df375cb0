package dev.lanyard.server.administration;

import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.server.directory.Person;

/// Who calls, and may.
public sealed interface Caller {
  /// For the record.
  String name();

  /// A program by itself, with a token of the configuration.
  record Program(String name) implements Caller {}

  /// Somebody, through an application.
  ///
  /// @param client the application
  record Somebody(Person person, ClientId client) implements Caller {
    @Override
    public String name() {
      return person.id().value();
    }
  }
}
