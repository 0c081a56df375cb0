package dev.lanyard.benchmarks.gateway;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
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
/// Arguments: calls a second, seconds of each round, rounds, streams, and what the names of the
/// rows to measure have in them.
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

  private static final int CONNECTIONS = 8;
  private static final int OPENERS = 16;

  /// Until the compiler has seen enough.
  private static final int WARM_UP_ROUNDS = 2;

  private static final List<String> LITTLE = List.of("-XX:+UseSerialGC", "-Xmx512m");

  private final int rate;
  private final int seconds;

  private GatewayBenchmark(int rate, int seconds) {
    this.rate = rate;
    this.seconds = seconds;
  }

  public static void main(String[] arguments) throws Exception {
    int rounds = Integer.parseInt(arguments[2]);
    int streams = Integer.parseInt(arguments[3]);
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
                servers.said(McpServers.SLOWER))) {
      var headers = headers(gateway.said(GatewayNode.TOKEN));
      var rows =
          rows(servers, proxy, gateway, headers).stream()
              .filter(row -> row.name().contains(arguments[4]))
              .toList();
      benchmark.latency(rounds, rows);
      idle(streams, gateway, headers);
    }
  }

  private static String headers(String token) {
    return "Authorization: Bearer "
        + token
        + "\r\nAccept: application/json, text/event-stream\r\nMCP-Protocol-Version: 2025-11-25\r\n";
  }

  /// What is measured under one name.
  ///
  /// @param by whose CPU is told
  private record Row(String name, Peer by, int port, String request) {}

  private static List<Row> rows(Peer servers, Peer proxy, Peer gateway, String headers) {
    var call = Wire.post(headers, CALL);
    var ping = Wire.post(headers, PING);
    return List.of(
        new Row("direct", servers, servers.port(McpServers.PROMPT), call),
        new Row("a proxy that only passes on", proxy, proxy.port(PlainProxy.NAME), call),
        new Row("gateway, a ping", gateway, gateway.port(GatewayNode.FIRST), ping),
        new Row("gateway, recorded beside", gateway, gateway.port(GatewayNode.BESIDE), call),
        new Row("gateway, recorded first", gateway, gateway.port(GatewayNode.FIRST), call),
        new Row("2 ms: direct", servers, servers.port(McpServers.SLOWER), call),
        new Row("2 ms: a ping", gateway, gateway.port(GatewayNode.SLOWER_BESIDE), ping),
        new Row("2 ms: recorded beside", gateway, gateway.port(GatewayNode.SLOWER_BESIDE), call),
        new Row("2 ms: recorded first", gateway, gateway.port(GatewayNode.SLOWER_FIRST), call));
  }

  private void latency(int rounds, List<Row> rows) throws Exception {
    System.out.printf(
        "%-30s %8s %8s %8s %8s %10s %10s%n",
        "ms", "p50", "p90", "p99", "calls/s", "CPU a call", "switches");
    for (int round = -WARM_UP_ROUNDS; round < rounds; round++) {
      for (var row : rows) {
        var before = row.by().cost();
        var nanos = round(row.port(), row.request());
        var cost = row.by().cost().since(before);
        if (round >= 0) {
          report(row.name(), nanos, cost);
        }
      }
    }
  }

  private void report(String what, long[] nanos, Peer.Cost cost) {
    System.out.printf(
        Locale.ROOT,
        "%-30s %8.3f %8.3f %8.3f %8d %10.3f %10.1f%n",
        what,
        percentile(nanos, 50),
        percentile(nanos, 90),
        percentile(nanos, 99),
        nanos.length / seconds,
        cost.cpu().toNanos() / 1e6 / nanos.length,
        (double) cost.switches() / nanos.length);
  }

  private static double percentile(long[] sorted, int percent) {
    return sorted[sorted.length * percent / 100] / 1e6;
  }

  /// The latencies of a round, sorted. A call that is late counts from when it should have begun.
  private long[] round(int port, String request) throws Exception {
    long pause = 1_000_000_000L * CONNECTIONS / rate;
    long begin = System.nanoTime();
    long end = begin + seconds * 1_000_000_000L;
    var all = new ArrayList<Long>();
    var threads = new ArrayList<Thread>();
    for (int i = 0; i < CONNECTIONS; i++) {
      // One after the other, as calls come that know nothing of each other.
      long first = begin + pause * i / CONNECTIONS;
      threads.add(Thread.ofPlatform().start(() -> drive(port, request, first, pause, end, all)));
    }
    for (var thread : threads) {
      thread.join();
    }
    var sorted = all.stream().mapToLong(Long::longValue).toArray();
    Arrays.sort(sorted);
    return sorted;
  }

  private static void drive(
      int port, String request, long first, long pause, long end, List<Long> all) {
    var own = new ArrayList<Long>();
    try (var wire = new Wire(port, request)) {
      for (long due = first; due < end; due += pause) {
        while (System.nanoTime() < due) {
          LockSupport.parkNanos(due - System.nanoTime());
        }
        wire.call();
        own.add(System.nanoTime() - due);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    synchronized (all) {
      all.addAll(own);
    }
  }

  private static void idle(int streams, Peer gateway, String headers) throws Exception {
    var before = gateway.residentMib();
    var request = "GET /mcp HTTP/1.1\r\nHost: gateway.example\r\n" + headers + "\r\n";
    var open = opened(streams, gateway.port(GatewayNode.FIRST), request);
    try (var files = Files.list(Path.of("/proc/" + gateway.process().pid() + "/fd"))) {
      System.out.printf(
          "%d idle streams: the gateway has %d files open; resident %d MiB before, %d with them%n",
          open.size(), files.count(), before, gateway.residentMib());
    }
    for (var wire : open) {
      wire.close();
    }
  }

  /// Many at a time: each is recorded, and those that come together share a write of the disk.
  private static List<Wire> opened(int streams, int port, String request) throws Exception {
    try (var openers = Executors.newFixedThreadPool(OPENERS)) {
      var opening = new ArrayList<Callable<Wire>>();
      for (int i = 0; i < streams; i++) {
        opening.add(() -> {
          var wire = new Wire(port, request);
          wire.send();
          var _ = wire.head();
          return wire;
        });
      }
      var open = new ArrayList<Wire>();
      for (var one : openers.invokeAll(opening)) {
        open.add(one.get());
      }
      return open;
    }
  }
}
