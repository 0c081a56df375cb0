package dev.lanyard.server.governance;

import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.server.audit.AuditEvent;
import dev.lanyard.server.audit.AuditLog;
import dev.lanyard.server.library.Connector;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What administrators had switched off at an instant and not on again, as the record tells it:
/// `connector https://…`, `organisation acme`, `all *`.
final class Stops {
  private static final String OFF = ".disabled";

  /// People are not among them: they are in the history of people.
  private static final Set<String> TYPES =
      Stream.of("client", "connector", "issuer", "organisation", "all")
          .flatMap(kind -> Stream.of(kind + OFF, kind + ".enabled"))
          .collect(Collectors.toUnmodifiableSet());

  private final Set<String> standing = new TreeSet<>();

  private Stops() {}

  static Stops at(AuditLog audit, Instant at) {
    var stops = new Stops();
    audit.each(
        TYPES,
        Instant.EPOCH,
        record -> {
          if (!record.event().at().isAfter(at)) {
            stops.apply(record.event());
          }
        });
    return stops;
  }

  private void apply(AuditEvent event) {
    if (event.type().endsWith(OFF)) {
      standing.addAll(denied(event));
    } else {
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
}
