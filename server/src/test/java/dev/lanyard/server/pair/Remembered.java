package dev.lanyard.server.pair;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.server.directory.Person;
import dev.lanyard.server.directory.PersonHistory;
import java.util.stream.Collectors;

/// The history of people, as it must be after whatever has happened to them.
public final class Remembered {
  private Remembered() {}

  /// What the history says of now is what the directory has, of everybody.
  public static void asTheyAre(Pair pair) {
    pair.awaitChanges();
    var remembered = new PersonHistory(pair.database).everybody(pair.clock.instant());
    var known =
        pair.directory.all().stream()
            .collect(
                Collectors.toMap(
                    person -> person.id().value(),
                    person -> new PersonHistory.Past(person.standing(), person.groups())));
    assertThat(remembered)
        .as(pair.directory.all().stream().map(Person::userName).toList().toString())
        .containsAllEntriesOf(known);
  }
}
