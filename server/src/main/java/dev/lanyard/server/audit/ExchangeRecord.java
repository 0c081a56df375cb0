package dev.lanyard.server.audit;

import dev.lanyard.protocol.json.MalformedException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What the record of a token exchange says: for whom an ID-JAG was issued, and for which
/// connectors. Whoever counts use reads it here.
public sealed interface ExchangeRecord {
  /// The type of these records.
  String TYPE = "token.exchange";

  /// An ID-JAG was issued.
  ///
  /// @param person for whom, our own id
  /// @param client through which client
  /// @param connectors names in the role library; none where the record names none
  record Issued(
      Instant at, Optional<String> person, Optional<String> client, List<String> connectors)
      implements ExchangeRecord {
    public Issued {
      connectors = List.copyOf(connectors);
    }
  }

  /// None was.
  record NotIssued() implements ExchangeRecord {}

  /// Somebody has made the record unreadable, it is not whole, or another release wrote it. It is
  /// left out of what is counted, not guessed, and keeps the others from nobody; `lanyard audit
  /// verify` finds what was changed.
  record Unreadable() implements ExchangeRecord {}

  /// Reads a record of [#TYPE].
  static ExchangeRecord of(AuditEvent event) {
    if (!event.isWhole()) {
      return new Unreadable();
    }
    if (event.outcome() != Outcome.SUCCESS) {
      return new NotIssued();
    }
    try {
      var connectors = event.evidence().strings("connectors").orElse(List.of());
      return new Issued(event.at(), event.person(), event.client(), connectors);
    } catch (MalformedException e) {
      return new Unreadable();
    }
  }
}
