package dev.lanyard.server.publication;

import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.Reading;
import dev.lanyard.server.library.Library;
import dev.lanyard.server.library.LibrarySource;
import dev.lanyard.server.yaml.Fault;
import dev.lanyard.server.yaml.FaultyFileException;
import dev.lanyard.server.yaml.Reload;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;

/// Only what is published with good signatures acts. Every node learns of a publication from the
/// change feed and judges it by its own approvers file, so that a row which somebody wrote into the
/// database puts nothing in force.
public final class ApprovedLibrary implements LibraryInForce {
  private static final Reload UNCHANGED = new Reload.Unchanged();

  private final Database database;
  private final Trust trust;
  private final ReentrantLock applying = new ReentrantLock();
  private final AtomicReference<Reload> news = new AtomicReference<>(UNCHANGED);
  private volatile Library current = Library.EMPTY;
  // By whom the publication that was refused last was judged; nobody else need judge it again.
  private volatile Optional<Approvers> refusedBy = Optional.empty();

  private ApprovedLibrary(Database database, Trust trust) {
    this.database = database;
    this.trust = trust;
  }

  /// Puts the last publication in force and goes on following the record.
  ///
  /// @throws FaultyFileException if there is none, or it cannot be put in force: nothing may start
  ///   without a policy, or with one that nobody vouches for
  public static ApprovedLibrary open(Database database, Trust trust) {
    var library = new ApprovedLibrary(database, trust);
    // First follow, then load: a publication between the two is applied twice rather than never.
    database.changes().watch(Publications.CHANGE, library::refresh);
    library.refresh(database);
    if (library.news.getAndSet(UNCHANGED) instanceof Reload.Refused(var faults)) {
      throw new FaultyFileException(faults);
    }
    return library;
  }

  /// The files that [#open] would put in force now, for whoever only wants to look.
  ///
  /// @throws FaultyFileException if nothing is published, or nobody vouches for what is
  public static LibrarySource inForce(Database database, Trust trust) {
    return switch (database.read(new ApprovedLibrary(database, trust)::last)) {
      case Last.Good(var files) -> files;
      case Last.Bad(var why) -> throw new FaultyFileException(List.of(fault(why)));
    };
  }

  @Override
  public Library current() {
    return current;
  }

  @Override
  public Reload poll() {
    var judges = refusedBy;
    if (judges.isPresent() && judges.get() != trust.approvers()) {
      refresh(database);
    }
    return news.getAndSet(UNCHANGED);
  }

  private void refresh(Reading record) {
    var _ =
        record.read(connection -> {
          // With a connection in hand: who waits for one must not keep the change feed waiting.
          applying.lock();
          try {
            var judges = trust.approvers();
            var last = last(connection);
            switch (last) {
              case Last.Good(var files) -> take(files, judges);
              case Last.Bad(var why) -> refuse(List.of(fault(why)), judges);
            }
            return last;
          } finally {
            applying.unlock();
          }
        });
  }

  private void take(LibrarySource files, Approvers judges) {
    try {
      if (!files.version().equals(current.version())) {
        current = files.read();
        news.set(new Reload.Loaded(current.version()));
      }
      refusedBy = Optional.empty();
    } catch (FaultyFileException e) {
      refuse(e.faults(), judges);
    }
  }

  private void refuse(List<Fault> faults, Approvers judges) {
    refusedBy = Optional.of(judges);
    news.set(new Reload.Refused(faults));
  }

  private static Fault fault(String why) {
    return new Fault(Path.of("published role library"), 0, why);
  }

  private sealed interface Last {
    record Good(LibrarySource files) implements Last {}

    record Bad(String why) implements Last {}
  }

  private Last last(Connection connection) throws SQLException {
    var last = new PublicationTables(connection).last();
    if (last.isEmpty()) {
      return new Last.Bad(
          "nothing has been published yet; see 'lanyard library propose', 'approve', 'publish'");
    }
    var publication = last.get();
    var verdict = verdict(publication, new ProposalTables(connection));
    if (verdict instanceof Trust.Verdict.Distrusted(var why)) {
      return new Last.Bad("publication " + publication.number() + " is not acceptable: " + why);
    }
    var files = new VersionTables(connection).files(publication.version());
    // The hash is what was signed; the rows are only where it was kept.
    return files.isPresent() && files.get().version().equals(publication.version())
        ? new Last.Good(files.get())
        : new Last.Bad(
            "the files of version "
                + publication.version()
                + " are not what was signed; restore them from a backup");
  }

  private Trust.Verdict verdict(Publication publication, ProposalTables proposals)
      throws SQLException {
    return switch (publication.kind()) {
      case FOLDER ->
          new Trust.Verdict.Distrusted(
              "it was taken from a folder, and here only what two people have signed acts;"
                  + " propose, approve and publish it");
      case EMERGENCY ->
          trust.ofEmergency(
              publication.number(),
              publication.base(),
              publication.version(),
              publication.said().statement());
      case APPROVED -> {
        var proposal = proposals.proposal(publication.proposal().orElse(""));
        yield proposal.isPresent() && isOf(publication, proposal.get())
            ? trust.ofApproved(proposal.get(), proposal.get().answer().orElseThrow())
            : new Trust.Verdict.Distrusted("it has no approved proposal of its own");
      }
    };
  }

  private static boolean isOf(Publication publication, Proposal proposal) {
    return proposal.answer().isPresent()
        && proposal.number() == publication.number()
        && proposal.base().equals(publication.base())
        && proposal.version().equals(publication.version());
  }
}
