package dev.lanyard.server.authorization;

import dev.lanyard.protocol.claims.Evidence;
import dev.lanyard.protocol.oauth.OAuthError;
import dev.lanyard.protocol.oauth.Pkce;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.server.clients.Client;
import dev.lanyard.server.directory.ALabels;
import dev.lanyard.server.sessions.RequestedClaims;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// What a browser brought to `/authorize`.
///
/// @spec https://openid.net/specs/openid-connect-core-1_0.html#AuthRequest OpenID Connect Core
///   §3.1.2.1
public sealed interface AuthorizationRequest {
  /// Where the answer goes: a redirect URI that this client has registered.
  record ReplyTo(URI redirectUri, Optional<String> state) {}

  /// Well-formed, from a known client, to be answered at a registered place.
  ///
  /// @param query the request as it was sent, to be read again when the person has signed in
  /// @param challenge what the client will prove at the token endpoint
  /// @param resources what for
  /// @param scopes what is granted of what was asked for
  /// @param claims what the client asks to be told beside what scopes tell
  /// @param nonce to be repeated in the ID token; some clients send none
  /// @param keyThumbprint `dpop_jkt`
  record Valid(
      String query,
      Client client,
      ReplyTo replyTo,
      Pkce.Challenge challenge,
      List<ResourceIndicator> resources,
      Scopes scopes,
      RequestedClaims claims,
      Optional<String> nonce,
      Optional<String> keyThumbprint,
      Wishes wishes)
      implements AuthorizationRequest {
    public Valid {
      resources = List.copyOf(resources);
    }

    /// The same with what the person said of themselves, if they did.
    Valid hinting(Optional<String> address) {
      return address.isEmpty()
          ? this
          : new Valid(
              query,
              client,
              replyTo,
              challenge,
              resources,
              scopes,
              claims,
              nonce,
              keyThumbprint,
              wishes.hinting(address));
    }
  }

  /// How the person is to be asked.
  ///
  /// @param prompt whether to ask at all
  /// @param maxAge how long ago they may have signed in
  /// @param acrValues the authentication contexts that are good for the application, the preferred
  ///   first; empty if any is
  /// @param acrEssential whether no other authentication context will do
  /// @param loginHint who they probably are; untrusted
  /// @param domainHint where they probably sign in; untrusted
  /// @param person the only one with whom the application goes on
  /// @param consent whether to ask what the person agrees to, also if they have agreed before
  record Wishes(
      Prompt prompt,
      Optional<Duration> maxAge,
      List<String> acrValues,
      boolean acrEssential,
      Optional<String> loginHint,
      Optional<String> domainHint,
      Optional<String> person,
      boolean consent) {
    public Wishes {
      acrValues = List.copyOf(acrValues);
    }

    /// The same, and at least what a server wants by itself.
    Wishes atLeast(FlowRules.Strength needed) {
      var good = acrValues.stream().filter(needed.contexts()::contains).toList();
      return new Wishes(
          prompt,
          Stream.concat(maxAge.stream(), needed.maxAge().stream()).min(Duration::compareTo),
          needed.contexts().isEmpty() ? acrValues : good.isEmpty() ? needed.contexts() : good,
          acrEssential || !needed.contexts().isEmpty(),
          loginHint,
          domainHint,
          person,
          consent);
    }

    private Wishes hinting(Optional<String> address) {
      return new Wishes(
          prompt, maxAge, acrValues, acrEssential, address, domainHint, person, consent);
    }

    /// The domain of whoever will probably sign in; untrusted.
    Optional<String> domain() {
      return domainHint.or(() -> loginHint.flatMap(HomeRealms::afterAt)).flatMap(ALabels::domain);
    }

    /// Whether the application goes on with this person.
    boolean allows(String someone) {
      return person.isEmpty() || person.get().equals(someone);
    }
  }

  /// Whether to ask the person (AC-14).
  enum Prompt {
    /// If needed.
    DEFAULT,
    /// Never: answer `login_required` instead.
    NONE,
    /// In any case.
    LOGIN,
    /// In any case, because it may be another person than the one who is signed in.
    SELECT_ACCOUNT
  }

  /// The client is told.
  record Refused(Client client, ReplyTo replyTo, OAuthError error, Evidence evidence)
      implements AuthorizationRequest {}

  /// Only the person is told, because it is not certain whom the answer would reach (AC-4).
  record Unanswerable(OAuthError error, Evidence evidence) implements AuthorizationRequest {}
}
