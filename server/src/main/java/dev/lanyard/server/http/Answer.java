package dev.lanyard.server.http;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.PreEncodedHttpField;
import org.eclipse.jetty.util.Callback;

/// Writes an answer with the headers that every answer has.
final class Answer {
  private static final List<HttpField> ALWAYS =
      List.of(
          encoded("X-Content-Type-Options", "nosniff"),
          encoded(
              "Content-Security-Policy",
              "default-src 'none'; frame-ancestors 'none'; base-uri 'none'"),
          encoded("X-Frame-Options", "DENY"),
          encoded("Referrer-Policy", "no-referrer"));

  private static final HttpField OVER_TLS =
      encoded("Strict-Transport-Security", "max-age=31536000");

  private static final List<HttpField> FOR_OTHER_ORIGINS =
      List.of(
          encoded("Access-Control-Allow-Origin", "*"),
          encoded(
              "Access-Control-Expose-Headers",
              "WWW-Authenticate, DPoP-Nonce, Retry-After, Mcp-Session-Id, "
                  + CorrelationId.HEADER));

  /// The prefix of MCP 2026-07-28, and what may follow it in the name of a field (RFC 9110 §5.1).
  private static final Pattern PARAMETER =
      Pattern.compile("(?i)mcp-param-[!#$%&'*+.^_`|~0-9a-z-]{1,100}");

  private static final int MOST_PARAMETERS = 50;

  private Answer() {}

  /// Put into bytes once and not in every answer.
  private static HttpField encoded(String name, String value) {
    return new PreEncodedHttpField(name, value);
  }

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
    ALWAYS.forEach(headers::put);
    if (out.getRequest().isSecure()) {
      headers.put(OVER_TLS);
    }
    if (crossOrigin == CrossOrigin.ALLOWED) {
      FOR_OTHER_ORIGINS.forEach(headers::put);
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
  ///
  /// @param asked which headers the script wants to send, as the browser says it
  static Response preflight(Router.Match.WrongMethod match, List<String> asked) {
    return Response.empty(204)
        .withHeader("Access-Control-Allow-Methods", allow(match))
        .withHeader(
            "Access-Control-Allow-Headers",
            "Authorization, Content-Type, DPoP, MCP-Protocol-Version, Mcp-Session-Id,"
                + " Last-Event-ID, Mcp-Method, Mcp-Name"
                + parameters(asked))
        .withHeader("Access-Control-Max-Age", "7200")
        .withHeader("Vary", "Access-Control-Request-Method, Access-Control-Request-Headers");
  }

  /// The headers that repeat parameters of a tool are called as its schema says: those that are
  /// asked for are allowed by name, and of whatever else nothing is.
  private static String parameters(List<String> asked) {
    return asked.stream()
        .filter(PARAMETER.asMatchPredicate())
        .limit(MOST_PARAMETERS)
        .map(name -> ", " + name)
        .collect(Collectors.joining());
  }

  static String allow(Router.Match.WrongMethod match) {
    var names =
        match.allowed().stream().map(Method::name).sorted().collect(Collectors.joining(", "));
    return match.allowed().contains(Method.GET) ? names + ", HEAD" : names;
  }
}
