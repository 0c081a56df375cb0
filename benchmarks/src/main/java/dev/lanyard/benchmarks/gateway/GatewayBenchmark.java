package dev.lanyard.benchmarks.gateway;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/// Calls a tool directly, through a proxy that only passes on, and through the gateway in turn, at
/// the same rate, and opens streams that say nothing.
///
/// Driver, servers, proxy and gateway are processes of their own. Where there are two cores, proxy
/// and gateway have one of them for themselves and everybody else the other: a thousand calls a
/// second are then a thousand for each core that the gateway has.
///
/// One server answers at once: what is added is all of the gateway's. The other takes two
/// milliseconds: beside it a record can be written.
///
/// What the disk alone takes for as much as a record, one after the other and at the same rate, is
/// the limit of every call that is recorded before it is answered.
///
/// Arguments: calls a second, seconds of each round, rounds, streams over HTTP/1.1 and over HTTP/2,
/// and what the names of the rows to measure have in them.
public final class GatewayBenchmark {
  private static final String CALL =
      """
      {"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"echo","arguments":{"text":"hello"}}}\
      """;

  /// What is not recorded shows what the way itself costs.
  private static final String PING =
      """
      {"jsonrpc":"2.0","id":1,"method":"ping"}\
      """;

  private static final String DIRECT = "direct";
  private static final String THE_DISK = "the disk alone";
  private static final String DIRECT_SLOWER = "2 ms: direct";
  private static final int CONNECTIONS = 8;

  /// As fast as it goes, so that the compiler has soon seen enough.
  private static final int WARM_UP_SECONDS = 10;

  /// Whoever is later than that at the end of a round cannot keep up, and is not waited for.
  private static final long GRACE_NANOS = 500_000_000L;

  private static final List<String> LITTLE = List.of("-XX:+UseSerialGC", "-Xmx512m");

  private final int rate;
  private final int seconds;

  private GatewayBenchmark(int rate, int seconds) {
    this.rate = rate;
    this.seconds = seconds;
  }

  public static void main(String[] arguments) throws Exception {
    int rounds = Integer.parseInt(arguments[2]);
    var options = List.of(System.getProperty("gateway.options").strip().split("\\s+"));
    var core = Optional.ofNullable(Integer.getInteger("gateway.core"));
    var benchmark =
        new GatewayBenchmark(Integer.parseInt(arguments[0]), Integer.parseInt(arguments[1]));
    try (var servers = Peer.start(McpServers.class, Optional.empty(), LITTLE);
        var proxy = Peer.start(PlainProxy.class, core, LITTLE, servers.said(McpServers.PROMPT));
        var gateway =
            Peer.start(
                GatewayNode.class,
                core,
                options,
                servers.said(McpServers.PROMPT),
                servers.said(McpServers.SLOWER));
        var disk = new FlushedFile()) {
      var rows =
          rows(servers, proxy, gateway, disk).stream()
              .filter(row -> row.name().contains(arguments[5]))
              .toList();
      benchmark.latency(rounds, rows);
      streams(gateway, Integer.parseInt(arguments[3]), Integer.parseInt(arguments[4]));
    }
  }

  /// First as most clients open them, as many as the limit of open files allows; then all of them.
  private static void streams(Peer gateway, int overHttp1, int overHttp2) throws Exception {
    if (overHttp1 > 0) {
      System.err.printf("Opening %d streams over HTTP/1.1%n", overHttp1);
      var http1 = new Http1Streams(gateway.port(GatewayNode.FIRST));
      new IdleStreams(gateway, http1, 0).measure(overHttp1);
    }
    if (overHttp2 > 0) {
      System.err.printf("Opening %d streams over HTTP/2%n", overHttp2);
      try (var http2 =
          new Http2Streams(
              gateway.port(GatewayNode.SECURE),
              Path.of(gateway.said(GatewayNode.AUTHORITY)),
              overHttp2)) {
        new IdleStreams(gateway, http2, IdleStreams.PEOPLE).measure(overHttp2);
      }
    }
  }

  /// Something that is done again and again over one connection.
  interface Repeated extends AutoCloseable {
    /// Returns when it is done.
    void call() throws IOException;

    @Override
    void close() throws IOException;
  }

  /// How to get one for each connection.
  private interface Opening {
    Repeated open() throws IOException;
  }

  /// What is measured under one name.
  ///
  /// @param by whose CPU is told
  /// @param than what it is compared with
  private record Row(String name, Peer by, Opening opening, String than) {
    Row(String name, Peer by, int port, String request, String than) {
      this(name, by, () -> new Wire(port, request), than);
    }
  }

  private static List<Row> rows(Peer servers, Peer proxy, Peer gateway, FlushedFile disk) {
    var token = gateway.said(GatewayNode.TOKEN);
    var call = Wire.post(token, CALL);
    var ping = Wire.post(token, PING);
    return List.of(
        new Row(DIRECT, servers, servers.port(McpServers.PROMPT), call, DIRECT),
        new Row("a proxy that only passes on", proxy, proxy.port(PlainProxy.NAME), call, DIRECT),
        new Row("gateway, a ping", gateway, gateway.port(GatewayNode.FIRST), ping, DIRECT),
        new Row(THE_DISK, servers, disk::writer, THE_DISK),
        new Row(
            "gateway, recorded beside", gateway, gateway.port(GatewayNode.BESIDE), call, DIRECT),
        new Row("gateway, recorded first", gateway, gateway.port(GatewayNode.FIRST), call, DIRECT),
        new Row(DIRECT_SLOWER, servers, servers.port(McpServers.SLOWER), call, DIRECT_SLOWER),
        new Row(
            "2 ms: recorded beside",
            gateway,
            gateway.port(GatewayNode.SLOWER_BESIDE),
            call,
            DIRECT_SLOWER),
        new Row(
            "2 ms: recorded first",
            gateway,
            gateway.port(GatewayNode.SLOWER_FIRST),
            call,
            DIRECT_SLOWER));
  }

  private void latency(int rounds, List<Row> rows) throws Exception {
    for (var row : rows) {
      System.err.printf("Warming up for %d s: %s%n", WARM_UP_SECONDS, row.name());
      warmUp(row);
    }
    // At that rate, threads sleep and wake elsewhere in the code than at full speed.
    System.err.println("Warming up at the rate that is measured");
    for (var row : rows) {
      var _ = round(row, WARM_UP_SECONDS);
    }
    System.out.printf(
        "%-28s %8s %8s %8s %8s %8s %8s %10s %10s%n",
        "ms", "p50", "p90", "p99", "+ p50", "+ p99", "calls/s", "CPU a call", "switches");
    for (int round = 0; round < rounds; round++) {
      var of = new HashMap<String, Latencies>();
      for (var row : rows) {
        var before = row.by().cost();
        var measured = round(row, seconds);
        var cost = row.by().cost().since(before);
        of.put(row.name(), measured);
        report(row, measured, of, cost);
      }
    }
  }

  private void report(Row row, Latencies measured, Map<String, Latencies> of, Peer.Cost cost) {
    System.out.printf(
        Locale.ROOT,
        "%-28s %8.3f %8.3f %8.3f %8s %8s %7d%s %10.3f %10.1f%n",
        row.name(),
        measured.millis(50),
        measured.millis(90),
        measured.millis(99),
        more(row, measured, of, 50),
        more(row, measured, of, 99),
        measured.count() / seconds,
        measured.count() < 99L * rate * seconds / 100 ? "!" : " ",
        cost.cpu().toNanos() / 1e6 / measured.count(),
        (double) cost.switches() / measured.count());
  }

  /// How much more than without the gateway, in the same round.
  private static String more(Row row, Latencies measured, Map<String, Latencies> of, int percent) {
    var than = of.get(row.than());
    return than == null || row.name().equals(row.than())
        ? ""
        : "%+.3f".formatted(measured.millis(percent) - than.millis(percent));
  }

  private void warmUp(Row row) throws Exception {
    long end = System.nanoTime() + WARM_UP_SECONDS * 1_000_000_000L;
    atOnce(_ -> {
      try (var wire = row.opening().open()) {
        while (System.nanoTime() < end) {
          wire.call();
        }
      }
    });
  }

  /// A call that is late counts from when it should have begun.
  private Latencies round(Row row, int forSeconds) throws Exception {
    long pause = 1_000_000_000L * CONNECTIONS / rate;
    long begin = System.nanoTime();
    long end = begin + forSeconds * 1_000_000_000L;
    var all = new ArrayList<Long>();
    atOnce(connection -> {
      var own = new ArrayList<Long>();
      try (var wire = row.opening().open()) {
        // One after the other, as calls come that know nothing of each other.
        long due = begin + pause * connection / CONNECTIONS;
        while (due < end && System.nanoTime() < end + GRACE_NANOS) {
          while (System.nanoTime() < due) {
            LockSupport.parkNanos(due - System.nanoTime());
          }
          wire.call();
          own.add(System.nanoTime() - due);
          due += pause;
        }
      }
      synchronized (all) {
        all.addAll(own);
      }
    });
    return new Latencies(all);
  }

  private interface Driving {
    void drive(int connection) throws IOException;
  }

  /// Over all connections, each with a thread.
  private static void atOnce(Driving driving) throws InterruptedException {
    var threads = new ArrayList<Thread>();
    for (int i = 0; i < CONNECTIONS; i++) {
      int connection = i;
      threads.add(
          Thread.ofPlatform()
              .start(() -> {
                try {
                  driving.drive(connection);
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              }));
    }
    for (var thread : threads) {
      thread.join();
    }
  }
}
