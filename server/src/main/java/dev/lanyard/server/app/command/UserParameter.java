package dev.lanyard.server.app.command;

import dev.lanyard.server.directory.Person;
import java.util.Optional;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// The person whom a command is about, as its first parameter.
public final class UserParameter {
  @Parameters(
      index = "0",
      paramLabel = "USER",
      description = "A person: user name, e-mail address or id.")
  private String user = "";

  @Option(
      names = "--organisation",
      paramLabel = "NAME",
      description = "Whose the person is, if several have the name.")
  private Optional<String> organisation = Optional.empty();

  /// As it was typed.
  public String named() {
    return user;
  }

  /// @throws dev.lanyard.server.app.configuration.CommandFailure if that is nobody, or more than
  ///   one
  public Person find(Office office) {
    return People.find(office.directory(), user, organisation);
  }

  /// The id of somebody who is known, or was.
  ///
  /// @throws dev.lanyard.server.app.configuration.CommandFailure if that is nobody, or more than
  ///   one
  public String id(Office office) {
    return People.id(office, user, organisation);
  }
}
