package dev.lanyard.server.app.command.people;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.app.command.ConfigurationOption;
import dev.lanyard.server.app.command.Office;
import dev.lanyard.server.app.command.Output;
import dev.lanyard.server.app.command.Questions;
import dev.lanyard.server.app.command.Told;
import dev.lanyard.server.app.command.UserParameter;
import dev.lanyard.server.app.configuration.CommandFailure;
import dev.lanyard.server.app.configuration.Configuration;
import dev.lanyard.server.audit.AuditEvent;
import dev.lanyard.server.audit.AuditLog;
import dev.lanyard.server.audit.Outcome;
import dev.lanyard.server.directory.Linking;
import dev.lanyard.server.directory.NewPerson;
import dev.lanyard.server.directory.PasswordStore;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.revocation.Happening;
import dev.lanyard.server.revocation.Subject;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `lanyard person`: people kept here. A running server learns of every change at once, by the
/// change feed.
@Command(
    name = "person",
    description = "Adds, lists, disables and enables people, and changes their groups.",
    subcommands = PersonEraseCommand.class,
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND")
public final class PersonCommand {
  private static final Clock CLOCK = Clock.systemUTC();

  @Mixin private Output output = new Output();

  @Spec private CommandSpec spec = CommandSpec.create();

  @Command(
      name = "add",
      description =
          "Adds a person with a password, which is asked for or read from standard input.",
      mixinStandardHelpOptions = true)
  int add(
      @Mixin ConfigurationOption configuration,
      @Parameters(paramLabel = "EMAIL", description = "E-mail address, also the user name.")
          String email,
      @Option(names = "--name", paramLabel = "NAME", description = "Name for people.")
          Optional<String> name,
      @Option(
              names = "--group",
              paramLabel = "GROUP",
              split = ",",
              description = "Groups, which lead to roles.")
          List<String> groups,
      @Option(
              names = "--organisation",
              paramLabel = "NAME",
              description = "Whose they are, if not the broker's.")
          Optional<String> named) {
    var config = configuration.read();
    var organisation = named.map(one -> known(config, one)).orElseGet(() -> usual(config));
    if (!NewPerson.isShowable(email + name.orElse(""))) {
      throw new CommandFailure(
          "an address or name with line ends, control characters or marks that turn the text"
              + " around would be read as something else beside others; leave them out");
    }
    // Before anything is written: a person without the password that was meant would be half a
    // person.
    var password = password();
    try (var office = Office.open(config, CLOCK)) {
      var person =
          new NewPerson(organisation, email, Optional.of(email), name.orElse(email), set(groups));
      var made = office.passwords().made(password);
      var linking =
          office
              .directory()
              .create(
                  person,
                  (connection, id) ->
                      office
                          .passwords()
                          .give(
                              connection,
                              id,
                              made,
                              inside ->
                                  recorded(
                                      inside,
                                      event(office, "person.created", person.groups())
                                          .withOrganisation(organisation)
                                          .withPerson(id.value()))));
      switch (linking) {
        case Linking.Created(var created) ->
            output.say("Added %s in the groups %s.".formatted(email, sorted(created)));
        case Linking.UserNameTaken() ->
            throw new CommandFailure(email + " is there already; nothing was changed");
        case Linking.Linked(_), Linking.AlreadyLinked(_), Linking.MeantOtherwise() ->
            throw new IllegalStateException("creating a person linked somebody");
      }
    }
    return 0;
  }

  private static String known(Configuration config, String name) {
    var names = new TreeSet<String>();
    config.broker().ifPresent(broker -> names.add(broker.config().organisation()));
    config.ras().ifPresent(ras -> names.addAll(ras.config().organisationNames()));
    if (!names.contains(name)) {
      throw new CommandFailure("there is no organisation '%s' here, but %s".formatted(name, names));
    }
    return name;
  }

  /// The broker's, or else that of whoever signs in at the resource authorization server.
  private static String usual(Configuration config) {
    return config
        .broker()
        .map(broker -> broker.config().organisation())
        .or(() ->
            config.ras().flatMap(ras -> ras.config().flow()).flatMap(flow -> flow.ways().local()))
        .orElseThrow(
            () -> new CommandFailure("people are added where they sign in with a password"));
  }

  @Command(name = "list", description = "Lists everybody.", mixinStandardHelpOptions = true)
  int list(@Mixin ConfigurationOption configuration) {
    try (var office = Office.open(configuration.read(), CLOCK)) {
      var people = office.directory().all();
      people.stream()
          .sorted(Comparator.comparing(Person::organisation).thenComparing(Person::userName))
          .forEach(person ->
              output.say(
                  "%-24s %-16s %-30s %-8s %s"
                      .formatted(
                          person.id(),
                          person.organisation(),
                          person.userName(),
                          person.active() ? "active" : "disabled",
                          sorted(person))));
      if (people.isEmpty()) {
        output.say("Nobody yet. `lanyard person add` adds the first one.");
      }
    }
    return 0;
  }

  @Command(
      name = "disable",
      description = "Disables a person: nothing is issued any more, and nothing issued counts.",
      mixinStandardHelpOptions = true)
  int disable(
      @Mixin ConfigurationOption configuration,
      @Mixin UserParameter user,
      @Option(
              names = "--reason",
              defaultValue = "disabled by an administrator",
              paramLabel = "TEXT")
          String reason) {
    try (var office = Office.open(configuration.read(), CLOCK)) {
      var person = user.find(office);
      output.say(
          Told.of(
              person.userName(),
              office.report(new Subject.Person(person.id()), Happening.DISABLED, reason)));
    }
    return 0;
  }

  @Command(
      name = "enable",
      description = "Lets a person in again. Whatever was issued before stays dead.",
      mixinStandardHelpOptions = true)
  int enable(
      @Mixin ConfigurationOption configuration,
      @Mixin UserParameter user,
      @Option(names = "--reason", defaultValue = "enabled by an administrator", paramLabel = "TEXT")
          String reason) {
    try (var office = Office.open(configuration.read(), CLOCK)) {
      var person = user.find(office);
      output.say(
          Told.of(
              person.userName(),
              office.report(new Subject.Person(person.id()), Happening.ENABLED, reason)));
    }
    return 0;
  }

  @Command(
      name = "groups",
      description = "Replaces the groups of a person; without any, removes them all.",
      mixinStandardHelpOptions = true)
  int groups(
      @Mixin ConfigurationOption configuration,
      @Mixin UserParameter user,
      @Parameters(index = "1..*", arity = "0..*", paramLabel = "GROUP") List<String> groups) {
    try (var office = Office.open(configuration.read(), CLOCK)) {
      var person = user.find(office);
      var reaction = office.say(person, set(groups), "groups were changed");
      output.say(
          reaction
              .map(one -> Told.of(person.userName(), one))
              .orElse("%s was in these groups already.".formatted(person.userName())));
      output.say("%s is in the groups %s.".formatted(person.userName(), sorted(user.find(office))));
    }
    return 0;
  }

  @Command(
      name = "password",
      description = "Gives a person a new password, asked for or read from standard input.",
      mixinStandardHelpOptions = true)
  int password(@Mixin ConfigurationOption configuration, @Mixin UserParameter user) {
    try (var office = Office.open(configuration.read(), CLOCK)) {
      var person = user.find(office);
      var made = office.passwords().made(password());
      var event =
          event(office, "person.password", person.groups())
              .withOrganisation(person.organisation())
              .withPerson(person.id().value());
      boolean given =
          office
              .database()
              .write(connection ->
                  office
                      .passwords()
                      .give(connection, person.id(), made, inside -> recorded(inside, event)));
      if (!given) {
        throw new CommandFailure(user.named() + " is gone meanwhile; nothing was changed");
      }
      output.say("%s has a new password.".formatted(person.userName()));
    }
    return 0;
  }

  /// With what it says: the one is not without the other.
  private static boolean recorded(Connection connection, AuditEvent event) throws SQLException {
    AuditLog.append(connection, event);
    return true;
  }

  private static AuditEvent event(Office office, String type, Set<String> groups) {
    var evidence =
        JsonObject.builder()
            .put("groups", groups.stream().sorted().toList())
            .put("by", Office.operator().name())
            .build();
    return AuditEvent.of(type, Outcome.SUCCESS, CLOCK.instant(), office.correlationId(), evidence);
  }

  private Secret password() {
    var password = Questions.of(spec).password(PasswordStore.SHORTEST);
    var length = password.reveal().length();
    if (length < PasswordStore.SHORTEST || length > PasswordStore.LONGEST) {
      throw new CommandFailure(
          "a password needs %d to %d characters; nothing was changed"
              .formatted(PasswordStore.SHORTEST, PasswordStore.LONGEST));
    }
    return password;
  }

  private static Set<String> set(@org.jspecify.annotations.Nullable List<String> groups) {
    return groups == null ? Set.of() : Set.copyOf(groups);
  }

  private static String sorted(Person person) {
    return person.groups().isEmpty() ? "(none)" : String.join(", ", new TreeSet<>(person.groups()));
  }
}
