package dev.lanyard.server.console.desk;

import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.server.administration.Duty;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.directory.PersonId;
import dev.lanyard.server.publication.Approver;
import dev.lanyard.server.publication.Proposal;
import dev.lanyard.server.publication.Publication;
import dev.lanyard.server.publication.Statement;
import dev.lanyard.server.publication.Statement.Kind;
import dev.lanyard.server.publication.Submission;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// Who of the approvers file is at the console, and which steps of the role library they may sign
/// there. It is what a page offers; whether a step counts is judged when it is brought.
public record Signers(Drafting with) {
  /// Whoever may bring a statement at all.
  public static final Set<Duty> DUTIES = EnumSet.of(Duty.ADMINISTRATOR, Duty.REVIEWER);

  /// A step that somebody may sign. Nothing of it is secret.
  ///
  /// @param claims what is signed but why and when, as JSON
  /// @param name whose name is under it
  /// @param person by whom the browser knows its keys
  /// @param keyX of their public key, to tell early that it is another one
  public record Signing(
      Kind kind, String claims, String name, PersonId person, String keyX, Instant at) {

    /// What the step is called in addresses and by the JSON API.
    public String step() {
      return kind.name().toLowerCase(Locale.ROOT);
    }
  }

  /// Whoever looks, at a page or through a program.
  ///
  /// @param duties that they have now
  public record Who(Person person, Set<Duty> duties, Instant at) {
    public Who {
      duties = Set.copyOf(duties);
    }

    boolean has(Duty duty) {
      return duties.contains(duty);
    }
  }

  Optional<Approver> approver(Person person) {
    return with.publications().flatMap(publications -> approver(person, publications.approvers()));
  }

  /// Who somebody is in the approvers file: the one whose name there is their user name or address.
  /// Nobody, if that fits more than one.
  public static Optional<Approver> approver(Person person, List<Approver> all) {
    var fitting =
        all.stream()
            .filter(one ->
                one.name().equalsIgnoreCase(person.userName())
                    || person.email().filter(one.name()::equalsIgnoreCase).isPresent())
            .toList();
    return fitting.size() == 1 ? Optional.of(fitting.getFirst()) : Optional.empty();
  }

  private Optional<Signing> signing(Who who, Kind kind, Statement.Subject step, String proposal) {
    return approver(who.person())
        .filter(one -> DUTIES.stream().anyMatch(who::has))
        .filter(one -> one.may(kind.needed(), who.at()))
        .map(one ->
            new Signing(
                kind,
                Statement.frame(kind, step, proposal, one.name()).build().toJson(),
                one.name(),
                who.person().id(),
                keyX(one),
                who.at()));
  }

  /// Enough of a public key to tell that it is another one.
  public static String keyX(Approver approver) {
    try {
      return approver.key().toJwk().string("x").orElse("");
    } catch (MalformedException e) {
      throw new IllegalStateException("a public key did not print as a JWK", e);
    }
  }

  /// How the visitor may propose what was handed in, or put it in force alone; nothing if they may
  /// neither, or it is overtaken.
  public List<Signing> putting(Who who, Submission one) {
    var publications = with.publications();
    var now = with.history().last().map(Publication::version);
    if (publications.isEmpty()
        || one.withdrawnAt().isPresent()
        || !now.equals(Optional.of(one.base()))) {
      return List.of();
    }
    var step =
        new Statement.Subject(
            publications.get().installation(),
            publications.get().next(),
            one.base(),
            one.version());
    var all = new ArrayList<Signing>();
    if (one.proposal().isEmpty()) {
      signing(who, Kind.PROPOSE, step, "").ifPresent(all::add);
    }
    if (who.has(Duty.ADMINISTRATOR)) {
      signing(who, Kind.EMERGENCY, step, "").ifPresent(all::add);
    }
    return all;
  }

  /// Whether something else was put in force where a proposal would have been.
  public boolean isOvertaken(Proposal one) {
    return with.history().last().filter(last -> last.number() >= one.number()).isPresent();
  }

  /// How the visitor may answer a proposal: not their own, and not one that was answered or is
  /// overtaken.
  public List<Signing> answering(Who who, Proposal one) {
    var publications = with.publications();
    if (publications.isEmpty()
        || one.answer().isPresent()
        || isOvertaken(one)
        || isCalled(who, one.proposed().by())) {
      return List.of();
    }
    var step =
        new Statement.Subject(
            publications.get().installation(), one.number(), one.base(), one.version());
    var all = new ArrayList<Signing>();
    signing(who, Kind.APPROVE, step, one.id()).ifPresent(all::add);
    signing(who, Kind.REJECT, step, one.id()).ifPresent(all::add);
    return all;
  }

  /// How the visitor may say that they have looked at what somebody else has put in force alone.
  public List<Signing> reviewing(Who who, Publication one) {
    return with
        .publications()
        .filter(_ -> one.isReviewOpen() && !isCalled(who, one.said().by()))
        .flatMap(publications -> {
          var step =
              new Statement.Subject(
                  publications.installation(), one.number(), one.base(), one.version());
          return signing(who, Kind.REVIEW, step, "");
        })
        .stream()
        .toList();
  }

  private boolean isCalled(Who who, String name) {
    return approver(who.person()).filter(one -> one.name().equals(name)).isPresent();
  }
}
