package dev.lanyard.server.console.desk;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.server.audit.AuditQuery;
import dev.lanyard.server.audit.AuditRecord;
import dev.lanyard.server.credentials.Credentials.Account;
import dev.lanyard.server.delivery.Letter;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.revocation.ReconciliationReport;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/// Lets administrators keep the installation in order: retry messages that were given up, compare
/// what should be dead with what lives, and end the vendor accounts that somebody has connected.
/// The record says who did each of them, and why. Thread-safe.
public final class OrderDesk {
  private static final int REPORTS = 20;
  private static final String REPORT = "reconciliation";

  private final Parts parts;
  private final Backstage backstage;

  /// Reading a million grants takes a core for seconds: one at a time on a node.
  private final Semaphore comparing = new Semaphore(1);

  OrderDesk(Parts parts, Backstage backstage) {
    this.parts = parts;
    this.backstage = backstage;
  }

  /// The messages that were given up, the oldest first.
  public List<Letter> dead() {
    return backstage.outbox().dead();
  }

  /// The messages that are still tried, the oldest first.
  public List<Letter> waiting() {
    return backstage.outbox().waiting();
  }

  public Optional<Letter> dead(String id) {
    return dead().stream().filter(one -> one.id().equals(id)).findFirst();
  }

  /// Retries a message that was given up.
  ///
  /// @return empty if no message of this id was given up
  public Optional<Letter> retry(Actor by, String id, String reason) {
    return parts
        .platform()
        .database()
        .write(connection -> {
          var letter = backstage.outbox().retry(connection, id);
          if (letter.isPresent()) {
            var evidence =
                JsonObject.builder()
                    .put("delivery", id)
                    .put("destination", letter.get().delivery().destination())
                    .put("reason", reason)
                    .build();
            parts.record(connection, by, "console.delivery-retried", Optional.empty(), evidence);
          }
          return letter;
        });
  }

  /// The last comparisons that were recorded, the newest first.
  public List<AuditRecord> comparisons() {
    return parts.audit().query(AuditQuery.newest(REPORTS).ofType(REPORT)).reversed();
  }

  /// Compares now, and ends what lives although it should be dead.
  ///
  /// @return empty if this node is comparing already
  public Optional<ReconciliationReport> compare(Actor by, String reason) {
    if (!comparing.tryAcquire()) {
      return Optional.empty();
    }
    try {
      var _ =
          parts
              .platform()
              .database()
              .write(connection -> {
                parts.record(
                    connection,
                    by,
                    "console.reconciled",
                    Optional.empty(),
                    JsonObject.builder().put("reason", reason).build());
                return true;
              });
      return Optional.of(backstage.reconciliation().run());
    } finally {
      comparing.release();
    }
  }

  /// The vendor accounts that a person has connected, by connector.
  public List<Account> accounts(Person person) {
    return backstage.accounts().accounts(Optional.of(person.id()));
  }

  /// The vendor accounts that our people have connected.
  public List<Account> accounts() {
    return backstage.accounts().accounts(Optional.empty()).stream()
        .filter(one -> parts.directory().person(one.person()).filter(parts::isOurs).isPresent())
        .toList();
  }

  /// Ends vendor accounts of a person: here for every call from now on, at the vendor by a message.
  ///
  /// @param connector ends only the account for this connector; empty for all
  /// @return how many accounts were ended
  public int endAccounts(Actor by, Person person, Optional<String> connector, String reason) {
    return parts
        .platform()
        .database()
        .write(connection -> {
          int ended =
              backstage.accounts().end(connection, person.id(), connector, by.correlationId());
          if (ended > 0) {
            var evidence =
                JsonObject.builder()
                    .putIfPresent("connector", connector)
                    .put("ended", ended)
                    .put("reason", reason)
                    .build();
            parts.record(connection, by, "console.accounts-ended", Optional.of(person), evidence);
          }
          return ended;
        });
  }
}
