package dev.lanyard.server.console.api;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.server.administration.Call;
import dev.lanyard.server.administration.Schema;
import dev.lanyard.server.console.desk.Motion;
import dev.lanyard.server.console.desk.MotionDesk;
import dev.lanyard.server.console.desk.MotionDesk.Asking;
import dev.lanyard.server.http.Problem.Kind;
import dev.lanyard.server.http.Response;
import java.util.Arrays;
import java.util.Optional;

/// Motions, as calls answer them.
final class Motioned {
  /// One of them.
  static final Schema MOTION =
      Schema.object()
          .has("id", Schema.text())
          .has("kind", Schema.word(kinds()))
          .has("title", Schema.text())
          .has("about", Schema.text().says("The id of a person, client or resource."))
          .may("seen", Schema.text().says("What stood; it is done only if it still does."))
          .has("wanted", Schema.text().says("What it shall be."))
          .has("reason", Schema.text())
          .has("asked_by", Schema.text().says("The id of a person."))
          .has("asked_at", Schema.time())
          .has("open_until", Schema.time())
          .has("state", Schema.word("open", "done", "declined", "withdrawn", "lapsed"))
          .may("answer", Schema.text().says("Why it was declined."))
          .may("ended_by", Schema.text().says("The id of a person."))
          .build();

  private Motioned() {}

  private static String[] kinds() {
    return Arrays.stream(Motion.Kind.values()).map(Motion.Kind::value).toArray(String[]::new);
  }

  static JsonObject json(MotionDesk desk, Motion one) {
    return JsonObject.builder()
        .put("id", one.id())
        .put("kind", one.kind().value())
        .put("title", desk.title(one))
        .put("about", one.about())
        .putIfPresent("seen", said(one.seen()))
        .put("wanted", one.wanted())
        .put("reason", one.reason())
        .put("asked_by", one.askedBy())
        .put("asked_at", one.askedAt().toString())
        .put("open_until", one.openUntil().toString())
        .put("state", one.state() == Motion.State.OPEN ? "open" : one.state().value())
        .putIfPresent("answer", said(one.answer()))
        .putIfPresent("ended_by", said(one.endedBy()))
        .build();
  }

  private static Optional<String> said(String text) {
    return Optional.of(text).filter(one -> !one.isEmpty());
  }

  /// It waits for a second person; or something about the same does already.
  static Response asked(Call call, MotionDesk desk, Asking asking) {
    return switch (asking) {
      case Asking.Made(var motion) -> Response.json(201, json(desk, motion));
      case Asking.Before(var motion) ->
          motion
              .map(one ->
                  call.overtaken(
                      "Nothing more was asked for: this was asked for before, and waits.",
                      json(desk, one)))
              .orElseGet(() ->
                  call.problem(Kind.CONFLICT, "It was asked for before, and has just ended."));
    };
  }
}
