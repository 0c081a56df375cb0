package dev.lanyard.server.app.command.people;

import dev.lanyard.server.app.command.ConfigurationOption;
import dev.lanyard.server.app.command.Office;
import dev.lanyard.server.app.command.Output;
import dev.lanyard.server.app.command.UserParameter;
import dev.lanyard.server.app.command.audit.AuditHoldCommand;
import dev.lanyard.server.app.configuration.CommandFailure;
import dev.lanyard.server.app.node.AuditOffice;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.revocation.Departure;
import dev.lanyard.server.transparency.DamagedLogException;
import dev.lanyard.server.transparency.Erasure;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `lanyard person erase`: who somebody was is told nowhere any more.
@Command(
    name = "erase",
    description = {
      "Destroys the key under which the audit record conceals who a person is, for ever and in every"
          + " export, and takes their name and address from the list of people.",
      "What was decided about them stays, under an id. Only for people who are switched off or gone."
          + " Says what it does not reach."
    },
    mixinStandardHelpOptions = true)
final class PersonEraseCommand implements Callable<Integer> {
  private static final Clock CLOCK = Clock.systemUTC();

  @Mixin private Output output = new Output();

  @Mixin private ConfigurationOption configuration = new ConfigurationOption();

  @Mixin private UserParameter user = new UserParameter();

  @Override
  public Integer call() {
    var config = configuration.read();
    try (var office = Office.open(config, CLOCK)) {
      var id = user.id(office);
      var person =
          office.directory().all().stream().filter(one -> one.id().value().equals(id)).findFirst();
      if (person.filter(Person::active).isPresent()) {
        throw new CommandFailure(user.named() + " is active; run 'lanyard person disable' first");
      }
      try (var audit = AuditOffice.open(config, CLOCK)) {
        // What is in the record in plain becomes concealed first.
        audit.log().takeIn();
      } catch (DamagedLogException e) {
        throw new CommandFailure("the audit log cannot grow: " + e.getMessage());
      }
      erase(office, id, person);
    }
    return 0;
  }

  private void erase(Office office, String id, Optional<Person> person) {
    var departure = new Departure(office.directory(), office.revocation(), CLOCK);
    var end = new AtomicReference<Optional<Departure.Verdict>>(Optional.empty());
    var verdict =
        new Erasure(office.database(), CLOCK)
            .erase(
                id,
                person.map(Person::organisation),
                Office.operator().name(),
                office.correlationId(),
                connection -> {
                  if (person.isEmpty()) {
                    return true;
                  }
                  var who = person.get().id();
                  if (!departure.mayGo(connection, who)) {
                    return false;
                  }
                  end.set(
                      Optional.of(
                          departure.go(
                              connection, who, Office.operator(), office.correlationId())));
                  return true;
                });
    switch (verdict) {
      case Erasure.Verdict.Erased() -> {
        end.get().ifPresent(Departure.Verdict::enforce);
        output.say("Erased from the audit record: " + id);
        output.say(left(end.get()));
      }
      case Erasure.Verdict.Held(var holds) ->
          throw new CommandFailure("a hold forbids it: " + AuditHoldCommand.line(holds.getFirst()));
      case Erasure.Verdict.Unmet() ->
          throw new CommandFailure(
              id + " was switched on or erased meanwhile; nothing was changed");
    }
  }

  /// What an erasure has left.
  private static String left(Optional<Departure.Verdict> end) {
    var directory =
        end.map(one ->
                switch (one) {
                  case Departure.Verdict.Gone _ ->
                      "Name and address are gone from the list of people too.";
                  case Departure.Verdict.Kept(var source) ->
                      "Name and address stay in the list of people: '%s' keeps them there over SCIM. Delete them at that provider."
                          .formatted(source);
                })
            .orElse("They had left the list of people before.");
    return directory
        + "\nBackups, records that left by an export of names, signed reviews and the role library may"
        + " name them still: see docs/audit.md.";
  }
}
