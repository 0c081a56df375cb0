package dev.lanyard.server.http;

import dev.lanyard.protocol.hash.Sha256;
import dev.lanyard.protocol.json.JsonObject;
import java.time.Duration;
import java.util.Base64;

/// A public JSON document that seldom changes, such as metadata or a key set: bytes made once, with
/// an `ETag` and a life (META-18). Immutable; also the handler that serves it.
///
/// @spec https://www.rfc-editor.org/rfc/rfc9110.html#section-13.1.2 RFC 9110 §13.1.2 If-None-Match
public final class Document implements Handler {
  private final Response full;
  private final Response unchanged;
  private final String tag;

  private Document(byte[] json, Duration life) {
    this.tag = "\"" + digest(json) + "\"";
    this.full = cached(Response.bytes(200, "application/json", json), life);
    this.unchanged = cached(Response.empty(304), life);
  }

  /// @param life how long a reader may keep it without asking again
  public static Document of(JsonObject json, Duration life) {
    return new Document(json.toBytes(), life);
  }

  private Response cached(Response response, Duration life) {
    return response
        .withHeader("Cache-Control", "public, max-age=" + life.toSeconds())
        .withHeader("ETag", tag);
  }

  private static String digest(byte[] bytes) {
    var hash = Sha256.of(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(hash).substring(0, 22);
  }

  @Override
  public Response handle(Request request) {
    return request.headers("If-None-Match").stream().anyMatch(this::names) ? unchanged : full;
  }

  private boolean names(String condition) {
    for (var candidate : condition.split(",", -1)) {
      var stripped = candidate.strip();
      if (stripped.equals("*") || stripped.equals(tag) || stripped.equals("W/" + tag)) {
        return true;
      }
    }
    return false;
  }

  public byte[] bytes() {
    return full.body().clone();
  }

  /// The entity tag, in quotes.
  public String tag() {
    return tag;
  }
}
