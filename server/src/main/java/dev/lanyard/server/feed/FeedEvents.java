package dev.lanyard.server.feed;

import dev.lanyard.protocol.hash.Sha256;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.protocol.revocation.DenialSubject;
import dev.lanyard.protocol.revocation.Notice;
import dev.lanyard.protocol.securityevent.CaepEvent;
import dev.lanyard.protocol.securityevent.Circumstances;
import dev.lanyard.protocol.securityevent.SecurityEventClaims;
import dev.lanyard.protocol.securityevent.StreamEvent;
import dev.lanyard.protocol.securityevent.SubjectIdentifier;
import dev.lanyard.server.clients.Client;
import dev.lanyard.server.revocation.Denial;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;

/// Denials as security events: CAEP `session-revoked`, in the words of
/// [dev.lanyard.protocol.revocation.DenialSubject].
final class FeedEvents {
  private static final int ID_BYTES = 16;

  private final Issuer self;

  FeedEvents(Issuer self) {
    this.self = self;
  }

  /// What is to be signed.
  record Unsigned(String id, JsonObject claims) {}

  /// @return empty for what does not concern this resource server: sign-ins, assertions, clients of
  ///   other servers, the resources of others
  Optional<Unsigned> of(Denial denial, Feed feed, Client client, Instant now) {
    return subject(denial, client)
        .flatMap(subject -> subject.toSubject(self))
        .map(subject -> {
          var id = id(feed, denial);
          return new Unsigned(id, claims(feed, subject, denial, now).build(id, now));
        });
  }

  private SecurityEventClaims claims(
      Feed feed, SubjectIdentifier subject, Denial denial, Instant now) {
    // What is stopped until further notice gets no new tokens meanwhile, so that all it can have
    // was issued before now.
    var until = denial.isUntilLifted() ? now : denial.before();
    return new SecurityEventClaims(
        self,
        audience(feed),
        subject,
        new CaepEvent.SessionRevoked(),
        new Circumstances(Optional.of(until), Optional.empty(), Map.of(), Map.of()),
        Optional.empty());
  }

  /// A sign of life that was asked for (SSF-14).
  Unsigned verification(Feed feed, String state, Instant now) {
    var id = hash(feed.id(), "verification", state);
    var said = Optional.of(state).filter(text -> !text.isEmpty());
    var claims =
        new SecurityEventClaims(
            self,
            audience(feed),
            new SubjectIdentifier.Opaque(feed.id()),
            new StreamEvent.Verification(said),
            Circumstances.UNKNOWN,
            Optional.empty());
    return new Unsigned(id, claims.build(id, now));
  }

  /// What the receiver is called.
  static String audience(Feed feed) {
    return feed.client().value();
  }

  private static Optional<DenialSubject> subject(Denial denial, Client client) {
    var value = denial.denied().value();
    return switch (denial.denied().kind()) {
      case PERSON -> Optional.of(new DenialSubject(Notice.Kind.PERSON, value));
      case SESSION -> Optional.of(new DenialSubject(Notice.Kind.SESSION, value));
      case GRANT -> Optional.of(new DenialSubject(Notice.Kind.GRANT, value));
      case TOKEN -> Optional.of(new DenialSubject(Notice.Kind.TOKEN, value));
      case CLIENT -> Optional.of(new DenialSubject(Notice.Kind.CLIENT, value));
      case CONNECTOR ->
          client.mayIntrospect(new ResourceIndicator(value))
              ? Optional.of(new DenialSubject(Notice.Kind.RESOURCE, value))
              : Optional.empty();
      case ISSUER -> Optional.of(new DenialSubject(Notice.Kind.IDENTITY_PROVIDER, value));
      case ORGANISATION -> Optional.of(new DenialSubject(Notice.Kind.ORGANISATION, value));
      case ALL -> Optional.of(new DenialSubject(Notice.Kind.ALL, value));
      case SIGN_IN, ASSERTION -> Optional.empty();
    };
  }

  /// The same whenever it is told, by whichever node: by it the receiver acknowledges. What is
  /// stopped a second time has another one than the first time, or a receiver would take it for
  /// told.
  private static String id(Feed feed, Denial denial) {
    return hash(
        feed.id(),
        denial.denied().kind().name(),
        denial.denied().value(),
        String.valueOf(denial.before().toEpochMilli()),
        denial.isUntilLifted() ? String.valueOf(denial.sequence()) : "");
  }

  private static String hash(String... parts) {
    var digest = Sha256.digest();
    for (var part : parts) {
      digest.update(part.getBytes(StandardCharsets.UTF_8));
      digest.update((byte) 0);
    }
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(Arrays.copyOf(digest.digest(), ID_BYTES));
  }
}
