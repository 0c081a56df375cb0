package dev.lanyard.server.token;

import dev.lanyard.protocol.claims.ClockSkew;
import dev.lanyard.protocol.dpop.DpopReplay;
import dev.lanyard.protocol.dpop.DpopValidator;
import dev.lanyard.protocol.egress.EgressClient;
import dev.lanyard.protocol.jose.SigningAlgorithm;
import dev.lanyard.protocol.jwks.Refresh;
import dev.lanyard.protocol.jwks.RemoteKeySet;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.server.clients.ClientRegistry;
import dev.lanyard.server.clients.authentication.AssertionRules;
import dev.lanyard.server.clients.authentication.ClientAuthenticator;
import dev.lanyard.server.clients.authentication.JdbcAssertionStore;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.http.Strangers;
import dev.lanyard.server.schedule.Jobs;
import java.net.URI;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.Optional;

/// What every authorization server stands on.
///
/// @param database the record
/// @param egress the only way out
/// @param skew how far clocks of others may differ; one for all validators (SEC-18)
/// @param strangers how much somebody may cost who has proved nothing
/// @param tally counts what is decided
/// @param clock what time it is
/// @param revision of the ID-JAG draft, by which is answered
/// @param jobs what is done again and again
/// @param nonces what DPoP proofs must have; empty if they need not have any
public record Platform(
    Database database,
    EgressClient egress,
    ClockSkew skew,
    Strangers strangers,
    Tally tally,
    InstantSource clock,
    IdJagRevision revision,
    Jobs jobs,
    Optional<DpopNonces> nonces) {

  /// One that answers by the published draft, and demands no nonces.
  public Platform(
      Database database,
      EgressClient egress,
      ClockSkew skew,
      Strangers strangers,
      Tally tally,
      InstantSource clock) {
    this(
        database,
        egress,
        skew,
        strangers,
        tally,
        clock,
        IdJagRevision.DRAFT_04,
        new Jobs(),
        Optional.empty());
  }

  /// Where its decisions are written.
  public Journal journal() {
    return new Journal(database.groupCommit(), strangers, tally, clock);
  }

  /// Who authenticates the clients of a server.
  public ClientAuthenticator authenticator(Issuer self, ClientRegistry clients) {
    var used = new JdbcAssertionStore(database.groupCommit(), self);
    var ledger = new JdbcDocumentLedger(database, self, clock);
    return new ClientAuthenticator(
        clients,
        new AssertionRules(
            self,
            Paths.at(self, Paths.TOKEN),
            used,
            skew,
            clock,
            new LegacyAudiences(database.groupCommit(), clock)),
        uri ->
            new RemoteKeySet(
                egress, uri, Refresh.DEFAULT, clock, keys -> ledger.keysSeen(uri, keys)));
  }

  /// Who judges the DPoP proofs that come to an endpoint.
  ///
  /// @param endpoint its URL as clients see it, which proofs must name
  public DpopProofs dpopAt(URI endpoint) {
    var validator =
        new DpopValidator(
            EnumSet.allOf(SigningAlgorithm.class),
            new DpopValidator.Window(DpopValidator.Window.DEFAULT.maxAge(), skew),
            dpopReplay(),
            clock);
    return new DpopProofs(validator, endpoint, nonces);
  }

  /// Where proofs that were used are remembered.
  public DpopReplay dpopReplay() {
    return new JdbcDpopReplay(database.groupCommit());
  }
}
