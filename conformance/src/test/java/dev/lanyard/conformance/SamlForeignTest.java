package dev.lanyard.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.oauth.Form;
import java.io.StringReader;
import java.io.StringWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.transform.OutputKeys;
import javax.xml.transform.TransformerFactory;
import javax.xml.transform.dom.DOMSource;
import javax.xml.transform.stream.StreamResult;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xml.sax.InputSource;

/// A real SAML identity provider signs people in at the broker, on its own login page in Chromium.
/// It signs the response for the broker, and the assertion for an application that exchanges it.
@Tag("foreign")
@DisplayName("SAML 2.0: Keycloak 26.7.3 as the identity provider")
class SamlForeignTest {
  private static final String PASSWORD = "correct horse battery staple";
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  @TempDir private static Path folder;

  private static int kcPort;
  @AutoClose private static Installation lanyard;
  @AutoClose private static Keycloak keycloak;
  @AutoClose private static Chromium chromium;

  @BeforeAll
  static void start() throws Exception {
    int port = Installation.freePort();
    kcPort = port;
    lanyard =
        Installation.startSigningIn(
            """
            {upstreams: [{type: saml, id: keycloak, entity_id: "%s", metadata_url: "%s",
               subject_attribute: id,
               attributes: {user_name: uid, email: mail, groups: groups},
               subject_tokens: [{audience: "%s", client: mcp-client, recipients: ["%s"]}]}]}
            """
                .formatted(
                    Keycloak.issuerAt(port),
                    Keycloak.samlMetadataAt(port),
                    Keycloak.APPLICATION,
                    Keycloak.APPLICATION_ACS)
                .replace("\n", " "));
    var callback = lanyard.broker() + "/callback/keycloak";
    keycloak = Keycloak.start(lanyard.certificates(), port, callback, folder);
    chromium = Chromium.start();
  }

  private static String newPerson(String group) throws Exception {
    var userName = group + "-" + UUID.randomUUID();
    keycloak.create(userName, PASSWORD, group);
    return userName;
  }

  /// From nothing to tokens, through the login page.
  private static Answer signedIn(String userName) throws Exception {
    try (var target = RedirectTarget.open();
        var visitor = chromium.visitor()) {
      var request = new CodeRequest("mcp-client", target.uri(), "openid email", "s");
      visitor.open(request.address(lanyard).toString());
      assertThat(visitor.page().url()).startsWith(keycloak.issuer());
      visitor.signIn(userName, PASSWORD);
      var answer = Form.parse(target.await().getRawQuery(), Set.of());
      var form =
          Form.builder()
              .add("grant_type", "authorization_code")
              .add("code", answer.required("code"))
              .add("redirect_uri", target.uri())
              .add("code_verifier", request.verifier())
              .build();
      return atBroker(form);
    }
  }

  private static Answer atBroker(Form form) throws Exception {
    var basic = Wire.basic("mcp-client", lanyard.secret("mcp-client"));
    return lanyard.wire().post(lanyard.brokerTokenEndpoint(), form, "Authorization", basic);
  }

  private static Answer exchange(String subjectToken, String type) throws Exception {
    return atBroker(
        Form.builder()
            .add("grant_type", Urns.TOKEN_EXCHANGE)
            .add("requested_token_type", Urns.ID_JAG)
            .add("audience", lanyard.ras())
            .add("resource", lanyard.resource())
            .add("subject_token", subjectToken)
            .add("subject_token_type", type)
            .build());
  }

  /// Redeems an ID-JAG and calls the MCP server with what comes of it.
  private static void assertOpensTheServer(Answer exchanged) throws Exception {
    assertThat(exchanged.status()).as(exchanged.body()).isEqualTo(200);
    var form =
        Form.builder()
            .add("grant_type", Urns.JWT_BEARER)
            .add("assertion", exchanged.json().string("access_token").orElseThrow())
            .build();
    var basic = Wire.basic("mcp-client-ras", lanyard.secret("mcp-client-ras"));
    var redeemed =
        lanyard.wire().post(URI.create(lanyard.ras() + "/token"), form, "Authorization", basic);
    var accessToken = redeemed.json().string("access_token").orElseThrow();
    var called =
        lanyard
            .wire()
            .postJson(
                lanyard.mcpServer(),
                McpMessages.INITIALIZE,
                "Authorization",
                "Bearer " + accessToken,
                "Accept",
                McpMessages.ACCEPT);
    assertThat(called.status()).as(called.body()).isEqualTo(200);
  }

  @Test
  @DisplayName("IDP-43: an engineer signs in on its login page and reaches the MCP server")
  void an_engineer_signs_in() throws Exception {
    var userName = newPerson("engineering");

    var tokens = signedIn(userName);

    assertThat(tokens.status()).as(tokens.body()).isEqualTo(200);
    var idToken = tokens.json().string("id_token").orElseThrow();
    var claims =
        new String(
            Base64.getUrlDecoder().decode(idToken.split("\\.", 3)[1]), StandardCharsets.UTF_8);
    assertThat(claims)
        .contains("\"email\":\"" + userName + "@acme.example\"", "\"auth_time\":", "\"acr\":");
    assertOpensTheServer(exchange(idToken, Urns.ID_TOKEN));
  }

  @Test
  void groups_at_keycloak_decide_the_role() throws Exception {
    var idToken = signedIn(newPerson("sales")).json().string("id_token").orElseThrow();

    var exchanged = exchange(idToken, Urns.ID_TOKEN);

    assertThat(exchanged.status()).isEqualTo(400);
    assertThat(exchanged.json().string("error")).hasValue("invalid_target");
  }

  @Test
  void an_account_disabled_at_keycloak_does_not_get_in() throws Exception {
    var userName = newPerson("engineering");
    keycloak.disable(userName);
    try (var target = RedirectTarget.open();
        var visitor = chromium.visitor()) {
      var request = new CodeRequest("mcp-client", target.uri(), "openid", "s");
      visitor.open(request.address(lanyard).toString());
      visitor.signIn(userName, PASSWORD);

      assertThat(visitor.page().innerText(".kc-feedback-text")).contains("Account is disabled");
      assertThat(target.hasAnswer()).isFalse();
    }
  }

  @Test
  @DisplayName("lanyard connect saml-keycloak: checked live, a sign-in tried in Chromium, written")
  void connected_by_the_command() throws Exception {
    var file = setUp("connected");
    int port = Installation.freePort();
    keycloak.allowPlaces(
        entityId(), entityId().replace("/metadata", "/acs"), "http://localhost:" + port + "/*");
    var userName = newPerson("engineering");

    var ran = tried(file, port, userName, "--subject-attribute", "id");

    assertThat(ran.exit()).as(ran.output()).isZero();
    assertThat(ran.output())
        .contains("ok   sign-in", "ok   clock", userName + "@acme.example", "Written.")
        .containsPattern("groups +engineering");
    assertThat(Files.readString(file)).contains("id: keycloak", Keycloak.samlMetadataAt(kcPort));
    assertThat(Cli.run("doctor", "-c", file.toString()).output())
        .contains("ok   SAML upstream keycloak");
  }

  @Test
  @DisplayName("a trial that is refused says what to change, and nothing is written")
  void a_trial_that_is_refused() throws Exception {
    var file = setUp("refused");
    var before = Files.readString(file);
    int port = Installation.freePort();
    keycloak.allowPlaces(
        entityId(), entityId().replace("/metadata", "/acs"), "http://localhost:" + port + "/*");

    var ran = tried(file, port, newPerson("engineering"), "--subject-attribute", "employeeId");

    assertThat(ran.exit()).as(ran.output()).isEqualTo(1);
    assertThat(ran.output())
        .contains("BAD  sign-in: employeeId", "--subject-attribute", "attribute uid");
    assertThat(Files.readString(file)).isEqualTo(before);
  }

  /// What the broker is called at Keycloak.
  private static String entityId() {
    return lanyard.broker() + "/saml/keycloak/metadata";
  }

  /// A set-up of the same broker that knows no provider yet.
  private static Path setUp(String name) throws Exception {
    var set = folder.resolve(name);
    assertThat(Cli.run("init", set.toString()).exit()).isZero();
    var file = set.resolve("lanyard.yaml");
    var authority = lanyard.certificates().authority().toString();
    Files.writeString(
        file,
        Files.readString(file)
            .replace("ca: tls/ca.pem", "ca: " + authority)
            .replace("https://localhost:8443", lanyard.broker()));
    return file;
  }

  private static Cli.Ran tried(Path file, int port, String userName, String... more)
      throws Exception {
    var arguments =
        new ArrayList<>(
            List.of(
                "connect",
                "saml-keycloak",
                "-c",
                file.toString(),
                "--id",
                "keycloak",
                "--entity-id",
                keycloak.issuer(),
                "--metadata-url",
                Keycloak.samlMetadataAt(kcPort),
                "--sign-in",
                "--port",
                String.valueOf(port),
                "--yes"));
    arguments.addAll(List.of(more));
    try (var command = Cli.start("", arguments.toArray(String[]::new));
        var visitor = chromium.visitor()) {
      visitor.open(command.await("https://localhost\\S+SAMLRequest=\\S+"));
      visitor.signIn(userName, PASSWORD);
      return command.end();
    }
  }

  @Test
  @DisplayName("signed out there, signed out here; somebody else is not")
  void logout_at_keycloak_ends_the_session_here() throws Exception {
    var ana = newPerson("engineering");
    var tokenOfAna = signedIn(ana).json().string("access_token").orElseThrow();
    var tokenOfBob = signedIn(newPerson("engineering")).json().string("access_token").orElseThrow();
    assertThat(userInfo(tokenOfAna)).isEqualTo(200);

    keycloak.logOut(ana);

    long giveUp = System.nanoTime() + PATIENCE.toNanos();
    while (userInfo(tokenOfAna) != 401) {
      assertThat(System.nanoTime()).as("Keycloak's request has no effect").isLessThan(giveUp);
      Thread.sleep(100);
    }
    assertThat(userInfo(tokenOfBob)).isEqualTo(200);
  }

  private static int userInfo(String accessToken) {
    return lanyard
        .wire()
        .get(URI.create(lanyard.broker() + "/userinfo"), "Authorization", "Bearer " + accessToken)
        .status();
  }

  @Test
  @DisplayName("IDP-15, IDP-40: assertion → refresh token → ID-JAG → access token → call")
  void an_application_exchanges_its_assertion() throws Exception {
    var userName = newPerson("engineering");
    var assertion = assertion(userName);
    var form =
        Form.builder()
            .add("grant_type", Urns.TOKEN_EXCHANGE)
            .add("requested_token_type", Urns.REFRESH_TOKEN)
            .add("scope", "openid offline_access")
            .add("subject_token", assertion)
            .add("subject_token_type", Urns.SAML2)
            .build();

    var refreshToken = atBroker(form);

    assertThat(refreshToken.status()).as(refreshToken.body()).isEqualTo(200);
    assertThat(refreshToken.json().string("issued_token_type")).hasValue(Urns.REFRESH_TOKEN);
    assertThat(atBroker(form).status()).as("an assertion is used once").isEqualTo(400);
    var token = refreshToken.json().string("access_token").orElseThrow();
    assertOpensTheServer(exchange(token, Urns.REFRESH_TOKEN));
    assertThat(exchange(assertion(newPerson("engineering")), Urns.SAML2).status()).isEqualTo(200);
    lanyard.disable(userName);
    assertThat(exchange(token, Urns.REFRESH_TOKEN).status()).isEqualTo(400);
  }

  /// What the application receives when somebody signs in to it: the assertion, in base64url.
  private static String assertion(String userName) throws Exception {
    try (var browser = new PlainBrowser(lanyard.certificates().trust())) {
      var page = browser.pageAfterSignIn(keycloak.signInToApplication(), userName, PASSWORD);
      var response =
          new String(
              Base64.getMimeDecoder().decode(PlainBrowser.hidden(page, "SAMLResponse")),
              StandardCharsets.UTF_8);
      var document =
          DocumentBuilderFactory.newDefaultNSInstance()
              .newDocumentBuilder()
              .parse(new InputSource(new StringReader(response)));
      var assertion =
          document
              .getElementsByTagNameNS("urn:oasis:names:tc:SAML:2.0:assertion", "Assertion")
              .item(0);
      var text = new StringWriter();
      var transformer = TransformerFactory.newDefaultInstance().newTransformer();
      transformer.setOutputProperty(OutputKeys.OMIT_XML_DECLARATION, "yes");
      transformer.transform(new DOMSource(assertion), new StreamResult(text));
      return Base64.getUrlEncoder()
          .withoutPadding()
          .encodeToString(text.toString().getBytes(StandardCharsets.UTF_8));
    }
  }
}
