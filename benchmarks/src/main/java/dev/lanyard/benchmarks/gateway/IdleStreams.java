package dev.lanyard.benchmarks.gateway;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;

/// Streams that say nothing, held open at a gateway: what they cost it, and how soon those of
/// somebody who is switched off are closed among all the others.
record IdleStreams(Peer gateway) {
  private static final int OPENERS = 16;

  void measure(int count) throws Exception {
    var before = gateway.residentMib();
    var others = opened(List.of(gateway.said(GatewayNode.TOKEN)), count - GatewayNode.PEOPLE);
    var tokens = new ArrayList<String>();
    for (int i = 0; i < GatewayNode.PEOPLE; i++) {
      tokens.add(gateway.said(GatewayNode.TOKEN_OF + i));
    }
    var theirs = opened(tokens, tokens.size());
    try (var files = Files.list(Path.of("/proc/" + gateway.process().pid() + "/fd"))) {
      System.out.printf(
          "%d idle streams: the gateway has %d files open; resident %d MiB before, %d with them%n",
          others.size() + theirs.size(), files.count(), before, gateway.residentMib());
    }
    var ended = switchedOff(theirs);
    System.out.printf(
        Locale.ROOT,
        "%d people switched off one by one, until their stream has ended: p50 %.1f ms, p99 %.1f"
            + " ms%n",
        ended.count(),
        ended.millis(50),
        ended.millis(99));
    for (var wire : others) {
      wire.close();
    }
  }

  /// From the order to the end of the stream at the client.
  private Latencies switchedOff(List<Wire> theirs) throws IOException {
    var nanos = new ArrayList<Long>();
    for (int i = 0; i < theirs.size(); i++) {
      long told = System.nanoTime();
      gateway.tell(gateway.said(GatewayNode.PERSON + i));
      theirs.get(i).awaitEnd();
      nanos.add(System.nanoTime() - told);
      theirs.get(i).close();
    }
    return new Latencies(nanos);
  }

  /// Many at a time: each is recorded, and those that come together share a write of the disk.
  ///
  /// @param tokens of whom, in turn
  private List<Wire> opened(List<String> tokens, int count) throws Exception {
    int port = gateway.port(GatewayNode.FIRST);
    try (var openers = Executors.newFixedThreadPool(OPENERS)) {
      var opening = new ArrayList<Callable<Wire>>();
      for (int i = 0; i < count; i++) {
        var request = Wire.get(tokens.get(i % tokens.size()));
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
