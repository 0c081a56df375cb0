package dev.lanyard.server.publication;

import dev.lanyard.server.audit.AuditLog;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.library.Library;
import dev.lanyard.server.library.LibrarySource;
import dev.lanyard.server.publication.PublicationTables.Unsettled;
import dev.lanyard.server.publication.plan.Losses;
import dev.lanyard.server.publication.plan.Losses.Loss;
import dev.lanyard.server.schedule.Jobs;
import dev.lanyard.server.yaml.FaultyFileException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Draws the consequences of a publication: whoever lost something by it loses the tokens that give
/// it, and nobody else does, because a client whose token dies asks its user to log in again.
///
/// A publication waits in the database until this is done, so that it is done by another node, or
/// after the next start, if the process dies between the two. It is done twice: at once, and again
/// when no node can have decided by the former library any more, because a node that has not heard
/// for so long decides nothing. Both are harmless to repeat, so that nodes need not agree who does
/// it. Thread-safe.
public final class Consequences implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Consequences.class);
  private static final Duration WHILE_OPEN = Duration.ofSeconds(1);
  private static final Duration OTHERWISE = Duration.ofSeconds(30);

  private final Database database;
  private final Losses losses;
  private final Enforcement enforcement;
  private final Duration lateness;
  private final InstantSource clock;
  private final ReentrantLock settling = new ReentrantLock();
  private final Recurring thread;
  private final OverdueReviews overdueReviews;
  private final ApproversOff approversOff;
  private final Supplier<List<String>> off;
  private volatile List<Publication> reviews = List.of();
  private volatile int overdue;

  /// Ends what people were given and would not be given now.
  @FunctionalInterface
  public interface Enforcement {
    /// @param id names the occasion: the same twice has one effect
    void on(Loss loss, String id);
  }

  private Consequences(
      Database database,
      Losses losses,
      Enforcement enforcement,
      Duration lateness,
      Supplier<List<String>> off,
      InstantSource clock) {
    this.database = database;
    this.losses = losses;
    this.enforcement = enforcement;
    this.lateness = lateness;
    this.clock = clock;
    this.overdueReviews = new OverdueReviews(database);
    this.approversOff = new ApproversOff(database);
    this.off = off;
    this.thread = new Recurring("consequences", () -> settle() ? OTHERWISE : WHILE_OPEN);
  }

  /// Hears of publications from now on, and draws their consequences once it is started.
  ///
  /// @param lateness how long a node may decide without having heard of a publication
  /// @param off the approvers who are switched off
  public static Consequences of(
      Database database,
      Losses losses,
      Enforcement enforcement,
      Duration lateness,
      Supplier<List<String>> off,
      InstantSource clock) {
    var consequences = new Consequences(database, losses, enforcement, lateness, off, clock);
    database.changes().watch(Publications.CHANGE, _ -> consequences.thread.wake());
    return consequences;
  }

  /// Goes on settling until it is closed.
  ///
  /// @param jobs keep what fails
  public Consequences start(Jobs jobs) {
    thread.start(jobs);
    return this;
  }

  /// Does now what is to be done now.
  ///
  /// @return whether nothing is left to be done later
  /// @throws dev.lanyard.server.database.DatabaseException if it could not be done; it is still to
  ///   be done then
  public boolean settle() {
    settling.lock();
    try {
      reviews = database.read(connection -> new PublicationTables(connection).reviewOpen());
      overdue = overdueReviews.look(reviews, clock.instant()).size();
      approversOff.look(off.get(), clock.instant());
      var open = database.read(connection -> new PublicationTables(connection).unsettled());
      open.forEach(this::settle);
      return open.stream().allMatch(this::isLate);
    } finally {
      settling.unlock();
    }
  }

  /// Emergencies that nobody else has looked at yet, as far as this node has heard.
  public List<Publication> reviewsOpen() {
    return reviews;
  }

  /// How many of them should have been looked at by now.
  public int reviewsOverdue() {
    return overdue;
  }

  private boolean isLate(Unsettled publication) {
    return !clock.instant().isBefore(publication.at().plus(lateness));
  }

  private void settle(Unsettled publication) {
    boolean late = isLate(publication);
    if (publication.enforced() && !late) {
      return;
    }
    var lost = lost(publication);
    if (!lost.isNothing()) {
      enforcement.on(lost, "publication-" + publication.number() + (late ? "-for-good" : ""));
    }
    var at = clock.instant();
    database.write(connection -> {
      var tables = new PublicationTables(connection);
      boolean news = tables.markEnforced(publication.number(), at);
      if (late) {
        news |= tables.markSettled(publication.number(), at);
      }
      if (news) {
        AuditLog.append(connection, Records.settled(publication.number(), lost, late, at));
      }
      return news;
    });
  }

  private Loss lost(Unsettled publication) {
    var version = library(publication.version());
    if (version.isEmpty()) {
      LOG.error("publication {} cannot be read here, so it is not in force", publication.number());
      return Loss.NONE;
    }
    // What another release of this program could read may be lost to this one. Looking at everybody
    // costs more and takes nothing from whoever has no more than they may have.
    return library(publication.base())
        .map(base -> losses.between(base, version.get()))
        .orElseGet(() -> losses.beyond(version.get()));
  }

  private Optional<Library> library(String version) {
    if (version.equals(VersionTables.NOTHING)) {
      return Optional.of(Library.EMPTY);
    }
    try {
      return database
          .read(connection -> new VersionTables(connection).files(version))
          .map(LibrarySource::read);
    } catch (FaultyFileException e) {
      LOG.debug("version {} cannot be read", version, e);
      return Optional.empty();
    }
  }

  @Override
  public void close() {
    thread.close();
  }
}
