package dev.lanyard.server.http;

import java.nio.ByteBuffer;
import java.util.stream.Collectors;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.util.Callback;

/// Writes an answer with the headers that every answer has.
final class Answer {
  private static final String NOTHING_AND_FRAMED_BY_NOBODY =
      "default-src 'none'; frame-ancestors 'none'; base-uri 'none'";

  private Answer() {}

  static void write(
      Response answer,
      CrossOrigin crossOrigin,
      String correlationId,
      org.eclipse.jetty.server.Response out,
      Callback callback) {
    begin(answer, crossOrigin, correlationId, out);
    out.write(true, ByteBuffer.wrap(answer.body()), callback);
  }

  /// Sets the status and the headers.
  static void begin(
      Response answer,
      CrossOrigin crossOrigin,
      String correlationId,
      org.eclipse.jetty.server.Response out) {
    var headers = out.getHeaders();
    headers.put(CorrelationId.HEADER, correlationId);
    headers.put("X-Content-Type-Options", "nosniff");
    headers.put("Content-Security-Policy", NOTHING_AND_FRAMED_BY_NOBODY);
    headers.put("X-Frame-Options", "DENY");
    headers.put("Referrer-Policy", "no-referrer");
    if (out.getRequest().isSecure()) {
      headers.put("Strict-Transport-Security", "max-age=31536000");
    }
    if (crossOrigin == CrossOrigin.ALLOWED) {
      headers.put("Access-Control-Allow-Origin", "*");
      headers.put(
          "Access-Control-Expose-Headers",
          "WWW-Authenticate, DPoP-Nonce, Retry-After, " + CorrelationId.HEADER);
    }
    own(answer, headers);
    out.setStatus(answer.status());
  }

  /// The answer's own headers take the place of ours; among themselves they are all kept.
  private static void own(Response answer, HttpFields.Mutable headers) {
    for (var header : answer.headers()) {
      headers.remove(header.name());
    }
    for (var header : answer.headers()) {
      headers.add(header.name(), header.value());
    }
  }

  /// What a browser asks before it lets a script of another origin call.
  ///
  /// @spec https://fetch.spec.whatwg.org/#cors-preflight-fetch Fetch: CORS-preflight
  static Response preflight(Router.Match.WrongMethod match) {
    return Response.empty(204)
        .withHeader("Access-Control-Allow-Methods", allow(match))
        .withHeader(
            "Access-Control-Allow-Headers",
            "Authorization, Content-Type, DPoP, MCP-Protocol-Version")
        .withHeader("Access-Control-Max-Age", "7200")
        .withHeader("Vary", "Access-Control-Request-Method, Access-Control-Request-Headers");
  }

  static String allow(Router.Match.WrongMethod match) {
    var names =
        match.allowed().stream().map(Method::name).sorted().collect(Collectors.joining(", "));
    return match.allowed().contains(Method.GET) ? names + ", HEAD" : names;
  }
}
