package dev.lanyard.server.governance;

import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.server.audit.AuditEvent;
import dev.lanyard.server.audit.AuditRecord;
import dev.lanyard.server.library.Connector;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/// What administrators had switched off at an instant and not on again, as the record tells it:
/// `connector https://…`, `organisation acme`, `issuer https://…`, `all *`.
final class Stops {
  private static final String OFF = ".disabled";
  private static final String ON = ".enabled";

  private final Set<String> standing = new TreeSet<>();
  private final Instant at;

  Stops(Instant at) {
    this.at = at;
  }

  /// Takes what happened into account, in its order. People are not among what it looks at: they
  /// are in the history of people.
  ///
  /// @throws IllegalStateException if somebody has made the record unreadable: what it stopped
  ///   nobody knows then
  void add(AuditRecord record) {
    var event = record.event();
    if (event.at().isAfter(at)) {
      return;
    }
    if (!record.isWhole()) {
      throw new IllegalStateException(
          "record %d of what was switched off is not readable, or not whole"
              .formatted(record.sequence()));
    }
    if (event.type().endsWith(OFF)) {
      standing.addAll(denied(event));
    } else if (event.type().endsWith(ON)) {
      standing.removeAll(denied(event));
    }
  }

  private static List<String> denied(AuditEvent event) {
    try {
      return event.evidence().strings("denied").orElse(List.of());
    } catch (MalformedException e) {
      throw new IllegalStateException("a record of what was stopped is not readable", e);
    }
  }

  List<String> all() {
    return List.copyOf(standing);
  }

  /// Whether nobody could reach the connector, or nobody of the organisation anything.
  boolean stop(Connector connector, String organisation) {
    return standing.contains("all *")
        || standing.contains("connector " + connector.resource().value())
        || standing.contains("organisation " + organisation);
  }

  /// Whether nobody could come in by what an issuer said.
  boolean stop(Issuer issuer) {
    return standing.contains("issuer " + issuer.value());
  }

  /// Whether the client could get nothing at one of these servers, which know it by this id.
  boolean stop(ClientId client, Stream<Issuer> servers) {
    return servers.anyMatch(
        server -> standing.contains("client " + server.value() + " " + client.value()));
  }
}
