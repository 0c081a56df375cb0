package dev.lanyard.benchmarks.kill;

import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/// The steps of one measurement, in their order. For one thread.
final class KillRun {
  static final int WARM_UP_KILLS = 60;

  private static final double MOST_P50_MILLIS = 50;
  private static final double MOST_P99_MILLIS = 250;
  private static final int REDEMPTION_IN = 10;

  /// A refusal is seen so much too late at most; asking more often keeps busy what is measured.
  private static final long OFTEN_NANOS = 2_000_000;

  private static final int RECEIPT_PATIENCE_SECONDS = 20;
  private static final int LEARN_SECONDS = 5;

  private final Site site;
  private final Cluster cluster;
  private final McpServer server;
  private final Targets targets;
  private final String scimToken;
  private final History history = new History();
  private final Kills kills;
  private final Load load = new Load(history);
  private final LastMoment lastMoment;
  private final Spending spending;
  private boolean tokensHold = true;

  /// @param postgres its process
  KillRun(
      Site site,
      Cluster cluster,
      McpServer server,
      Targets targets,
      String scimToken,
      long postgres) {
    this.site = site;
    this.cluster = cluster;
    this.server = server;
    this.targets = targets;
    this.scimToken = scimToken;
    this.kills = new Kills(site.population.people());
    this.lastMoment = new LastMoment(targets.killed());
    this.spending = new Spending(cluster, postgres, load::calls);
  }

  private Caller caller(Place place) {
    return place == Place.LIBRARY
        ? server.caller(site::accessToken)
        : NodeCaller.introspecting(place, cluster.ras(place), site.files, site::accessToken);
  }

  /// Introspects some of all the tokens that were written, on both nodes.
  void proveTokens(int sample) {
    var population = site.population;
    var random = RandomGenerator.of("L64X128MixRandom");
    for (var node : List.of(Place.NODE_1, Place.NODE_2)) {
      try (var caller =
          NodeCaller.introspecting(
              node,
              cluster.ras(node),
              site.files,
              number ->
                  site.signatures.accessToken(
                      number / population.tokens(), number % population.tokens()))) {
        for (int i = 0; i < sample; i++) {
          int number = random.nextInt(population.people() * population.tokens());
          if (caller.call(number) != Outcome.ACCEPTED) {
            throw new IllegalStateException("token " + number + " does not live on " + node);
          }
        }
      }
    }
    System.out.printf("%d of them, drawn by lot, introspected on each node: all active%n", sample);
  }

  void load(int clients, int libraryRate) {
    for (var node : List.of(Place.NODE_1, Place.NODE_2)) {
      for (int i = 0; i < clients; i++) {
        var introspecting = caller(node);
        var redeeming =
            NodeCaller.redeeming(
                node, cluster.ras(node), site.files, site::assertion, lastMoment::note);
        load.add((random, into) -> {
          var one = random.nextInt(REDEMPTION_IN) == 0 ? redeeming : introspecting;
          one.call(targets.any(random), into);
        });
      }
    }
    var library = caller(Place.LIBRARY);
    load.add((random, into) -> library.call(targets.regular(random), into), libraryRate);
  }

  void warmUp(int seconds) throws IOException, InterruptedException {
    try (var watch = new Watch(history, 1, OFTEN_NANOS, this::caller);
        var provider = provider()) {
      for (int i = 0; i < WARM_UP_KILLS; i++) {
        kill(targets.nextSingle(), provider, watch);
        Thread.sleep(seconds * 1000L / WARM_UP_KILLS);
      }
    }
  }

  private ScimProvider provider() throws IOException {
    return new ScimProvider(cluster.broker(0), scimToken);
  }

  void capacity(double share) throws InterruptedException {
    double capacity = load.during(10);
    load.rate(capacity * share);
    Thread.sleep(2000);
    var before = spending.now();
    var _ = load.during(LEARN_SECONDS);
    spending.learnLoad(before, spending.now());
    System.out.printf(
        "capacity of both nodes: %.0f calls a second (1 in %d a redemption); held: %.0f%n",
        capacity, REDEMPTION_IN, capacity * share);
  }

  /// One kill, from sending the PATCH until everybody has refused.
  private Watch.Refusals kill(int person, ScimProvider provider, Watch watch) throws IOException {
    long sent = System.nanoTime();
    kills.sent(person, sent);
    var refusals = watch.of(List.of(person));
    provider.disable(site.population.id(person));
    kills.answered(person, System.nanoTime());
    refusals.everywhere();
    return refusals;
  }

  /// @return whether the goals are met
  boolean singles(int count, int seconds) throws IOException, InterruptedException, SQLException {
    var everywhere = new Latencies("everybody refuses");
    var first = new Latencies("the node that was asked");
    var second = new Latencies("the other node");
    var library = new Latencies("the resource server");
    var slowest = new Slowest(kills);
    long calls = load.calls();
    var before = spending.now();
    long began = System.nanoTime();
    int firstPerson = WARM_UP_KILLS;
    try (var watch = new Watch(history, 1, OFTEN_NANOS, this::caller);
        var provider = provider()) {
      for (int i = 0; i < count; i++) {
        int person = targets.nextSingle();
        var refusals = kill(person, provider, watch);
        long sent = kills.sent(person);
        everywhere.add(refusals.everywhere() - sent);
        first.add(refusals.at(Place.NODE_1) - sent);
        second.add(refusals.at(Place.NODE_2) - sent);
        library.add(refusals.at(Place.LIBRARY) - sent);
        slowest.add(person, refusals);
        long next = began + seconds * 1_000_000_000L / count * (i + 1);
        Thread.sleep(Math.max(0, (next - System.nanoTime()) / 1_000_000));
      }
    }
    System.out.printf(
        "%n%d single kills; load meanwhile: %.0f calls a second%n",
        count, (load.calls() - calls) / ((System.nanoTime() - began) / 1e9));
    System.out.printf("%-24s %8s %8s %8s%n", "from sending the PATCH", "p50 ms", "p99 ms", "max");
    for (var one : List.of(first, second, library, everywhere)) {
      System.out.println(one);
    }
    awaitReceipts(firstPerson, firstPerson + count);
    Spending.print(
        "CPU ms for each of them",
        List.of("with watching and receipt"),
        List.of(spending.each(count, before, spending.now())));
    slowest.print();
    return everywhere.millis(50) <= MOST_P50_MILLIS && everywhere.millis(99) <= MOST_P99_MILLIS;
  }

  /// People who hold a stream open at the gateway of each node are killed one by one.
  ///
  /// @return whether the goals are met
  boolean streams(int count) throws IOException {
    var people = IntStream.range(0, count).map(_ -> targets.nextSingle()).boxed().toList();
    var ended = new StreamKills(site, cluster, kills, scimToken).of(people);
    return ended.millis(50) <= MOST_P50_MILLIS && ended.millis(99) <= MOST_P99_MILLIS;
  }

  /// Receipts come when everybody has said that they refuse.
  private void awaitReceipts(int from, int to) throws SQLException, InterruptedException {
    var reading = new ReceiptReading(kills);
    for (int i = 0; i < RECEIPT_PATIENCE_SECONDS; i++) {
      reading.read(site.connection(), from, to);
      if (kills.receipts(from, to) == to - from) {
        break;
      }
      Thread.sleep(1000);
    }
    System.out.printf(
        "receipts that hold these kills to their word: %d of %d%n",
        kills.receipts(from, to), to - from);
  }

  /// @param withStatements whether to show what PostgreSQL spends on which statement
  /// @return whether the goal is met
  boolean atOnce(int connections, boolean withStatements)
      throws IOException, InterruptedException, SQLException {
    var people = targets.atOnce();
    if (people.isEmpty()) {
      return true;
    }
    var once = new AtOnce(site, kills, history, spending, this::caller, this::provider);
    if (!withStatements) {
      return once.disable(people, connections);
    }
    var statements = new Statements(site.connection());
    statements.beginAnew();
    boolean fast = once.disable(people, connections);
    statements.print();
    return fast;
  }

  void endLoad() {
    load.close();
    var tokens = lastMoment.ofKilled(kills);
    for (var node : List.of(Place.NODE_1, Place.NODE_2)) {
      try (var caller =
          NodeCaller.introspecting(node, cluster.ras(node), site.files, tokens::get)) {
        for (int i = 0; i < tokens.size(); i++) {
          tokensHold &= caller.call(i) == Outcome.REFUSED;
        }
      }
    }
    var library = server.caller(tokens::get);
    for (int i = 0; i < tokens.size(); i++) {
      tokensHold &= library.call(i) == Outcome.REFUSED;
    }
    System.out.printf(
        "%d tokens that killed people redeemed before or meanwhile: %s%n",
        tokens.size(), tokensHold ? "all dead" : "SOME LIVE");
  }

  /// A provider's first run: people are created, with nothing else going on.
  void imports(int count, int connections) throws IOException {
    var bulks = new ArrayList<Callable<Integer>>();
    int size = Math.min(ScimProvider.MOST_IN_BULK, Math.max(1, count / connections));
    for (int from = 0; from < count; from += size) {
      var names = new ArrayList<String>();
      for (int i = from; i < Math.min(count, from + size); i++) {
        names.add("new" + i);
      }
      bulks.add(() -> {
        try (var provider = provider()) {
          provider.create(names);
        }
        return names.size();
      });
    }
    long began = System.nanoTime();
    AtOnce.inParallel(bulks, connections);
    System.out.printf(
        "%d people created over SCIM, %d at a time over %d connections: %.2f s%n",
        count, size, connections, (System.nanoTime() - began) / 1e9);
  }

  /// @return whether the history has no violation
  boolean judge() {
    var judge = new Judge(history, kills);
    boolean sound = judge.judge(site.population.people());
    judge.print();
    return sound && tokensHold;
  }
}
