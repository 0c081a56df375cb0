package dev.lanyard.server.authorization;

import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.sessions.OpaqueToken;
import dev.lanyard.server.sessions.PushedRequestStore;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;

/// Authorization requests that do not come through the browser: a client pushes one, and the
/// browser brings a reference to it (AC-15).
///
/// A reference works once and soon. Somebody may need longer than that for their password, so the
/// browser that brings it gets another one in its place, which lasts as long as a sign-in may and
/// stands in the forms that follow; what was pushed never leaves us. Thread-safe.
///
/// @spec https://www.rfc-editor.org/rfc/rfc9126.html#section-4 RFC 9126 §4
final class PushedRequests {
  static final Duration LIFE = Duration.ofSeconds(90);

  /// As long as the browser holds what binds the forms of a sign-in to it.
  private static final Duration SIGN_IN = Duration.ofHours(1);

  private static final String PUSHED = "urn:ietf:params:oauth:request_uri:";
  private static final String BEGUN = "urn:lanyard:request-that-has-begun:";

  private final PushedRequestStore store;
  private final InstantSource clock;

  PushedRequests(PushedRequestStore store, InstantSource clock) {
    this.store = store;
    this.clock = clock;
  }

  /// Keeps a request.
  ///
  /// @return its `request_uri`
  String push(ClientId client, Form request) {
    var reference = OpaqueToken.secret();
    store.push(reference, client, request.encode(), clock.instant().plus(LIFE));
    return PUSHED + reference.reveal();
  }

  /// What the browser goes on with, if it brings a reference that is good still; otherwise what it
  /// came with, which will be refused.
  ///
  /// @param query as it was sent
  String begun(String query) {
    try {
      var form = Form.parse(query, Set.of("resource"));
      var reference = reference(form, PUSHED);
      if (reference.isEmpty()) {
        return query;
      }
      var client = ClientId.parse(form.required("client_id"));
      var now = clock.instant();
      var begun = new PushedRequestStore.Begun(OpaqueToken.secret(), now.plus(SIGN_IN));
      return store.begin(reference.get(), client, begun, now)
          ? Form.builder()
              .add("client_id", client.value())
              .add("request_uri", BEGUN + begun.reference().reveal())
              .build()
              .encode()
          : query;
    } catch (MalformedException e) {
      return query;
    }
  }

  /// Whether a request is a reference to another one, good or not.
  static boolean isReference(Form request) {
    return reference(request, PUSHED).or(() -> reference(request, BEGUN)).isPresent();
  }

  /// The request that a browser has begun.
  ///
  /// @param request a reference; whatever else is in it counts for nothing (RFC 9101 §5)
  Optional<String> of(Form request) throws MalformedException {
    var reference = reference(request, BEGUN);
    return reference.isEmpty()
        ? Optional.empty()
        : store.begun(
            reference.get(), ClientId.parse(request.required("client_id")), clock.instant());
  }

  private static Optional<Secret> reference(Form request, String prefix) {
    return request
        .one("request_uri")
        .filter(uri -> uri.startsWith(prefix) && uri.length() > prefix.length())
        .map(uri -> new Secret(uri.substring(prefix.length())));
  }
}
