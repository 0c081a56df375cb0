package dev.lanyard.server.console.desk;

import dev.lanyard.server.directory.PersonId;
import dev.lanyard.server.library.Connector;
import dev.lanyard.server.publication.Draft;
import dev.lanyard.server.requests.ExceptionRequest;
import dev.lanyard.server.requests.ExceptionRequests;
import dev.lanyard.server.requests.ExceptionRequests.Asked;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.Optional;
import java.util.function.Function;

/// Lets a person ask for what their roles do not give, and an administrator answer. The answer is
/// no, or an exception in the draft of that administrator, which goes the way of every other
/// change.
public final class RequestDesk {
  private final Parts parts;
  private final Drafting with;
  private final ExceptionRequests requests;

  RequestDesk(Parts parts, Drafting with, ExceptionRequests requests) {
    this.parts = parts;
    this.with = with;
    this.requests = requests;
  }

  /// What somebody has typed.
  ///
  /// @param until the last day
  public record Typed(String connector, String reason, String until) {}

  /// What became of an attempt to ask.
  public sealed interface Asking {
    record Made(String id) implements Asking {}

    /// Something is missing or wrong in what was typed.
    record Incomplete(String why) implements Asking {}

    /// Something stands against it.
    record Against(String why) implements Asking {}
  }

  /// What became of an attempt to answer.
  public sealed interface Answer {
    record Declined(ExceptionRequest now) implements Answer {}

    /// @param file the file in the draft of whoever answers
    record Drafted(String file) implements Answer {}

    record Unknown() implements Answer {}

    /// The answer is not whole.
    record Incomplete(ExceptionRequest now, String why) implements Answer {}

    /// Something stands against it.
    record Against(ExceptionRequest now, String why) implements Answer {}

    /// A new version is in force and will be kept in a moment.
    record NotYet() implements Answer {}
  }

  /// Asks in one's own name.
  public Asking ask(Actor by, Typed typed) {
    var reason = typed.reason().strip();
    if (connector(typed.connector()).isEmpty()) {
      return new Asking.Incomplete("choose a connector that there is.");
    }
    if (isNoText(reason)) {
      return new Asking.Incomplete(
          "say why you need it, in at most " + ExceptionRequests.LONGEST_TEXT + " letters.");
    }
    var until = day(typed.until());
    if (until.isEmpty()) {
      return new Asking.Incomplete("name the last day, as in 2027-01-31.");
    }
    var question = new ExceptionRequests.Question(by.id(), typed.connector(), reason, until.get());
    return switch (requests.ask(question, by.act())) {
      case Asked.Made(var id) -> new Asking.Made(id);
      case Asked.Before() ->
          new Asking.Against("you have asked for it already; it waits for an answer.");
      case Asked.TooMany() ->
          new Asking.Against(
              "you have "
                  + ExceptionRequests.MOST_OPEN
                  + " open requests, and nobody has more. Take one back, or wait for an answer.");
      case Asked.WrongDay() ->
          new Asking.Incomplete(
              "the last day is today at the earliest, and in a year at the latest.");
    };
  }

  private static boolean isNoText(String text) {
    return text.isEmpty() || text.length() > ExceptionRequests.LONGEST_TEXT;
  }

  private static Optional<LocalDate> day(String text) {
    try {
      return Optional.of(LocalDate.parse(text));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  /// Takes back a request of one's own.
  ///
  /// @return whether it was theirs and open
  public boolean withdraw(Actor by, String id) {
    return requests.withdraw(id, by.act());
  }

  /// Says no; whoever asked reads why.
  public Answer decline(Actor by, String id, String why) {
    var reason = why.strip();
    return answered(
        by,
        id,
        one -> {
          if (isNoText(reason)) {
            return new Answer.Incomplete(one, "say why; whoever asked reads it.");
          }
          return requests.decline(one.id(), reason, by.act())
              ? new Answer.Declined(now(one))
              : over(one);
        });
  }

  /// Writes the exception into the draft of whoever answers. What was drafted before, and perhaps
  /// narrowed since, stays.
  public Answer draft(Actor by, String id) {
    return answered(by, id, one -> drafted(by, one));
  }

  private Answer answered(Actor by, String id, Function<ExceptionRequest, Answer> answer) {
    var found = requests.find(id);
    if (found.isEmpty()) {
      return new Answer.Unknown();
    }
    if (isOwn(by.id(), found.get())) {
      return new Answer.Against(found.get(), "nobody answers their own request.");
    }
    return found.get().isOpen() ? answer.apply(found.get()) : over(found.get());
  }

  /// Whether somebody has asked for it themselves.
  public static boolean isOwn(String person, ExceptionRequest one) {
    return one.person().equals(person);
  }

  private ExceptionRequest now(ExceptionRequest one) {
    return requests.find(one.id()).orElse(one);
  }

  private Answer over(ExceptionRequest one) {
    return new Answer.Against(now(one), "it is not open any more.");
  }

  private Answer drafted(Actor by, ExceptionRequest one) {
    var bench = Workbench.of(by.id(), parts, with);
    if (bench.isEmpty()) {
      return new Answer.NotYet();
    }
    var text = text(one, by.person().displayName());
    return text.isEmpty()
        ? new Answer.Against(one, "the connector or the person is gone.")
        : saved(by, one, bench.get(), text.get());
  }

  private Answer saved(Actor by, ExceptionRequest one, Workbench bench, String text) {
    var file = one.id() + ".yaml";
    if (!bench.text(file).isEmpty()) {
      return new Answer.Drafted(file);
    }
    var edit = new Draft.Edit(bench.inForce().version(), text);
    var next = bench.draft().with(file, edit, bench.inForce());
    var wrong = next.fault();
    if (wrong.isPresent()) {
      return new Answer.Against(one, wrong.get() + ".");
    }
    return with.drafts().save(by.id(), next, by.at())
        ? new Answer.Drafted(file)
        : new Answer.Against(one, "your draft was changed meanwhile. Try again.");
  }

  /// The exception that would be drafted; empty if there can be none.
  ///
  /// @param owner who would answer for it
  public Optional<String> text(ExceptionRequest one, String owner) {
    return connector(one.connector())
        .flatMap(connector ->
            parts
                .directory()
                .person(new PersonId(one.person()))
                .map(person ->
                    new ExceptionText(parts.library().get(), connector)
                        .of(one, person.provenName(), owner)));
  }

  private Optional<Connector> connector(String id) {
    return parts.library().get().connector(id);
  }
}
