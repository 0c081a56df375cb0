package dev.lanyard.server.app.node;

import dev.lanyard.protocol.jose.SigningAlgorithm;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.server.app.configuration.Configuration;
import dev.lanyard.server.app.configuration.Configuration.Served;
import dev.lanyard.server.catalog.KnownWorld;
import dev.lanyard.server.clients.ClientRegistry;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.directory.Directory;
import dev.lanyard.server.directory.PasswordStore;
import dev.lanyard.server.keys.KeyRing;
import dev.lanyard.server.keys.KeySafe;
import dev.lanyard.server.keys.Purpose;
import dev.lanyard.server.publication.LibraryInForce;
import dev.lanyard.server.revocation.Exposure;
import dev.lanyard.server.revocation.Revocation;
import dev.lanyard.server.token.KnownClients;
import dev.lanyard.server.token.Platform;
import java.time.InstantSource;
import java.util.Set;
import java.util.function.Supplier;

/// What both servers of a node stand on.
///
/// @param running ends what they start
record Ground(
    Configuration config,
    Platform platform,
    KeySafe safe,
    Directory directory,
    PasswordStore passwords,
    Revocation revocation,
    LibraryInForce library,
    Upkeep upkeep,
    Running running) {

  Database database() {
    return platform.database();
  }

  InstantSource clock() {
    return platform.clock();
  }

  /// What is out there.
  ///
  /// @param known what is known of the servers of others
  Exposure exposure(Supplier<KnownWorld> known) {
    return Enforcement.exposure(
        config, database(), revocation.denied(), library::current, known, clock());
  }

  /// The signing keys of a listener's server.
  KeyRing keys(String listener, Set<Purpose> purposes) {
    return KeyRing.open(database(), safe, clock(), listener, purposes, SigningAlgorithm.ES256);
  }

  /// The clients that a listener's server knows, kept up with their file.
  KnownClients clients(String listener, Served<?> served, Issuer self) {
    var file = ClientRegistry.open(served.clients());
    upkeep.watch(
        "clients",
        "clients of the " + listener,
        file::poll,
        () -> served.clients().getFileName().toString());
    var known = KnownClients.of(file, served.doors(), self, platform);
    upkeep.everyMinute("registered clients of the " + listener, () -> known.forget(clock()));
    return known;
  }
}
