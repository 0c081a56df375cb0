package dev.lanyard.server.publication;

import dev.lanyard.server.database.Database;
import dev.lanyard.server.library.LibrarySource;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/// What was published and what is proposed, for reading.
public final class History {
  private final Database database;

  public History(Database database) {
    this.database = database;
  }

  /// What is in force, as far as the record says.
  public Optional<Publication> last() {
    return database.read(connection -> new PublicationTables(connection).last());
  }

  /// What was in force at that instant, with its files.
  ///
  /// @param proposal what two people agreed on, if that was the way
  public record InForce(
      Publication publication, Optional<Proposal> proposal, LibrarySource files) {}

  /// What was in force at that instant: by the time at which it was published, which nodes follow
  /// within milliseconds.
  public Optional<InForce> inForceAt(Instant instant) {
    return database.read(connection -> {
      var publication = new PublicationTables(connection).at(instant);
      if (publication.isEmpty()) {
        return Optional.empty();
      }
      var found = publication.get();
      var proposal =
          found.proposal().isPresent()
              ? new ProposalTables(connection).proposal(found.proposal().get())
              : Optional.<Proposal>empty();
      return Optional.of(
          new InForce(
              found, proposal, new VersionTables(connection).files(found.version()).orElseThrow()));
    });
  }

  /// One publication.
  public Optional<Publication> publication(long number) {
    return database.read(connection -> new PublicationTables(connection).publication(number));
  }

  /// Publications before this one, the newest first.
  public List<Publication> before(long number, int most) {
    return database.read(connection -> new PublicationTables(connection).before(number, most));
  }

  /// The newest publications, the newest first.
  public List<Publication> newest(int most) {
    return database.read(connection -> new PublicationTables(connection).newest(most));
  }

  /// Proposals that may still be answered or published, the newest first.
  public List<Proposal> openProposals() {
    return database.read(connection -> {
      long next = new PublicationTables(connection).last().map(Publication::number).orElse(0L) + 1;
      return new ProposalTables(connection).open(next);
    });
  }

  public Optional<Proposal> proposal(String id) {
    return database.read(connection -> new ProposalTables(connection).proposal(id));
  }

  /// Drafts that were handed in before this one, the newest first.
  ///
  /// @param id of two at the same time the later one has the smaller id
  public List<Submission> submissionsBefore(Instant at, String id, int most) {
    return database.read(connection -> new SubmissionTables(connection).before(at, id, most));
  }

  /// Drafts that were handed in at the console, the newest first.
  public List<Submission> submissions(int most) {
    return database.read(connection -> new SubmissionTables(connection).newest(most));
  }

  public Optional<Submission> submission(String id) {
    return database.read(connection -> new SubmissionTables(connection).submission(id));
  }

  /// The files of a version; empty if it is not kept.
  public Optional<LibrarySource> files(String version) {
    return database.read(connection -> new VersionTables(connection).files(version));
  }

  /// The same, for whoever compares: nothing if it is not kept.
  public LibrarySource filesOrNone(String version) {
    return files(version).orElseGet(() -> new LibrarySource(Path.of("."), new TreeMap<>()));
  }

  /// Emergencies that nobody else has looked at yet, the oldest first.
  public List<Publication> reviewsOpen() {
    return database.read(connection -> new PublicationTables(connection).reviewOpen());
  }

  /// What a name of a version means.
  public sealed interface Found {
    record One(LibrarySource files) implements Found {}

    record None() implements Found {}

    record Several(List<String> versions) implements Found {}
  }

  /// Finds a version by the number of its publication, its proposal, the draft that was handed in,
  /// or the beginning of its hash.
  public Found find(String named) {
    return database.read(connection -> {
      var versions = new VersionTables(connection);
      if (named.matches("\\d{1,9}")) {
        var published = new PublicationTables(connection).publication(Long.parseLong(named));
        if (published.isPresent()) {
          return new Found.One(versions.files(published.get().version()).orElseThrow());
        }
      }
      var proposed = new ProposalTables(connection).proposal(named);
      if (proposed.isPresent()) {
        return new Found.One(versions.files(proposed.get().version()).orElseThrow());
      }
      var submitted = new SubmissionTables(connection).submission(named);
      if (submitted.isPresent()) {
        return new Found.One(versions.files(submitted.get().version()).orElseThrow());
      }
      var like = named.matches("[0-9a-f]{4,64}") ? versions.versionsLike(named) : List.<String>of();
      return switch (like.size()) {
        case 0 -> new Found.None();
        case 1 -> new Found.One(versions.files(like.getFirst()).orElseThrow());
        default -> new Found.Several(like);
      };
    });
  }

  /// Keeps a version without proposing it, so that its text travels with the record.
  public void keep(LibrarySource files, Instant at) {
    database.write(connection -> {
      new VersionTables(connection).keep(files, at);
      return true;
    });
  }
}
