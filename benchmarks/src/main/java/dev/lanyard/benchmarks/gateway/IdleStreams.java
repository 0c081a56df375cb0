package dev.lanyard.benchmarks.gateway;

import java.io.Closeable;
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
///
/// @param way how they are opened
/// @param first the number of the first person who is switched off
record IdleStreams(Peer gateway, Way way, int first) {
  /// How many people are switched off, each of whom has one of the streams.
  static final int PEOPLE = 100;

  private static final int OPENERS = 16;

  /// How streams come to the gateway.
  interface Way {
    /// Opens one, and returns when the gateway has accepted it.
    ///
    /// @param token of whom
    Stream open(String token) throws IOException;

    /// What it is called.
    String name();
  }

  /// One that is open.
  interface Stream extends Closeable {
    /// Returns when the gateway has ended it, whatever it says until then.
    void awaitEnd() throws IOException;
  }

  void measure(int count) throws Exception {
    var before = gateway.residentMib();
    var others = opened(List.of(gateway.said(GatewayNode.TOKEN)), count - PEOPLE);
    var tokens = new ArrayList<String>();
    for (int i = 0; i < PEOPLE; i++) {
      tokens.add(gateway.said(GatewayNode.TOKEN_OF + (first + i)));
    }
    var theirs = opened(tokens, PEOPLE);
    try (var files = Files.list(Path.of("/proc/" + gateway.process().pid() + "/fd"))) {
      System.out.printf(
          "%d idle streams over %s: the gateway has %d files open; resident %d MiB before, %d with"
              + " them%n",
          others.size() + theirs.size(), way.name(), files.count(), before, gateway.residentMib());
    }
    var ended = switchedOff(theirs);
    System.out.printf(
        Locale.ROOT,
        "%d people switched off one by one, until their stream has ended: p50 %.1f ms, p99 %.1f"
            + " ms%n",
        ended.count(),
        ended.millis(50),
        ended.millis(99));
    for (var stream : others) {
      stream.close();
    }
  }

  /// From the order to the end of the stream at the client.
  private Latencies switchedOff(List<Stream> theirs) throws IOException {
    var nanos = new ArrayList<Long>();
    for (int i = 0; i < theirs.size(); i++) {
      long told = System.nanoTime();
      gateway.tell(gateway.said(GatewayNode.PERSON + (first + i)));
      theirs.get(i).awaitEnd();
      nanos.add(System.nanoTime() - told);
      theirs.get(i).close();
    }
    return new Latencies(nanos);
  }

  /// Many at a time: each is recorded, and those that come together share a write of the disk.
  ///
  /// @param tokens of whom, in turn
  private List<Stream> opened(List<String> tokens, int count) throws Exception {
    try (var openers = Executors.newFixedThreadPool(OPENERS)) {
      var opening = new ArrayList<Callable<Stream>>();
      for (int i = 0; i < count; i++) {
        var token = tokens.get(i % tokens.size());
        opening.add(() -> way.open(token));
      }
      var open = new ArrayList<Stream>();
      for (var one : openers.invokeAll(opening)) {
        open.add(one.get());
      }
      return open;
    }
  }
}
