package dev.lanyard.server.pair;

import dev.lanyard.protocol.jose.SigningKey;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.server.authorization.SignInWays;
import dev.lanyard.server.broker.BrokerConfig;
import dev.lanyard.server.database.DatabaseConfig;
import dev.lanyard.server.database.TestDatabases;
import dev.lanyard.server.ras.FlowConfig;
import dev.lanyard.server.ras.organisations.Flows;
import dev.lanyard.server.ras.organisations.Matching;
import dev.lanyard.server.ras.organisations.ReplayPolicy;
import dev.lanyard.server.token.IdJagRevision;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// How a [Pair] differs from the usual.
///
/// @param shared where the master key is, which nodes on one database share
/// @param sharedBroker the broker's issuer, if this is a second node
/// @param sharedRas the resource authorization server's issuer, if this is a second node
/// @param issuerPath the path of both issuers; none if it is empty
/// @param clientKeys what the clients of `private_key_jwt` sign with
/// @param neighbour the identity provider of [World#NEIGHBOUR], another organisation that the
///   resource authorization server serves
/// @param carriesActors whether the organisation wants `act` in tokens
/// @param revision of the draft, by which both servers answer
/// @param flow the ordinary flow of the resource authorization server
/// @param flows whether the organisation lets its people use it
/// @param nonces whether DPoP proofs must have a nonce
public record Setup(
    DatabaseConfig database,
    Path shared,
    TestClock clock,
    BrokerConfig.SignIn signIn,
    ReplayPolicy replay,
    Matching matching,
    Optional<Issuer> sharedBroker,
    Optional<Issuer> sharedRas,
    String issuerPath,
    List<SigningKey> clientKeys,
    Optional<Issuer> neighbour,
    boolean carriesActors,
    IdJagRevision revision,
    Optional<FlowConfig> flow,
    Flows flows,
    boolean nonces) {

  /// SQLite, local people, single use, links by e-mail.
  public static Setup usual(Path folder) {
    return on(TestDatabases.sqlite(folder), folder);
  }

  public static Setup on(DatabaseConfig database, Path folder) {
    return new Setup(
        database,
        folder,
        new TestClock(),
        BrokerConfig.SignIn.LOCAL,
        new ReplayPolicy.SingleUse(),
        new Matching(Set.of(World.DOMAIN), true, false),
        Optional.empty(),
        Optional.empty(),
        "",
        List.of(World.CLIENT_KEY),
        Optional.empty(),
        false,
        IdJagRevision.DRAFT_04,
        Optional.empty(),
        Flows.EMA_ONLY,
        false);
  }

  public Setup with(ReplayPolicy policy) {
    return new Setup(
        database,
        shared,
        clock,
        signIn,
        policy,
        matching,
        sharedBroker,
        sharedRas,
        issuerPath,
        clientKeys,
        neighbour,
        carriesActors,
        revision,
        flow,
        flows,
        nonces);
  }

  public Setup with(Matching people) {
    return new Setup(
        database,
        shared,
        clock,
        signIn,
        replay,
        people,
        sharedBroker,
        sharedRas,
        issuerPath,
        clientKeys,
        neighbour,
        carriesActors,
        revision,
        flow,
        flows,
        nonces);
  }

  public Setup with(BrokerConfig.SignIn way) {
    return new Setup(
        database,
        shared,
        clock,
        way,
        replay,
        matching,
        sharedBroker,
        sharedRas,
        issuerPath,
        clientKeys,
        neighbour,
        carriesActors,
        revision,
        flow,
        flows,
        nonces);
  }

  /// Issuers with a path, as when one host serves several tenants.
  public Setup below(String path) {
    return new Setup(
        database,
        shared,
        clock,
        signIn,
        replay,
        matching,
        sharedBroker,
        sharedRas,
        path,
        clientKeys,
        neighbour,
        carriesActors,
        revision,
        flow,
        flows,
        nonces);
  }

  /// Clients of `private_key_jwt` that have these keys.
  public Setup signingWith(List<SigningKey> keys) {
    return new Setup(
        database,
        shared,
        clock,
        signIn,
        replay,
        matching,
        sharedBroker,
        sharedRas,
        issuerPath,
        keys,
        neighbour,
        carriesActors,
        revision,
        flow,
        flows,
        nonces);
  }

  /// A second organisation beside the usual one.
  public Setup serving(Issuer other) {
    return new Setup(
        database,
        shared,
        clock,
        signIn,
        replay,
        matching,
        sharedBroker,
        sharedRas,
        issuerPath,
        clientKeys,
        Optional.of(other),
        carriesActors,
        revision,
        flow,
        flows,
        nonces);
  }

  /// A second node of the same installation.
  public Setup beside(Pair first) {
    return under(first.broker(), first.ras());
  }

  /// A second node, whose clock is another one.
  public Setup beside(Pair first, TestClock its) {
    return new Setup(
        database,
        shared,
        its,
        signIn,
        replay,
        matching,
        Optional.of(first.broker()),
        Optional.of(first.ras()),
        issuerPath,
        clientKeys,
        neighbour,
        carriesActors,
        revision,
        flow,
        flows,
        nonces);
  }

  private Setup with(boolean actors, IdJagRevision draft) {
    return new Setup(
        database,
        shared,
        clock,
        signIn,
        replay,
        matching,
        sharedBroker,
        sharedRas,
        issuerPath,
        clientKeys,
        neighbour,
        actors,
        draft,
        flow,
        flows,
        nonces);
  }

  /// An organisation that wants `act` in tokens.
  public Setup carryingActors() {
    return with(true, revision);
  }

  /// Servers that answer by this revision.
  public Setup by(IdJagRevision draft) {
    return with(carriesActors, draft);
  }

  private Setup with(Optional<FlowConfig> ordinary, Flows letting) {
    return new Setup(
        database,
        shared,
        clock,
        signIn,
        replay,
        matching,
        sharedBroker,
        sharedRas,
        issuerPath,
        clientKeys,
        neighbour,
        carriesActors,
        revision,
        ordinary,
        letting,
        nonces);
  }

  /// A resource authorization server with the ordinary flow, for people of [World#GUESTS] who have
  /// a password there.
  public Setup ordinary() {
    return ordinary(
        new FlowConfig(new SignInWays(Optional.of(World.GUESTS), List.<SignInWays.Provider>of())));
  }

  /// One with this flow.
  public Setup ordinary(FlowConfig ordinary) {
    return with(Optional.of(ordinary), flows);
  }

  /// Who signs people in at the resource authorization server.
  List<SignInWays.Provider> providersAtRas() {
    return flow.map(one -> one.ways().providers()).orElse(List.of());
  }

  /// An organisation that lets its people use it.
  public Setup lettingConsent() {
    return with(flow, Flows.BOTH);
  }

  /// An installation that is known by these issuers already.
  public Setup under(Issuer broker, Issuer ras) {
    return new Setup(
        database,
        shared,
        clock,
        signIn,
        replay,
        matching,
        Optional.of(broker),
        Optional.of(ras),
        issuerPath,
        clientKeys,
        neighbour,
        carriesActors,
        revision,
        flow,
        flows,
        nonces);
  }

  /// Servers that demand nonces in DPoP proofs.
  public Setup demandingNonces() {
    return new Setup(
        database,
        shared,
        clock,
        signIn,
        replay,
        matching,
        sharedBroker,
        sharedRas,
        issuerPath,
        clientKeys,
        neighbour,
        carriesActors,
        revision,
        flow,
        flows,
        true);
  }
}
