package dev.lanyard.server.app.command.revocation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.server.app.Installed;
import dev.lanyard.server.app.Installed.Ran;
import dev.lanyard.server.database.DatabaseConfig;
import dev.lanyard.server.database.TestDatabases;
import dev.lanyard.server.pair.Desk;
import dev.lanyard.server.pair.Pair;
import dev.lanyard.server.pair.ReceiptWriter;
import dev.lanyard.server.pair.Setup;
import dev.lanyard.server.pair.World;
import dev.lanyard.server.receipts.Receipts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName(
    "DPR-1, DPR-3: disable, revoke and enable at the command line, beside a running server")
@Tag("thorough")
class DenyCommandsTest {

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
  }

  /// What can be stopped by hand.
  enum Kind {
    USER("--user", "alice", "person"),
    CLIENT("--client", "desk", "client"),
    RAS_CLIENT("--ras-client", "desk-ras", "client"),
    CONNECTOR("--connector", "linear", "connector"),
    CONNECTOR_BY_URL("--connector", "https://linear.example/mcp", "connector"),
    ISSUER("--issuer", "", "issuer"),
    EVERYTHING("--everything", "", "all");

    private final String option;
    private final String name;
    private final String recorded;

    Kind(String option, String name, String recorded) {
      this.option = option;
      this.name = name;
      this.recorded = recorded;
    }

    boolean isOfMany() {
      return this != USER;
    }

    /// Whether Bob, at another connector through another client, is not concerned.
    boolean sparesBob() {
      return this != ISSUER && this != EVERYTHING;
    }
  }

  abstract static class Contract {
    private final DatabaseConfig config;
    private final Path folder;
    private Pair pair;
    private ReceiptWriter receipts;
    private Path yaml;

    Contract(DatabaseConfig config, Path folder) {
      this.config = config;
      this.folder = folder;
    }

    @BeforeEach
    void start() throws IOException {
      pair = Pair.start(Setup.on(config, folder), folder);
      now();
      receipts = ReceiptWriter.start(pair);
      pair.person("alice", "engineering");
      pair.person("bob", "sales");
      yaml =
          Files.writeString(
              folder.resolve("lanyard.yaml"),
              """
              database: {%1$s}
              master_key_file: master.key
              library: library
              outbound: {loopback: true}
              broker:
                issuer: %2$s
                listen: localhost:0
                organisation: acme
                clients: broker-clients.yaml
                sign_in: {local_people: true}
              ras:
                issuer: %3$s
                listen: localhost:0
                clients: ras-clients.yaml
                resources:
                  - {resource: "https://linear.example/mcp", name: Linear, scopes: [issues.read]}
                organisations:
                  - name: acme
                    issuers:
                      - {issuer: "%2$s", algorithms: [ES256], domains: [acme.example]}
              """
                  .formatted(database(), pair.broker().value(), pair.ras().value()));
    }

    private String database() throws IOException {
      var url = "url: \"" + config.url() + "\"";
      if (config.url().startsWith("jdbc:sqlite:")) {
        return url;
      }
      Files.writeString(folder.resolve("database"), "postgres");
      return url + ", user: postgres, password_file: database";
    }

    @AfterEach
    void stop() {
      receipts.close();
      pair.close();
    }

    /// Commands go by the clock of the machine.
    private void now() {
      pair.clock.set(Instant.now());
    }

    private Ran command(String command, Kind kind, String... more) {
      var arguments = new ArrayList<>(List.of(command, kind.option));
      if (kind != Kind.EVERYTHING) {
        arguments.add(name(kind));
      }
      arguments.addAll(List.of(more));
      arguments.addAll(List.of("-c", yaml.toString()));
      var ran = Installed.run(arguments.toArray(String[]::new));
      pair.awaitChanges();
      later();
      return ran;
    }

    private String name(Kind kind) {
      return switch (kind) {
        case ISSUER -> pair.broker().value();
        case EVERYTHING -> "everything";
        default -> kind.name;
      };
    }

    private Ran meant(String command, Kind kind, String... more) {
      var all = new ArrayList<>(List.of(more));
      if (kind.isOfMany()) {
        all.addAll(List.of("--yes-i-mean", name(kind)));
      }
      var ran = command(command, kind, all.toArray(String[]::new));
      assertThat(ran.exit()).as(ran.err()).isZero();
      return ran;
    }

    /// Beyond the second of what was denied, in which a new token counts as old.
    private void later() {
      pair.clock.set(Instant.now().plus(Duration.ofSeconds(2)));
    }

    private String accessToken() {
      return new Desk(pair).accessToken("alice", World.LINEAR);
    }

    /// Empty if somebody on the way refuses.
    private String attempted() {
      try {
        return accessToken();
      } catch (AssertionError refusedAtSignIn) {
        return "";
      }
    }

    private String accessTokenOfBob() {
      return new Desk(pair, "other", "other-ras", "https://other.example/callback")
          .accessToken("bob", World.NOTION);
    }

    private boolean lives(String token) {
      var desk = new Desk(pair);
      var answers =
          List.of(desk.introspect(token, "linear-server"), desk.introspect(token, "notion-server"));
      return answers.stream().anyMatch(one -> one.body().contains("\"active\":true"));
    }

    private String audit(Kind kind, String what) {
      return Installed.run("audit", "--type", kind.recorded + "." + what, "-c", yaml.toString())
          .out();
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    @DisplayName(
        "disable: dead, refused, recorded, with a receipt; enable: on, and nothing revives")
    void off_and_on(Kind kind) throws Exception {
      var token = accessToken();
      var bobs = accessTokenOfBob();
      assertThat(lives(token)).isTrue();
      assertThat(lives(bobs)).isTrue();
      if (kind.isOfMany()) {
        assertThat(command("disable", kind).exit()).isEqualTo(1);
        var wrong = command("disable", kind, "--yes-i-mean", "another");
        assertThat(wrong.exit()).isEqualTo(1);
        assertThat(wrong.err()).contains("--yes-i-mean " + name(kind));
        assertThat(lives(token)).as("not confirmed").isTrue();
      }

      var off = meant("disable", kind, "--reason", "left the company");

      assertThat(off.out()).contains("incident");
      assertThat(lives(token)).isFalse();
      assertThat(lives(bobs)).isEqualTo(kind.sparesBob());
      assertThat(attempted()).isEmpty();
      assertThat(audit(kind, "disabled")).contains("left the company", "admin");
      assertReceipt(off);

      assertThat(command("enable", kind).exit()).isZero();

      assertThat(lives(token)).as("an old token").isFalse();
      assertThat(lives(accessToken())).isTrue();
      assertThat(audit(kind, "enabled")).isNotBlank();
    }

    @Test
    @DisplayName("an issuer that nobody trusts is told, with those that are, and nothing is Done")
    void an_unknown_issuer() {
      var slash = pair.broker().value() + "/";
      for (var command : List.of("disable", "revoke", "enable")) {
        var arguments = new ArrayList<>(List.of(command, "--issuer", slash, "-c", yaml.toString()));
        if (!command.equals("enable")) {
          arguments.addAll(List.of("--yes-i-mean", slash));
        }
        var ran = Installed.run(arguments.toArray(String[]::new));
        assertThat(ran.exit()).as(command + ran.out()).isEqualTo(1);
        assertThat(ran.err())
            .contains("no issuer '" + slash + "' is trusted here", "nothing was changed")
            .contains("Trusted are: " + pair.broker());
      }
    }

    private void assertReceipt(Ran off) throws InterruptedException {
      var receipt = receipts.signed();
      assertThat(off.out()).contains(receipt.incident());
      for (var one : new Receipts(pair.database).newest(Optional.empty(), 9)) {
        assertThat(off.out()).contains(one.incident());
      }
      var shown = Installed.run("receipt", "show", receipt.incident(), "-c", yaml.toString());
      assertThat(shown.exit()).as(shown.err()).isZero();
      assertThat(shown.out()).contains("refused_from");
      var listed = Installed.run("receipt", "list", "-c", yaml.toString());
      assertThat(listed.out()).contains("disabled by admin");
      later();
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    @DisplayName("revoke --issued-only: what was issued is dead, and new tokens are issued")
    void what_was_issued(Kind kind) {
      var token = accessToken();
      assertThat(command("revoke", kind, "--issued-only").exit())
          .isEqualTo(kind.isOfMany() ? 1 : 0);
      meant("revoke", kind, "--issued-only");
      assertThat(lives(token)).isFalse();
      assertThat(lives(accessToken())).isTrue();
      assertThat(audit(kind, "revoked")).contains("admin");
    }
  }
}
