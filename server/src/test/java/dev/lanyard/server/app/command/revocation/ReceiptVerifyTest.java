package dev.lanyard.server.app.command.revocation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.jose.JwtSigner;
import dev.lanyard.protocol.jose.PublicKeySet;
import dev.lanyard.protocol.jose.SigningAlgorithm;
import dev.lanyard.protocol.jose.SigningKey;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.server.app.Installed;
import dev.lanyard.server.app.Installed.Ran;
import dev.lanyard.server.app.configuration.ConfigurationFile;
import dev.lanyard.server.audit.AuditEvent;
import dev.lanyard.server.audit.AuditLog;
import dev.lanyard.server.audit.Outcome;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.receipts.Issue;
import dev.lanyard.server.receipts.ReceiptDesk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("lanyard receipt verify says what a genuine receipt does not vouch for")
class ReceiptVerifyTest {
  private static final String FROM = "2026-10-05T08:00:00Z";
  private static final String BY = "2026-10-05T08:00:01Z";

  @TempDir private Path folder;
  private final SigningKey key = SigningKey.generate(SigningAlgorithm.ES256);

  private static JsonObject.Builder account() {
    return JsonObject.builder()
        .put("incident", "i-1")
        .put("person", "ana")
        .put("refused_from", FROM)
        .put("final", true);
  }

  private static JsonObject.Builder letIn() {
    var probe =
        JsonObject.builder()
            .put("connector", "https://lax.example/mcp")
            .put("by", "http")
            .put("outcome", "not_refused")
            .put("answer", "200")
            .build();
    return account().put("probes", List.of(probe));
  }

  private String verified(JsonObject account) throws IOException {
    var receipt =
        Files.writeString(
            folder.resolve("receipt"), new JwtSigner(key, ReceiptDesk.TYPE).sign(account));
    var keys =
        Files.writeString(
            folder.resolve("keys"),
            new PublicKeySet(List.of(key.publicKey())).toJson().toPrettyJson());
    var ran = Installed.run("receipt", "verify", receipt.toString(), "--key", keys.toString());
    assertThat(ran.exit()).as(ran.err()).isZero();
    return ran.out();
  }

  @Test
  void where_everybody_refuses() throws Exception {
    assertThat(verified(account().put("refused_everywhere_by", BY).build()))
        .contains("Refused from " + FROM + ", everywhere by " + BY)
        .doesNotContain("NOT", "reach", "Residual");
  }

  @Test
  @DisplayName("where a probe got in; also of a release that claimed that everybody refuses")
  void where_a_probe_got_in() throws Exception {
    for (var account : List.of(letIn(), letIn().put("refused_everywhere_by", BY))) {
      assertThat(verified(account.build()))
          .contains("NOT EVERYWHERE", "NOT REFUSED", "https://lax.example/mcp")
          .doesNotContain("everywhere by");
    }
  }

  @Test
  @DisplayName("SEC: whether the log has a receipt, and whether another has replaced it")
  void in_the_log() throws Exception {
    var installed = Installed.in(folder.resolve("set-up"));
    var first = account().put("refused_everywhere_by", BY).put("issued_at", FROM).build();
    var second = first.with(JsonObject.builder().put("replaces", FROM).build());
    var signer = new JwtSigner(key, ReceiptDesk.TYPE);
    var stranger = signer.sign(first.with(JsonObject.builder().put("final", false).build()));
    var texts = List.of(signer.sign(first), signer.sign(second));
    var config = ConfigurationFile.read(installed.configuration(), Map.of());
    try (var database = Database.open(config.database(), Clock.systemUTC())) {
      for (var signed : texts) {
        var evidence =
            JsonObject.builder()
                .put("incident", "i-1")
                .put("sha256", Issue.hash(signed))
                .put("issued_at", FROM)
                .build();
        database.write(connection -> {
          AuditLog.append(
              connection,
              List.of(
                  AuditEvent.of(Issue.TYPE, Outcome.SUCCESS, Instant.parse(FROM), "c", evidence)));
          return true;
        });
      }
    }
    var export = folder.resolve("export").toString();
    assertThat(installed.here("audit", "export", export).exit()).isZero();
    var logKey = installed.here("audit", "keys").out().strip();

    assertThat(inLog(texts.get(1), export, logKey).out()).contains("and none that has replaced it");
    assertThat(inLog(texts.get(0), export, logKey).err())
        .contains("REPLACED", "issued in its place");
    assertThat(inLog(stranger, export, logKey).err()).contains("NOT IN THE LOG");
    assertThat(inLog(texts.get(1), folder.toString(), logKey).err()).contains("no audit log in");
    var records = Path.of(export, "records", "000000.part.jsonl");
    Files.writeString(records, Files.readString(records).replace(FROM, BY));
    assertThat(inLog(texts.get(1), export, logKey).err()).contains("cannot be believed");
  }

  private Ran inLog(String signed, String export, String logKey) throws IOException {
    var receipt = Files.writeString(folder.resolve("receipt"), signed);
    var keys =
        Files.writeString(
            folder.resolve("keys"),
            new PublicKeySet(List.of(key.publicKey())).toJson().toPrettyJson());
    return Installed.run(
        "receipt",
        "verify",
        receipt.toString(),
        "--key",
        keys.toString(),
        "--log",
        export,
        "--log-key",
        logKey);
  }

  @Test
  @DisplayName("what was signalled, by whom, and what is dead how far: an enabling is no kill")
  void what_happened() throws Exception {
    var signal = JsonObject.builder().put("what", "ENABLED").put("source", "scim:okta");
    var dead =
        JsonObject.builder()
            .put("kind", "PERSON")
            .put("value", "ana")
            .put("issued_before", FROM)
            .build();
    var stopped =
        JsonObject.builder()
            .put("kind", "CONNECTOR")
            .put("value", "https://one.example/mcp")
            .put("until_lifted", true)
            .build();
    var account =
        account()
            .put("signal", signal.build())
            .put("denied", List.of(dead, stopped))
            .put("refused_everywhere_by", BY);

    assertThat(verified(account.build()))
        .contains(
            "Signalled: enabled by scim:okta",
            "No kill: what was issued before stays dead",
            "Dead: person ana, issued up to " + FROM,
            "Dead: connector https://one.example/mcp, until it is enabled again");
    signal.put("what", "CREDENTIAL_CHANGED");
    assertThat(verified(account.put("signal", signal.build()).build()))
        .contains("Signalled: credential changed by scim:okta")
        .doesNotContain("No kill");
  }

  @Test
  @DisplayName("how it is known of connectors of ours, and of which nobody knows it")
  void what_is_known_of_connectors() throws Exception {
    var follows =
        JsonObject.builder()
            .put("connector", "https://one.example/mcp")
            .put("refused_by", BY)
            .put("because", "'one-server' follows for it");
    var unknown = JsonObject.builder().put("connector", "https://two.example/mcp");
    var residual =
        JsonObject.builder()
            .put("connector", "https://two.example/mcp")
            .put("no_new_token_from", FROM)
            .put("until_at_most", BY);
    var account =
        account()
            .put("connectors", List.of(follows.build(), unknown.build()))
            .put("residual", List.of(residual.build()));

    assertThat(verified(account.build()))
        .contains(
            "but NOT KNOWN of everywhere",
            "At https://one.example/mcp by " + BY + ": 'one-server' follows for it",
            "Residual: no new token at https://two.example/mcp from " + FROM,
            "live until " + BY + " at most")
        .doesNotContain("everywhere by", "At https://two");
  }

  @Test
  void who_has_not_confirmed_and_what_nobody_can_end() throws Exception {
    var residual =
        JsonObject.builder().put("connector", "salesforce").put("no_new_token_from", BY).build();
    var account =
        account()
            .put("refused_everywhere_by", BY)
            .put("without_reach", List.of("https://vendor.example"))
            .put("residual", List.of(residual));

    assertThat(verified(account.build()))
        .contains(
            "not confirmed by https://vendor.example",
            "no new token at salesforce from",
            "as long as it lets them");
  }

  @Test
  @DisplayName("Mission fact 3: until when what nobody can end lives, if the catalogue knows it")
  void until_when_tokens_of_others_live() throws Exception {
    var residual =
        JsonObject.builder()
            .put("connector", "notion")
            .put("no_new_token_from", BY)
            .put("until_at_most", "2026-10-05T16:00:00Z")
            .build();

    assertThat(
            verified(
                account()
                    .put("refused_everywhere_by", BY)
                    .put("residual", List.of(residual))
                    .build()))
        .contains("live until 2026-10-05T16:00:00Z at most");
  }

  @Test
  void a_receipt_of_another_form_is_genuine_and_nothing_is_claimed_of_it() throws Exception {
    assertThat(verified(account().build())).contains("Genuine", "not readable");
  }
}
