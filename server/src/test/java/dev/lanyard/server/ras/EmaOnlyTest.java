package dev.lanyard.server.ras;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.server.authorization.SignInWays;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.pair.Answer;
import dev.lanyard.server.pair.Pair;
import dev.lanyard.server.pair.Setup;
import dev.lanyard.server.pair.Visit;
import dev.lanyard.server.pair.World;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("AC-16: who belongs to an organisation with EMA only does not consent by themselves")
class EmaOnlyTest {
  private static final String SCOPE = "issues.read";

  @TempDir Path folder;
  private Pair pair;

  /// People of Acme sign in at the resource authorization server, too.
  private Pair start(Setup setup) {
    var acme =
        new FlowConfig(
            new SignInWays(Optional.of(World.ORGANISATION), List.<SignInWays.Provider>of()));
    pair = Pair.start(setup.ordinary(acme), folder);
    return pair;
  }

  @AfterEach
  void stop() {
    pair.close();
  }

  private void assertRefused(Visit visit, Answer answer, Person person) {
    assertThat(answer.status()).isEqualTo(403);
    assertThat(answer.body())
        .contains("Your organisation decides this", "Back to Studio", "error=access_denied");
    var correlation = answer.header("Lanyard-Correlation-Id").orElseThrow();
    assertThat(pair.records(correlation))
        .anySatisfy(record -> {
          assertThat(record.event().person()).contains(person.id().value());
          assertThat(record.event().evidence().toJson()).contains("AC-16");
        });
    var silent = visit.authorization(World.LINEAR, SCOPE).add("prompt", "none").build();
    assertThat(visit.authorize(silent).parameter("error")).isIn("access_denied", "login_required");
  }

  @Test
  void by_default_a_member_is_turned_away_with_a_page_and_a_record() {
    start(Setup.usual(folder));
    var alice = pair.person("alice");
    var visit = Visit.studio(pair);
    assertRefused(
        visit, visit.question("alice", visit.authorization(World.LINEAR, SCOPE).build()), alice);
  }

  @Test
  @DisplayName("whoever has an address in a domain of such an organisation is one of its people")
  void by_the_domain_of_the_address() {
    pair = Pair.start(Setup.usual(folder).ordinary(), folder);
    for (var domain : List.of(World.DOMAIN, "ACME.example", "acme.example.")) {
      var name = "private" + domain.hashCode();
      var person = pair.personOf(World.GUESTS, name, name + "@" + domain);
      var visit = Visit.studio(pair);
      assertRefused(
          visit, visit.question(name, visit.authorization(World.LINEAR, SCOPE).build()), person);
    }
  }

  @Test
  void where_the_organisation_lets_them_they_are_asked() {
    start(Setup.usual(folder).lettingConsent());
    pair.person("alice");
    var visit = Visit.studio(pair);
    var tokens = visit.tokens("alice", World.LINEAR, SCOPE);
    assertThat(visit.isActive(tokens.text("access_token"), "linear-server")).isTrue();
  }

  @Nested
  @DisplayName("when the organisation takes the flow back")
  class Later {
    @Test
    void what_was_given_counts_no_more_and_cannot_be_renewed() {
      var setup = Setup.usual(folder);
      start(setup.lettingConsent());
      var alice = pair.person("alice");
      var before = Visit.studio(pair);
      var tokens = before.tokens("alice", World.LINEAR, SCOPE);
      var code =
          before.authorize(before.authorization(World.LINEAR, SCOPE).build()).parameter("code");
      var ras = pair.ras();
      var broker = pair.broker();
      pair.close();
      // Another start with the same record and another configuration.
      start(setup.under(broker, ras));
      var after = before.at(pair);
      assertThat(after.isActive(tokens.text("access_token"), "linear-server")).isFalse();
      assertThat(after.token(Visit.refresh(tokens.text("refresh_token")).build()).text("error"))
          .isEqualTo("invalid_grant");
      assertThat(after.token(after.codeRequest(code).build()).text("error"))
          .isEqualTo("invalid_grant");
      assertThat(pair.reconcileConsents()).as("and who only listens is told").isEqualTo(1);
      assertRefused(
          after, after.authorize(after.authorization(World.LINEAR, SCOPE).build()), alice);
    }
  }
}
