package dev.lanyard.server.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanyard.protocol.jose.JwtVerifier;
import dev.lanyard.protocol.jose.SigningAlgorithm;
import dev.lanyard.protocol.jose.UnverifiedJwt;
import dev.lanyard.protocol.jose.Verification;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.server.authorization.upstream.HomeRealms;
import dev.lanyard.server.authorization.upstream.SamlPlaces;
import dev.lanyard.server.authorization.upstream.SamlUpstreamConfig;
import dev.lanyard.server.broker.AudienceProfile.Claim;
import dev.lanyard.server.broker.AudienceProfile.OwnSubject;
import dev.lanyard.server.broker.AudienceProfile.Tenants;
import dev.lanyard.server.directory.ExternalSubject;
import dev.lanyard.server.directory.ToldAddress;
import dev.lanyard.server.directory.ToldProfile;
import dev.lanyard.server.directory.ToldProfiles;
import dev.lanyard.server.keys.Purpose;
import dev.lanyard.server.pair.Desk;
import dev.lanyard.server.pair.Http;
import dev.lanyard.server.pair.Pair;
import dev.lanyard.server.pair.Setup;
import dev.lanyard.server.pair.World;
import dev.lanyard.server.revocation.Happening;
import dev.lanyard.server.saml.SamlConfig;
import dev.lanyard.server.saml.Signed;
import java.net.URI;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("What each resource authorization server is told of a person, and by which name")
@Tag("thorough")
class AudienceProfileTest {
  private static final Optional<OwnSubject> OUR_ID = Optional.of(OwnSubject.PERSON);

  @TempDir Path folder;
  private Setup setup;

  @BeforeEach
  void oneDatabase() {
    setup = Setup.usual(folder);
  }

  private Pair start(Function<Issuer, AudienceProfile> profile) {
    return Pair.start(
        setup,
        folder,
        ras -> new ExchangeConfig(List.of(profile.apply(ras)), List.of(), Optional.empty()));
  }

  private static AudienceProfile pairwise(Issuer ras, String sector) {
    return new AudienceProfile(
        ras,
        Optional.of(sector),
        Claim.PAIRWISE,
        Optional.empty(),
        Tenants.NONE,
        OUR_ID,
        Optional.empty());
  }

  private static AudienceProfile profile(
      Issuer ras, Tenants tenants, Optional<OwnSubject> own, Optional<NameIdSource> nameId) {
    return new AudienceProfile(
        ras, Optional.empty(), Claim.USUAL, Optional.empty(), tenants, own, nameId);
  }

  private static JsonObject claims(String jwt) throws MalformedException {
    return UnverifiedJwt.parse(jwt).unverifiedClaims().all();
  }

  private static String subject(Pair pair, String userName) throws MalformedException {
    return claims(new Desk(pair).idJag(userName, World.LINEAR)).string("sub").orElseThrow();
  }

  @Test
  @DisplayName(
      "IDP-24: a pairwise subject is of its sector, stable, and says nothing of the person")
  void pairwise_subjects() throws MalformedException {
    String first;
    String here;
    try (var pair = start(ras -> pairwise(ras, "one.example"))) {
      here = pair.person("alice", "engineering").id().value();
      pair.person("bob", "engineering");
      first = subject(pair, "alice");
      assertThat(first).matches("[A-Za-z0-9_-]{51}").doesNotContain(here);
      assertThat(subject(pair, "bob")).isNotEqualTo(first);
      var other = new Desk(pair, "other", "other-ras", "https://other.example/callback");
      assertThat(claims(other.idJag("alice", World.LINEAR)).string("sub")).contains(first);
    }
    try (var again = start(ras -> pairwise(ras, "one.example"))) {
      assertThat(subject(again, "alice")).as("after a restart").isEqualTo(first);
    }
    try (var elsewhere = start(ras -> pairwise(ras, "two.example"))) {
      assertThat(subject(elsewhere, "alice")).isNotEqualTo(first);
    }
  }

  @Test
  @DisplayName("IDP-29: with a pairwise subject goes nothing that two servers could compare")
  void minimal_claims() throws MalformedException {
    try (var pair = start(ras -> pairwise(ras, "one.example"))) {
      pair.person("alice", "engineering");
      var idJag = claims(new Desk(pair).idJag("alice", World.LINEAR));
      assertThat(idJag.names()).doesNotContain("email", "sid", "txn", "name", "groups");
      assertThat(idJag.names()).contains("auth_time", "amr", "azp");
    }
  }

  @Test
  @DisplayName("IDP-29: only what is on the list, and nothing of it by default is lost")
  void claims_by_list() throws MalformedException {
    var email = Set.of(Claim.EMAIL);
    try (var pair =
        start(ras ->
            new AudienceProfile(
                ras,
                Optional.empty(),
                email,
                Optional.empty(),
                Tenants.NONE,
                Optional.empty(),
                Optional.empty()))) {
      pair.person("alice", "engineering");
      assertThat(claims(new Desk(pair).idJag("alice", World.LINEAR)).names())
          .containsExactlyInAnyOrder(
              "iss", "sub", "aud", "client_id", "jti", "iat", "exp", "resource", "scope", "email");
    }
  }

  @Test
  @DisplayName("IDP-27, RAS-9: aud_sub finds the person, and the kill still does")
  void a_kill_reaches_whoever_has_a_pairwise_subject() {
    try (var pair = start(ras -> pairwise(ras, "one.example"))) {
      var alice = pair.person("alice", "engineering");
      var desk = new Desk(pair);
      var token = desk.accessToken("alice", World.LINEAR);
      assertThat(desk.introspect(token, "linear-server").body()).contains("\"active\":true");
      var report = pair.reconciliation.run();
      assertThat(report.findings()).as("it is no loser without our session").isEmpty();
      assertThat(desk.introspect(token, "linear-server").body()).contains("\"active\":true");
      pair.saidGroups(alice, Optional.empty(), "sales");
      assertThat(desk.introspect(token, "linear-server").body()).isEqualTo("{\"active\":false}");
      pair.saidGroups(alice, Optional.empty(), "engineering");
      var again = new Desk(pair).accessToken("alice", World.LINEAR);
      pair.happened(alice, Happening.DISABLED);
      assertThat(desk.introspect(again, "linear-server").body()).isEqualTo("{\"active\":false}");
    }
  }

  @Test
  @DisplayName("IDP-26, RAS-20: the tenants of both sides")
  void tenants() throws MalformedException {
    var right = new Tenants(Optional.of("acme"), Optional.of("acme-tenant"));
    try (var pair = start(ras -> profile(ras, right, Optional.empty(), Optional.empty()))) {
      pair.person("alice", "engineering");
      var idJag = new Desk(pair).idJag("alice", World.LINEAR);
      assertThat(claims(idJag).string("tenant")).contains("acme");
      assertThat(claims(idJag).string("aud_tenant")).contains("acme-tenant");
    }
    var wrong = new Tenants(Optional.empty(), Optional.of("globex-tenant"));
    try (var pair = start(ras -> profile(ras, wrong, Optional.empty(), Optional.empty()))) {
      pair.person("alice", "engineering");
      var desk = new Desk(pair);
      assertThat(desk.redeem(desk.idJag("alice", World.LINEAR)).text("error"))
          .isEqualTo("invalid_grant");
    }
  }

  @Test
  @DisplayName("IDP-34: the client id of the tenant, and a refusal where it has none there")
  void client_ids_by_tenant() throws MalformedException {
    var known = new Tenants(Optional.empty(), Optional.of("acme-tenant"));
    try (var pair = start(ras -> profile(ras, known, Optional.empty(), Optional.empty()))) {
      pair.person("alice", "engineering");
      var desk = new Desk(pair, "tenanted", "desk-ras", Desk.CALLBACK);
      var idJag = desk.idJag("alice", World.LINEAR);
      assertThat(claims(idJag).string("client_id")).contains("desk-ras");
      assertThat(desk.redeem(idJag).status()).isEqualTo(200);
    }
    var other = new Tenants(Optional.empty(), Optional.of("acme-two"));
    for (var tenants : List.of(other, Tenants.NONE)) {
      try (var pair = start(ras -> profile(ras, tenants, Optional.empty(), Optional.empty()))) {
        pair.person("alice", "engineering");
        var usual = new Desk(pair);
        var request = usual.exchangeRequest(usual.idToken("alice"), World.LINEAR).build();
        var refused = Http.post(pair.brokerUrl("/token"), request, Desk.basic("tenanted"));
        assertThat(refused.text("error")).isEqualTo("invalid_target");
        assertThat(pair.audit(refused.text("correlation_id"))).contains("ids_at", "IDP-34");

        // So at the door already, where people are told.
        var desk = new Desk(pair, "tenanted", "desk-ras", Desk.CALLBACK);
        var asked = desk.authorization("openid").build();
        var form = desk.signInForm(desk.authorize(asked), asked, "alice", "the password of alice");
        var page = desk.submit(pair.brokerUrl("/login"), form);
        assertThat(page.status()).isEqualTo(403);
        assertThat(pair.audit(page.header("Lanyard-Correlation-Id").orElseThrow()))
            .contains("\"reason\":\"client-not-registered-there\"");
      }
    }
  }

  @Test
  @DisplayName("IDP-27: aud_sub by a link, and nothing where there is none or more than one")
  void aud_sub_by_link() throws MalformedException {
    try (var pair =
        start(ras -> profile(ras, Tenants.NONE, Optional.of(OwnSubject.LINK), Optional.empty()))) {
      var alice = pair.person("alice", "engineering");
      assertThat(claims(new Desk(pair).idJag("alice", World.LINEAR)).has("aud_sub")).isFalse();
      pair.directory.link(
          alice.id(), new ExternalSubject(World.ORGANISATION, pair.ras(), "their-7"));
      assertThat(claims(new Desk(pair).idJag("alice", World.LINEAR)).string("aud_sub"))
          .contains("their-7");
      pair.directory.link(
          alice.id(), new ExternalSubject(World.ORGANISATION, pair.ras(), "their-8"));
      assertThat(claims(new Desk(pair).idJag("alice", World.LINEAR)).has("aud_sub")).isFalse();
    }
  }

  @Test
  @DisplayName("IDP-28: sub_id with exactly the qualifiers that the NameID has")
  void sub_id() throws MalformedException {
    var source =
        new NameIdSource(
            "https://idp.acme.example/saml",
            NameIdSource.From.EMAIL,
            Optional.of("urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress"),
            new NameIdSource.Qualifiers(Optional.empty(), Optional.of("linear")));
    try (var pair =
        start(ras -> profile(ras, Tenants.NONE, Optional.empty(), Optional.of(source)))) {
      pair.person("alice", "engineering");
      var subject =
          claims(new Desk(pair).idJag("alice", World.LINEAR)).object("sub_id").orElseThrow();
      assertThat(subject.toJson())
          .isEqualTo(
              "{\"format\":\"saml-nameid\",\"issuer\":\"https://idp.acme.example/saml\","
                  + "\"nameid\":\"alice@acme.example\",\"nameid_format\":"
                  + "\"urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress\","
                  + "\"sp_name_qualifier\":\"linear\"}");
    }
  }

  @Test
  @DisplayName("SEC-9: sub_id is no user name that a provider told")
  void sub_id_of_a_told_name() throws MalformedException {
    var source =
        new NameIdSource(
            "https://idp.acme.example/saml",
            NameIdSource.From.USER_NAME,
            Optional.empty(),
            new NameIdSource.Qualifiers(Optional.empty(), Optional.empty()));
    var provider = new ExternalSubject(World.ORGANISATION, new Issuer("https://idp.example"), "m");
    try (var pair =
        start(ras -> profile(ras, Tenants.NONE, Optional.empty(), Optional.of(source)))) {
      var alice = pair.person("alice", "engineering");
      var desk = new Desk(pair);
      var idToken = desk.idToken("alice");
      var given = claims(desk.exchange(idToken, World.LINEAR).text("access_token"));
      assertThat(given.object("sub_id").orElseThrow().string("nameid")).contains("alice");
      pair.directory.link(alice.id(), provider);
      var said =
          new ToldProfile(Optional.of("boss"), new ToldAddress.Unsaid(), Optional.of("Alice"));
      var now = pair.clock.instant();
      pair.database.write(connection ->
          new ToldProfiles(connection, now).put(alice, provider.issuer(), said, now, List.of()));
      pair.directory.refresh(List.of(alice.id()));
      var told = claims(desk.exchange(idToken, World.LINEAR).text("access_token"));
      assertThat(told.has("sub_id")).isFalse();
    }
  }

  @Test
  @DisplayName("IDP-28: sub_id is the NameID of the provider upstream, unless it is another's")
  void sub_id_of_the_provider_upstream() throws MalformedException {
    var entityId = "https://idp.acme.example/saml";
    var source =
        new NameIdSource(
            entityId,
            NameIdSource.From.NAME_ID,
            Optional.empty(),
            new NameIdSource.Qualifiers(Optional.empty(), Optional.empty()));
    setup = setup.with(signInAt(entityId, Optional.empty()));
    try (var pair =
        start(ras -> profile(ras, Tenants.NONE, Optional.empty(), Optional.of(source)))) {
      var alice = pair.person("alice", "engineering");
      var nameSpace = SamlPlaces.nameSpace(pair.broker(), entityId);
      assertThat(claims(new Desk(pair).idJag("alice", World.LINEAR)).has("sub_id"))
          .as("who never signed in there")
          .isFalse();
      pair.directory.link(
          alice.id(), new ExternalSubject(World.ORGANISATION, nameSpace, "alice-there"));
      var told = claims(new Desk(pair).idJag("alice", World.LINEAR)).object("sub_id");
      assertThat(told.orElseThrow().toJson())
          .isEqualTo(
              "{\"format\":\"saml-nameid\",\"issuer\":\"https://idp.acme.example/saml\","
                  + "\"nameid\":\"alice-there\"}");
      var bob = pair.person("bob", "engineering");
      pair.directory.link(
          bob.id(),
          new ExternalSubject(World.ORGANISATION, nameSpace, "{\"nameid\":\"alice-there\"}"));
      assertThat(claims(new Desk(pair).idJag("bob", World.LINEAR)).has("sub_id"))
          .as("a name with qualifiers, or one that looks like it")
          .isFalse();
    }
    var ras = new Issuer("https://ras.example");
    var exchange =
        new ExchangeConfig(
            List.of(profile(ras, Tenants.NONE, Optional.empty(), Optional.of(source))),
            List.of(),
            Optional.empty());
    assertThatThrownBy(() ->
            new BrokerConfig(
                new Issuer("https://id.example"),
                World.ORGANISATION,
                BrokerConfig.Lives.DEFAULT,
                signInAt(entityId, Optional.of("employeeId")),
                Contact.DEFAULT,
                exchange,
                false))
        .hasMessageContaining("without subject_attribute");
  }

  private static BrokerConfig.SignIn signInAt(String entityId, Optional<String> subject) {
    var none = Optional.<String>empty();
    var upstream =
        new SamlUpstreamConfig(
            "saml",
            "SAML",
            new SamlConfig(
                entityId,
                new SamlConfig.Source.Remote(URI.create("https://idp.acme.example/metadata")),
                Signed.EITHER),
            SamlUpstreamConfig.Self.DEFAULT,
            new SamlUpstreamConfig.People(
                SamlUpstreamConfig.NameIdFormat.PERSISTENT, subject, none, none, none, none),
            Map.of(),
            List.of());
    return new BrokerConfig.SignIn(true, List.of(), List.of(upstream), HomeRealms.NONE);
  }

  @Test
  @DisplayName("KEY-7: signed with what the server reads, by a key that is published")
  void algorithm() throws MalformedException {
    for (var algorithm : List.of(SigningAlgorithm.EDDSA, SigningAlgorithm.RS256)) {
      try (var pair =
          start(ras ->
              new AudienceProfile(
                  ras,
                  Optional.empty(),
                  Claim.USUAL,
                  Optional.of(algorithm),
                  Tenants.NONE,
                  Optional.empty(),
                  Optional.empty()))) {
        pair.person("alice", "engineering");
        var idJag = UnverifiedJwt.parse(new Desk(pair).idJag("alice", World.LINEAR));
        assertThat(idJag.unverifiedAlgorithm()).isEqualTo(algorithm.value());
        var verifier =
            new JwtVerifier(
                pair.brokerKeys.of(Purpose.ID_JAG), EnumSet.allOf(SigningAlgorithm.class));
        assertThat(verifier.verify(idJag)).isInstanceOf(Verification.Verified.class);
        assertThat(pair.brokerKeys.published().find(idJag.unverifiedKeyId(), algorithm))
            .isInstanceOf(dev.lanyard.protocol.jose.KeySource.Lookup.Found.class);
      }
    }
  }

  @Test
  void one_profile_for_each_server() {
    var ras = new Issuer("https://ras.example");
    var twice = List.of(pairwise(ras, "a"), pairwise(ras, "b"));
    assertThatThrownBy(() -> new ExchangeConfig(twice, List.of(), Optional.empty()))
        .hasMessageContaining("twice");
  }
}
