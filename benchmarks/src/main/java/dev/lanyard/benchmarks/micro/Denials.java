package dev.lanyard.benchmarks.micro;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.lanyard.protocol.oauth.BasicCredentials;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.protocol.revocation.Notice;
import dev.lanyard.protocol.revocation.StreamMessage;
import dev.lanyard.resourceserver.status.Introspection;
import dev.lanyard.resourceserver.status.RevocationStream;
import dev.lanyard.resourceserver.status.StreamConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;

/// A revocation stream that tells of so many denials, for a resource server to have in memory.
final class Denials implements AutoCloseable {
  private static final int IN_ONE_EVENT = 500;

  private final HttpServer server;
  private final int count;
  private final Instant now;
  private volatile boolean closing;

  /// The library's end of it. Whose tokens they are about.
  static final Issuer RAS = new Issuer("https://ras.example.com");

  final RevocationStream stream;

  Denials(int count, InstantSource clock) throws IOException, InterruptedException {
    this.count = count;
    this.now = clock.instant();
    this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/stream", this::tell);
    server.createContext("/stream/acknowledgement", Denials::acknowledge);
    server.start();
    var endpoint = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/stream");
    var self = new BasicCredentials(new ClientId("benchmark"), new Secret("secret"));
    this.stream =
        RevocationStream.open(
            new StreamConfig(RAS, endpoint, self, Duration.ofSeconds(60)),
            Introspection.http(List.of()),
            clock);
    if (!stream.awaitFresh(Duration.ofMinutes(2))) {
      throw new IllegalStateException("the stream does not begin: " + stream.state());
    }
  }

  private void tell(HttpExchange exchange) throws IOException {
    exchange.getResponseHeaders().add("Content-Type", "text/event-stream");
    exchange.sendResponseHeaders(200, 0);
    try (var out = exchange.getResponseBody()) {
      for (int from = 0; from < count || from == 0; from += IN_ONE_EVENT) {
        int to = Math.min(count, from + IN_ONE_EVENT);
        var part = new StreamMessage.Snapshot(1, true, to == count, notices(from, to));
        out.write(part.toEvent().getBytes(StandardCharsets.UTF_8));
      }
      while (!closing) {
        out.write(new StreamMessage.Heartbeat(1, true).toEvent().getBytes(StandardCharsets.UTF_8));
        out.flush();
        Thread.sleep(500);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// Half of them people, half of them grants.
  private List<Notice> notices(int from, int to) {
    var notices = new ArrayList<Notice>();
    for (int i = from; i < to; i++) {
      var kind = i % 2 == 0 ? Notice.Kind.PERSON : Notice.Kind.GRANT;
      var mark = Notice.mark(kind, "denied-" + i);
      notices.add(new Notice(kind, mark, now, now.plus(Duration.ofHours(12)), 1));
    }
    return notices;
  }

  private static void acknowledge(HttpExchange exchange) throws IOException {
    var answer = "{\"sequence\":1}".getBytes(StandardCharsets.UTF_8);
    exchange.getRequestBody().readAllBytes();
    exchange.sendResponseHeaders(200, answer.length);
    exchange.getResponseBody().write(answer);
    exchange.close();
  }

  @Override
  public void close() {
    stream.close();
    closing = true;
    server.stop(0);
  }
}
