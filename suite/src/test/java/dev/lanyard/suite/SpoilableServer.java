package dev.lanyard.suite;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.BasicCredentials;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.Secret;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// What a right and a deliberately broken server have in common: a token endpoint on loopback,
/// clients, DPoP, and errors. A broken one has flaws; without any it does everything right.
abstract class SpoilableServer implements AutoCloseable {
  static final Credentials CLIENT =
      new Credentials(
          new ClientId("client"), new Secret("secret"), Credentials.Method.CLIENT_SECRET_BASIC);
  static final Credentials OTHER =
      new Credentials(
          new ClientId("other"), new Secret("other"), Credentials.Method.CLIENT_SECRET_BASIC);

  private final HttpServer http;
  private final Set<String> flaws;
  private final Set<String> proofs = ConcurrentHashMap.newKeySet();
  final Jws key = Jws.generate(Jws.Algorithm.ES256, "server-key");

  /// @param flaws what this server does wrong
  SpoilableServer(Set<String> flaws) {
    this.flaws = Set.copyOf(flaws);
    try {
      this.http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    serve("/.well-known/oauth-authorization-server", _ignored -> ok(metadata()));
    serve("/jwks", _ignored -> ok(Members.member("keys", List.of(publicKey()))));
    serve("/token", this::token);
    http.start();
  }

  boolean has(String flaw) {
    return flaws.contains(flaw);
  }

  /// A URL of the metadata: what a flaw of the form `token_endpoint=x` has there, or the right one.
  String url(String member, String right) {
    return flaws.stream()
        .filter(flaw -> flaw.startsWith(member + "="))
        .map(flaw -> flaw.substring(member.length() + 1))
        .findFirst()
        .orElse(right);
  }

  Issuer issuer() {
    return new Issuer("http://127.0.0.1:" + http.getAddress().getPort());
  }

  String tokenUrl() {
    return issuer() + "/token";
  }

  abstract JsonObject metadata();

  JsonObject publicKey() {
    return key.publicJwk();
  }

  /// A request whose form and client are good.
  abstract Answered granted(Form form, ClientId client, Optional<String> thumbprint)
      throws MalformedException;

  record Answered(int status, JsonObject body) {}

  static Answered ok(JsonObject body) {
    return new Answered(200, body);
  }

  static Answered error(String code) {
    int status = code.equals("invalid_client") ? 401 : 400;
    return new Answered(status, Members.member("error", code));
  }

  private interface Handling {
    Answered of(HttpExchange exchange) throws IOException;
  }

  private void serve(String path, Handling handling) {
    http.createContext(
        path,
        exchange -> {
          try (exchange) {
            var answered = handling.of(exchange);
            var body = answered.body().toBytes();
            var headers = exchange.getResponseHeaders();
            headers.set("Content-Type", has("text/html") ? "text/html" : "application/json");
            if (!has("stored")) {
              headers.set("Cache-Control", "no-store");
            }
            exchange.sendResponseHeaders(answered.status(), body.length);
            exchange.getResponseBody().write(body);
          }
        });
  }

  private Answered token(HttpExchange exchange) throws IOException {
    var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    try {
      if (!exchange.getRequestMethod().equals("POST")) {
        return has("takes GET")
            ? ok(tokenAnswer("a token"))
            : new Answered(405, Members.member("error", "invalid_request"));
      }
      var type = exchange.getRequestHeaders().getFirst("Content-Type");
      if (!type.startsWith("application/x-www-form-urlencoded")) {
        return has("takes JSON") ? ok(tokenAnswer("a token")) : error("invalid_request");
      }
      if (has("minds empty parameters") && (body + "&").contains("=&")) {
        return error("invalid_request");
      }
      return authenticated(exchange, Form.parse(body, repeatable()));
    } catch (MalformedException e) {
      return error("invalid_request");
    }
  }

  static JsonObject tokenAnswer(String token) {
    return Members.member("access_token", token);
  }

  private Set<String> repeatable() {
    var names = new HashSet<>(Set.of("resource", "audience"));
    if (has("takes duplicates")) {
      names.addAll(
          Set.of("scope", "assertion", "grant_type", "subject_token", "requested_token_type"));
    }
    return names;
  }

  private Answered authenticated(HttpExchange exchange, Form form) throws MalformedException {
    if (has("looks at the assertion first")
        && form.one("assertion").filter(text -> !text.contains(".")).isPresent()) {
      return error("invalid_grant");
    }
    if (has("minds what it does not know") && form.has("x-unknown")) {
      return error("invalid_request");
    }
    var client = client(exchange.getRequestHeaders().getFirst("Authorization"), form);
    if (client.isEmpty()) {
      return error("invalid_client");
    }
    var proof = exchange.getRequestHeaders().getFirst("DPoP");
    if (proof == null) {
      return granted(form, client.get(), Optional.empty());
    }
    if (has("takes no proof")) {
      return error("invalid_dpop_proof");
    }
    var thumbprint = has("ignores proofs") ? Optional.of("unproved") : thumbprint(proof);
    return thumbprint.isEmpty()
        ? error("invalid_dpop_proof")
        : granted(form, client.get(), has("ignores proofs") ? Optional.empty() : thumbprint);
  }

  private Optional<ClientId> client(String authorization, Form form) throws MalformedException {
    if (authorization == null) {
      var named = form.one("client_id");
      var post =
          named.isPresent()
              && List.of(CLIENT, OTHER).stream()
                  .anyMatch(one ->
                      one.id().value().equals(named.get())
                          && form.one("client_secret").equals(Optional.of(one.secret().reveal())));
      return post || has("takes anybody")
          ? Optional.of(new ClientId(named.orElse("client")))
          : Optional.empty();
    }
    if (has("refuses client_id beside Basic") && form.has("client_id")) {
      return Optional.empty();
    }
    var presented = BasicCredentials.parse(authorization);
    return List.of(CLIENT, OTHER).stream()
        .filter(one -> one.id().equals(presented.client()))
        .filter(one ->
            has("ignores secrets") || one.secret().reveal().equals(presented.secret().reveal()))
        .map(Credentials::id)
        .findFirst();
  }

  private Optional<String> thumbprint(String proof) {
    try {
      var parts = proof.split("\\.", -1);
      if (parts.length != 3) {
        return Optional.empty();
      }
      var header = json(parts[0]);
      var claims = json(parts[1]);
      var jwk = header.object("jwk").orElseThrow();
      long age = System.currentTimeMillis() / 1000 - claims.integer("iat").orElseThrow();
      boolean good =
          verifies(proof, EcKeys.of(jwk))
              && (has("ignores htm") || claims.string("htm").equals(Optional.of("POST")))
              && (has("ignores htu") || claims.string("htu").equals(Optional.of(tokenUrl())))
              && (has("takes old proofs") || age < 300)
              && (has("takes proofs twice") || proofs.add(claims.nonEmptyString("jti")));
      return good ? Optional.of(EcKeys.thumbprint(jwk)) : Optional.empty();
    } catch (MalformedException | GeneralSecurityException e) {
      return Optional.empty();
    }
  }

  static JsonObject json(String part) throws MalformedException {
    try {
      return JsonObject.parse(Base64.getUrlDecoder().decode(part));
    } catch (IllegalArgumentException e) {
      throw new MalformedException("not base64url");
    }
  }

  /// Whether this key signed this JWT with ES256.
  static boolean verifies(String jwt, PublicKey key) throws GeneralSecurityException {
    int dot = jwt.lastIndexOf('.');
    var signature = Signature.getInstance("SHA256withECDSAinP1363Format");
    signature.initVerify(key);
    signature.update(jwt.substring(0, dot).getBytes(StandardCharsets.US_ASCII));
    try {
      return signature.verify(Base64.getUrlDecoder().decode(jwt.substring(dot + 1)));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      return false;
    }
  }

  @Override
  public void close() {
    http.stop(0);
  }
}
