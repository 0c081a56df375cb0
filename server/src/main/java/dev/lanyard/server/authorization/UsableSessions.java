package dev.lanyard.server.authorization;

import dev.lanyard.server.authorization.AuthorizationRequest.Valid;
import dev.lanyard.server.authorization.Visitors.Visitor;
import dev.lanyard.server.authorization.upstream.SignInDemands;
import dev.lanyard.server.http.Request;
import java.time.InstantSource;
import java.util.Optional;

/// Finds the session with which an authorization request can be answered without asking the person:
/// one that lives, and that is as good as the application wants it.
final class UsableSessions {
  private final Visitors visitors;
  private final InstantSource clock;

  UsableSessions(Visitors visitors, InstantSource clock) {
    this.visitors = visitors;
    this.clock = clock;
  }

  Optional<Visitor> of(Request request, Valid valid) {
    var now = clock.instant();
    return present(request, valid)
        .filter(one -> new SignInDemands(valid.wishes()).areMetBy(one.session(), now));
  }

  /// The same, however the person has signed in: for who was let in a moment ago.
  Optional<Visitor> present(Request request, Valid valid) {
    return visitors
        .of(request, valid.client().id())
        .filter(one -> valid.wishes().allows(one.session().person()));
  }
}
