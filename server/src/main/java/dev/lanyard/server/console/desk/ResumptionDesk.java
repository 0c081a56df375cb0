package dev.lanyard.server.console.desk;

import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.library.Connector;
import dev.lanyard.server.revocation.Accepted;
import dev.lanyard.server.revocation.Denied;
import dev.lanyard.server.revocation.DenySet;
import dev.lanyard.server.revocation.Happening;
import dev.lanyard.server.revocation.Revocation;
import dev.lanyard.server.revocation.Signal;
import dev.lanyard.server.revocation.Source;
import dev.lanyard.server.sessions.OpaqueToken;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransactionRollbackException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Lets go on what was stopped for many. It takes two administrators: with one stolen session
/// somebody can stop, and cannot undo. What was issued before the stop stays dead. Thread-safe.
public final class ResumptionDesk implements Matter {
  private final Parts parts;

  ResumptionDesk(Parts parts) {
    this.parts = parts;
  }

  /// What became of asking for it.
  public sealed interface Resuming {
    /// Another administrator has to agree.
    record ForTwo(MotionDesk.Asking asking) implements Resuming {}

    /// It is not stopped.
    record GoesOn() implements Resuming {}
  }

  public boolean isStopped(Connector connector) {
    return isStopped(connector.resource().value());
  }

  private boolean isStopped(String about) {
    return revocation().denied().isUntilLifted(denied(about));
  }

  private static Denied denied(String about) {
    int space = about.indexOf(' ');
    if (space < 0) {
      return about.equals(StopDesk.EVERYTHING)
          ? Denied.all()
          : Denied.connector(new ResourceIndicator(about));
    }
    return new Denied(
        Denied.Kind.valueOf(about.substring(0, space).toUpperCase(Locale.ROOT)),
        about.substring(space + 1));
  }

  /// A resource is called by its URL, in which there is no space, and the rest by what sort it is
  /// and its name.
  private static String about(Denied denied) {
    return switch (denied.kind()) {
      case ALL -> StopDesk.EVERYTHING;
      case CONNECTOR -> denied.value();
      default -> denied.kind().name().toLowerCase(Locale.ROOT) + " " + denied.value();
    };
  }

  /// Which stop there is: what was asked for about an earlier one is not about the next.
  private static Optional<String> stands(Connection connection, String about) throws SQLException {
    return DenySet.stop(connection, denied(about)).map(number -> "stopped by change " + number);
  }

  private static boolean stands(Connection connection, Motion motion) throws SQLException {
    return stands(connection, motion.about()).equals(Optional.of(motion.seen()));
  }

  /// In line nobody else stops or lifts anything any more, but somebody may have while the claim
  /// waited for the people whose motion it is.
  ///
  /// @throws SQLTransactionRollbackException if so: it is tried again, and finds the other stop
  private static void requireSameStop(Connection connection, Motion motion) throws SQLException {
    if (!stands(connection, motion)) {
      throw new SQLTransactionRollbackException(
          "it was lifted meanwhile, and perhaps stopped anew", Database.AGAIN);
    }
  }

  private Revocation revocation() {
    return parts.revocation();
  }

  public Resuming resume(Actor by, Connector connector, String reason, MotionDesk motions) {
    return resume(by, connector.resource().value(), reason, motions);
  }

  /// Lets whatever is stopped for many go on.
  public Resuming resume(Actor by, Denied what, String reason, MotionDesk motions) {
    return resume(by, about(what), reason, motions);
  }

  /// Lets everything go on.
  public Resuming resumeEverything(Actor by, String reason, MotionDesk motions) {
    return resume(by, StopDesk.EVERYTHING, reason, motions);
  }

  private Resuming resume(Actor by, String about, String reason, MotionDesk motions) {
    return parts
        .platform()
        .database()
        .read(connection -> stands(connection, about))
        .map(seen -> new Motions.Wish(seen, "goes on; what was issued before stays dead"))
        .<Resuming>map(wish ->
            new Resuming.ForTwo(motions.ask(by, Motion.Kind.RESUMPTION, about, wish, reason)))
        .orElseGet(Resuming.GoesOn::new);
  }

  @Override
  public Motion.Kind kind() {
    return Motion.Kind.RESUMPTION;
  }

  /// Whether it asks for everything to go on.
  public static boolean isOfEverything(Motion motion) {
    return motion.kind() == Motion.Kind.RESUMPTION && motion.about().equals(StopDesk.EVERYTHING);
  }

  /// The connector of the library that goes on, if it is one.
  public Optional<Connector> connector(Motion motion) {
    return parts.library().get().connectors().stream()
        .filter(one -> one.resource().value().equals(motion.about()))
        .findFirst();
  }

  @Override
  public String title(Motion motion) {
    return "Let "
        + connector(motion).map(Connector::name).orElseGet(() -> denied(motion.about()).told())
        + " go on";
  }

  @Override
  public Optional<Person> person(Motion motion) {
    return Optional.empty();
  }

  @Override
  public Carried carryOut(Motion motion, Actor by, Claim claim) {
    if (!isStopped(motion.about())) {
      return new Carried.Not("it goes on already");
    }
    var signal =
        new Signal(
            Source.of(Source.Kind.ADMIN, by.id()),
            OpaqueToken.identifier(),
            Parties.subject(denied(motion.about())),
            Happening.ENABLED,
            parts.platform().clock().instant(),
            motion.reason(),
            by.correlationId());
    var database = parts.platform().database();
    var accepted =
        database.write(connection -> {
          if (!stands(connection, motion) || !claim.take(connection)) {
            return Optional.<Accepted>empty();
          }
          // Before the denial, which takes the place of whatever stop there is then.
          database.changes().onceNumbered(connection, _ -> requireSameStop(connection, motion));
          return Optional.of(revocation().accept(connection, List.of(signal)));
        });
    accepted.ifPresent(Accepted::enforce);
    return accepted.isPresent()
        ? Carried.done()
        : new Carried.Not(
            "it was stopped anew since this was asked for, or somebody else was faster");
  }
}
