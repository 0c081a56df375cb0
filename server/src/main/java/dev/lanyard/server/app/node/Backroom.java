package dev.lanyard.server.app.node;

import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.server.app.configuration.Configuration;
import dev.lanyard.server.authorization.Consents;
import dev.lanyard.server.clients.ClientRegistry;
import dev.lanyard.server.console.desk.Agreements;
import dev.lanyard.server.console.desk.Backstage;
import dev.lanyard.server.credentials.Credentials;
import dev.lanyard.server.delivery.Outbox;
import dev.lanyard.server.revocation.Reconciliation;
import dev.lanyard.server.signals.transmitter.AdministeredStreams;
import dev.lanyard.server.transparency.Holds;
import java.util.Optional;

/// What the console of a node has to keep the installation in order with.
///
/// @param broker through whom people sign in at the console
/// @param atRas the clients of our resource authorization server, if it is here
record Backroom(
    Ground ground,
    Issuer broker,
    Optional<ClientRegistry> atRas,
    Reconciliation reconciliation,
    Credentials credentials) {

  Backstage backstage() {
    var config = ground.config();
    var database = ground.database();
    var clock = ground.clock();
    return new Backstage(
        new Holds(database, clock),
        FanOut.retrying(database, clock),
        reconciliation,
        credentials,
        Known.parties(
            config,
            database,
            ground.directory(),
            ground.revocation(),
            ground.library()::current,
            clock),
        config.scim(),
        agreements(config),
        streams(config));
  }

  private Optional<Agreements> agreements(Configuration config) {
    return config
        .ras()
        .map(served -> served.config().issuer())
        .flatMap(self ->
            atRas.map(clients ->
                new Agreements(
                    new Consents(self, ground.database(), ground.revocation(), ground.clock()),
                    clients)));
  }

  /// The streams of security events that others have of the broker.
  private Optional<AdministeredStreams> streams(Configuration config) {
    return config
        .signals()
        .transmitter()
        .map(transmitter ->
            new AdministeredStreams(
                broker,
                transmitter.receivers(),
                ground.database(),
                new Outbox(ground.database(), new DeliveryAudit(), ground.clock()),
                ground.clock()));
  }
}
