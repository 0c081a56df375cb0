package dev.lanyard.server.scim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.directory.PersonId;
import dev.lanyard.server.directory.Standing;
import dev.lanyard.server.pair.Desk;
import dev.lanyard.server.pair.Pair;
import dev.lanyard.server.pair.Remembered;
import dev.lanyard.server.pair.Setup;
import dev.lanyard.server.pair.World;
import dev.lanyard.server.revocation.Happening;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("SCIM-17: what takes access away over SCIM kills, in one transaction with the change")
class KillOverScimTest {
  private static final String ANA = "ana@acme.example";

  @TempDir Path folder;
  private Pair pair;
  private Provider entra;
  private Desk desk;
  private String ana;
  private String engineering;

  @BeforeEach
  void start() {
    pair = Pair.start(Setup.usual(folder), folder);
    entra = new Provider(pair, "entra");
    desk = new Desk(pair);
    ana = entra.create(ANA);
    pair.passwords.set(new PersonId(ana), new Secret("the password of " + ANA));
    engineering = entra.group("engineering", ana);
  }

  @AfterEach
  void stop() {
    Remembered.asTheyAre(pair);
    pair.close();
  }

  private Person person() {
    return pair.directory.person(new PersonId(ana)).orElseThrow();
  }

  private boolean lives(String accessToken) {
    return desk.introspect(accessToken, "linear-server").body().contains("\"active\":true");
  }

  static Stream<Named<BiFunction<Provider, String, Provider.Reply>>> waysToDisable() {
    return Stream.of(
        Named.of(
            "Okta: PATCH without a path",
            (provider, id) ->
                provider.patch(
                    "/Users/" + id, "{\"op\": \"replace\", \"value\": {\"active\": false}}")),
        Named.of(
            "Entra: PATCH with a string",
            (provider, id) ->
                provider.patch(
                    "/Users/" + id,
                    "{\"op\": \"Replace\", \"path\": \"active\", \"value\": \"False\"}")),
        Named.of(
            "Entra with its flag: PATCH with a boolean",
            (provider, id) ->
                provider.patch(
                    "/Users/" + id,
                    "{\"op\": \"replace\", \"path\": \"active\", \"value\": false}")),
        Named.of(
            "Okta: PUT of the whole",
            (provider, id) ->
                provider.put("/Users/" + id, "{\"userName\": \"" + ANA + "\", \"active\": false}")),
        Named.of(
            "a bulk",
            (provider, id) ->
                provider.post(
                    "/Bulk",
                    """
                    {"schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],
                     "Operations": [{"method": "PATCH", "path": "/Users/%s", "data": %s}]}
                    """
                        .formatted(
                            id,
                            Provider.patchBody(
                                "{\"op\": \"replace\", \"value\": {\"active\": false}}")))),
        Named.of("DELETE", (provider, id) -> provider.delete("/Users/" + id)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"op\": \"replace\", \"path\": \"userName\", \"value\": \"ana.b@acme.example\"}",
        "{\"op\": \"replace\", \"value\": {\"emails\": [{\"value\": \"ana.b@acme.example\","
            + " \"type\": \"work\"}]}}"
      })
  @DisplayName("another name or address: policy is asked again at once, and nobody is alarmed")
  void renaming_is_judged_anew(String operation) throws IOException {
    var roles = folder.resolve("library/roles.yaml");
    Files.writeString(
        roles,
        Files.readString(roles)
            .replace(
                "connectors: {linear: [issues.read, issues.write]",
                """
                conditions:
                      herself: {when: "person.user_name == '%s' && person.email in ['', '%s']"}
                    connectors: {linear: [issues.read, issues.write]\
                """
                    .formatted(ANA, ANA)));
    pair.library.poll();
    pair.library.poll();
    var accessToken = desk.accessToken(ANA, World.LINEAR);
    assertThat(lives(accessToken)).isTrue();

    var reply = entra.patch("/Users/" + ana, operation);

    assertThat(reply.status()).as(reply.body()).isIn(200, 204);
    assertThat(lives(accessToken)).isFalse();
    assertThat(pair.audit(reply.header("Lanyard-Correlation-Id"))).contains("person.reevaluated");
    pair.clock.advance(Duration.ofMinutes(2));
    assertThat(pair.reconciliation.run().findings()).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("waysToDisable")
  void when_the_answer_is_there_every_step_is_refused(
      BiFunction<Provider, String, Provider.Reply> disable) {
    var signedIn = desk.signedIn(ANA, "openid offline_access");
    var idJag = desk.exchange(signedIn.text("id_token"), World.LINEAR).text("access_token");
    var accessToken = desk.accessToken(ANA, World.LINEAR);
    assertThat(lives(accessToken)).isTrue();

    var reply = disable.apply(entra, ana);

    assertThat(reply.status()).as(reply.body()).isIn(200, 204);
    assertThat(person().active()).isFalse();
    assertThat(lives(accessToken)).isFalse();
    assertThat(desk.redeem(idJag).text("error")).isEqualTo("invalid_grant");
    assertThat(desk.exchange(signedIn.text("id_token"), World.LINEAR).text("error"))
        .isEqualTo("invalid_grant");
    assertThat(pair.audit(reply.header("Lanyard-Correlation-Id"))).contains("entra");
  }

  @Test
  void DPR_3_who_is_let_in_again_gets_new_tokens_and_no_old_one() {
    var accessToken = desk.accessToken(ANA, World.LINEAR);
    entra.patch("/Users/" + ana, "{\"op\": \"replace\", \"value\": {\"active\": false}}");
    pair.clock.advance(Duration.ofMinutes(1));
    var reply =
        entra.patch("/Users/" + ana, "{\"op\": \"replace\", \"value\": {\"active\": true}}");
    assertThat(reply.status()).as(reply.body()).isEqualTo(200);
    assertThat(person().active()).isTrue();
    assertThat(lives(accessToken)).isFalse();
    assertThat(lives(new Desk(pair).accessToken(ANA, World.LINEAR))).isTrue();
  }

  @Test
  void whoever_leaves_a_group_gets_nothing_more_by_it() {
    var signedIn = desk.signedIn(ANA, "openid offline_access");
    assertThat(desk.exchange(signedIn.text("id_token"), World.LINEAR).status()).isEqualTo(200);
    var accessToken = desk.accessToken(ANA, World.LINEAR);

    var reply =
        entra.patch(
            "/Groups/" + engineering,
            "{\"op\": \"Remove\", \"path\": \"members\", \"value\": [{\"value\": \""
                + ana
                + "\"}]}");

    assertThat(reply.status()).as(reply.body()).isEqualTo(204);
    assertThat(person().groups()).isEmpty();
    assertThat(lives(accessToken)).as("DPR-2: what policy would not give any more").isFalse();
    assertThat(desk.exchange(signedIn.text("id_token"), World.LINEAR).status()).isEqualTo(400);
  }

  @Test
  void an_administrators_word_is_not_undone_by_what_the_provider_said_before() {
    pair.happened(person(), Happening.DISABLED);
    pair.clock.advance(Duration.ofMinutes(1));
    entra.put(
        "/Users/" + ana, "{\"userName\": \"" + ANA + "\", \"active\": true, \"title\": \"Lead\"}");
    assertThat(person().active()).isFalse();
  }

  @Test
  void the_provider_can_disable_again_whom_an_administrator_let_in() {
    var off = "{\"op\": \"replace\", \"value\": {\"active\": false}}";
    entra.patch("/Users/" + ana, off);
    pair.clock.advance(Duration.ofMinutes(1));
    pair.happened(person(), Happening.ENABLED);
    assertThat(person().active()).isTrue();
    pair.clock.advance(Duration.ofMinutes(1));
    entra.patch("/Users/" + ana, off);
    assertThat(person().active()).isFalse();
  }

  @Test
  void a_put_that_does_not_say_whether_somebody_is_active_switches_nobody_on() {
    entra.patch("/Users/" + ana, "{\"op\": \"replace\", \"value\": {\"active\": false}}");
    pair.clock.advance(Duration.ofMinutes(1));
    entra.put("/Users/" + ana, "{\"userName\": \"" + ANA + "\"}");
    assertThat(person().active()).isFalse();
  }

  @Test
  void DPR_2_whoever_is_deleted_is_erased_and_comes_back_as_somebody_else() {
    entra.delete("/Users/" + ana);
    assertThat(entra.get("/Users/" + ana).status()).isEqualTo(404);
    assertThat(entra.delete("/Users/" + ana).status()).isEqualTo(404);
    assertThat(person().standing()).isEqualTo(Standing.DELETED);
    assertThat(person().toString() + person().userName() + person().email()).doesNotContain(ANA);
    assertThat(entra.members(engineering)).isEmpty();
    var again = entra.create(ANA);
    assertThat(again).isNotEqualTo(ana);
    assertThat(pair.directory.findByUserName(World.ORGANISATION, ANA).map(one -> one.id().value()))
        .contains(again);
  }

  @Test
  void a_refusal_in_the_middle_leaves_everything_as_it_was() {
    var reply =
        entra.patch(
            "/Users/" + ana,
            "{\"op\": \"replace\", \"value\": {\"active\": false}},"
                + " {\"op\": \"replace\", \"path\": \"userName\", \"value\": \"\"}");
    assertThat(reply.status()).isEqualTo(400);
    assertThat(person().active()).isTrue();
    assertThat(lives(desk.accessToken(ANA, World.LINEAR))).isTrue();
  }
}
