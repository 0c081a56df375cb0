package dev.lanyard.server.http;

import dev.lanyard.protocol.json.JsonObject;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/// An answer. Immutable; every `with…` gives a new one.
///
/// Every answer leaves with headers that forbid what our pages never do (being framed, loading
/// anything, being guessed at); a header of the same name given here takes their place.
public final class Response {
  private final int status;
  private final List<Header> headers;
  private final byte[] body;
  private final Optional<EventSource> events;
  private final Optional<BodySource> source;
  private final Optional<Supplier<Response>> instead;
  private final boolean provedNothing;

  private Response(
      int status,
      List<Header> headers,
      byte[] body,
      Optional<EventSource> events,
      Optional<BodySource> source,
      Optional<Supplier<Response>> instead,
      boolean provedNothing) {
    this.status = status;
    this.headers = headers;
    this.body = body;
    this.events = events;
    this.source = source;
    this.instead = instead;
    this.provedNothing = provedNothing;
  }

  public static Response json(int status, JsonObject body) {
    return bytes(status, "application/json", body.toBytes());
  }

  /// @param html a whole page, already escaped
  public static Response html(int status, String html) {
    return bytes(status, "text/html;charset=utf-8", html.getBytes(StandardCharsets.UTF_8));
  }

  public static Response text(int status, String text) {
    return bytes(status, "text/plain;charset=utf-8", text.getBytes(StandardCharsets.UTF_8));
  }

  /// @param body not to be changed any more
  public static Response bytes(int status, String contentType, byte[] body) {
    return plain(status, List.of(new Header("Content-Type", contentType)), body);
  }

  public static Response empty(int status) {
    return plain(status, List.of(), new byte[0]);
  }

  private static Response plain(int status, List<Header> headers, byte[] body) {
    return new Response(
        status, headers, body, Optional.empty(), Optional.empty(), Optional.empty(), false);
  }

  /// An answer whose body arrives while it leaves, and goes on until one of its ends is over.
  public static Response passing(int status, String contentType, BodySource source) {
    return new Response(
        status,
        List.of(new Header("Content-Type", contentType)),
        new byte[0],
        Optional.empty(),
        Optional.of(source),
        Optional.empty(),
        false);
  }

  /// A stream of server-sent events, which goes on until the peer, the source or this server ends
  /// it.
  public static Response events(EventSource source) {
    return new Response(
            200,
            List.of(
                new Header("Content-Type", "text/event-stream"),
                // Of proxies that would otherwise gather the answer.
                new Header("X-Accel-Buffering", "no")),
            new byte[0],
            Optional.of(source),
            Optional.empty(),
            Optional.empty(),
            false)
        .noStore();
  }

  /// 303, so that a form with a password is never sent on (AC-12).
  ///
  /// @param target an absolute URL, or a path on this server
  /// @spec https://www.rfc-editor.org/rfc/rfc9700.html#section-4.12 RFC 9700 §4.12
  public static Response redirect(URI target) {
    return empty(303).withHeader("Location", target.toASCIIString());
  }

  /// 415, for a handler that got a body it does not read.
  ///
  /// @param expected the media type that it does read
  public static Response unsupportedMediaType(String expected, Request request) {
    return error(415, "invalid_request", "the body must be " + expected, request.correlationId());
  }

  /// What this server itself refuses, in the form that whoever calls this path reads.
  static Response error(
      String path, int status, String code, String description, String correlationId) {
    return Problem.isReadAt(path)
        ? Problem.of(status, description).answer(correlationId)
        : error(status, code, description, correlationId);
  }

  public static Response error(int status, String code, String description, String correlationId) {
    var body =
        JsonObject.builder()
            .put("error", code)
            .put("error_description", description)
            .put("correlation_id", correlationId)
            .build();
    return json(status, body).noStore();
  }

  /// Sets a header; an earlier one of this name goes.
  public Response withHeader(String name, String value) {
    var others = new ArrayList<>(headers);
    others.removeIf(header -> header.name().equalsIgnoreCase(name));
    return with(others, new Header(name, value));
  }

  /// Adds a header beside those of the same name.
  public Response withAddedHeader(String name, String value) {
    return with(headers, new Header(name, value));
  }

  private Response with(List<Header> kept, Header added) {
    var all = new ArrayList<>(kept);
    all.add(added);
    return new Response(status, List.copyOf(all), body, events, source, instead, provedNothing);
  }

  /// Sets a cookie that scripts cannot read and that never leaves over plain HTTP. A name that
  /// starts with `__Host-` keeps other hosts of the domain from setting it (AC-10).
  ///
  /// @param life how long the browser keeps it; zero removes it
  public Response withCookie(String name, String value, Duration life) {
    return withCookie(name, value, life, "Lax");
  }

  /// The same, but the browser sends it also with a form of another site. For what proves nothing
  /// but that it is this browser.
  public Response withCrossSiteCookie(String name, String value, Duration life) {
    return withCookie(name, value, life, "None");
  }

  private Response withCookie(String name, String value, Duration life, String sameSite) {
    return withAddedHeader(
        "Set-Cookie",
        name
            + "="
            + value
            + "; Path=/; Max-Age="
            + life.toSeconds()
            + "; Secure; HttpOnly; SameSite="
            + sameSite);
  }

  /// Forbids keeping the answer (TOK-5).
  public Response noStore() {
    return withHeader("Cache-Control", "no-store").withHeader("Pragma", "no-cache");
  }

  /// The same answer to somebody who has not proved who they are: it counts against their address.
  public Response provedNothing() {
    return new Response(status, headers, body, events, source, instead, true);
  }

  boolean hasProvedNothing() {
    return provedNothing;
  }

  public int status() {
    return status;
  }

  /// The only value of a header; empty if it is absent or there are several.
  public Optional<String> header(String name) {
    var values = headers.stream().filter(one -> one.name().equalsIgnoreCase(name)).toList();
    return values.size() == 1 ? Optional.of(values.getFirst().value()) : Optional.empty();
  }

  /// The same answer without a header.
  public Response withoutHeader(String name) {
    var others = headers.stream().filter(one -> !one.name().equalsIgnoreCase(name)).toList();
    return new Response(status, others, body, events, source, instead, provedNothing);
  }

  /// The same answer, if its body arrives while it leaves, with another body of that kind.
  public Response withSource(UnaryOperator<BodySource> change) {
    return new Response(status, headers, body, events, source.map(change), instead, provedNothing);
  }

  /// The same answer, but its head waits for the first piece of its body.
  ///
  /// @param by what is answered if it breaks before it has given any; has no source
  public Response orIfBroken(Supplier<Response> by) {
    return new Response(status, headers, body, events, source, Optional.of(by), provedNothing);
  }

  /// The same answer with another body, which is here as a whole.
  ///
  /// @param whole not to be changed any more
  public Response withBody(byte[] whole) {
    return new Response(status, headers, whole, events, Optional.empty(), instead, provedNothing);
  }

  List<Header> headers() {
    return headers;
  }

  /// The body; empty if it arrives while it leaves.
  public byte[] body() {
    return body;
  }

  Optional<EventSource> events() {
    return events;
  }

  /// The body, if it arrives while it leaves.
  public Optional<BodySource> source() {
    return source;
  }

  /// What is answered instead if the body breaks before anything of it is there.
  Optional<Supplier<Response>> instead() {
    return instead;
  }

  record Header(String name, String value) {}
}
