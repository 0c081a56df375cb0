package dev.lanyard.server.console.desk;

import dev.lanyard.server.directory.NewPerson;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// A person who is to be kept here, as one administrator writes them down and another one reads
/// them.
///
/// @param address their e-mail address, which is their user name
/// @param name for people
public record Newcomer(String address, String name, GroupList groups) {
  private static final String ADDRESS = "address: ";
  private static final String NAME = "name: ";
  private static final String GROUP = "group: ";
  private static final Pattern FORM = Pattern.compile("[^\\s\\p{Cntrl}@]+@[^\\s\\p{Cntrl}@]+");

  public Newcomer {
    address = address.strip();
    name = name.strip();
  }

  /// One thing in a line.
  String text() {
    return ADDRESS
        + address
        + "\n"
        + NAME
        + name
        + "\n"
        + groups.names().stream().map(group -> GROUP + group + "\n").collect(Collectors.joining());
  }

  /// What [#text] has written.
  static Newcomer parse(String text) {
    return new Newcomer(
        lines(text, ADDRESS), lines(text, NAME), GroupList.parse(lines(text, GROUP)));
  }

  private static String lines(String text, String beginning) {
    return text.lines()
        .filter(line -> line.startsWith(beginning))
        .map(line -> line.substring(beginning.length()))
        .collect(Collectors.joining("\n"));
  }

  /// Why such a person cannot be kept; empty if they can.
  Optional<String> fault() {
    if (!FORM.matcher(address).matches() || address.length() > NewPerson.LONGEST) {
      return Optional.of(
          "an e-mail address such as eve@acme.example is needed, of at most %d letters"
              .formatted(NewPerson.LONGEST));
    }
    return name.isEmpty()
            || name.length() > NewPerson.LONGEST
            || name.chars().anyMatch(Character::isISOControl)
        ? Optional.of(
            "a name of at most %d letters that can be seen is needed".formatted(NewPerson.LONGEST))
        : groups.fault();
  }

  NewPerson of(String organisation) {
    return new NewPerson(organisation, address, Optional.of(address), name, groups.names());
  }
}
