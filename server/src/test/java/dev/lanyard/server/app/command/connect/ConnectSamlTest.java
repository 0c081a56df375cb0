package dev.lanyard.server.app.command.connect;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.server.app.Installed;
import dev.lanyard.server.app.configuration.ConfigurationFile;
import dev.lanyard.server.authorization.upstream.SamlUpstreamConfig;
import dev.lanyard.server.pair.FreePort;
import dev.lanyard.server.pair.Http;
import dev.lanyard.server.pair.Soon;
import dev.lanyard.server.saml.Draft;
import dev.lanyard.server.saml.Idp;
import dev.lanyard.server.saml.SamlConfig;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("lanyard connect saml-…: from a SAML provider to people who sign in with it")
class ConnectSamlTest {
  private static final Pattern SIGN_IN = Pattern.compile("(https://idp\\.example/sso\\?\\S+)\\s");

  private Installed installed;
  private HttpServer provider;
  private String metadata;

  @BeforeEach
  void start(@TempDir Path folder) throws IOException {
    installed = Installed.in(folder.resolve("set-up"));
    provider = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    var document = Idp.RSA.metadata("https://idp.example/sso").getBytes(StandardCharsets.UTF_8);
    provider.createContext(
        "/metadata",
        exchange -> {
          try (exchange) {
            exchange.sendResponseHeaders(200, document.length);
            exchange.getResponseBody().write(document);
          }
        });
    provider.start();
    metadata = "http://127.0.0.1:" + provider.getAddress().getPort() + "/metadata";
  }

  @AfterEach
  void stop() {
    provider.stop(0);
  }

  private Installed.Ran connect(String preset, String... more) {
    var command =
        new ArrayList<>(List.of("connect", preset, "-c", installed.configuration().toString()));
    command.addAll(List.of(more));
    return Installed.run(command.toArray(String[]::new));
  }

  private Installed.Ran connected(String preset, String... more) {
    var all =
        new ArrayList<>(List.of("--entity-id", Idp.ENTITY_ID, "--metadata-url", metadata, "--yes"));
    all.addAll(List.of(more));
    return connect(preset, all.toArray(String[]::new));
  }

  private SamlUpstreamConfig written() {
    return ConfigurationFile.read(installed.configuration(), Map.of())
        .broker()
        .orElseThrow()
        .config()
        .signIn()
        .samlUpstreams()
        .getFirst();
  }

  @Test
  void checks_live_prints_what_to_enter_and_writes_the_section() {
    var ran =
        connected("saml-keycloak", "--id", "corporate", "--name", "Acme", "--domain", "acme.com");
    assertThat(ran.exit()).as(ran.out() + ran.err()).isZero();
    assertThat(ran.out())
        .contains(
            "Sign documents on",
            "ok   SAML upstream corporate: https://idp.example/saml signs people in at",
            "/saml/corporate/metadata",
            "/saml/corporate/acs",
            "/saml/corporate/logout",
            "+       - type: saml",
            "Written.");
    var upstream = written();
    assertThat(upstream.id()).isEqualTo("corporate");
    assertThat(upstream.name()).isEqualTo("Acme");
    assertThat(upstream.provider().entityId()).isEqualTo(Idp.ENTITY_ID);
    assertThat(upstream.provider().source())
        .isEqualTo(new SamlConfig.Source.Remote(URI.create(metadata)));
    assertThat(upstream.people().groups()).contains("groups");
    assertThat(upstream.people().userName()).contains("uid");
    assertThat(
            connected(
                    "saml-keycloak", "--id", "corporate", "--name", "Acme", "--domain", "acme.com")
                .out())
        .contains("says so already");
  }

  @Test
  @DisplayName("every preset becomes a section that the configuration understands")
  void every_preset() {
    for (var preset : SamlPreset.builtIn()) {
      var ran = connected(preset.id(), "--id", "corporate");
      assertThat(ran.exit()).as(preset.id() + ran.out() + ran.err()).isZero();
      assertThat(written().people().subject()).isEqualTo(preset.subject());
      assertThat(written().name()).isEqualTo(preset.button().orElse("corporate"));
    }
  }

  @Test
  void an_answer_stands_against_the_preset() {
    connected(
        "saml-entra",
        "--subject-attribute",
        "employeeId",
        "--name-id-format",
        "persistent",
        "--attribute",
        "groups=memberOf");
    assertThat(written().people().subject()).contains("employeeId");
    assertThat(written().people().groups()).contains("memberOf");
    assertThat(written().people().email().orElseThrow()).contains("emailaddress");
  }

  @Test
  void metadata_from_a_file() throws IOException {
    Files.writeString(
        installed.configuration().resolveSibling("idp.xml"),
        Idp.RSA.metadata("https://idp.example/sso"));
    var ran =
        connect("saml-adfs", "--entity-id", Idp.ENTITY_ID, "--metadata-file", "idp.xml", "--yes");
    assertThat(ran.exit()).as(ran.out() + ran.err()).isZero();
    assertThat(written().provider().source()).isInstanceOf(SamlConfig.Source.Fixed.class);
  }

  @Test
  @DisplayName("another entity ID, or nobody there: told, and nothing is written")
  void what_is_bad_is_not_written() throws IOException {
    var before = Files.readString(installed.configuration());
    var other =
        connect(
            "saml-generic",
            "--entity-id",
            Idp.ENTITY_ID + "/",
            "--metadata-url",
            metadata,
            "--yes");
    assertThat(other.exit()).isEqualTo(1);
    assertThat(other.out()).contains("BAD  SAML upstream saml-generic");
    assertThat(other.err()).contains("nothing was written");
    provider.stop(0);
    assertThat(connected("saml-generic").err()).contains("nothing was written");
    assertThat(Files.readString(installed.configuration())).isEqualTo(before);
  }

  @Test
  void a_script_is_told_which_option_is_missing() {
    assertThat(connect("saml-okta", "--metadata-url", metadata).err())
        .contains("--entity-id is needed");
    assertThat(connect("saml-okta", "--entity-id", Idp.ENTITY_ID).err())
        .contains("--metadata-url is needed");
  }

  @Test
  @DisplayName("doctor looks at the providers of the resource authorization server too")
  void at_the_resource_authorization_server() throws IOException {
    installed.replace(
        "  # flows: both\n",
        """
          flows: both
          sign_in:
            organisation: guests
            upstreams:
              - {type: saml, id: partner, entity_id: "%s", metadata_url: "%s"}
        """
            .formatted(Idp.ENTITY_ID, metadata));
    var ras =
        ConfigurationFile.read(installed.configuration(), Map.of())
            .ras()
            .orElseThrow()
            .config()
            .issuer();

    assertThat(installed.here("doctor").out())
        .contains(
            "ok   SAML upstream partner",
            "configure exactly: " + ras + "/saml/partner/acs",
            "configure exactly: " + ras + "/saml/partner/logout");
  }

  @Test
  void are_listed_beside_the_openid_providers() {
    var listed = Installed.run("connect").out();
    assertThat(listed).contains("keycloak  ", "saml-entra", "saml-adfs");
    assertThat(Optional.of(SamlPreset.builtIn())).get().asList().hasSize(6);
  }

  @Test
  @DisplayName("a trial sign-in shows what the provider says, and then the section is written")
  void a_trial_sign_in() throws Exception {
    var ran = tried(UnaryOperator.identity());
    assertThat(ran.exit()).as(ran.out() + ran.err()).isZero();
    assertThat(ran.out())
        .contains(
            "note ACS URL of the trial: configure beside the other, and remove it afterwards:"
                + " http://localhost:",
            "ok   sign-in",
            "zoe-1",
            "Written.");
    assertThat(written().id()).isEqualTo("corporate");
  }

  @Test
  void a_trial_that_is_refused_writes_nothing() throws Exception {
    var before = Files.readString(installed.configuration());
    var ran = tried(draft -> draft.with("audience", "https://other.example"));
    assertThat(ran.exit()).isEqualTo(1);
    assertThat(ran.out()).contains("BAD  sign-in: Audience");
    assertThat(ran.err()).contains("the trial failed; nothing was written");
    assertThat(Files.readString(installed.configuration())).isEqualTo(before);
  }

  /// Runs the command beside a provider that answers the request that it prints.
  private Installed.Ran tried(UnaryOperator<Draft> spoilt) throws Exception {
    var out = new StringWriter();
    var err = new StringWriter();
    var line = Installed.commandLine(InputStream.nullInputStream());
    line.setOut(new PrintWriter(out));
    line.setErr(new PrintWriter(err));
    var port = String.valueOf(FreePort.next());
    var running =
        CompletableFuture.supplyAsync(() ->
            line.execute(
                "connect",
                "saml-generic",
                "-c",
                installed.configuration().toString(),
                "--id",
                "corporate",
                "--entity-id",
                Idp.ENTITY_ID,
                "--metadata-url",
                metadata,
                "--sign-in",
                "--port",
                port,
                "--yes"));
    var url = SIGN_IN.matcher(out.getBuffer());
    Soon.until(() -> running.isDone() || url.reset(out.toString()).find());
    if (url.reset(out.toString()).find()) {
      answer(URI.create(url.group(1)), spoilt);
    }
    return new Installed.Ran(running.get(30, TimeUnit.SECONDS), out.toString(), err.toString());
  }

  private void answer(URI sentTo, UnaryOperator<Draft> spoilt) throws MalformedException {
    var request = Idp.request(sentTo);
    var consumer = request.getAttribute("AssertionConsumerServiceURL");
    var draft =
        new Draft(
            Instant.ofEpochMilli(System.currentTimeMillis()),
            consumer,
            request.getTextContent(),
            request.getAttribute("ID"));
    var xml = Idp.RSA.signed(spoilt.apply(draft).response(), Draft.ASSERTION_ID);
    var form =
        Form.builder()
            .add("SAMLResponse", Idp.base64(xml))
            .add("RelayState", Form.parse(sentTo.getRawQuery(), Set.of()).required("RelayState"))
            .build();
    assertThat(Http.post(URI.create(consumer), form, Map.of()).body())
        .contains("Go back to the terminal");
  }
}
