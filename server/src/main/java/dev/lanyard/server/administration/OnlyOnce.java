package dev.lanyard.server.administration;

import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.administration.Repeats.Keyed;
import dev.lanyard.server.administration.Repeats.Turn;
import dev.lanyard.server.http.Problem;
import dev.lanyard.server.http.Problem.Kind;
import dev.lanyard.server.http.Request;
import dev.lanyard.server.http.Response;
import java.nio.charset.StandardCharsets;

/// Does a call with an `Idempotency-Key` once, however often it is made. Without a key it is made
/// as it comes.
///
/// @spec
///   https://datatracker.ietf.org/doc/html/draft-ietf-httpapi-idempotency-key-header-07#section-2.1
///   Idempotency-Key draft-07 §2.1
final class OnlyOnce {
  static final String HEADER = "Idempotency-Key";

  private static final int LONGEST = 255;

  private final Repeats repeats;

  OnlyOnce(Repeats repeats) {
    this.repeats = repeats;
  }

  Response answer(Call call, Api.Action action) throws MalformedException {
    var request = call.request();
    if (request.headers(HEADER).isEmpty()) {
      return action.answer(call);
    }
    var keyed = new Keyed(call.caller().name(), key(request), what(request));
    return switch (repeats.turn(keyed)) {
      case Turn.Mine mine -> done(call, keyed, mine, action);
      case Turn.Answered(int status, var body) -> repeated(status, body);
      case Turn.Another() ->
          call.problem(Kind.KEY_REUSED, "Use another key for another call; this one was used.");
      case Turn.UnderWay() ->
          call.problem(Kind.IN_FLIGHT, "Ask again in a moment, with the same key.")
              .withHeader("Retry-After", "1");
    };
  }

  /// A string of structured fields, or the same without its quotes.
  private static Secret key(Request request) throws MalformedException {
    var sent = request.header(HEADER).orElse("").strip();
    var key =
        sent.length() > 1 && sent.startsWith("\"") && sent.endsWith("\"")
            ? sent.substring(1, sent.length() - 1)
            : sent;
    if (key.isEmpty()
        || key.length() > LONGEST
        || !key.chars().allMatch(c -> c > ' ' && c < 0x7f && c != '"' && c != '\\')) {
      throw new MalformedException(
          HEADER + " is one text of up to " + LONGEST + " letters, digits and signs");
    }
    return new Secret(key);
  }

  private static String what(Request request) {
    var head = request.method() + " " + request.path() + "?" + request.query() + "\n";
    return head + new String(request.body(), StandardCharsets.ISO_8859_1);
  }

  private Response done(Call call, Keyed keyed, Turn.Mine mine, Api.Action action)
      throws MalformedException {
    boolean told = false;
    try {
      var response = action.answer(call);
      if (!isForNow(response)) {
        repeats.answered(
            keyed, mine, response.status(), new String(response.body(), StandardCharsets.UTF_8));
        told = true;
      }
      return response;
    } finally {
      if (!told) {
        repeats.givenBack(keyed, mine);
      }
    }
  }

  /// In a moment it would be another: nobody shall hear it for a day.
  private static boolean isForNow(Response response) {
    return response.status() == Kind.TOO_MANY_REQUESTS.status()
        || response.status() == Kind.UNAVAILABLE.status();
  }

  private static Response repeated(int status, String body) {
    var type = status < 400 ? "application/json" : Problem.MEDIA_TYPE;
    return Response.bytes(status, type, body.getBytes(StandardCharsets.UTF_8)).noStore();
  }
}
