package dev.lanyard.server.app.command;

import dev.lanyard.server.directory.Directory;
import dev.lanyard.server.directory.Person;
import java.util.Optional;
import picocli.CommandLine.Option;

/// The person whom a command is about, as an option. A group of options: the second is nothing
/// without the first.
public final class UserOption {
  @Option(
      names = "--user",
      required = true,
      paramLabel = "USER",
      description = "A person: user name, e-mail address or id.")
  private Optional<String> user = Optional.empty();

  @Option(
      names = "--organisation",
      paramLabel = "NAME",
      description = "Whose the person is, if several have the name.")
  private Optional<String> organisation = Optional.empty();

  /// Whether anybody is named.
  public boolean isGiven() {
    return user.isPresent();
  }

  /// Empty if nobody is named.
  ///
  /// @throws dev.lanyard.server.app.configuration.CommandFailure if that is nobody, or more than
  ///   one
  public Optional<Person> find(Directory directory) {
    return user.map(named -> People.find(directory, named, organisation));
  }
}
