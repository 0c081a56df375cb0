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

/// Tells which approver somebody is, and which steps of the role library they may sign. This is
/// only an offer: whether a step counts is judged when it is brought.
public record Signers(Drafting with) {
  /// The duties of which one is needed to bring a statement at all.
  public static final Set<Duty> DUTIES = EnumSet.of(Duty.ADMINISTRATOR, Duty.REVIEWER);

  /// A step that somebody may sign. Nothing of it is secret.
  ///
  /// @param claims what is signed, as JSON, except for the reason and the time
  /// @param name the approver in whose name it is signed
  /// @param person under whose id the browser keeps their key
  /// @param keyX a part of their public key, to tell a wrong key early
  public record Signing(
      Kind kind, String claims, String name, PersonId person, String keyX, Instant at) {

    /// What the step is called in addresses and by the JSON API.
    public String step() {
      return kind.name().toLowerCase(Locale.ROOT);
    }
  }

  /// Somebody who looks at what can be signed.
  ///
  /// @param duties the duties that they have now
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

  /// The approver whose name is the user name or address of a person; empty if there is none, or
  /// more than one.
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

  /// The steps by which somebody may propose what was handed in, or put it in force alone. None if
  /// they may not, or if it is overtaken.
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

  /// Whether another version was put in force in the place of a proposal.
  public boolean isOvertaken(Proposal one) {
    return with.history().last().filter(last -> last.number() >= one.number()).isPresent();
  }

  /// The steps by which somebody may answer a proposal. None if it is their own, was answered, or
  /// is overtaken.
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

  /// The step by which somebody may review what another person has put in force alone.
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
