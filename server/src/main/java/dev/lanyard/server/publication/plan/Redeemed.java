package dev.lanyard.server.publication.plan;

import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.server.audit.AuditEvent;
import dev.lanyard.server.audit.Outcome;
import dev.lanyard.server.directory.PersonId;
import dev.lanyard.server.sessions.IssuedGrants.Live;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Recorded redemptions at our resource authorization server: somebody fetched a token there, which
/// says more than that they asked for an ID-JAG. Not thread-safe.
final class Redeemed {
  /// The type of the records.
  static final String TYPE = "token.redeem";

  private final String broker;
  private final Connectors connectors;
  private final Set<PersonId> losers = new HashSet<>();
  private long total;
  private long lost;

  /// @param broker the issuer whose ID-JAGs the library governs
  Redeemed(String broker, Connectors connectors) {
    this.broker = broker;
    this.connectors = connectors;
  }

  /// The grant that a record tells of; empty if none was made, or on an ID-JAG of somebody else.
  Optional<Live> grant(AuditEvent event) throws MalformedException {
    var evidence = event.evidence();
    if (event.outcome() != Outcome.SUCCESS
        || event.client().isEmpty()
        || event.person().isEmpty()
        || !evidence.string("issuer").equals(Optional.of(broker))) {
      return Optional.empty();
    }
    total++;
    var scopes = evidence.string("scope").orElse("");
    return Optional.of(
        new Live(
            evidence.string("grant").orElse(""),
            event.person().get(),
            new ClientId(event.client().get()),
            Set.copyOf(evidence.strings("resource").orElse(List.of())),
            scopes.isEmpty() ? Scopes.NONE : Scopes.parse(scopes)));
  }

  /// Whether a grant gave this.
  boolean gives(Live grant, Access access) {
    return connectors.gives(grant, access);
  }

  /// Whether a client with this id at the resource authorization server may be one through which
  /// somebody has this.
  boolean isThrough(ClientId idThere, Access access) {
    return connectors.isThrough(idThere, access);
  }

  /// One of them gave something that its person would lose.
  void countLost(PersonId person) {
    lost++;
    losers.add(person);
  }

  /// How many there were.
  long total() {
    return total;
  }

  /// Those that gave something that their people would lose.
  Replay.Counted lost() {
    return new Replay.Counted(lost, losers.size());
  }
}
