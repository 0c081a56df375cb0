package dev.lanyard.server.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.server.database.DatabaseException;
import dev.lanyard.server.database.Freshness;
import dev.lanyard.server.database.TestDatabases;
import dev.lanyard.server.pair.Answer;
import dev.lanyard.server.pair.Desk;
import dev.lanyard.server.pair.Http;
import dev.lanyard.server.pair.Pair;
import dev.lanyard.server.pair.Setup;
import dev.lanyard.server.pair.Signer;
import dev.lanyard.server.pair.Soon;
import dev.lanyard.server.pair.World;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName(
    "RAS-8, AUD-6: while the record cannot be written, nothing is granted and nothing is refused")
class StoreDownTest {
  @TempDir Path folder;

  @Test
  void every_endpoint_says_that_it_is_our_fault_and_works_again_afterwards()
      throws InterruptedException, ExecutionException {
    var database = TestDatabases.postgres();
    try (var pair = Pair.start(Setup.on(database, folder), folder)) {
      pair.person("alice", "engineering");
      var desk = new Desk(pair);
      var signedIn = desk.signedIn("alice", "openid offline_access");
      var idToken = signedIn.text("id_token");
      var idJag = desk.exchange(idToken, World.LINEAR).text("access_token");
      var accessToken = desk.accessToken("alice", World.LINEAR);
      var refresh =
          Form.builder()
              .add("grant_type", "refresh_token")
              .add("refresh_token", signedIn.text("refresh_token"))
              .build();
      var toRevoke = Form.builder().add("token", accessToken).build();
      var codeRequest = desk.codeRequest(desk.code("alice", "openid")).build();

      var requests = new LinkedHashMap<String, Supplier<Answer>>();
      requests.put("issue", () -> desk.exchange(idToken, World.LINEAR));
      requests.put("redemption", () -> desk.redeem(idJag));
      requests.put("refresh", () -> desk.token(refresh));
      requests.put("code", () -> desk.token(codeRequest));
      requests.put(
          "revocation", () -> Http.post(pair.rasUrl("/revoke"), toRevoke, Desk.basic("desk-ras")));
      requests.put(
          "client assertion", () -> Signer.atRas(pair).post(pair.rasUrl("/introspect"), toRevoke));
      // A refusal that cannot be put on record is no answer either.
      requests.put("bad request", () -> desk.redeem("no token"));
      requests.put("wrong client", () -> wrongClient(pair));

      try (var _ = TestDatabases.outage(database);
          var threads = Executors.newVirtualThreadPerTaskExecutor()) {
        // It is answered from memory, as long as this node knows what has changed.
        assertThat(desk.introspect(accessToken, "linear-server").body())
            .contains("\"active\":true");
        var answers = new LinkedHashMap<String, Future<Answer>>();
        requests.forEach((what, request) -> answers.put(what, threads.submit(request::get)));
        for (var answer : answers.entrySet()) {
          assertOurFault(answer.getKey(), answer.getValue().get());
        }
        assertThat(desk.introspect(accessToken, "linear-server").body())
            .doesNotContain("\"active\":false");
      }
      awaitFresh(pair);

      assertThat(desk.exchange(idToken, World.LINEAR).status()).isEqualTo(200);
      assertThat(desk.redeem(idJag).status()).as("the ID-JAG was not used up").isEqualTo(200);
      assertThat(desk.token(refresh).status()).isEqualTo(200);
      assertThat(desk.token(codeRequest).status()).isEqualTo(200);
      assertThat(desk.introspect(accessToken, "linear-server").body())
          .as("was not revoked by the request that failed")
          .contains("\"active\":true");
    }
  }

  /// The node must first hear again what has changed.
  private static void awaitFresh(Pair pair) {
    Soon.until(
        () -> isWritable(pair) && pair.database.changes().freshness() instanceof Freshness.Fresh);
  }

  private static boolean isWritable(Pair pair) {
    try {
      return pair.database.write(_ -> true);
    } catch (DatabaseException e) {
      return false;
    }
  }

  private static Answer wrongClient(Pair pair) {
    var form =
        Form.builder()
            .add("grant_type", "refresh_token")
            .add("client_id", "desk")
            .add("client_secret", "wrong")
            .build();
    return Http.post(pair.brokerUrl("/token"), form, Map.of());
  }

  private static void assertOurFault(String what, Answer answer) {
    assertThat(answer.status()).as("%s: %s", what, answer.body()).isBetween(500, 599);
    assertThat(answer.text("error")).as(what).isIn("server_error", "temporarily_unavailable");
    assertThat(answer.header("Cache-Control")).contains("no-store");
    assertThat(answer.text("correlation_id")).isNotEmpty();
    assertThat(answer.body()).doesNotContain("SQL", "postgres", "jdbc", "Exception");
  }
}
