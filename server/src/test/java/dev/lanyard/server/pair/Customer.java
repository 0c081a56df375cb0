package dev.lanyard.server.pair;

import com.sun.net.httpserver.HttpServer;
import dev.lanyard.protocol.claims.ClockSkew;
import dev.lanyard.protocol.idjag.IdJag;
import dev.lanyard.protocol.jose.JwtSigner;
import dev.lanyard.protocol.jose.PublicKeySet;
import dev.lanyard.protocol.jose.SigningAlgorithm;
import dev.lanyard.protocol.jose.SigningKey;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.server.ras.enrolment.Challenge;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// A customer that enrols: its identity provider, which signs ID-JAGs, and the hosts of its mail
/// domains, all on one port. It publishes what a test says.
public final class Customer implements AutoCloseable {
  private final HttpServer http;
  private final TestClock clock;
  private final Map<String, byte[]> documents = new ConcurrentHashMap<>();
  private final Map<String, Runnable> before = new ConcurrentHashMap<>();
  private final SigningKey key = SigningKey.generate(SigningAlgorithm.ES256);

  private Customer(TestClock clock) {
    this.clock = clock;
    try {
      this.http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    http.createContext(
        "/",
        exchange -> {
          try (exchange) {
            before.getOrDefault(exchange.getRequestURI().getPath(), () -> {}).run();
            var body = documents.getOrDefault(exchange.getRequestURI().getPath(), new byte[0]);
            exchange.sendResponseHeaders(
                body.length == 0 ? 404 : 200, body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
          }
        });
    http.start();
    serve("/.well-known/openid-configuration", metadata(issuer() + "/jwks"));
    publish(key);
  }

  public static Customer start(TestClock clock) {
    return new Customer(clock);
  }

  public Issuer issuer() {
    return new Issuer("http://127.0.0.1:" + http.getAddress().getPort());
  }

  public SigningKey key() {
    return key;
  }

  private JsonObject metadata(String jwks) {
    return JsonObject.builder().put("issuer", issuer().value()).put("jwks_uri", jwks).build();
  }

  /// Its metadata says that the keys are there.
  public void keysAt(String uri) {
    serve("/.well-known/openid-configuration", metadata(uri));
  }

  public void serve(String path, JsonObject document) {
    documents.put(path, document.toBytes());
  }

  /// Something happens whenever somebody asks for a path, before they get their answer.
  public void whenAsked(String path, Runnable happens) {
    before.put(path, happens);
  }

  /// Its keys are these.
  public void publish(SigningKey... keys) {
    var all = new ArrayList<>(List.of(keys));
    serve("/jwks", new PublicKeySet(all.stream().map(SigningKey::publicKey).toList()).toJson());
  }

  /// Publishes a challenge below the issuer.
  public void answers(Challenge challenge) {
    serve("/.well-known/lanyard-challenge", list(challenge));
  }

  /// Publishes a challenge below a domain.
  public void answers(String domain, Challenge challenge) {
    serve("/domains/" + domain, list(challenge));
  }

  private static JsonObject list(Challenge challenge) {
    return JsonObject.builder().put("lanyard_challenges", List.of(challenge.toJson())).build();
  }

  /// Where the document of a domain is in this test.
  public URI documentOf(String domain) {
    return URI.create(issuer() + "/domains/" + domain);
  }

  /// A good ID-JAG about somebody; a test changes one thing of it.
  public JsonObject.Builder claims(Pair pair, String subject) {
    long now = clock.instant().getEpochSecond();
    return JsonObject.builder()
        .put("iss", issuer().value())
        .put("sub", subject)
        .put("aud", pair.ras().value())
        .put("client_id", "desk-ras")
        .put("jti", "jti-" + new SecureRandom().nextLong())
        .put("iat", now)
        .put("exp", now + 300)
        .put("resource", World.LINEAR.value())
        .put("scope", "issues.read");
  }

  /// The same by a clock that is as far ahead as is tolerated: newer than a kill of a moment ago.
  public JsonObject.Builder claimsAhead(Pair pair, String subject) {
    long ahead = clock.instant().plus(ClockSkew.DEFAULT.tolerance()).getEpochSecond();
    return claims(pair, subject).put("iat", ahead).put("exp", ahead + 300);
  }

  public String signed(JsonObject claims) {
    return signed(claims, key);
  }

  public String signed(JsonObject claims, SigningKey by) {
    return new JwtSigner(by, IdJag.TYPE).sign(claims);
  }

  @Override
  public void close() {
    http.stop(0);
  }
}
