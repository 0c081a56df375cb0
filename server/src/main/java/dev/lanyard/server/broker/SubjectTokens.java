package dev.lanyard.server.broker;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.lanyard.protocol.accesstoken.AccessToken;
import dev.lanyard.protocol.claims.AuthenticationContext;
import dev.lanyard.protocol.claims.TrustedIssuer;
import dev.lanyard.protocol.evidence.Evidence;
import dev.lanyard.protocol.idtoken.IdToken;
import dev.lanyard.protocol.idtoken.IdTokenValidator;
import dev.lanyard.protocol.idtoken.IdTokenVerdict;
import dev.lanyard.protocol.idtoken.Limits;
import dev.lanyard.protocol.jose.SigningAlgorithm;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.protocol.oauth.TokenExchangeRequest;
import dev.lanyard.server.authorization.AssertionSignIn;
import dev.lanyard.server.authorization.AssertionSignIn.Judgement;
import dev.lanyard.server.authorization.ClientNames;
import dev.lanyard.server.authorization.Liveness;
import dev.lanyard.server.authorization.Liveness.Life;
import dev.lanyard.server.authorization.RefreshTokens;
import dev.lanyard.server.authorization.RefreshTokens.Standing;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.keys.KeyRing;
import dev.lanyard.server.keys.Purpose;
import dev.lanyard.server.revocation.Origins;
import dev.lanyard.server.sessions.OpaqueToken;
import dev.lanyard.server.token.Platform;
import dev.lanyard.server.token.TokenRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Optional;
import java.util.function.Supplier;

/// Finds out for whom a client asks: from an ID Token of ours, from a refresh token of ours, from a
/// SAML assertion of a provider upstream, or from an ID Token of one that is mapped to the client.
///
/// A verified ID Token is remembered until it expires, by its hash. Remembered is only that it is
/// authentic and whose it is; whether person and session are live is asked every time (IDP-42).
final class SubjectTokens {
  private static final int AS_MANY_AS_PEOPLE = 20_000;
  private static final Duration LONGEST_ID_TOKEN_LIFE = Duration.ofHours(24);

  private final IdTokenValidator validator;
  private final KeyRing keys;
  private final UpstreamIdTokens upstream;
  private final RefreshTokens refreshTokens;
  private final AssertionSignIn assertions;
  private final Liveness liveness;
  private final ClientNames names;
  private final CallerTokens callers;
  private final Platform platform;
  private final Issuer self;
  private final String organisation;
  private final Cache<Key, IdToken> verified =
      Caffeine.newBuilder().maximumSize(AS_MANY_AS_PEOPLE).build();

  SubjectTokens(
      BrokerConfig config, KeyRing keys, Sources sources, Liveness liveness, Platform platform) {
    var self =
        new TrustedIssuer(
            config.issuer(), keys.of(Purpose.ID_TOKEN), EnumSet.allOf(SigningAlgorithm.class));
    this.validator =
        new IdTokenValidator(
            self, new Limits(platform.skew(), LONGEST_ID_TOKEN_LIFE), platform.clock());
    this.keys = keys;
    this.upstream = sources.upstream();
    this.refreshTokens = sources.refreshTokens();
    this.assertions = sources.assertions();
    this.liveness = liveness;
    this.names = sources.names();
    this.callers = sources.callers();
    this.self = config.issuer();
    this.organisation = config.organisation();
    this.platform = platform;
  }

  /// What judges subject tokens of the other kinds.
  ///
  /// @param names what people and sessions are called in ID Tokens of ours
  /// @param callers access tokens that were shown to resource servers
  record Sources(
      RefreshTokens refreshTokens,
      AssertionSignIn assertions,
      UpstreamIdTokens upstream,
      ClientNames names,
      CallerTokens callers) {}

  /// The same token is another matter for another client (IDP-13).
  ///
  /// @param withdrawals of keys: once one was revoked, what it signed is judged anew
  private record Key(String tokenHash, ClientId client, int withdrawals) {}

  /// What must be done before anything is issued on a subject token.
  @FunctionalInterface
  interface Start {
    /// @return why it could not be done; then nothing may be issued
    Optional<Evidence> begin();
  }

  sealed interface Subject {
    /// A live person.
    ///
    /// @param session in which session here; empty if a provider upstream speaks for the person
    /// @param authentication of the sign-in, however long ago
    /// @param endsBy when what the token stands on ends; nothing may outlive it (IDP-32)
    /// @param start what must be done before anything may be issued on it
    /// @param death what has made the token dead since, if anything has
    record Known(
        Person person,
        Optional<String> session,
        AuthenticationContext authentication,
        Instant endsBy,
        Start start,
        Supplier<Optional<Evidence>> death)
        implements Subject {
      /// One that nothing must be done for.
      Known(
          Person person,
          Optional<String> session,
          AuthenticationContext authentication,
          Instant endsBy,
          Supplier<Optional<Evidence>> death) {
        this(person, session, authentication, endsBy, Optional::empty, death);
      }
    }

    record Refused(Evidence evidence, Optional<Person> person) implements Subject {}

    record Undecided(String why) implements Subject {}
  }

  Subject of(TokenExchangeRequest exchange, TokenRequest request) {
    return switch (exchange.subjectTokenType()) {
      case ID_TOKEN -> ofIdToken(exchange.subjectToken(), request);
      case REFRESH_TOKEN -> ofRefreshToken(exchange.subjectToken(), request);
      case SAML2 -> ofAssertion(exchange.subjectToken(), request);
      case ACCESS_TOKEN -> ofCaller(exchange.subjectToken(), request);
      case ID_JAG, JWT -> throw new IllegalStateException("no request has such a subject token");
    };
  }

  /// Of somebody who calls a resource server now. That server has no other proof that they want it,
  /// and needs none: it is what the token was issued for.
  ///
  /// @spec https://www.rfc-editor.org/rfc/rfc8693.html#section-2.1 RFC 8693 §2.1
  private Subject ofCaller(Secret token, TokenRequest request) {
    var client = request.client();
    var shown = callers.living(token, client.mayExchangeFor());
    if (shown.isEmpty()) {
      return refused("subject_token", "a living access token for this client", "none such");
    }
    var said = shown.get();
    var origins =
        Origins.signIn(said.subject(), said.issuedAt()).session(session(said)).client(client.id());
    return switch (liveness.of(origins)) {
      // The resource authorization server has people of others as well, for whom we do not speak.
      case Life.Live(var person) when !person.organisation().equals(organisation) ->
          refused("sub", "somebody of " + organisation, "somebody else's");
      case Life.Live(var person) ->
          new Subject.Known(
              person,
              session(said),
              said.authentication(),
              said.expiresAt(),
              () ->
                  callers.living(token, client.mayExchangeFor()).isPresent()
                      ? liveness.death(origins)
                      : Optional.of(new Evidence("subject_token", "living", "revoked", "IDP-42")));
      case Life.Dead(var evidence, var dead) -> new Subject.Refused(evidence, dead);
    };
  }

  /// Ours, if it was by our word that the token was issued.
  private Optional<String> session(AccessToken token) {
    try {
      return token.all().string("idp").equals(Optional.of(self.value()))
          ? token.all().string("sid")
          : Optional.empty();
    } catch (MalformedException e) {
      throw new IllegalStateException("an access token beside us has an odd idp or sid", e);
    }
  }

  private static Subject refused(String check, String expected, String actual) {
    return new Subject.Refused(new Evidence(check, expected, actual, "IDP-12"), Optional.empty());
  }

  private Subject ofIdToken(Secret token, TokenRequest request) {
    var key = new Key(OpaqueToken.hash(token), request.client().id(), keys.withdrawals());
    var known = verified.getIfPresent(key);
    if (known != null && !platform.skew().isOver(known.expiresAt(), request.at())) {
      return living(known, request);
    }
    var foreign = upstream.of(token, request);
    if (foreign.isPresent()) {
      return foreign.get();
    }
    return switch (validator.judge(token.reveal(), request.client().id())) {
      case IdTokenVerdict.Accepted(var idToken) -> {
        verified.put(key, idToken);
        yield living(idToken, request);
      }
      case IdTokenVerdict.Rejected(var reason) ->
          new Subject.Refused(reason.evidence(), Optional.empty());
      case IdTokenVerdict.Undecided(var why) -> new Subject.Undecided(why);
    };
  }

  private Subject living(IdToken token, TokenRequest request) {
    var client = request.client();
    var session = token.session().flatMap(name -> names.sessionOf(client, name));
    if (session.isEmpty()) {
      return refused("sid", "the session, by its name for this client", "none");
    }
    var person = names.personOf(client, token.subject());
    if (person.isEmpty()) {
      return refused("sub", "somebody, by their name for this client", "nobody");
    }
    var origins =
        Origins.signIn(person.get(), token.issuedAt())
            .session(session)
            .grant(family(token))
            .client(client.id());
    return switch (liveness.of(origins)) {
      case Life.Live(var live) ->
          new Subject.Known(
              live,
              session,
              token.authentication(),
              token.expiresAt(),
              () -> liveness.death(origins));
      case Life.Dead(var evidence, var dead) -> new Subject.Refused(evidence, dead);
    };
  }

  private static Optional<String> family(IdToken token) {
    try {
      return token.all().string("grant_id");
    } catch (MalformedException e) {
      throw new IllegalStateException("we signed an ID Token with a grant_id that is no text", e);
    }
  }

  /// Its session begins, and it is used up, only when something is issued: a refusal leaves the
  /// client what it has.
  private Subject ofAssertion(Secret token, TokenRequest request) {
    return switch (assertions.judge(token, request)) {
      case Judgement.Good(var arrival) ->
          new Subject.Known(
              arrival.person(),
              Optional.of(arrival.session().id()),
              arrival.session().authentication(),
              arrival.endsBy(),
              () -> assertions.begin(arrival, request),
              () -> liveness.death(Origins.of(arrival.session(), request.client().id())));
      case Judgement.Bad(var evidence, var person) -> new Subject.Refused(evidence, person);
      case Judgement.Undecided(var why) -> new Subject.Undecided(why);
    };
  }

  private Subject ofRefreshToken(Secret token, TokenRequest request) {
    return switch (refreshTokens.judge(request, token)) {
      case Standing.Good(var meaning, var person, _) ->
          new Subject.Known(
              person,
              Optional.of(meaning.session()),
              meaning.authentication(),
              meaning.expiresAt(),
              () -> refreshTokens.death(meaning));
      case Standing.Bad(var evidence, var person) -> new Subject.Refused(evidence, person);
    };
  }
}
