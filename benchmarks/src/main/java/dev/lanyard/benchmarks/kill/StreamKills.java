package dev.lanyard.benchmarks.kill;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/// People who hold a stream open at the gateway of each node, and are killed one by one.
///
/// @param kills where it is noted when
record StreamKills(Site site, Cluster cluster, Kills kills, String scimToken) {
  /// Somebody's streams, and when they have ended.
  private record Held(int person, CompletableFuture<Long> first, CompletableFuture<Long> second) {}

  /// @return from sending the request until both streams of each have ended
  Latencies of(List<Integer> people) throws IOException {
    var first = new Latencies("the node that was asked");
    var second = new Latencies("the other node");
    var both = new Latencies("both");
    try (var streams = new GatewayStreams(site.files.silent())) {
      var all = new ArrayList<Held>();
      for (int person : people) {
        var token = site.signatures.gatewayToken(person, site.population.tokens() - 1);
        all.add(
            new Held(
                person,
                streams.open(cluster.gateway(Place.NODE_1), token),
                streams.open(cluster.gateway(Place.NODE_2), token)));
      }
      try (var provider = new ScimProvider(cluster.broker(0), scimToken)) {
        for (var held : all) {
          long sent = System.nanoTime();
          kills.sent(held.person(), sent);
          provider.disable(site.population.id(held.person()));
          kills.answered(held.person(), System.nanoTime());
          long there = held.first().join() - sent;
          long elsewhere = held.second().join() - sent;
          first.add(there);
          second.add(elsewhere);
          both.add(Math.max(there, elsewhere));
        }
      }
    }
    System.out.printf(
        "%nopen streams of %d people at the gateways of both nodes, killed one by one%n",
        people.size());
    System.out.printf("%-24s %8s %8s %8s%n", "ended after the PATCH", "p50 ms", "p99 ms", "max");
    List.of(first, second, both).forEach(System.out::println);
    return both;
  }
}
