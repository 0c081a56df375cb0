package dev.lanyard.server.signals;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.server.broker.BrokerConfig;
import dev.lanyard.server.database.DatabaseConfig;
import dev.lanyard.server.database.DatabaseException;
import dev.lanyard.server.database.TestDatabases;
import dev.lanyard.server.directory.ExternalSubject;
import dev.lanyard.server.pair.Answer;
import dev.lanyard.server.pair.Desk;
import dev.lanyard.server.pair.Http;
import dev.lanyard.server.pair.Pair;
import dev.lanyard.server.pair.Provider;
import dev.lanyard.server.pair.Setup;
import dev.lanyard.server.pair.World;
import dev.lanyard.server.revocation.Happening;
import dev.lanyard.server.revocation.Reaction;
import dev.lanyard.server.revocation.Signal;
import dev.lanyard.server.revocation.Source;
import dev.lanyard.server.revocation.Subject;
import java.net.URI;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("BCL-4, DPR-3: an end that the provider tells before the sign-in has arrived")
@Tag("thorough")
class EarlyEndTest {

  @Nested
  class OnSqlite extends Contract {
    OnSqlite(@TempDir Path folder) {
      super(TestDatabases.sqlite(folder), folder);
    }
  }

  @Nested
  class OnPostgres extends Contract {
    OnPostgres(@TempDir Path folder) {
      super(TestDatabases.postgres(), folder);
    }

    @ParameterizedTest
    @EnumSource(Name.class)
    @DisplayName("told to another node, which is gone by then: refused all the same")
    void told_to_another_node(Name name) {
      var callback = signInUpTo("callback");
      try (var other = Pair.start(pair.setup().beside(pair), folder.resolve("other"))) {
        other.revocation.accept(ended(name, pair.clock.instant()));
      }
      assertEnded(desk.browse(callback));
    }

    @ParameterizedTest
    @EnumSource(Name.class)
    @DisplayName("both at once, on two nodes: whoever is second sees the first")
    void at_once_on_two_nodes(Name name) throws Exception {
      try (var other = Pair.start(pair.setup().beside(pair), folder.resolve("other"))) {
        bothAtOnce(name, other);
      }
    }
  }

  /// By which name the provider ends it.
  enum Name {
    SESSION,
    SUBJECT,
    SUBJECT_OF_SESSIONS,
    EMAIL,
    ALIASES
  }

  abstract static class Contract {
    private final DatabaseConfig config;
    final Path folder;
    private Provider provider;
    private String sid;
    private String sub;
    Pair pair;
    Desk desk;

    Contract(DatabaseConfig config, Path folder) {
      this.config = config;
      this.folder = folder;
    }

    @BeforeEach
    void start() {
      var setup = Setup.on(config, folder);
      provider = Provider.start(setup.clock());
      var upstream = provider.upstream("idp");
      pair = Pair.start(setup.with(new BrokerConfig.SignIn(false, List.of(upstream))), folder);
      somebodyNew();
    }

    @AfterEach
    void stop() {
      pair.close();
      provider.close();
    }

    private void somebodyNew() {
      sub = "sub-" + UUID.randomUUID();
      anotherSession();
    }

    private void anotherSession() {
      sid = "sid-" + UUID.randomUUID();
      provider.says(
          JsonObject.builder()
              .put("sub", sub)
              .put("sid", sid)
              .put("preferred_username", sub)
              .put("groups", List.of("engineering"))
              .put("email", address())
              .put("email_verified", true)
              .build());
      desk = new Desk(pair);
    }

    private String address() {
      return sub + "@" + World.DOMAIN;
    }

    /// A browser that is on its way back from the provider.
    URI signInUpTo(String last) {
      var callback = Http.get(desk.signInAt("idp").location(), Map.of()).location();
      assertThat(callback.getPath()).contains(last);
      pair.clock.advance(Duration.ofMillis(1));
      return callback;
    }

    private Subject named(Name name) {
      return switch (name) {
        case SESSION -> new Subject.UpstreamSession("idp", sid, Optional.empty());
        case SUBJECT ->
            new Subject.External(new ExternalSubject(World.ORGANISATION, provider.issuer(), sub));
        case SUBJECT_OF_SESSIONS -> new Subject.UpstreamSubject("idp", sub);
        case EMAIL -> new Subject.Email(World.ORGANISATION, address());
        case ALIASES -> new Subject.Aliases(List.of(named(Name.EMAIL), named(Name.SUBJECT)));
      };
    }

    private Signal signal(Subject subject, Happening what, Instant at) {
      return new Signal(
          Source.of(Source.Kind.BACK_CHANNEL_LOGOUT, "idp").within(World.ORGANISATION),
          UUID.randomUUID().toString(),
          subject,
          what,
          at,
          "signed out there",
          "early");
    }

    Signal ended(Name name, Instant at) {
      return signal(named(name), Happening.SESSIONS_REVOKED, at);
    }

    private void assertSignedIn(Answer answer) {
      assertThat(answer.status()).as(answer.body()).isBetween(302, 303);
      assertThat(answer.location().getQuery()).contains("code=");
    }

    void assertEnded(Answer answer) {
      assertThat(answer.status()).as(answer.body()).isEqualTo(403);
      assertThat(answer.body()).contains("signed out while you signed in");
      assertThat(answer.header("Set-Cookie").orElse("")).doesNotContain("session");
      assertThat(liveSessions()).isZero();
    }

    /// Sessions on the one at the provider from which anything could still be got.
    private long liveSessions() {
      return pair.database.read(connection -> {
        try (var query =
            connection.prepareStatement(
                "SELECT COUNT(*) FROM session WHERE upstream_session = ? AND ended_at IS NULL")) {
          query.setString(1, sid);
          try (var rows = query.executeQuery()) {
            rows.next();
            return rows.getLong(1);
          }
        }
      });
    }

    @ParameterizedTest
    @EnumSource(Name.class)
    @DisplayName("while somebody signs in who was never here: no session comes of it")
    void before_there_is_anybody(Name name) {
      var callback = signInUpTo("callback");
      pair.clock.advance(Duration.ofSeconds(2));
      assertThat(pair.revocation.accept(ended(name, pair.clock.instant())))
          .isInstanceOf(Reaction.NotFound.class);
      pair.clock.advance(Duration.ofSeconds(2));

      var answer = desk.browse(callback);

      assertEnded(answer);
      assertThat(pair.audit(answer.header("Lanyard-Correlation-Id").orElseThrow()))
          .contains("sign-in refused", "ended by the provider");
    }

    @ParameterizedTest
    @EnumSource(Name.class)
    @DisplayName("while somebody known signs in: the same")
    void of_somebody_known(Name name) {
      assertSignedIn(desk.browse(signInUpTo("callback")));
      anotherSession();
      pair.clock.advance(Duration.ofSeconds(2));
      var callback = signInUpTo("callback");
      pair.clock.advance(Duration.ofSeconds(2));
      pair.revocation.accept(ended(name, pair.clock.instant()));
      pair.clock.advance(Duration.ofSeconds(2));
      assertEnded(desk.browse(callback));
    }

    @ParameterizedTest
    @EnumSource(Name.class)
    @DisplayName("whoever signs in anew afterwards is in")
    void afterwards(Name name) {
      desk.browse(signInUpTo("callback"));
      pair.clock.advance(Duration.ofSeconds(2));
      pair.revocation.accept(ended(name, pair.clock.instant()));
      pair.clock.advance(Duration.ofSeconds(2));
      anotherSession();
      assertSignedIn(desk.browse(signInUpTo("callback")));
    }

    @ParameterizedTest
    @EnumSource(Name.class)
    @DisplayName("in the usual order: the session ends")
    void in_order(Name name) {
      assertSignedIn(desk.browse(signInUpTo("callback")));
      assertThat(liveSessions()).isOne();
      pair.revocation.accept(ended(name, pair.clock.instant()));
      assertThat(liveSessions()).isZero();
    }

    @ParameterizedTest
    @EnumSource(Name.class)
    @DisplayName("nobody else who is signing in is harmed")
    void somebody_else(Name name) {
      var hers = signInUpTo("callback");
      var herDesk = desk;
      var herClaims = sub;
      somebodyNew();
      pair.revocation.accept(ended(name, pair.clock.instant()));
      assertThat(herClaims).isNotEqualTo(sub);
      sub = herClaims;
      anotherSession();
      assertSignedIn(herDesk.browse(hers));
    }

    @ParameterizedTest
    @EnumSource(Name.class)
    @DisplayName("what happened long before the sign-in began, and was told late, does not end it")
    void told_late(Name name) {
      var callback = signInUpTo("callback");
      var longAgo = pair.clock.instant().minus(Duration.ofMinutes(30));
      pair.revocation.accept(ended(name, longAgo));
      assertSignedIn(desk.browse(callback));
    }

    @ParameterizedTest
    @EnumSource(Name.class)
    @DisplayName("what ends no sessions ends no sign-in")
    void nothing_ended(Name name) {
      var callback = signInUpTo("callback");
      pair.revocation.accept(signal(named(name), Happening.NOTED, pair.clock.instant()));
      pair.revocation.accept(signal(named(name), Happening.ENABLED, pair.clock.instant()));
      assertSignedIn(desk.browse(callback));
    }

    @Test
    @DisplayName("an administrator's revocation ends a sign-in that is under way as well")
    void revoked_by_an_administrator() {
      assertSignedIn(desk.browse(signInUpTo("callback")));
      anotherSession();
      pair.clock.advance(Duration.ofSeconds(2));
      var callback = signInUpTo("callback");
      pair.clock.advance(Duration.ofSeconds(2));
      pair.happened(
          pair.directory.findByUserName(World.ORGANISATION, sub).orElseThrow(),
          Happening.TOKENS_REVOKED);
      assertEnded(desk.browse(callback));
    }

    @ParameterizedTest
    @EnumSource(Name.class)
    @DisplayName("if the process dies before it is durable, it comes again and ends the session")
    void the_process_dies(Name name) {
      var callback = signInUpTo("callback");
      var signal = ended(name, pair.clock.instant());
      assertThatThrownBy(() ->
              pair.database.write(connection -> {
                var _ = pair.revocation.accept(connection, List.of(signal));
                throw new SQLException("the process dies here");
              }))
          .isInstanceOf(DatabaseException.class);
      assertSignedIn(desk.browse(callback));

      pair.revocation.accept(signal);

      assertThat(liveSessions()).isZero();
    }

    @ParameterizedTest
    @EnumSource(Name.class)
    @DisplayName("both at once: whoever is second sees the first")
    void at_once(Name name) throws Exception {
      bothAtOnce(name, pair);
    }

    void bothAtOnce(Name name, Pair told) throws Exception {
      try (var threads = Executors.newFixedThreadPool(2)) {
        for (int round = 0; round < 10; round++) {
          somebodyNew();
          var callback = signInUpTo("callback");
          var signal = ended(name, pair.clock.instant());
          var together = new CyclicBarrier(2);
          Callable<Answer> arriving =
              () -> {
                together.await();
                return desk.browse(callback);
              };
          Callable<Reaction> ending =
              () -> {
                together.await();
                return told.revocation.accept(signal);
              };
          var answer = threads.submit(arriving);
          threads.submit(ending).get();
          assertThat(answer.get().status()).isIn(302, 303, 403);
          assertThat(liveSessions()).as(answer.get().body()).isZero();
          pair.clock.advance(Duration.ofSeconds(2));
        }
      }
    }
  }
}
