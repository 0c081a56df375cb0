package dev.lanyard.server.app.node;

import dev.lanyard.protocol.jose.SigningAlgorithm;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.server.app.configuration.Configuration;
import dev.lanyard.server.catalog.KnownWorld;
import dev.lanyard.server.database.Change;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.Follower;
import dev.lanyard.server.database.Reading;
import dev.lanyard.server.delivery.Courier;
import dev.lanyard.server.delivery.EnforcementPoint;
import dev.lanyard.server.delivery.EnforcementPoints;
import dev.lanyard.server.delivery.Held;
import dev.lanyard.server.delivery.NodeAcknowledgement;
import dev.lanyard.server.delivery.Outbox;
import dev.lanyard.server.delivery.ProbeResult;
import dev.lanyard.server.directory.PersonId;
import dev.lanyard.server.keys.KeyRing;
import dev.lanyard.server.keys.KeySafe;
import dev.lanyard.server.keys.Purpose;
import dev.lanyard.server.ras.Ras;
import dev.lanyard.server.ras.enrolment.SecondKills;
import dev.lanyard.server.receipts.Probe;
import dev.lanyard.server.receipts.ReceiptDesk;
import dev.lanyard.server.receipts.ReceiptRequests;
import dev.lanyard.server.revocation.Denial;
import dev.lanyard.server.revocation.Denied;
import dev.lanyard.server.revocation.Exposure;
import dev.lanyard.server.revocation.Revocation;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/// How a kill leaves this node, and how it is known that it has arrived: what this node refuses,
/// the receipts, and the second kill of what was given meanwhile.
public final class FanOut implements AutoCloseable {
  private static final Duration CATCH_UP = Duration.ofSeconds(30);

  private final ReceiptDesk desk;
  private final SecondKills secondKills;
  private final NodeAcknowledgement node;
  private final AtomicReference<Optional<Ras>> ras = new AtomicReference<>(Optional.empty());

  /// @param known what is known of the servers of others
  FanOut(Ground ground, Enforcement enforcement, Supplier<KnownWorld> known) {
    var config = ground.config();
    var database = ground.database();
    var clock = ground.clock();
    var exposure = ground.exposure(known);
    var points = points(database, clock);
    var sources =
        new ReceiptDesk.Sources(
            database,
            Lanyard.issuer(config).value(),
            points,
            outbox(database, clock),
            keys(database, ground.safe(), clock));
    var denied = enforcement.revocation().denied();
    this.desk =
        new ReceiptDesk(
            sources,
            new Reach(config),
            (dead, person) -> residue(exposure, dead, person),
            enforcement.stragglers(),
            denied,
            clock);
    this.secondKills = Enrolments.secondKills(config, database, enforcement.revocation(), clock);
    this.node = node(config.database().staleAfter(), database, points);
  }

  /// Asks for a receipt of every kill, also in processes that serve nothing.
  static void asksForReceipts(Revocation revocation, Database database, InstantSource clock) {
    revocation.tells(requests(database, clock));
  }

  private static ReceiptRequests requests(Database database, InstantSource clock) {
    return new ReceiptRequests(database.changes(), outbox(database, clock));
  }

  /// Messages for whoever has some tried again that were given up: their receipts are made anew.
  public static Outbox retrying(Database database, InstantSource clock) {
    var audit = new DeliveryAudit();
    var requests = requests(database, clock);
    return new Outbox(
        database,
        (connection, letter, at) -> {
          audit.note(connection, letter, at);
          // A request for receipts has none of its own.
          if (!letter.delivery().kind().equals(ReceiptDesk.KIND)) {
            requests.reopen(connection, letter);
          }
        },
        clock);
  }

  /// The keys that sign receipts.
  public static KeyRing keys(Database database, KeySafe safe, InstantSource clock) {
    return KeyRing.open(
        database, safe, clock, "receipts", Set.of(Purpose.RECEIPT), SigningAlgorithm.ES256);
  }

  private static EnforcementPoints points(Database database, InstantSource clock) {
    return new EnforcementPoints(database, Denial.CHANGE, clock);
  }

  private static Outbox outbox(Database database, InstantSource clock) {
    return new Outbox(database, new DeliveryAudit(), clock);
  }

  /// Tells everybody what this node refuses, for a process that makes no receipts itself.
  static NodeAcknowledgement node(Configuration config, Database database, InstantSource clock) {
    return node(config.database().staleAfter(), database, points(database, clock));
  }

  /// Tells everybody what this node refuses.
  private static NodeAcknowledgement node(
      Duration staleAfter, Database database, EnforcementPoints points) {
    var self =
        new EnforcementPoint(
            UUID.randomUUID().toString(),
            EnforcementPoint.Kind.NODE,
            Optional.ofNullable(System.getenv("HOSTNAME")).orElse("node"),
            staleAfter);
    var started = NodeAcknowledgement.start(points, self);
    // First listen, then look: a denial may be noted twice, but none is missed. Listens last, so
    // that everybody here knows who is off before it is said that they do.
    database.changes().follow(Denial.CHANGE, acknowledging(started, points));
    long head = points.head();
    database.changes().awaitApplied(head, CATCH_UP);
    started.refuses(head);
    return started;
  }

  private static Follower acknowledging(NodeAcknowledgement node, EnforcementPoints points) {
    return new Follower() {
      @Override
      public void follow(List<Change> changes, Reading record) {
        node.refuses(changes.getLast().sequence());
      }

      @Override
      public void reload(Reading record) {
        node.refuses(record.read(points::head));
      }
    };
  }

  /// Connectors, through the resource authorization server of this process.
  private final class Reach implements Probe {
    private final Configuration config;

    Reach(Configuration config) {
      this.config = config;
    }

    @Override
    public List<ProbeResult> probe(Denied dead, Instant killedAt, Instant issuedAt) {
      return ras.get().map(one -> one.probe(dead, killedAt, issuedAt)).orElse(List.of());
    }

    @Override
    public List<Held> held(List<Denied> dead, Instant killedAt) {
      return ras.get().map(one -> one.held(dead, killedAt)).orElse(List.of()).stream()
          .map(one -> one.with(Enforcement.bound(config, new ResourceIndicator(one.connector()))))
          .toList();
    }
  }

  /// What somebody else may go on serving: a client's part of it nobody knows, so everybody's
  /// counts.
  private static List<Exposure.Access> residue(
      Exposure exposure, List<Denied> dead, Optional<String> person) {
    if (person.isPresent()) {
      return exposure.foreign(person.map(PersonId::new), Set.of());
    }
    var connectors =
        dead.stream()
            .filter(one -> one.kind() == Denied.Kind.CONNECTOR)
            .map(Denied::value)
            .collect(Collectors.toSet());
    return exposure.foreign(Optional.empty(), connectors);
  }

  /// Who makes receipts, and who kills a second time.
  Map<String, Courier> couriers() {
    return Map.of(ReceiptDesk.KIND, desk, SecondKills.KIND, secondKills);
  }

  /// Probes go through this server from now on.
  void reaches(Ras server) {
    ras.set(Optional.of(server));
  }

  /// To be called when this node serves nothing any more.
  @Override
  public void close() {
    ras.get().ifPresent(Ras::close);
    node.close();
  }
}
