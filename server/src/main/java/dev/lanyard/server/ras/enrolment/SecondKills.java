package dev.lanyard.server.ras.enrolment;

import dev.lanyard.protocol.claims.ClockSkew;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.delivery.Courier;
import dev.lanyard.server.delivery.Delivery;
import dev.lanyard.server.delivery.Outbox;
import dev.lanyard.server.revocation.Happening;
import dev.lanyard.server.revocation.Revocation;
import dev.lanyard.server.revocation.Signal;
import dev.lanyard.server.revocation.Source;
import dev.lanyard.server.revocation.Subject;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;

/// Ends once more what a new rule of an organisation has taken away, when no node can have decided
/// by the former rules any more. What a node gave that had not heard of them yet is dated after the
/// kill, so that the kill does not touch it, and nothing about it shows that it is wrong.
///
/// It is asked for in the transaction of the kill and done like a message to outside is sent: of
/// all nodes one does it, and after a crash another. Whoever has good tokens from meanwhile loses
/// them too; clients get new ones silently. Thread-safe.
public final class SecondKills implements Courier {
  /// The kind of message by which one is asked for.
  public static final String KIND = "second-kill";

  private final Database database;
  private final Revocation revocation;
  private final Outbox outbox;
  private final Duration lateness;
  private final InstantSource clock;

  /// @param lateness how long a node may decide without having heard of a rule
  public SecondKills(
      Database database,
      Revocation revocation,
      Outbox outbox,
      Duration lateness,
      InstantSource clock) {
    this.database = database;
    this.revocation = revocation;
    this.outbox = outbox;
    this.lateness = lateness;
    this.clock = clock;
  }

  /// What is to die once more.
  ///
  /// @param organisation whose rules
  /// @param reason of the first kill
  record Wanted(By by, String organisation, String reason, Set<Issuer> issuers) {}

  /// Asks for it in the transaction of the first kill.
  void ask(Connection connection, Wanted wanted) throws SQLException {
    // By the clock that all nodes share: theirs may be apart by more than the wait.
    var due = database.time(connection).orElseGet(clock::instant).plus(lateness);
    var body =
        JsonObject.builder()
            .put("due", due.toEpochMilli())
            .put("by", wanted.by().who())
            .put("reason", wanted.reason())
            .put("issuers", wanted.issuers().stream().map(Issuer::value).sorted().toList())
            .build();
    var message =
        Delivery.of(KIND, "this server", body, wanted.by().correlationId())
            .withOrganisation(wanted.organisation());
    outbox.appendAll(connection, List.of(message), lateness);
  }

  @Override
  public Result carry(Parcel parcel) {
    try {
      var body = parcel.delivery().body();
      return isDue(Instant.ofEpochMilli(body.integer("due").orElseThrow()))
          ? killed(parcel, body)
          : new Result.Pending("a node may not have heard of the rules yet");
    } catch (MalformedException e) {
      throw new IllegalStateException("a request for a second kill is not readable", e);
    }
  }

  /// Too far ahead was a clock that was wrong.
  private boolean isDue(Instant due) {
    var now = database.time().orElseGet(clock::instant);
    return !now.isBefore(due) || due.isAfter(now.plus(lateness).plus(ClockSkew.MAX));
  }

  private Result killed(Parcel parcel, JsonObject body) throws MalformedException {
    var source = Source.of(Source.Kind.ADMIN, body.nonEmptyString("by"));
    var reason = body.nonEmptyString("reason") + ", given meanwhile";
    var now = clock.instant();
    var signals =
        body.strings("issuers").orElseThrow().stream()
            .map(issuer ->
                new Signal(
                    source,
                    // The same at every attempt: it dies once.
                    parcel.id() + ":" + issuer,
                    new Subject.Provider(new Issuer(issuer)),
                    Happening.TOKENS_REVOKED,
                    now,
                    reason,
                    parcel.delivery().correlationId()))
            .toList();
    revocation.acceptAll(signals);
    return new Result.Delivered("ended once more");
  }
}
