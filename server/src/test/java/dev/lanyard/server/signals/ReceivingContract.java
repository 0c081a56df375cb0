package dev.lanyard.server.signals;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.jose.JwtSigner;
import dev.lanyard.protocol.jose.SigningAlgorithm;
import dev.lanyard.protocol.jose.SigningKey;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.protocol.securityevent.CaepEvent;
import dev.lanyard.protocol.securityevent.CaepEvent.AssuranceLevelChange;
import dev.lanyard.protocol.securityevent.CaepEvent.CredentialChange;
import dev.lanyard.protocol.securityevent.CaepEvent.DeviceComplianceChange;
import dev.lanyard.protocol.securityevent.CaepEvent.RiskLevelChange;
import dev.lanyard.protocol.securityevent.Circumstances;
import dev.lanyard.protocol.securityevent.RevocationCaller;
import dev.lanyard.protocol.securityevent.RiscEvent;
import dev.lanyard.protocol.securityevent.SecurityEvent;
import dev.lanyard.protocol.securityevent.SecurityEventClaims;
import dev.lanyard.protocol.securityevent.StreamEvent;
import dev.lanyard.protocol.securityevent.SubjectIdentifier;
import dev.lanyard.protocol.securityevent.UnknownEvent;
import dev.lanyard.server.clients.ClientSecret;
import dev.lanyard.server.database.DatabaseConfig;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.pair.Answer;
import dev.lanyard.server.pair.Http;
import dev.lanyard.server.signals.inbound.CallerConfig;
import dev.lanyard.server.signals.inbound.SourceConfig;
import dev.lanyard.server.signals.inbound.Trust;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What comes in, on either database.
abstract class ReceivingContract {
  private static final ClientSecret TOKEN = ClientSecret.generate(new SecureRandom());

  @TempDir Path folder;

  private final DatabaseConfig config;
  private Provider idp;
  private Provider stranger;
  private Station station;
  private Person ana;
  private Person bob;

  ReceivingContract(DatabaseConfig config) {
    this.config = config;
  }

  @BeforeEach
  void open() {
    idp = new Provider();
    stranger = new Provider();
    station = new Station(config, folder, idp, "clients: []", this::signals);
    ana = station.person("ana", idp);
    bob = station.person("bob", idp);
  }

  @AfterEach
  void close() {
    station.close();
    stranger.close();
    idp.close();
  }

  private SignalsConfig signals(Issuer self) {
    var trust =
        new Trust(
            Station.ORGANISATION, Set.of(idp.issuer()), Set.of("acme.example"), Optional.of("idp"));
    var guarded =
        new SourceConfig(
            "guarded",
            Station.signer(idp),
            self.value(),
            trust,
            false,
            Optional.of(new Secret("Bearer agreed")),
            Optional.empty(),
            Duration.ofHours(24));
    var source =
        new SourceConfig(
            "idp",
            Station.signer(idp),
            self.value(),
            trust,
            false,
            Optional.empty(),
            Optional.empty(),
            Duration.ofHours(24));
    var sessionless =
        new SourceConfig(
            "sessionless",
            Station.signer(idp),
            self.value(),
            new Trust(Station.ORGANISATION, Set.of(idp.issuer()), Set.of(), Optional.empty()),
            false,
            Optional.empty(),
            Optional.empty(),
            Duration.ofHours(24));
    return new SignalsConfig(
        List.of(source, guarded, sessionless),
        Optional.empty(),
        List.of(
            new CallerConfig(
                "okta", new CallerConfig.Proof.Signed(Station.signer(idp), "0oa1"), trust, true),
            new CallerConfig(
                "agreed", new CallerConfig.Proof.Token(List.of(TOKEN.hash())), trust, false)),
        List.of());
  }

  private String event(String id, SubjectIdentifier subject, SecurityEvent event) {
    return idp.event(station.issuer().value(), id, station.clock.instant(), subject, event);
  }

  private Answer pushed(String id, String sub, SecurityEvent event) {
    return station.push("idp", event(id, idp.subject(sub), event));
  }

  // ---- SSF

  @Test
  @DisplayName("SSF-30 to SSF-40: what each event does, and that it is recorded")
  void golden_events() {
    assertGolden(ana, "idp", idp.subject("ana-sub"), GOLDEN);
    assertThat(station.isActive(ana)).isFalse();
    assertThat(station.isActive(bob)).isTrue();
  }

  private static final Map<SecurityEvent, String> GOLDEN = golden();

  private static Map<SecurityEvent, String> golden() {
    Map<SecurityEvent, String> expected = new LinkedHashMap<>();
    expected.put(new CaepEvent.SessionRevoked(), "person.revoked");
    expected.put(change("password", CredentialChange.Change.UPDATE), "person.revoked");
    expected.put(change("fido2-roaming", CredentialChange.Change.DELETE), "person.revoked");
    expected.put(change("fido2-roaming", CredentialChange.Change.CREATE), "signal.recorded");
    expected.put(
        new CaepEvent.TokenClaimsChange(JsonObject.builder().put("role", "x").build()),
        "person.reevaluated");
    expected.put(assurance(AssuranceLevelChange.Direction.DECREASE), "person.revoked");
    expected.put(assurance(AssuranceLevelChange.Direction.INCREASE), "signal.recorded");
    expected.put(
        new DeviceComplianceChange(
            DeviceComplianceChange.Status.COMPLIANT, DeviceComplianceChange.Status.NOT_COMPLIANT),
        "person.revoked");
    expected.put(
        new DeviceComplianceChange(
            DeviceComplianceChange.Status.NOT_COMPLIANT, DeviceComplianceChange.Status.COMPLIANT),
        "signal.recorded");
    expected.put(risk(RiskLevelChange.Level.HIGH), "person.revoked");
    expected.put(risk(RiskLevelChange.Level.MEDIUM), "signal.recorded");
    expected.put(new CaepEvent.SessionEstablished(), "signal.recorded");
    expected.put(new CaepEvent.SessionPresented(), "signal.recorded");
    expected.put(new RiscEvent.CredentialCompromise("password"), "person.revoked");
    expected.put(
        new RiscEvent.Plain(RiscEvent.Kind.ACCOUNT_CREDENTIAL_CHANGE_REQUIRED), "person.revoked");
    expected.put(new RiscEvent.IdentifierChanged(Optional.empty()), "person.reevaluated");
    expected.put(new RiscEvent.Plain(RiscEvent.Kind.SESSIONS_REVOKED), "person.revoked");
    expected.put(new RiscEvent.Plain(RiscEvent.Kind.OPT_IN), "signal.recorded");
    expected.put(new RiscEvent.Plain(RiscEvent.Kind.RECOVERY_ACTIVATED), "signal.recorded");
    expected.put(new UnknownEvent("https://e.example/new", JsonObject.EMPTY), "signal.recorded");
    expected.put(new RiscEvent.AccountDisabled(Optional.of("hijacking")), "person.disabled");
    expected.put(new RiscEvent.Plain(RiscEvent.Kind.ACCOUNT_ENABLED), "person.enabled");
    expected.put(new RiscEvent.Plain(RiscEvent.Kind.ACCOUNT_PURGED), "person.deleted");
    return expected;
  }

  private void assertGolden(
      Person person, String source, SubjectIdentifier subject, Map<SecurityEvent, String> table) {
    table.forEach((event, recorded) -> {
      station.clock.advance(Duration.ofSeconds(2));
      var answer = station.push(source, event(person.userName() + event, subject, event));

      assertThat(answer.status()).as(event.type()).isEqualTo(202);
      assertThat(answer.body()).isEmpty();
      assertThat(station.newestEvent()).as(event.toString()).isEqualTo(recorded);
      assertThat(station.audit().getFirst().event().person()).contains(person.id().value());
    });
  }

  private static SubjectIdentifier complex(SubjectIdentifier user, String session) {
    Map<String, SubjectIdentifier> members = new LinkedHashMap<>();
    members.put("user", user);
    members.put("session", new SubjectIdentifier.Opaque(session));
    return new SubjectIdentifier.Complex(members);
  }

  @Test
  @DisplayName(
      "SSF-30 to SSF-40: a session beside the user narrows session-revoked, and nothing else")
  void golden_events_about_a_user_and_a_session() {
    var table = new LinkedHashMap<>(GOLDEN);
    table.remove(new CaepEvent.SessionRevoked());
    var cleo = station.person("cleo", idp);
    var dave = station.person("dave", idp);
    var emil = station.person("emil", idp);
    var gone = station.session(emil, "up-4");
    station.session(ana, "up-1");
    station.clock.advance(Duration.ofSeconds(2));

    assertGolden(ana, "idp", complex(idp.subject("ana-sub"), "up-1"), table);
    assertGolden(cleo, "idp", complex(idp.subject("cleo-sub"), "unknown"), table);
    assertGolden(dave, "sessionless", complex(idp.subject("dave-sub"), "up-3"), table);
    // It takes the address away by which the others name somebody.
    table.remove(new RiscEvent.IdentifierChanged(Optional.empty()));
    assertGolden(
        emil, "idp", complex(new SubjectIdentifier.Email("emil@acme.example"), "up-4"), table);

    for (var person : List.of(ana, cleo, dave, emil)) {
      assertThat(station.isActive(person)).as(person.userName()).isFalse();
    }
    assertThat(station.isEnded(gone)).isTrue();
    assertThat(station.isActive(bob)).isTrue();
  }

  @Test
  @DisplayName("SSF-30: session-revoked about a user and a session is about that session")
  void revoked_session_of_a_user() {
    var other = station.session(ana, "up-2");
    for (var user :
        List.of(
            idp.subject("ana-sub"),
            new SubjectIdentifier.Opaque("ana-sub"),
            new SubjectIdentifier.Email("ANA@acme.example"))) {
      var one = station.session(ana, "up-1");
      station.clock.advance(Duration.ofSeconds(2));
      assertRevoked("idp", complex(user, "up-1"), "session.ended");
      assertThat(station.isEnded(one)).as(user.format()).isTrue();
    }

    assertRevoked("idp", complex(idp.subject("ana-sub"), "unknown"), "signal.not-found");
    assertRevoked("sessionless", complex(idp.subject("ana-sub"), "up-2"), "event.noted");
    for (var another :
        List.of(
            new SubjectIdentifier.Email("bob@acme.example"),
            new SubjectIdentifier.Email("nobody@acme.example"),
            idp.subject("bob-sub"))) {
      assertRevoked("idp", complex(another, "up-2"), "signal.ambiguous");
    }
    assertRevoked(
        "idp", complex(new SubjectIdentifier.Email("ana@evil.example"), "up-2"), "event.noted");
    assertThat(station.isEnded(other)).isFalse();
  }

  private void assertRevoked(String source, SubjectIdentifier subject, String recorded) {
    station.clock.advance(Duration.ofSeconds(2));
    var id = "revoked " + station.clock.instant();
    var answer = station.push(source, event(id, subject, new CaepEvent.SessionRevoked()));
    assertThat(answer.status()).isEqualTo(202);
    assertThat(station.newestEvent()).as(subject.toString()).isEqualTo(recorded);
  }

  @Test
  @DisplayName("SSF-32: changed claims ask policy again about whoever has a session, and end none")
  void changed_claims_of_a_session() {
    var session = station.session(ana, "up-1");
    Map<String, SubjectIdentifier> alone = Map.of("session", new SubjectIdentifier.Opaque("up-1"));
    var changed = new CaepEvent.TokenClaimsChange(JsonObject.builder().put("role", "x").build());
    var subjects =
        List.of(new SubjectIdentifier.Complex(alone), complex(idp.subject("ana-sub"), "up-1"));
    for (var subject : subjects) {
      station.clock.advance(Duration.ofSeconds(2));
      var id = "changed " + station.clock.instant();

      assertThat(station.push("idp", event(id, subject, changed)).status()).isEqualTo(202);
      assertThat(station.newestEvent()).isEqualTo("person.reevaluated");
      assertThat(station.audit().getFirst().event().person()).contains(ana.id().value());
    }
    assertThat(station.isEnded(session)).isFalse();
  }

  @Test
  @DisplayName("SSF-39: an address is recycled, or changes, also beside a session")
  void addresses_beside_a_session() {
    var anas = complex(new SubjectIdentifier.Email("ana@acme.example"), "up-1");
    var bobs = complex(new SubjectIdentifier.Email("bob@acme.example"), "up-2");
    station.clock.advance(Duration.ofSeconds(2));
    var recycled = new RiscEvent.Plain(RiscEvent.Kind.IDENTIFIER_RECYCLED);
    var changed = new RiscEvent.IdentifierChanged(Optional.of("robert@acme.example"));

    assertThat(station.push("idp", event("r-1", anas, recycled)).status()).isEqualTo(202);
    assertThat(station.push("idp", event("r-2", bobs, changed)).status()).isEqualTo(202);

    assertThat(address(ana)).isEmpty();
    assertThat(address(bob)).contains("robert@acme.example");
  }

  private static CredentialChange change(String type, CredentialChange.Change change) {
    return new CredentialChange(type, change, Optional.empty());
  }

  private static AssuranceLevelChange assurance(AssuranceLevelChange.Direction direction) {
    return new AssuranceLevelChange(
        "NIST-AAL", "nist-aal1", Optional.empty(), Optional.of(direction));
  }

  private static RiskLevelChange risk(RiskLevelChange.Level level) {
    return new RiskLevelChange("USER", level, Optional.empty(), Optional.empty());
  }

  @Test
  @DisplayName("An id that no column of PostgreSQL can hold is refused, and not to be sent again")
  void id_with_a_zero() {
    var answer = pushed("jti\u0000", "ana-sub", new CaepEvent.SessionRevoked());

    assertThat(answer.status()).isEqualTo(400);
    assertThat(pushed("jti", "ana-sub", new CaepEvent.SessionRevoked()).status()).isEqualTo(202);
  }

  @Test
  @DisplayName("SSF-39: a recycled address no longer leads to the person")
  void recycled_address() {
    var event = new RiscEvent.Plain(RiscEvent.Kind.IDENTIFIER_RECYCLED);
    var subject = new SubjectIdentifier.Email("Ana@acme.example");

    assertThat(station.push("idp", event("r-1", subject, event)).status()).isEqualTo(202);
    assertThat(station.directory.person(ana.id()).orElseThrow().email()).isEmpty();
    assertThat(station.isActive(ana)).isTrue();
  }

  private void changed(String id, String from, String to) {
    station.clock.advance(Duration.ofSeconds(2));
    var event = new RiscEvent.IdentifierChanged(Optional.of(to).filter(one -> !one.isEmpty()));
    var subject = new SubjectIdentifier.Email(from);
    assertThat(station.push("idp", event(id, subject, event)).status()).isEqualTo(202);
  }

  private Optional<String> address(Person person) {
    return station.directory.person(person.id()).orElseThrow().email();
  }

  @Test
  @DisplayName("SSF-39: a changed address leads to the person, and the former one to nobody")
  void changed_address() {
    changed("i-1", "Ana@acme.example", "ana.new@ACME.example");

    assertThat(address(ana)).contains("ana.new@ACME.example");
    assertThat(station.audit())
        .anySatisfy(record -> {
          assertThat(record.event().type()).isEqualTo("event.relinked");
          assertThat(record.event().person()).contains(ana.id().value());
          assertThat(record.event().evidence().toJson()).doesNotContain("@");
        });
    var disabled = new RiscEvent.AccountDisabled(Optional.empty());
    station.push("idp", event("i-2", new SubjectIdentifier.Email("ana@acme.example"), disabled));
    assertThat(station.isActive(ana)).isTrue();
    station.push(
        "idp", event("i-3", new SubjectIdentifier.Email("ana.new@acme.example"), disabled));
    assertThat(station.isActive(ana)).isFalse();
    assertThat(station.alarms()).isEmpty();
  }

  @Test
  @DisplayName("SSF-39: an address of somebody else, now or before, is nobody's by an event")
  void address_of_another() {
    changed("i-1", "ana@acme.example", "bob@acme.example");
    assertThat(address(ana)).contains("ana@acme.example");
    assertThat(station.alarms()).containsExactly("address-of-another");

    changed("i-2", "bob@acme.example", "robert@acme.example");
    changed("i-3", "ana@acme.example", "BOB@acme.example");
    assertThat(address(bob)).contains("robert@acme.example");
    assertThat(address(ana)).as("it was Bob's").contains("ana@acme.example");
    changed("i-4", "robert@acme.example", "bob@acme.example");
    assertThat(address(bob)).as("his own again").contains("bob@acme.example");
  }

  @Test
  @DisplayName("SSF-39: who may not speak about the new address only takes the former one away")
  void address_of_another_domain() {
    changed("i-1", "ana@acme.example", "ana@evil.example");
    assertThat(address(ana)).isEmpty();
    for (var odd : List.of("acme.example", "b b@acme.example", "@acme.example", "")) {
      var bobs = address(bob).orElse("bob@acme.example");
      changed("i " + odd, bobs, odd);
      assertThat(address(bob)).as(odd).isEmpty();
      bob = station.person("bob-" + station.clock.instant().getEpochSecond(), stranger);
    }
  }

  @Test
  @DisplayName("SSF-39: an event that comes again changes nothing any more")
  void changed_address_again() {
    var change = new RiscEvent.IdentifierChanged(Optional.of("ana.new@acme.example"));
    var old = new SubjectIdentifier.Email("ana@acme.example");
    var event = event("i-1", old, change);
    station.push("idp", event);
    changed("i-2", "ana.new@acme.example", "ana@acme.example");
    station.push("idp", event);

    assertThat(address(ana)).contains("ana@acme.example");
  }

  @Test
  @DisplayName("a wrong subject changes nobody")
  void wrong_subjects() {
    var disabled = new RiscEvent.AccountDisabled(Optional.empty());
    var subjects =
        List.of(
            idp.subject("nobody"),
            // Of an issuer that this source may not speak for, though it has the same subjects.
            new SubjectIdentifier.IssuerSubject("https://other.example", "ana-sub"),
            stranger.subject("ana-sub"),
            // Of a domain that it is not authoritative for.
            new SubjectIdentifier.Email("ana@evil.example"),
            new SubjectIdentifier.PhoneNumber("+4930"),
            new SubjectIdentifier.Complex(Map.of("device", new SubjectIdentifier.Opaque("d"))),
            new SubjectIdentifier.Unknown(
                "new", JsonObject.builder().put("format", "new").put("sub", "ana-sub").build()));

    for (int i = 0; i < subjects.size(); i++) {
      var answer = station.push("idp", event("w-" + i, subjects.get(i), disabled));
      assertThat(answer.status()).isEqualTo(202);
    }

    assertThat(station.isActive(ana)).isTrue();
    assertThat(station.isActive(bob)).isTrue();
    assertThat(station.audit()).hasSizeGreaterThanOrEqualTo(subjects.size());
  }

  @Test
  @DisplayName("DPR-4: aliases that agree mean the person; aliases of two people mean nobody")
  void aliases() {
    var disabled = new RiscEvent.AccountDisabled(Optional.empty());
    var agreeing =
        new SubjectIdentifier.Aliases(
            List.of(idp.subject("ana-sub"), new SubjectIdentifier.Email("ana@acme.example")));
    var contradicting =
        new SubjectIdentifier.Aliases(
            List.of(idp.subject("ana-sub"), new SubjectIdentifier.Email("bob@acme.example")));

    station.push("idp", event("c-1", contradicting, disabled));
    assertThat(station.isActive(ana)).isTrue();
    assertThat(station.isActive(bob)).isTrue();
    assertThat(station.alarms()).contains("ambiguous-subject");

    station.push("idp", event("c-2", agreeing, disabled));
    assertThat(station.isActive(ana)).isFalse();
  }

  private SubjectIdentifier onDevice(String name) {
    Map<String, SubjectIdentifier> members = new LinkedHashMap<>();
    members.put("user", idp.subject(name + "-sub"));
    members.put("device", new SubjectIdentifier.Opaque("phone"));
    return new SubjectIdentifier.Complex(members);
  }

  @Test
  @DisplayName(
      "SSF-3: an event with a critical member that we cannot process is discarded, pushed ones"
          + " too, by each node")
  void critical_member() {
    idp.metadata = Optional.of(new Provider.Metadata(200, List.of("user", "device")));
    var event = event("m-1", onDevice("ana"), new RiscEvent.AccountDisabled(Optional.empty()));

    assertThat(station.push("idp", event).status()).isEqualTo(202);

    assertThat(station.isActive(ana)).isTrue();
    assertThat(station.newestEvent()).isEqualTo("event.noted");
  }

  @Test
  @DisplayName("SSF-3: a member that is not critical is ignored; without metadata none is")
  void member_that_is_not_critical() {
    idp.metadata = Optional.of(new Provider.Metadata(200, List.of("user")));
    var disabled = new RiscEvent.AccountDisabled(Optional.empty());
    station.push("idp", event("m-1", onDevice("ana"), disabled));
    assertThat(station.isActive(ana)).isFalse();

    idp.metadata = Optional.empty();
    station.clock.advance(Duration.ofHours(1));
    station.push("idp", event("m-2", onDevice("bob"), disabled));
    assertThat(station.isActive(bob)).as("an old copy, or none").isFalse();
  }

  @Test
  @DisplayName(
      "SSF-3: while it cannot be known what is critical, such an event waits, with an alarm")
  void what_is_critical_is_not_known() {
    idp.metadata = Optional.of(new Provider.Metadata(500, List.of()));
    var disabled = new RiscEvent.AccountDisabled(Optional.empty());
    var narrow = event("m-1", onDevice("ana"), disabled);

    assertThat(station.push("idp", narrow).status()).isEqualTo(503);
    assertThat(station.isActive(ana)).isTrue();
    assertThat(station.alarms()).containsExactly("signals-undecided");
    station.push("idp", event("m-2", idp.subject("bob-sub"), disabled));
    assertThat(station.isActive(bob)).as("about a user nothing is open").isFalse();

    idp.metadata = Optional.of(new Provider.Metadata(200, List.of("user")));
    station.clock.advance(Duration.ofSeconds(10));
    assertThat(station.push("idp", narrow).status()).isEqualTo(202);
    assertThat(station.isActive(ana)).isFalse();
  }

  @Test
  @DisplayName("SSF-3: who has no metadata has no critical members")
  void no_metadata() {
    station.push(
        "idp", event("m-1", onDevice("ana"), new RiscEvent.AccountDisabled(Optional.empty())));

    assertThat(station.isActive(ana)).isFalse();
  }

  @Test
  @DisplayName("aliases of which none is known are no end of the event: it may come again")
  void unknown_aliases() {
    var disabled = new RiscEvent.AccountDisabled(Optional.empty());
    var subject =
        new SubjectIdentifier.Aliases(
            List.of(idp.subject("dora-sub"), new SubjectIdentifier.Email("dora@acme.example")));
    var event = event("c-1", subject, disabled);
    assertThat(station.push("idp", event).status()).isEqualTo(202);

    var dora = station.person("dora", idp);
    assertThat(station.push("idp", event).status()).isEqualTo(202);
    assertThat(station.isActive(dora)).isFalse();

    var foreign =
        new SubjectIdentifier.Aliases(
            List.of(stranger.subject("ana-sub"), new SubjectIdentifier.Email("ana@evil.example")));
    assertThat(station.push("idp", event("c-2", foreign, disabled)).status()).isEqualTo(202);
    assertThat(station.isActive(ana)).isTrue();
  }

  @Test
  @DisplayName("SSF-4: a complex subject with a session ends that session only")
  void one_session() {
    var one = station.session(ana, "up-1");
    var other = station.session(ana, "up-2");
    Map<String, SubjectIdentifier> members = new LinkedHashMap<>();
    members.put("user", idp.subject("ana-sub"));
    members.put("session", new SubjectIdentifier.Opaque("up-1"));
    var subject = new SubjectIdentifier.Complex(members);
    station.clock.advance(Duration.ofSeconds(2));

    station.push("idp", event("s-1", subject, new CaepEvent.SessionRevoked()));

    assertThat(station.isEnded(one)).isTrue();
    assertThat(station.isEnded(other)).isFalse();
  }

  @Test
  @DisplayName(
      "SSF-30: Keycloak's session ALL of a user is every session of that user's, nobody else's")
  void every_session() {
    var one = station.session(ana, "up-1");
    var other = station.session(ana, "up-2");
    var bobs = station.session(bob, "up-3");
    Map<String, SubjectIdentifier> members = new LinkedHashMap<>();
    members.put("user", idp.subject("ana-sub"));
    members.put("session", new SubjectIdentifier.Opaque("ALL"));
    station.clock.advance(Duration.ofSeconds(2));

    station.push(
        "idp",
        event("s-1", new SubjectIdentifier.Complex(members), new CaepEvent.SessionRevoked()));

    assertThat(station.isEnded(one)).isTrue();
    assertThat(station.isEnded(other)).isTrue();
    assertThat(station.isEnded(bobs)).isFalse();
    assertThat(station.isActive(ana)).isTrue();
  }

  @Test
  @DisplayName("a session of one person under the name of another is nobody's")
  void another_persons_session() {
    var session = station.session(ana, "up-1");
    Map<String, SubjectIdentifier> members = new LinkedHashMap<>();
    members.put("user", idp.subject("bob-sub"));
    members.put("session", new SubjectIdentifier.Opaque("up-1"));
    station.clock.advance(Duration.ofSeconds(2));

    station.push(
        "idp",
        event("s-1", new SubjectIdentifier.Complex(members), new CaepEvent.SessionRevoked()));

    assertThat(station.isEnded(session)).isFalse();
  }

  @Test
  @DisplayName(
      "DPR-3: reordered, an older enabling does not revive; replayed, nothing happens twice")
  void reordered_and_replayed() {
    var before = station.clock.instant();
    station.clock.advance(Duration.ofSeconds(60));
    var disable =
        event("d-1", idp.subject("ana-sub"), new RiscEvent.AccountDisabled(Optional.empty()));
    var enable =
        idp.event(
            station.issuer().value(),
            "e-1",
            before,
            idp.subject("ana-sub"),
            new RiscEvent.Plain(RiscEvent.Kind.ACCOUNT_ENABLED));

    station.push("idp", disable);
    station.push("idp", enable);
    assertThat(station.isActive(ana)).isFalse();

    station.clock.advance(Duration.ofSeconds(60));
    pushed("e-2", "ana-sub", new RiscEvent.Plain(RiscEvent.Kind.ACCOUNT_ENABLED));
    assertThat(station.isActive(ana)).isTrue();
    assertThat(station.push("idp", disable).status()).isEqualTo(202);
    assertThat(station.isActive(ana)).isTrue();
  }

  @Test
  @DisplayName(
      "SSF-20: one error code for each fault, nothing changed, a correlation id to look up")
  void refusals() {
    var disabled = new RiscEvent.AccountDisabled(Optional.empty());
    var good = event("x-1", idp.subject("ana-sub"), disabled);
    var now = station.clock.instant();
    var elsewhere =
        idp.event("https://elsewhere.example", "x-2", now, idp.subject("ana-sub"), disabled);
    var foreign =
        stranger.event(station.issuer().value(), "x-3", now, idp.subject("ana-sub"), disabled);
    var forged =
        new JwtSigner(SigningKey.generate(SigningAlgorithm.ES256), "secevent+jwt")
            .sign(claims("x-4"));

    assertError(station.push("idp", elsewhere), 400, "invalid_audience");
    assertError(station.push("idp", foreign), 400, "invalid_issuer");
    assertError(station.push("idp", forged), 400, "invalid_key");
    assertError(station.push("idp", idp.sign("JWT", claims("x-5"))), 400, "invalid_request");
    assertError(station.push("idp", unsecured()), 400, "invalid_key");
    assertError(station.push("idp", "no token"), 400, "invalid_request");
    assertThat(station.alarms()).as("whoever is no source alarms nobody").isEmpty();
    var unreadable = claims("x-7").with(JsonObject.builder().put("sub", "ana").build());
    assertError(station.push("idp", idp.sign("secevent+jwt", unreadable)), 400, "invalid_request");
    assertThat(station.alarms()).containsExactly("signals-refused");
    assertError(station.push("nobody", good), 404, "access_denied");
    var unproved = station.push("guarded", good);
    assertError(unproved, 401, "authentication_failed");
    assertThat(unproved.header("WWW-Authenticate")).contains("Bearer realm=\"signals\"");
    assertError(
        Http.post(station.at("/signals/events/idp"), "application/json", good, Map.of()),
        400,
        "invalid_request");
    assertThat(station.push("idp", "x".repeat(21 * 1024)).status()).isEqualTo(413);
    assertThat(station.isActive(ana)).isTrue();
    var header = Map.of("Authorization", "Bearer agreed");
    var agreed =
        Http.post(station.at("/signals/events/guarded"), "application/secevent+jwt", good, header);
    assertThat(agreed.status()).isEqualTo(202);
    assertThat(station.isActive(ana)).isFalse();
  }

  private JsonObject claims(String id) {
    return new SecurityEventClaims(
            idp.issuer(),
            station.issuer().value(),
            idp.subject("ana-sub"),
            new RiscEvent.AccountDisabled(Optional.empty()),
            Circumstances.UNKNOWN,
            Optional.empty())
        .build(id, station.clock.instant());
  }

  private String unsecured() {
    var encoder = Base64.getUrlEncoder().withoutPadding();
    return encoder.encodeToString(
            "{\"alg\":\"none\",\"typ\":\"secevent+jwt\"}".getBytes(StandardCharsets.UTF_8))
        + "."
        + encoder.encodeToString(claims("x-6").toBytes())
        + ".AA";
  }

  private static void assertError(Answer answer, int status, String error) {
    assertThat(answer.status()).as(answer.body()).isEqualTo(status);
    assertThat(answer.text("err")).isEqualTo(error);
    assertThat(answer.header("Content-Language")).contains("en");
    assertThat(answer.header("Cache-Control")).contains("no-store");
  }

  @Test
  @DisplayName("an outage of the keys is 503, so that the event comes again")
  void keys_down() {
    idp.keysAnswer.set(500);
    var token =
        event("k-1", idp.subject("ana-sub"), new RiscEvent.AccountDisabled(Optional.empty()));

    assertThat(station.push("idp", token).status()).isEqualTo(503);
    assertThat(station.isActive(ana)).isTrue();

    idp.keysAnswer.set(200);
    station.clock.advance(Duration.ofMinutes(2));
    assertThat(station.push("idp", token).status()).isEqualTo(202);
    assertThat(station.isActive(ana)).isFalse();
  }

  @Test
  @DisplayName("two deliveries of one event at once have one effect")
  void at_once() throws Exception {
    var token =
        event("o-1", idp.subject("ana-sub"), new RiscEvent.AccountDisabled(Optional.empty()));
    Callable<Answer> push = () -> station.push("idp", token);
    try (var threads = Executors.newFixedThreadPool(4)) {
      for (var answer : threads.invokeAll(List.of(push, push, push, push))) {
        assertThat(answer.get().status()).isEqualTo(202);
      }
    }

    assertThat(
            station.audit().stream()
                .filter(record -> record.event().type().equals("person.disabled")))
        .hasSize(1);
  }

  @Test
  @DisplayName("SSF-14: a sign of life with a state that we never asked with is refused")
  void invented_state() {
    var invented = new StreamEvent.Verification(Optional.of("invented"));
    var unasked = new StreamEvent.Verification(Optional.empty());

    assertError(
        station.push("idp", event("v-1", new SubjectIdentifier.Opaque("s"), invented)),
        400,
        "invalid_state");
    assertThat(
            station.push("idp", event("v-2", new SubjectIdentifier.Opaque("s"), unasked)).status())
        .isEqualTo(202);
  }

  @Test
  @DisplayName("SSF-12, SSF-22: a stream that is switched off there, or falls silent, is an alarm")
  void silence() {
    station.signals.look();
    station.clock.advance(Duration.ofHours(23));
    station.signals.look();
    assertThat(station.alarms()).isEmpty();
    station.clock.advance(Duration.ofHours(1));
    station.signals.look();
    assertThat(station.silent()).contains("shared-signals:idp");

    var off = new StreamEvent.StreamUpdated(StreamEvent.Status.DISABLED, Optional.of("why"));
    station.push("idp", event("u-1", new SubjectIdentifier.Opaque("s"), off));
    assertThat(station.alarms()).contains("stream-disabled");
    assertThat(station.silent()).as("it was heard").doesNotContain("shared-signals:idp");
    var paused = new StreamEvent.StreamUpdated(StreamEvent.Status.PAUSED, Optional.of("why"));
    station.push("idp", event("u-2", new SubjectIdentifier.Opaque("s"), paused));
    assertThat(station.alarms()).contains("stream-paused").doesNotContain("stream-disabled");
    var on = new StreamEvent.StreamUpdated(StreamEvent.Status.ENABLED, Optional.empty());
    station.push("idp", event("u-3", new SubjectIdentifier.Opaque("s"), on));
    assertThat(station.alarms()).doesNotContain("stream-disabled", "stream-paused");

    station.clock.advance(Duration.ofHours(24));
    station.signals.look();
    assertThat(station.silent()).as("a second silence").contains("shared-signals:idp");
    var sign = new StreamEvent.Verification(Optional.empty());
    station.push("idp", event("u-4", new SubjectIdentifier.Opaque("s"), sign));
    assertThat(station.silent()).doesNotContain("shared-signals:idp");
  }

  // ---- Global token revocation

  private String bearer(String id) {
    return idp.sign(
        RevocationCaller.TYPE,
        new RevocationCaller(idp.issuer(), "0oa1", id, station.clock.instant().plusSeconds(300))
            .claimsFor(station.at("/global-token-revocation/okta"), station.clock.instant()));
  }

  private Answer called(String caller, String bearer, String body) {
    return Http.post(
        station.at("/global-token-revocation/" + caller),
        "application/json",
        body,
        Map.of("Authorization", "Bearer " + bearer));
  }

  private String sub(String name) {
    return "{\"sub_id\":" + idp.subject(name + "-sub").toJson().toJson() + "}";
  }

  @Test
  @DisplayName("GTR-1, GTR-2, GTR-5: each format revokes everything of the person, and only theirs")
  void revocation_is_called_for() {
    var bodies =
        List.of(
            sub("ana"),
            "{\"sub_id\":{\"format\":\"email\",\"email\":\"ana@acme.example\"}}",
            "{\"sub_id\":{\"format\":\"opaque\",\"id\":\"ana-sub\"}}",
            "{\"subject\":{\"format\":\"email\",\"email\":\"ana@acme.example\"}}",
            both("ana@acme.example", "ana@acme.example"));
    for (int i = 0; i < bodies.size(); i++) {
      var session = station.session(ana, "up-" + i);
      var bobs = station.session(bob, "bob-" + i);
      station.clock.advance(Duration.ofSeconds(2));

      var answer = called("okta", bearer("b-" + i), bodies.get(i));

      assertThat(answer.status()).as(answer.body()).isEqualTo(204);
      assertThat(station.isEnded(session)).isTrue();
      assertThat(station.isEnded(bobs)).isFalse();
      assertThat(station.isActive(ana)).isTrue();
      assertThat(station.newestEvent()).isEqualTo("person.revoked");
    }
  }

  private static String both(String subId, String subject) {
    return """
    {"sub_id":{"format":"email","email":"%s"},"subject":{"format":"email","email":"%s"}}\
    """
        .formatted(subId, subject);
  }

  @Test
  @DisplayName("GTR-3, GTR-4, GTR-8: the table of answers")
  void revocation_refusals() {
    var session = station.session(ana, "up-1");
    station.clock.advance(Duration.ofSeconds(2));
    var idToken =
        idp.sign(
            "JWT",
            new RevocationCaller(
                    idp.issuer(), "0oa1", "t-1", station.clock.instant().plusSeconds(300))
                .claimsFor(station.at("/global-token-revocation/okta"), station.clock.instant()));

    assertThat(called("okta", idToken, sub("ana")).status()).isEqualTo(401);
    assertThat(called("okta", TOKEN.secret().reveal(), sub("ana")).status()).isEqualTo(401);
    assertThat(called("nobody", bearer("n-1"), sub("ana")).status()).isEqualTo(401);
    assertThat(called("agreed", bearer("n-2"), sub("ana")).status()).isEqualTo(401);
    assertThat(
            Http.post(
                    station.at("/global-token-revocation/okta"),
                    "application/json",
                    sub("ana"),
                    Map.of())
                .status())
        .isEqualTo(401);
    assertThat(called("okta", bearer("n-3"), "{").status()).isEqualTo(400);
    assertThat(called("okta", bearer("n-4"), "{}").status()).isEqualTo(400);
    var different = both("ana@acme.example", "bob@acme.example");
    assertThat(called("okta", bearer("n-9"), different).status()).as("D-10").isEqualTo(400);
    assertThat(
            called(
                    "okta",
                    bearer("n-5"),
                    "{\"sub_id\":{\"format\":\"phone_number\",\"phone_number\":\"1\"}}")
                .status())
        .isEqualTo(400);
    assertThat(
            called(
                    "agreed",
                    TOKEN.secret().reveal(),
                    "{\"subject\":{\"format\":\"email\",\"email\":\"ana@acme.example\"}}")
                .status())
        .isEqualTo(400);
    var unknown = called("okta", bearer("n-6"), sub("nobody"));
    var foreign =
        called(
            "okta",
            bearer("n-7"),
            "{\"sub_id\":" + stranger.subject("ana-sub").toJson().toJson() + "}");
    var otherDomain =
        called(
            "okta",
            bearer("n-8"),
            "{\"sub_id\":{\"format\":\"email\",\"email\":\"ana@other.example\"}}");
    assertThat(unknown.status()).isEqualTo(404);
    assertThat(foreign.body()).isEqualTo(unknown.body());
    assertThat(otherDomain.body()).isEqualTo(unknown.body());
    assertThat(station.isEnded(session)).isFalse();
  }

  @Test
  @DisplayName("GTR-4: a caller's token is taken once")
  void revocation_replay() {
    var bearer = bearer("once");
    assertThat(called("okta", bearer, sub("ana")).status()).isEqualTo(204);
    var later = station.session(ana, "up-9");
    station.clock.advance(Duration.ofSeconds(2));

    assertThat(called("okta", bearer, sub("ana")).status()).isEqualTo(401);
    assertThat(station.isEnded(later)).isFalse();
    assertThat(called("agreed", TOKEN.secret().reveal(), sub("ana")).status()).isEqualTo(204);
    assertThat(station.isEnded(later)).isTrue();
  }
}
