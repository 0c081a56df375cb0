package dev.lanyard.server.receipts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.resourceserver.Verdict;
import dev.lanyard.server.database.TestDatabases;
import dev.lanyard.server.pair.Desk;
import dev.lanyard.server.pair.Pair;
import dev.lanyard.server.pair.ReceiptWriter;
import dev.lanyard.server.pair.Setup;
import dev.lanyard.server.pair.Subscribed;
import dev.lanyard.server.pair.World;
import dev.lanyard.server.revocation.Happening;
import dev.lanyard.server.revocation.Source;
import dev.lanyard.server.revocation.Subject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName(
    "DPR-1: a client, connector, issuer or everything that was killed has a receipt as well")
class ReceiptsOfThingsTest {
  @TempDir Path folder;
  private Pair pair;
  private ReceiptWriter writer;
  private Subscribed server;
  private String token;

  @BeforeEach
  void start() throws Exception {
    pair = Pair.start(Setup.on(TestDatabases.sqlite(folder), folder), folder);
    writer = ReceiptWriter.start(pair);
    server = new Subscribed(pair, pair.port("ras"), "linear-server", Duration.ofSeconds(5));
    assertThat(server.stream.awaitFresh(Duration.ofSeconds(60))).isTrue();
    pair.person("alice", "engineering");
    token = new Desk(pair).accessToken("alice", World.LINEAR);
    assertThat(server.call(token)).isInstanceOf(Verdict.Admitted.class);
  }

  @AfterEach
  void stop() throws Exception {
    server.close();
    writer.close();
    pair.close();
  }

  private Subject subject(String what) {
    return switch (what) {
      case "CLIENT" -> new Subject.Client(pair.ras(), new ClientId("desk-ras"));
      case "CONNECTOR" -> new Subject.Connector(World.LINEAR);
      case "ISSUER" -> new Subject.Provider(pair.broker());
      default -> new Subject.Everything();
    };
  }

  private void report(Subject subject, Happening what, String correlationId) {
    pair.revocation.report(Source.of(Source.Kind.ADMIN), subject, what, "a test", correlationId);
  }

  private JsonObject account(Receipt receipt) {
    var verdict = ReceiptVerdict.of(receipt.signed().orElseThrow(), pair.receiptKeys().published());
    assertThat(verdict).isInstanceOf(ReceiptVerdict.Genuine.class);
    return ((ReceiptVerdict.Genuine) verdict).account();
  }

  private static String text(JsonObject json, String name) {
    try {
      return json.string(name).orElse("");
    } catch (MalformedException e) {
      throw new AssertionError(e);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"CLIENT", "CONNECTOR", "ISSUER", "ALL"})
  @DisplayName("who refuses since when, and what a token of that moment meets")
  void says_who_refuses(String kind) throws Exception {
    report(subject(kind), Happening.DISABLED, "test");
    var receipt = writer.signed();
    var account = account(receipt);

    assertThat(receipt.person()).isEmpty();
    assertThat(account.string("person")).isEmpty();
    assertThat(account.objects("denied").orElseThrow())
        .singleElement()
        .matches(one -> text(one, "kind").equals(kind));
    var point = account.objects("enforcement").orElseThrow().getFirst();
    assertThat(point.string("name")).contains("linear-server");
    assertThat(point.string("because")).contains("it acknowledged");
    // Somebody held a token of Linear, and nobody one of another connector.
    assertThat(account.objects("probes").orElseThrow())
        .filteredOn(one -> text(one, "by").equals("introspection"))
        .singleElement()
        .matches(one -> text(one, "connector").equals(World.LINEAR.value()))
        .matches(one -> text(one, "outcome").equals("refused"));
    assertThat(server.call(token)).isInstanceOf(Verdict.Refused.class);
  }

  @Test
  @DisplayName(
      "what a client gives back itself needs none; what an administrator ends by hand does")
  void only_kills_that_somebody_asks_about() throws Exception {
    pair.revocation.report(
        Source.of(Source.Kind.CLIENT, "desk-ras"),
        new Subject.Grant("g-1"),
        Happening.TOKENS_REVOKED,
        "given back",
        "test");
    assertThat(new Receipts(pair.database).newest(Optional.empty(), 9)).isEmpty();
    report(new Subject.Grant("g-2"), Happening.TOKENS_REVOKED, "test-2");
    var account = account(writer.signed());
    assertThat(account.objects("denied").orElseThrow().getFirst().string("value")).contains("g-2");
    assertThat(account.objects("probes").orElse(List.of())).isEmpty();
  }

  @Test
  @DisplayName("a token of the other organisation's issuer goes on living, and is no probe")
  void others_live() throws Exception {
    report(new Subject.Provider(new Issuer("https://other.example")), Happening.DISABLED, "test");
    assertThat(account(writer.signed()).objects("probes").orElse(List.of())).isEmpty();
    assertThat(server.call(token)).isInstanceOf(Verdict.Admitted.class);
  }
}
