package dev.lanyard.server.app.command.connect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.server.app.Installed;
import dev.lanyard.server.app.configuration.ConfigurationFile;
import dev.lanyard.server.pair.FreePort;
import dev.lanyard.server.pair.Http;
import dev.lanyard.server.pair.Provider;
import dev.lanyard.server.pair.Soon;
import dev.lanyard.server.pair.TestClock;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("lanyard connect: from an identity provider to people who sign in with it")
class ConnectCommandTest {
  private static final String SECRET = "the secret of the broker at the provider";
  private static final Pattern SIGN_IN =
      Pattern.compile("(http://127\\.0\\.0\\.1:\\d+/authorize\\S+)");

  @TempDir Path folder;
  private Installed installed;
  private Provider provider;

  @BeforeEach
  void start() throws IOException {
    installed = Installed.in(folder.resolve("set-up"));
    var clock = new TestClock();
    clock.advance(
        Duration.between(clock.instant(), Instant.ofEpochMilli(System.currentTimeMillis())));
    provider = Provider.start(clock);
  }

  @AfterEach
  void stop() {
    provider.close();
  }

  private String[] command(String preset, String... more) {
    var command =
        new ArrayList<>(
            List.of(
                "connect",
                preset,
                "-c",
                installed.configuration().toString(),
                "--issuer",
                provider.issuer().value(),
                "--client-id",
                "broker"));
    command.addAll(List.of(more));
    return command.toArray(String[]::new);
  }

  private Installed.Ran connect(String preset, String... more) {
    return installed.typing(SECRET, command(preset, more));
  }

  private String configuration() throws IOException {
    return Files.readString(installed.configuration());
  }

  @Test
  void writes_the_section_and_the_secret_and_says_what_to_register() throws IOException {
    var before = configuration();
    var ran =
        connect(
            "keycloak",
            "--domain",
            "example.com",
            "--group",
            "app-*=*",
            "--always",
            "staff",
            "--yes");
    assertThat(ran.exit()).as(ran.out() + ran.err()).isZero();
    assertThat(ran.out())
        .contains(
            "ok   upstream keycloak issuer: is " + provider.issuer(),
            "looks unlike one of Keycloak",
            "/callback/keycloak",
            "/backchannel-logout/keycloak",
            "/scim/v2",
            "+       - id: keycloak",
            "Written.");
    var after = configuration();
    assertThat(after.lines().filter(line -> !before.contains(line)).toList()).hasSizeBetween(8, 14);
    assertThat(before.lines()).allSatisfy(line -> assertThat(after).contains(line));
    var config = ConfigurationFile.read(installed.configuration(), Map.of());
    var upstream = config.broker().orElseThrow().config().signIn().upstreams().getFirst();
    assertThat(upstream.issuer()).isEqualTo(provider.issuer());
    assertThat(upstream.clientSecret().reveal()).isEqualTo(SECRET);
    assertThat(upstream.groups().of(List.of("app-sales")))
        .containsExactlyInAnyOrder("sales", "staff");
    assertThat(upstream.claims().groups()).contains("groups");
    var secret = installed.configuration().resolveSibling("secrets/keycloak");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(secret)))
        .isEqualTo("rw-------");
    assertThat(ran.out() + ran.err() + after).doesNotContain(SECRET);
  }

  @Test
  void shows_the_difference_and_writes_nothing_unasked() throws IOException {
    var before = configuration();
    var ran = connect("generic");
    assertThat(ran.exit()).isEqualTo(1);
    assertThat(ran.out()).contains("+       - id: generic", "Nothing was written");
    assertThat(configuration()).isEqualTo(before);
    assertThat(connect("generic", "--dry-run").exit()).isZero();
    assertThat(configuration()).isEqualTo(before);
    assertThat(installed.configuration().resolveSibling("secrets/generic")).doesNotExist();
  }

  @Test
  void replaces_an_entry_of_the_same_id_and_only_that() throws IOException {
    connect("generic", "--yes");
    connect("keycloak", "--yes");
    var ran = connect("generic", "--groups-claim", "roles", "--yes");
    assertThat(ran.out()).contains("+         groups_claim: roles");
    var upstreams =
        ConfigurationFile.read(installed.configuration(), Map.of())
            .broker()
            .orElseThrow()
            .config()
            .signIn()
            .upstreams();
    assertThat(upstreams).hasSize(2);
    assertThat(upstreams.getFirst().claims().groups()).contains("roles");
    assertThat(connect("generic", "--groups-claim", "roles", "--yes").out())
        .contains("says so already");
  }

  private Path secret(String id) {
    return installed.configuration().resolveSibling("secrets/" + id);
  }

  @Test
  void a_change_that_is_refused_leaves_the_secret_that_is_there() throws IOException {
    connect("generic", "--domain", "example.com", "--yes");
    Files.writeString(secret("keycloak"), "of somebody else\n");
    var before = configuration();

    var ran = connect("keycloak", "--domain", "example.com", "--yes");

    assertThat(ran.exit()).isEqualTo(1);
    assertThat(configuration()).isEqualTo(before);
    assertThat(secret("keycloak")).hasContent("of somebody else");
    try (var files = Files.list(secret("keycloak").getParent())) {
      assertThat(files).noneMatch(file -> file.toString().endsWith(".draft"));
    }
  }

  @Test
  void a_change_that_is_refused_leaves_no_secret_that_was_not_there() throws IOException {
    connect("generic", "--domain", "example.com", "--yes");

    assertThat(connect("keycloak", "--domain", "example.com", "--yes").exit()).isEqualTo(1);

    assertThat(secret("keycloak")).doesNotExist();
  }

  @Test
  void a_secret_is_renewed_where_the_entry_stays_as_it_is() throws IOException {
    connect("generic", "--yes");
    Files.writeString(secret("generic"), "the former one\n");
    var before = configuration();

    assertThat(connect("generic", "--dry-run").exit()).isZero();
    assertThat(secret("generic")).hasContent("the former one");
    var ran = connect("generic", "--yes");

    assertThat(ran.out()).contains("says so already.", "Replaces ", "Written.");
    assertThat(secret("generic")).hasContent(SECRET);
    assertThat(configuration()).isEqualTo(before);
    assertThat(connect("generic", "--yes").out()).contains("nothing was changed");
  }

  @Test
  void a_configuration_behind_a_link_is_changed_where_it_is() throws IOException {
    var elsewhere = Files.createDirectory(folder.resolve("elsewhere")).resolve("real.yaml");
    Files.move(installed.configuration(), elsewhere);
    Files.createSymbolicLink(installed.configuration(), elsewhere);

    assertThat(connect("generic", "--yes").exit()).isZero();

    assertThat(installed.configuration()).isSymbolicLink();
    assertThat(elsewhere).content().contains("- id: generic");
    try (var files = Files.list(elsewhere.getParent())) {
      assertThat(files).containsExactly(elsewhere);
    }
  }

  @Test
  @DisplayName("INT-5: a slash too many is found and nothing is written")
  void a_slash_too_many() throws IOException {
    var before = configuration();
    var command = command("generic", "--yes");
    command[5] = provider.issuer() + "/";
    var ran = installed.typing(SECRET, command);
    assertThat(ran.exit()).isEqualTo(1);
    assertThat(ran.out()).contains("BAD", "They must be equal to the last slash");
    assertThat(ran.err()).contains("nothing was written");
    assertThat(configuration()).isEqualTo(before);
  }

  @Test
  void a_secret_that_is_not_accepted_is_found() {
    provider.fails("/token", 401, "{\"error\":\"invalid_client\"}");
    var ran = connect("generic", "--yes");
    assertThat(ran.exit()).isEqualTo(1);
    assertThat(ran.out())
        .contains("BAD  upstream generic client: client_id 'broker' or its secret");
  }

  @Test
  void a_provider_that_is_not_there_is_told() {
    var command = command("generic", "--yes");
    command[5] = "http://127.0.0.1:1";
    assertThat(installed.typing(SECRET, command).out()).contains("cannot be reached");
  }

  @Test
  void what_is_missing_is_named_where_nobody_can_be_asked() {
    var ran =
        installed.typing(SECRET, "connect", "okta", "-c", installed.configuration().toString());
    assertThat(ran.err()).contains("--issuer is needed; nothing was changed");
    assertThat(installed.typing("", command("generic")).err())
        .contains("standard input has no secret");
    assertThat(
            Installed.run("connect", "myspace", "-c", installed.configuration().toString()).err())
        .contains("'myspace' is none of okta");
    assertThat(connect("google", "--yes").err()).contains("--require hd=VALUE is needed");
  }

  @Test
  void the_providers_are_listed() {
    assertThat(Installed.run("connect").out())
        .contains("okta", "https://login.microsoftonline.com/TENANT-ID/v2.0", "As of ");
  }

  @Test
  @DisplayName("a trial sign-in shows what the provider says and what becomes of it")
  void a_trial_sign_in() throws Exception {
    provider.says(
        JsonObject.builder()
            .put("groups", List.of("app-engineering", "others"))
            .put("email", "zoe@example.com")
            .put("sid", "s-1")
            .build());
    var ran = tried("--group", "app-*=*", "--dry-run");
    assertThat(ran.exit()).as(ran.out() + ran.err()).isZero();
    assertThat(ran.out())
        .contains("ok   sign-in", "zoe-upstream", "zoe@example.com", "app-engineering")
        .containsPattern("groups here +engineering\n");
  }

  @Test
  void a_trial_that_is_refused_writes_nothing() throws Exception {
    provider.says(JsonObject.builder().put("aud", "another").build());
    var before = configuration();
    var ran = tried("--yes");
    assertThat(ran.exit()).isEqualTo(1);
    assertThat(ran.out()).contains("BAD  sign-in: id_token aud");
    assertThat(configuration()).isEqualTo(before);
  }

  /// Runs the command beside a browser that opens the address it prints.
  private Installed.Ran tried(String... more) throws Exception {
    var out = new StringWriter();
    var err = new StringWriter();
    var options = new ArrayList<>(List.of(more));
    options.addAll(List.of("--sign-in", "--port", String.valueOf(FreePort.next())));
    var running =
        CompletableFuture.supplyAsync(() -> {
          var line = Installed.commandLine(Installed.line(SECRET));
          line.setOut(new PrintWriter(out));
          line.setErr(new PrintWriter(err));
          return line.execute(command("keycloak", options.toArray(String[]::new)));
        });
    var url = SIGN_IN.matcher(out.getBuffer());
    Soon.until(() -> running.isDone() || url.reset(out.toString()).find());
    if (url.reset(out.toString()).find()) {
      var back = Http.get(URI.create(url.group(1)), Map.of()).location();
      assertThat(Http.get(back, Map.of()).body()).contains("Go back to the terminal");
    }
    return new Installed.Ran(running.get(30, TimeUnit.SECONDS), out.toString(), err.toString());
  }
}
