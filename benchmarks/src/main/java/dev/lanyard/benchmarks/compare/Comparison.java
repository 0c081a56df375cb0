package dev.lanyard.benchmarks.compare;

import dev.lanyard.benchmarks.postgres.DurablePostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.Optional;
import java.util.Set;

/// Runs every contestant after the other, each alone on the machine with a PostgreSQL of its own.
final class Comparison {
  private static final int FIRST_REQUESTS = 10_000;

  private final Path home;
  private final Path folder;
  private final Meter meter;
  private final Set<Operation> operations;
  private final Crypto crypto;

  /// @param home the checkout
  Comparison(Path home, Meter meter, Set<Operation> operations, Crypto crypto) {
    this.home = home;
    this.folder = home.resolve("benchmarks/target/compare");
    this.meter = meter;
    this.operations = operations;
    this.crypto = crypto;
  }

  private interface Rig {
    Contestant start(String database, CustomerIdp issuer) throws IOException, SQLException;
  }

  /// The physical limit.
  Result floor() throws IOException {
    say("floor: starting");
    try (var floor = Floor.start(folder, crypto)) {
      return measure(floor, Optional.empty());
    }
  }

  /// The peer.
  Result peer() throws IOException, SQLException {
    var distribution = home.resolve("benchmarks/target/keycloak/keycloak-26.7.3");
    return withDatabase(
        "keycloak",
        Population.NONE,
        (database, issuer) -> Keycloak.start(distribution, folder, database, issuer));
  }

  /// Lanyard, which must have been built.
  ///
  /// @param population its customers and their people, beside the one of the comparison
  /// @param options of its JVM, beside what its launcher gives
  Result lanyard(Population population, String options) throws IOException, SQLException {
    var name = population.isSomebody() ? "lanyard_many" : "lanyard";
    return withDatabase(
        name,
        population,
        (database, issuer) ->
            Lanyard.start(
                home,
                folder.resolve(name),
                database,
                issuer,
                population,
                (crypto.option() + " " + options).strip()));
  }

  private Result withDatabase(String name, Population population, Rig rig)
      throws IOException, SQLException {
    say(name + ": starting");
    try (var postgres = DurablePostgres.start(folder.resolve("postgres-" + name));
        var issuer = new CustomerIdp(InstantSource.system(), population);
        var contestant = rig.start(postgres.create(name), issuer)) {
      return measure(contestant, Optional.of(postgres));
    }
  }

  private Result measure(Contestant contestant, Optional<DurablePostgres> postgres)
      throws IOException {
    var resident = residentAfterRequests(contestant);
    var database = postgres.isPresent() ? ProcessTree.of(postgres.get().pid()) : ProcessTree.of();
    var measured = new EnumMap<Operation, Measurement>(Operation.class);
    for (var operation : operations) {
      var load = contestant.load(operation);
      if (load.isPresent()) {
        say(contestant.name() + ": " + operation.title());
        var _ = Http.once(load.get());
        measured.put(operation, meter.measure(load.get(), contestant.server(), database));
      }
    }
    return new Result(
        contestant.name(),
        contestant.startUp(),
        resident,
        database.proportionalKib() / 1024,
        measured);
  }

  /// Resident MiB after 10,000 redemptions on a server that has done nothing else.
  private static long residentAfterRequests(Contestant contestant) throws IOException {
    var load = contestant.load(Operation.REDEEM);
    if (load.isEmpty()) {
      return 0;
    }
    say(contestant.name() + ": " + FIRST_REQUESTS + " requests, then memory");
    Http.many(load.get(), FIRST_REQUESTS);
    return contestant.server().residentKib() / 1024;
  }

  private static void say(String progress) {
    System.err.println("  " + progress);
  }
}
