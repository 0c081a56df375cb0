package dev.lanyard.server.pair;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.server.http.TestCertificate;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/// A host of client ID metadata documents, over TLS on loopback.
public final class DocumentServer implements AutoCloseable {
  private static final TestCertificate CERTIFICATE = TestCertificate.ec("documents");

  private final HttpsServer server;
  private final Map<String, Reply> replies = new ConcurrentHashMap<>();
  private final Map<String, AtomicInteger> asked = new ConcurrentHashMap<>();

  private DocumentServer(HttpsServer server) {
    this.server = server;
  }

  /// What is answered.
  ///
  /// @param when counted down before it is
  public record Reply(int status, Map<String, String> headers, String body, CountDownLatch when) {
    public static Reply of(int status, String body) {
      return new Reply(
          status, Map.of("Content-Type", "application/json"), body, new CountDownLatch(0));
    }

    public Reply with(String header, String value) {
      var more = new ConcurrentHashMap<>(headers);
      more.put(header, value);
      return new Reply(status, more, body, when);
    }

    public Reply after(CountDownLatch latch) {
      return new Reply(status, headers, body, latch);
    }
  }

  public static DocumentServer start() {
    try {
      var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
      var server = HttpsServer.create(address, 0);
      server.setHttpsConfigurator(new HttpsConfigurator(CERTIFICATE.serve()));
      server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
      var documents = new DocumentServer(server);
      server.createContext("/", documents::handle);
      server.start();
      return documents;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void handle(HttpExchange exchange) throws IOException {
    var path = exchange.getRequestURI().getPath();
    asked.computeIfAbsent(path, _ -> new AtomicInteger()).incrementAndGet();
    var reply = replies.getOrDefault(path, Reply.of(404, "{}"));
    try (exchange) {
      reply.when().await();
      reply.headers().forEach(exchange.getResponseHeaders()::set);
      var body = reply.body().getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(reply.status(), body.length == 0 ? -1 : body.length);
      exchange.getResponseBody().write(body);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// Who is trusted to have signed its certificate.
  public static List<X509Certificate> authorities() {
    return List.of(CERTIFICATE.certificate());
  }

  public String url(String path) {
    return "https://localhost:" + server.getAddress().getPort() + path;
  }

  public void answer(String path, Reply reply) {
    replies.put(path, reply);
  }

  /// Serves this document.
  ///
  /// @return the client id
  public String serve(String path, JsonObject document) {
    answer(path, Reply.of(200, document.toJson()));
    return url(path);
  }

  /// A good document of a client that cannot keep a secret; a test changes one thing of it.
  public JsonObject.Builder document(String path) {
    return JsonObject.builder()
        .put("client_id", url(path))
        .put("client_name", "Hosted")
        .put("redirect_uris", List.of(Desk.CALLBACK))
        .put("grant_types", List.of("authorization_code", "refresh_token"))
        .put("token_endpoint_auth_method", "none");
  }

  /// How often a document was asked for.
  public int asked(String path) {
    return asked.getOrDefault(path, new AtomicInteger()).get();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
