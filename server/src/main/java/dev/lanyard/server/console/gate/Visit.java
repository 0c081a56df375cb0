package dev.lanyard.server.console.gate;

import dev.lanyard.server.administration.Duty;
import dev.lanyard.server.console.desk.Actor;
import dev.lanyard.server.console.desk.Signers;
import dev.lanyard.server.console.sheet.Frame;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.sessions.FormToken;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;

/// Somebody at a page, as they are at this moment.
///
/// @param person live
/// @param duties what they may do here now
/// @param withheld what they could do if they had signed in with a better factor
/// @param session the session in which they visit
/// @param formToken what the forms of this page must bring back
/// @param at now
/// @param correlationId of this request
public record Visit(
    Person person,
    Set<Duty> duties,
    Set<Duty> withheld,
    ConsoleSession session,
    FormToken formToken,
    Instant at,
    String correlationId) {
  public Visit {
    duties = Set.copyOf(duties);
    withheld = Set.copyOf(withheld);
  }

  /// The visitor, as somebody who acts by a form of this page.
  public Actor actor() {
    return new Actor(person, Actor.CONSOLE, at, correlationId);
  }

  /// The visitor, as somebody who looks at what can be signed.
  public Signers.Who who() {
    return new Signers.Who(person, duties, at);
  }

  /// Whether they have this duty now.
  public boolean has(Duty duty) {
    return duties.contains(duty);
  }

  /// The frame around a page that they see.
  ///
  /// @param place where the page belongs
  public Frame frame(String title, Sitemap place) {
    return new Frame(
        title,
        Arrays.stream(Sitemap.values())
            .filter(one -> one.isFor(duties))
            .map(one -> new Frame.Place(one.path(), one.label(), one == place))
            .toList(),
        Optional.of(
            new Frame.Visitor(
                person.displayName(), titles(duties), formToken.value(), titles(withheld))));
  }

  private static String titles(Set<Duty> duties) {
    return String.join(", ", duties.stream().sorted().map(Duty::title).toList());
  }
}
