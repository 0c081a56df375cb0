package dev.lanyard.server.broker;

import dev.lanyard.protocol.claims.AuthenticationContext;
import dev.lanyard.protocol.idjag.IdJag;
import dev.lanyard.protocol.idjag.IdJagClaims;
import dev.lanyard.protocol.jose.JwtSigner;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.authorization.PairwiseNames;
import dev.lanyard.server.authorization.upstream.SamlPlaces;
import dev.lanyard.server.broker.AudienceProfile.Claim;
import dev.lanyard.server.broker.AudienceProfile.OwnSubject;
import dev.lanyard.server.broker.SubjectTokens.Subject;
import dev.lanyard.server.directory.Directory;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.keys.KeyRing;
import dev.lanyard.server.keys.Purpose;
import dev.lanyard.server.policy.Decision.Permit;
import dev.lanyard.server.token.TokenRequest;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Writes and signs ID-JAGs: what each resource authorization server is told of a person, by which
/// name, and with which algorithm (IDP-21 to IDP-33). Thread-safe.
final class IdJags {
  private final Issuer self;
  private final KeyRing keys;
  private final Directory directory;
  private final Map<Issuer, AudienceProfile> profiles = new HashMap<>();
  private final PairwiseNames pairwise;

  IdJags(BrokerConfig config, KeyRing keys, PairwiseNames pairwise, Directory directory) {
    this.self = config.issuer();
    this.keys = keys;
    this.directory = directory;
    var audiences = config.exchange().audiences();
    audiences.forEach(profile -> profiles.put(profile.issuer(), profile));
    this.pairwise = pairwise;
  }

  /// What an ID-JAG is about.
  ///
  /// @param client what the client is called at the audience
  record Wanted(TokenRequest request, ClientId client, Permit permit, Subject.Known subject) {
    Issuer audience() {
      return permit.audience();
    }
  }

  Secret signed(Wanted wanted, String id, Instant at, Instant expiresAt) {
    var known = profiles.get(wanted.audience());
    var profile = known == null ? AudienceProfile.usual(wanted.audience()) : known;
    var person = wanted.subject().person();
    var claims =
        new IdJagClaims(self, subject(profile, person), wanted.audience(), wanted.client())
            .resources(wanted.permit().resources())
            .scopes(wanted.permit().scopes())
            .authorizationDetails(wanted.permit().details().all())
            .authentication(told(profile, wanted.subject().authentication()));
    wanted.request().keyThumbprint().ifPresent(claims::boundTo);
    if (profile.claims().contains(Claim.TXN)) {
      claims.transaction(wanted.request().correlationId());
    }
    if (profile.claims().contains(Claim.EMAIL)) {
      person.email().ifPresent(claims::email);
    }
    profile.tenants().ours().ifPresent(claims::tenant);
    profile.tenants().theirs().ifPresent(claims::audienceTenant);
    profile.own().flatMap(own -> own(own, profile, person)).ifPresent(claims::audienceSubject);
    profile
        .nameId()
        .flatMap(source -> source.of(person, () -> upstreamNameId(source.entityId(), person)))
        .ifPresent(claims::samlNameId);
    var key =
        profile.algorithm().isEmpty()
            ? keys.active(Purpose.ID_JAG)
            : keys.active(Purpose.ID_JAG, profile.algorithm().get());
    return new Secret(
        new JwtSigner(key, IdJag.TYPE)
            .sign(claims.build(id, at, expiresAt).with(from(profile, wanted))));
  }

  /// By which name the audience knows the person (IDP-24).
  private String subject(AudienceProfile profile, Person person) {
    return profile
        .sector()
        .map(sector -> pairwise.person(sector, person.id()))
        .orElseGet(person.id()::value);
  }

  private static AuthenticationContext told(
      AudienceProfile profile, AuthenticationContext authentication) {
    var claims = profile.claims();
    if (claims.contains(Claim.AUTH_TIME)
        && claims.contains(Claim.ACR)
        && claims.contains(Claim.AMR)) {
      return authentication;
    }
    return new AuthenticationContext(
        authentication.time().filter(_ -> claims.contains(Claim.AUTH_TIME)),
        authentication.contextClass().filter(_ -> claims.contains(Claim.ACR)),
        claims.contains(Claim.AMR) ? authentication.methods() : List.of());
  }

  /// The audience's own name of the person; nothing rather than a guess.
  private Optional<String> own(OwnSubject own, AudienceProfile profile, Person person) {
    return switch (own) {
      case PERSON -> Optional.of(person.id().value());
      case LINK -> directory.subjectAt(person.id(), profile.issuer());
    };
  }

  /// One that has qualifiers of its own is kept with them, in braces: it is another name without.
  private Optional<String> upstreamNameId(String entityId, Person person) {
    return directory
        .subjectAt(person.id(), SamlPlaces.nameSpace(self, entityId))
        .filter(name -> !name.startsWith("{"));
  }

  /// Where it comes from, so that whoever redeems it can end what came of it: with the session, or
  /// when policy changes for this client (TOK-8).
  private static JsonObject from(AudienceProfile profile, Wanted wanted) {
    var from = JsonObject.builder();
    if (profile.claims().contains(Claim.SID)) {
      from.putIfPresent("sid", wanted.subject().session());
    }
    if (profile.claims().contains(Claim.AZP)) {
      from.put("azp", wanted.request().client().id().value());
    }
    return from.build();
  }
}
