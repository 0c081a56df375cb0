package dev.lanyard.server.publication;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.SqlFunction;
import dev.lanyard.server.library.LibrarySource;
import dev.lanyard.server.publication.Proposal.Said;
import dev.lanyard.server.publication.Statement.Kind;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/// The way of a version into force: proposed, answered, published, and reviewed where one person
/// published alone. Each step is one transaction with its audit record; a publication also with the
/// change that tells every node. Of two steps that exclude each other, on whatever nodes, one is
/// taken. Thread-safe.
public final class Publications {
  /// The kind of change that says that something was published.
  static final String CHANGE = "library";

  private final Database database;
  private final Hearing hearing;
  private final Duration reviewWithin;
  private final InstantSource clock;

  /// @param people whom the approvers' names mean
  /// @param reviewWithin how soon somebody else shall look at an emergency
  public Publications(
      Database database,
      Trust trust,
      ApproverPeople people,
      Duration reviewWithin,
      InstantSource clock) {
    this.database = database;
    this.hearing = new Hearing(trust, people);
    this.reviewWithin = reviewWithin;
    this.clock = clock;
  }

  /// Proposes that this content shall follow what is in force.
  ///
  /// @param effect what the proposer was shown
  public Step propose(LibrarySource files, JsonObject effect, Speaker author) {
    return propose(files, effect, author, Optional.empty());
  }

  /// The same of what was handed in, unless it was taken back.
  ///
  /// @param submission which one it is; empty if it is none
  public Step propose(
      LibrarySource files, JsonObject effect, Speaker author, Optional<String> submission) {
    return ifReadable(
        files,
        author,
        connection -> {
          var next = next(connection, files.version());
          if (new PublicationTables(connection).isInForce(next)) {
            return new Step.Unchanged(next.version());
          }
          var spoken = Spoken.of(Kind.PROPOSE, next, "", author, now());
          if (!(spoken instanceof Spoken.As(var said))) {
            return spoken.refusal();
          }
          var fault = hearing.proposed(connection, said, next);
          if (fault.isPresent()) {
            return new Step.Untrusted(fault.get());
          }
          // The same statement twice is a second click.
          var before = new ProposalTables(connection).proposal(Proposal.name(next.number(), said));
          if (before.isPresent()) {
            return new Step.Proposed(before.get());
          }
          if (!new SubmissionTables(connection).take(submission, next, said.at())) {
            return new Step.TakenBack();
          }
          var proposal =
              new Proposal(
                  Proposal.name(next.number(), said),
                  next.number(),
                  next.base(),
                  next.version(),
                  said,
                  effect,
                  Optional.empty());
          new VersionTables(connection).keep(files, said.at());
          new ProposalTables(connection).insert(proposal);
          Records.proposed(connection, proposal);
          return new Step.Proposed(proposal);
        });
  }

  /// Approves or rejects what somebody else has proposed. Of several answers the first counts.
  public Step answer(String id, boolean approve, Speaker author) {
    return recorded(author, database.write(connection -> answer(connection, id, approve, author)));
  }

  private Step answer(Connection connection, String id, boolean approve, Speaker author)
      throws SQLException {
    var proposals = new ProposalTables(connection);
    var found = proposals.proposal(id);
    if (found.isEmpty()) {
      return new Step.Unknown("proposal " + id);
    }
    var proposal = found.get();
    if (proposal.answer().isPresent()) {
      return new Step.AnsweredBefore(proposal.answer().get());
    }
    var overtaken = overtaken(connection, proposal);
    if (overtaken.isPresent()) {
      return overtaken.get();
    }
    var kind = approve ? Kind.APPROVE : Kind.REJECT;
    var step = hearing.trust().step(proposal.number(), proposal.base(), proposal.version());
    var spoken = Spoken.of(kind, step, id, author, now());
    if (!(spoken instanceof Spoken.As(var said))) {
      return spoken.refusal();
    }
    var answer = new Answer(approve, said);
    var fault =
        approve
            ? hearing.approved(connection, proposal, answer)
            : hearing.rejected(connection, proposal, answer);
    if (fault.isPresent()) {
      return new Step.Untrusted(fault.get());
    }
    if (!proposals.answer(id, answer)) {
      return new Step.AnsweredBefore(proposals.proposal(id).orElseThrow().answer().orElseThrow());
    }
    Records.answered(connection, proposal, answer);
    return new Step.Answered(proposals.proposal(id).orElseThrow());
  }

  /// Puts in force what two people have agreed on. Anybody may ask for it: their signatures are
  /// what counts.
  ///
  /// @param by who asks, for the record; not proven
  public Step publish(String id, String by) {
    var step = database.write(connection -> publish(connection, id));
    if (step instanceof Step.Refused refused) {
      new Records(database, clock).refused(by, refused);
    }
    return step;
  }

  private Step publish(Connection connection, String id) throws SQLException {
    var proposal = new ProposalTables(connection).proposal(id);
    if (proposal.isEmpty()) {
      return new Step.Unknown("proposal " + id);
    }
    var answer = proposal.get().answer();
    if (answer.isEmpty() || !answer.get().approved()) {
      return answer.<Step>map(Step.AnsweredBefore::new).orElseGet(Step.NotApproved::new);
    }
    var fault = hearing.approved(connection, proposal.get(), answer.get());
    if (fault.isPresent()) {
      return new Step.Untrusted(fault.get());
    }
    var overtaken = overtaken(connection, proposal.get());
    if (overtaken.isPresent()) {
      return overtaken.get();
    }
    // It may have been proposed by another release.
    var files = new VersionTables(connection).files(proposal.get().version());
    var unreadable = files.flatMap(Step.Unreadable::of);
    if (unreadable.isPresent()) {
      return unreadable.get();
    }
    var proposed = proposal.get().proposed();
    return inserted(
        connection,
        new Publication(
            proposal.get().number(),
            Publication.Kind.APPROVED,
            proposal.get().base(),
            proposal.get().version(),
            Optional.of(id),
            new Said(proposed.by(), proposed.rationale(), "", now()),
            Optional.empty()));
  }

  private static Optional<Step> overtaken(Connection connection, Proposal proposal)
      throws SQLException {
    return new PublicationTables(connection)
        .overtaking(proposal)
        .map(number -> new Step.Overtaken(proposal.number(), number));
  }

  /// Puts a version in force on the word of one person, to be reviewed afterwards.
  public Step publishAlone(LibrarySource files, Speaker author) {
    return publishAlone(files, author, Optional.empty());
  }

  /// The same of what was handed in, unless it was taken back.
  ///
  /// @param submission which one it is; empty if it is none
  public Step publishAlone(LibrarySource files, Speaker author, Optional<String> submission) {
    return ifReadable(
        files,
        author,
        connection -> {
          var next = next(connection, files.version());
          if (new PublicationTables(connection).isInForce(next)) {
            return new Step.Unchanged(next.version());
          }
          var spoken = Spoken.of(Kind.EMERGENCY, next, "", author, now());
          if (!(spoken instanceof Spoken.As(var said))) {
            return spoken.refusal();
          }
          var fault = hearing.emergency(connection, said, next);
          if (fault.isPresent()) {
            return new Step.Untrusted(fault.get());
          }
          if (!new SubmissionTables(connection).take(submission, next, said.at())) {
            return new Step.TakenBack();
          }
          new VersionTables(connection).keep(files, said.at());
          var due = said.at().plus(reviewWithin);
          return inserted(
              connection,
              new Publication(
                  next.number(),
                  Publication.Kind.EMERGENCY,
                  next.base(),
                  next.version(),
                  Optional.empty(),
                  said,
                  Optional.of(new Publication.Emergency(due, Optional.empty()))));
        });
  }

  /// The files of the version in force, if they are still what its name says.
  Optional<LibrarySource> lastInForce() {
    return database.read(connection -> {
      var last = new PublicationTables(connection).last();
      return last.isEmpty()
          ? Optional.empty()
          : new VersionTables(connection).intact(last.get().version());
    });
  }

  /// Records that the folder, which is the truth here, has other content now.
  ///
  /// @return the publication; empty if the content was in force already
  Optional<Publication> folderChanged(LibrarySource files) {
    var step =
        database.write(connection -> {
          var next = next(connection, files.version());
          if (next.base().equals(next.version())) {
            return new Step.Unchanged(next.version());
          }
          var said = new Said("folder", "the files of the folder changed", "", now());
          var _ = new SubmissionTables(connection).take(Optional.empty(), next, said.at());
          new VersionTables(connection).keep(files, said.at());
          return inserted(
              connection,
              new Publication(
                  next.number(),
                  Publication.Kind.FOLDER,
                  next.base(),
                  next.version(),
                  Optional.empty(),
                  said,
                  Optional.empty()));
        });
    return switch (step) {
      case Step.Published(var publication) -> Optional.of(publication);
      // Another node was first; whether with the same content, the next look tells.
      case Step.Overtaken _ -> folderChanged(files);
      default -> Optional.empty();
    };
  }

  /// The number is the claim; the change reaches every node if, and only if, it was won.
  private Step inserted(Connection connection, Publication publication) throws SQLException {
    if (!new PublicationTables(connection).insert(publication)) {
      new SubmissionTables(connection).giveBack(publication.version(), publication.said().at());
      return new Step.Overtaken(publication.number(), publication.number());
    }
    Records.published(connection, publication);
    announce(connection, publication.number());
    return new Step.Published(publication);
  }

  private void announce(Connection connection, long number) throws SQLException {
    var body = JsonObject.builder().put("number", number).build();
    database.changes().append(connection, CHANGE, body);
  }

  /// Records that a second person has looked at what one had published alone.
  public Step review(long number, Speaker author) {
    return recorded(
        author,
        database.write(connection -> {
          var tables = new PublicationTables(connection);
          var publication = tables.publication(number);
          if (publication.isEmpty()) {
            return new Step.Unknown("publication " + number);
          }
          var found = publication.get();
          if (!found.isReviewOpen()) {
            return new Step.NoReviewOpen();
          }
          var step = hearing.trust().step(number, found.base(), found.version());
          var spoken = Spoken.of(Kind.REVIEW, step, "", author, now());
          if (!(spoken instanceof Spoken.As(var said))) {
            return spoken.refusal();
          }
          var fault = hearing.review(connection, found, said);
          if (fault.isPresent()) {
            return new Step.Untrusted(fault.get());
          }
          if (!tables.review(number, said)) {
            return new Step.NoReviewOpen();
          }
          Records.reviewed(connection, found, said);
          OverdueReviews.end(connection, number, said.at());
          announce(connection, number);
          return new Step.Reviewed(tables.publication(number).orElseThrow());
        }));
  }

  private Statement.Subject next(Connection connection, String version) throws SQLException {
    var last = new PublicationTables(connection).last();
    return hearing
        .trust()
        .step(last.map(Publication::number).orElse(0L) + 1, version(last), version);
  }

  private static String version(Optional<Publication> last) {
    return last.map(Publication::version).orElse(VersionTables.NOTHING);
  }

  /// The issuer of the installation that statements are for.
  public String installation() {
    return hearing.trust().installation();
  }

  /// Who may have a say at this moment.
  public List<Approver> approvers() {
    return hearing.trust().approvers().all();
  }

  /// The names of those who might have a say but for being switched off: their keys are to be
  /// retired.
  public List<String> approversOff() {
    return database.read(connection -> hearing.off(connection, now()));
  }

  /// The number that the next publication will have.
  public long next() {
    return database
            .read(connection -> new PublicationTables(connection).last())
            .map(Publication::number)
            .orElse(0L)
        + 1;
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }

  private Step ifReadable(LibrarySource files, Speaker author, SqlFunction<Step> step) {
    return recorded(author, Step.Unreadable.of(files).orElseGet(() -> database.write(step)));
  }

  /// Attempts that failed are part of the record too.
  private Step recorded(Speaker author, Step step) {
    if (step instanceof Step.Refused refused) {
      new Records(database, clock).refused(author.name(), refused);
    }
    return step;
  }
}
