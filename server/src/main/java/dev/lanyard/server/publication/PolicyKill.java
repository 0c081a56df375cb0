package dev.lanyard.server.publication;

import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.server.database.Chunks;
import dev.lanyard.server.directory.PersonId;
import dev.lanyard.server.publication.plan.Losses.Loss;
import dev.lanyard.server.revocation.Happening;
import dev.lanyard.server.revocation.Revocation;
import dev.lanyard.server.revocation.Signal;
import dev.lanyard.server.revocation.Source;
import dev.lanyard.server.revocation.Subject;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/// Tells the kill pipeline what policy took away: the ID-JAGs of the losers that are not redeemed
/// yet, for which a client gets new ones silently, their grants that give too much, and what agents
/// have for themselves who have less now.
public final class PolicyKill implements Consequences.Enforcement {
  /// In one transaction; a publication that hits everybody is many of them.
  private static final int AT_ONCE = 500;

  private final Revocation revocation;
  private final InstantSource clock;

  public PolicyKill(Revocation revocation, InstantSource clock) {
    this.revocation = revocation;
    this.clock = clock;
  }

  @Override
  public void on(Loss loss, String id) {
    var signals = new ArrayList<Signal>();
    loss.people().stream()
        .map(PersonId::value)
        .sorted()
        .forEach(person ->
            signals.add(
                signal(
                    id + ":person:" + person,
                    new Subject.Person(new PersonId(person)),
                    Happening.POLICY_CHANGED,
                    id)));
    loss.grants().stream()
        .sorted()
        .forEach(grant ->
            signals.add(
                signal(
                    id + ":grant:" + grant,
                    new Subject.Grant(grant),
                    Happening.TOKENS_REVOKED,
                    id)));
    loss.agents().stream()
        .map(ClientId::value)
        .sorted()
        .forEach(agent ->
            signals.add(
                signal(
                    id + ":agent:" + agent,
                    new Subject.Agent(new ClientId(agent)),
                    Happening.TOKENS_REVOKED,
                    id)));
    Chunks.of(List.copyOf(signals), AT_ONCE).forEach(revocation::acceptAll);
  }

  private Signal signal(String id, Subject subject, Happening what, String occasion) {
    return new Signal(
        Source.of(Source.Kind.POLICY),
        id,
        subject,
        what,
        clock.instant(),
        "the role library does not give it any more",
        occasion);
  }
}
