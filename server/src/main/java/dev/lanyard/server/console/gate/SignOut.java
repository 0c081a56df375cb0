package dev.lanyard.server.console.gate;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.server.console.desk.Parts;
import dev.lanyard.server.http.Response;
import java.util.Optional;

/// Ends sessions of the console that belong to whoever is at it. Thread-safe.
public final class SignOut {
  private final Cookies cookies;
  private final Parts parts;

  SignOut(Cookies cookies, Parts parts) {
    this.cookies = cookies;
    this.parts = parts;
  }

  /// Ends a session of the visitor's own in the console and records it. Does nothing if the session
  /// is not theirs or has ended.
  ///
  /// @param session its id
  /// @return whether there was one to end
  public boolean end(Visit visit, String session) {
    return parts
        .platform()
        .database()
        .write(connection -> {
          boolean ended =
              ConsoleSessions.end(connection, session, visit.person().id().value(), visit.at());
          if (ended) {
            var evidence = JsonObject.builder().put("session", session).build();
            var whom = Optional.of(visit.person());
            parts.record(connection, visit.actor(), "console.sign-out", whom, evidence);
          }
          return ended;
        });
  }

  /// The same answer, by which the browser forgets its session.
  public Response forgetting(Response response) {
    return cookies.forgetting(response);
  }
}
