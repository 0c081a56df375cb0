package dev.lanyard.server.app.configuration;

import dev.lanyard.protocol.egress.EgressPolicy;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.broker.BrokerConfig;
import dev.lanyard.server.clients.SecretHash;
import dev.lanyard.server.console.gate.ConsoleConfig;
import dev.lanyard.server.credentials.CredentialsConfig;
import dev.lanyard.server.credentials.GatewayClient;
import dev.lanyard.server.database.DatabaseConfig;
import dev.lanyard.server.delivery.DeliveryConfig;
import dev.lanyard.server.export.ExportConfig;
import dev.lanyard.server.gateway.GatewayConfig;
import dev.lanyard.server.http.StrangerLimits;
import dev.lanyard.server.http.Tls;
import dev.lanyard.server.keys.KeySafe;
import dev.lanyard.server.keys.KeysConfig;
import dev.lanyard.server.keys.MasterKeyConfig;
import dev.lanyard.server.keys.Pkcs11Vault;
import dev.lanyard.server.publication.LibraryConfig;
import dev.lanyard.server.ras.RasConfig;
import dev.lanyard.server.scim.ScimConfig;
import dev.lanyard.server.signals.SignalsConfig;
import dev.lanyard.server.telemetry.TelemetryConfig;
import dev.lanyard.server.token.IdJagRevision;
import dev.lanyard.server.token.KnownClients;
import dev.lanyard.server.transparency.TransparencyConfig;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/// The whole configuration. Only `app` and its rooms see it; every feature gets its own record.
///
/// @param database where the record is
/// @param masterKey where the key is that encrypts the signing keys
/// @param keys when signing keys change, and where they are kept
/// @param roleLibrary where the role library is, and what puts a version of it in force
/// @param broker the identity broker, if this process plays it
/// @param ras the resource authorization server, if this process plays it
/// @param gateway the gateway, if this process plays it
/// @param console the web console, if this process serves it
/// @param outside how it deals with others
public record Configuration(
    DatabaseConfig database,
    MasterKeyConfig masterKey,
    KeysConfig keys,
    LibraryConfig roleLibrary,
    Optional<Served<BrokerConfig>> broker,
    Optional<Served<RasConfig>> ras,
    Optional<ServedGateway> gateway,
    Optional<ServedConsole> console,
    Outside outside) {

  public Configuration {
    if (broker.isEmpty() && ras.isEmpty()) {
      throw new IllegalArgumentException(
          "there is nothing to serve: the configuration needs 'broker', 'ras' or both");
    }
  }

  /// The same without its gateway, which another process plays.
  public Configuration withoutGateway() {
    return new Configuration(
        database, masterKey, keys, roleLibrary, broker, ras, Optional.empty(), console, outside);
  }

  /// How this installation deals with others.
  ///
  /// @param outbound where our own requests may go
  /// @param delivery how hard it is tried to tell endpoints outside
  /// @param scim which identity providers may keep people and groups here
  /// @param signals whom the broker listens to and whom it tells
  /// @param signalsAtRas whom the resource authorization server listens to
  /// @param limits how much somebody may cost who has proved nothing
  /// @param metrics the secret of whoever may read the figures; absent if nobody may
  /// @param telemetry who gets steps of requests and figures
  /// @param administrators the hashes of the tokens of programs that may ask why; empty if none may
  /// @param exports who outside gets the audit record
  /// @param revision of the ID-JAG draft, by which both servers answer
  /// @param dpopNonces whether DPoP proofs must have a nonce of ours
  /// @param transparency who else keeps what the audit log has signed
  /// @param upstreamCredentials with what the gateway proves itself to the servers behind it
  /// @param driftLock what becomes of a tool that is not what was accepted
  /// @param governance what is known of the world, and what is made of it
  /// @param planning reviews, contracts and the value report
  public record Outside(
      EgressPolicy outbound,
      DeliveryConfig delivery,
      ScimConfig scim,
      SignalsConfig signals,
      SignalsConfig signalsAtRas,
      StrangerLimits limits,
      Optional<Secret> metrics,
      TelemetryConfig telemetry,
      List<SecretHash> administrators,
      ExportConfig exports,
      IdJagRevision revision,
      DpopNonceMode dpopNonces,
      TransparencyConfig transparency,
      CredentialsConfig upstreamCredentials,
      DriftLockMode driftLock,
      GovernanceSection governance,
      PlanningSection planning) {
    public Outside {
      administrators = List.copyOf(administrators);
    }
  }

  /// Opens what makes and seals signing keys.
  ///
  /// @throws dev.lanyard.server.keys.KeyException if the master key or the security module does not
  ///   open
  public KeySafe keySafe(InstantSource clock) {
    return KeySafe.of(
        masterKey.open(), keys.pkcs11().map(module -> Pkcs11Vault.open(module, clock)));
  }

  /// Where our own requests may go.
  public EgressPolicy outbound() {
    return outside.outbound();
  }

  /// How hard it is tried to tell endpoints outside.
  public DeliveryConfig delivery() {
    return outside.delivery();
  }

  /// Which identity providers may keep people and groups here.
  public ScimConfig scim() {
    return outside.scim();
  }

  /// Whom the broker listens to and whom it tells.
  public SignalsConfig signals() {
    return outside.signals();
  }

  /// Whom the resource authorization server listens to.
  public SignalsConfig signalsAtRas() {
    return outside.signalsAtRas();
  }

  /// How much somebody may cost who has proved nothing.
  public StrangerLimits limits() {
    return outside.limits();
  }

  /// The secret of whoever may read the figures.
  public Optional<Secret> metrics() {
    return outside.metrics();
  }

  /// Who else keeps what the audit log has signed.
  public TransparencyConfig transparency() {
    return outside.transparency();
  }

  /// The gateway's upstream credentials.
  public CredentialsConfig upstreamCredentials() {
    return outside.upstreamCredentials();
  }

  /// What becomes of a tool that is not what was accepted.
  public DriftLockMode driftLock() {
    return outside.driftLock();
  }

  /// What is known of the world, and what is made of it.
  public GovernanceSection governance() {
    return outside.governance();
  }

  /// Reviews, contracts and the value report.
  public PlanningSection planning() {
    return outside.planning();
  }

  /// The folder of the role library.
  public Path library() {
    return roleLibrary.folder();
  }

  /// The gateway with where it listens.
  ///
  /// @param address port 0 takes a free one
  /// @param client what it is at the broker, for connectors that have come to Enterprise-Managed
  ///   Authorization
  /// @param toolsLookedAtEvery how often a node looks at the tools of each server; empty if none
  ///   does
  public record ServedGateway(
      GatewayConfig config,
      InetSocketAddress address,
      Optional<Tls> tls,
      Optional<GatewayClient> client,
      Optional<Duration> toolsLookedAtEvery) {}

  /// The console with where it listens.
  ///
  /// @param address port 0 takes a free one
  public record ServedConsole(ConsoleConfig config, InetSocketAddress address, Optional<Tls> tls) {}

  /// An authorization server with where it listens and who its clients are.
  ///
  /// @param address port 0 takes a free one
  /// @param clients the file of its clients
  /// @param doors who may become a client besides those of the file
  public record Served<T>(
      T config,
      InetSocketAddress address,
      Optional<Tls> tls,
      Path clients,
      KnownClients.Doors doors) {}
}
