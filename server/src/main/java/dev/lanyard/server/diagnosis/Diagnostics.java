package dev.lanyard.server.diagnosis;

import dev.lanyard.server.audit.AuditEvent;
import dev.lanyard.server.audit.AuditLog;
import dev.lanyard.server.audit.AuditQuery;
import dev.lanyard.server.audit.AuditRecord;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// Finds out why, by the id that a caller was told, or by as much of it as somebody read aloud.
/// Thread-safe.
public final class Diagnostics {
  private static final int MOST_RECORDS = 500;
  private static final int MOST_OF_A_PERSON_ON_EACH_SIDE = 1_000;
  private static final int MOST_CANDIDATES = 20;

  /// An ID-JAG lives minutes. So many records before and after are looked through for the other end
  /// of an assertion of which nobody knows whom it means.
  private static final long NEIGHBOURHOOD = 50_000;

  /// By these members of the evidence records belong together.
  private static final List<String> LINKS = List.of("jti", "grant", "token", "txn");

  private static final Set<String> ENDS = Set.of("token.exchange", "token.redeem");

  private final AuditLog audit;

  public Diagnostics(AuditLog audit) {
    this.audit = audit;
  }

  /// What came of looking for an id.
  public sealed interface Found {
    record One(Diagnosis diagnosis) implements Found {}

    /// It begins more than one id.
    ///
    /// @param ids some of them
    record Several(List<String> ids) implements Found {}

    record Nothing() implements Found {}

    /// It is too short to look for.
    record TooShort(int shortest) implements Found {}
  }

  /// Looks for a request.
  ///
  /// @param named its id, or the beginning of it; spaces and hyphens may be left out, and letters
  ///   may be large
  public Found find(String named) {
    var said = SpokenId.of(named);
    if (said.exactly().length() < AuditLog.SHORTEST_BEGINNING) {
      return new Found.TooShort(AuditLog.SHORTEST_BEGINNING);
    }
    for (var text : said.readings()) {
      if (text.length() < AuditLog.SHORTEST_BEGINNING) {
        continue;
      }
      var ids = audit.correlationIds(text, MOST_CANDIDATES);
      if (ids.contains(text)) {
        return new Found.One(diagnosis(text));
      }
      if (!ids.isEmpty()) {
        return ids.size() == 1 ? new Found.One(diagnosis(ids.getFirst())) : new Found.Several(ids);
      }
    }
    return new Found.Nothing();
  }

  /// Why one recorded thing did not happen; empty if it did.
  public Optional<Cause> cause(AuditEvent event) {
    return Cause.of(event, Checks.builtIn());
  }

  private Diagnosis diagnosis(String id) {
    var records = audit.query(AuditQuery.newest(MOST_RECORDS).ofRequest(id));
    return new Diagnosis(
        id,
        records.stream().flatMap(one -> Cause.of(one.event(), Checks.builtIn()).stream()).toList(),
        records,
        related(records));
  }

  /// What is about the same assertion, grant or token: the exchange of a redemption, the redemption
  /// of an exchange, and what was done with the token.
  private List<AuditRecord> related(List<AuditRecord> records) {
    var links = new HashSet<String>();
    records.forEach(one -> links.addAll(links(one)));
    if (links.isEmpty()) {
      return List.of();
    }
    var found = new LinkedHashMap<Long, AuditRecord>();
    var near = new ArrayList<>(records);
    near.addAll(transactions(records));
    link(near, links, found);
    near.stream()
        .flatMap(one -> one.event().person().stream())
        .distinct()
        .map(person ->
            audit.around(person, records.getFirst().sequence(), MOST_OF_A_PERSON_ON_EACH_SIDE))
        .forEach(history -> link(history, links, found));
    if (ENDS.stream().anyMatch(end -> records.stream().anyMatch(one -> isOf(one, end)))
        && found.values().stream().noneMatch(one -> ENDS.contains(one.event().type()))) {
      link(neighbours(records.getFirst().sequence()), links, found);
    }
    records.forEach(own -> found.remove(own.sequence()));
    return found.values().stream().sorted(Comparator.comparing(AuditRecord::sequence)).toList();
  }

  private static boolean isOf(AuditRecord record, String type) {
    return record.event().type().equals(type);
  }

  private List<AuditRecord> neighbours(long sequence) {
    return audit.between(ENDS, sequence - NEIGHBOURHOOD, sequence + NEIGHBOURHOOD);
  }

  /// The requests that began the transactions of these, which are called as they are: found at
  /// once, however long ago, and whether or not anybody knows whom an assertion means.
  private List<AuditRecord> transactions(List<AuditRecord> records) {
    return records.stream()
        .flatMap(one -> one.event().told("txn").stream())
        .distinct()
        .limit(MOST_CANDIDATES)
        .flatMap(txn -> audit.query(AuditQuery.newest(MOST_RECORDS).ofRequest(txn)).stream())
        .toList();
  }

  /// Follows links from record to record, until there is nothing new.
  private static void link(
      List<AuditRecord> history, Set<String> links, Map<Long, AuditRecord> found) {
    int before;
    do {
      before = links.size();
      for (var record : history) {
        var its = links(record);
        if (its.stream().anyMatch(links::contains)) {
          found.put(record.sequence(), record);
          links.addAll(its);
        }
      }
    } while (links.size() > before);
  }

  /// With the name of the member, because one kind of id is no other. An exchange begins a
  /// transaction that is called as its request: tokens and calls carry it on as `txn` (AUD-2).
  private static List<String> links(AuditRecord record) {
    return Stream.concat(
            Stream.of("txn " + record.event().correlationId()),
            LINKS.stream()
                .flatMap(
                    name -> record.event().told(name).map(value -> name + " " + value).stream()))
        .toList();
  }
}
