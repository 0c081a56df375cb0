package dev.lanyard.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanyard.conformance.Installation.Person;
import dev.lanyard.conformance.guide.McpSdkGuide;
import dev.lanyard.conformance.guide.ServletGuide;
import dev.lanyard.conformance.guide.SpringGuide;
import dev.lanyard.protocol.claims.TrustedIssuer;
import dev.lanyard.protocol.egress.EgressPolicy;
import dev.lanyard.protocol.egress.TrustedTls;
import dev.lanyard.protocol.oauth.BasicCredentials;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.resourceserver.Guard;
import dev.lanyard.resourceserver.status.EventFeed;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServlet;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.eclipse.jetty.ee11.servlet.FilterHolder;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.ee11.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.SpringApplication;
import org.sqlite.SQLiteDataSource;

@DisplayName(
    "\"Protect your MCP server in ten minutes\": what the pages show, before a real server")
class GuideTest {
  private static final String CLIENT = "claude-code";
  private static final Path PAGES = Path.of("../docs");
  private static final Path SOURCES = Path.of("src/test/java/dev/lanyard/conformance/guide");

  /// What stands between `// guide: name` and `// end`.
  private static final Pattern PART =
      Pattern.compile("[ ]*// guide: (\\S+)\n(.*?)[ ]*// end", Pattern.DOTALL);

  @AutoClose private static Installation lanyard;
  @AutoClose private static EventFeed feed;
  @AutoClose private static Running plain;
  @AutoClose private static Running sdk;
  @AutoClose private static Running spring;

  private record Running(URI url, AutoCloseable server) implements AutoCloseable {
    @Override
    public void close() throws Exception {
      server.close();
    }
  }

  @BeforeAll
  static void start() throws Exception {
    lanyard = Installation.start();
    var issuer = ServletGuide.issuer(new Issuer(lanyard.ras()), outbound(), Clock.systemUTC());
    feed = ServletGuide.feed(issuer, self(), outbound(), Clock.systemUTC());
    plain = jetty(ServletGuide.filter(guard(issuer)), ServletGuide.servlet());
    sdk = jetty(McpSdkGuide.filter(guard(issuer)), McpSdkGuide.server("/mcp"));
    spring = spring();
  }

  private static Guard guard(TrustedIssuer issuer) {
    return ServletGuide.guard(
        issuer, new ResourceIndicator(lanyard.resource()), feed, Clock.systemUTC());
  }

  private static BasicCredentials self() {
    return new BasicCredentials(
        new ClientId(ClientFiles.MCP_SERVER), new Secret(lanyard.secret(ClientFiles.MCP_SERVER)));
  }

  private static EgressPolicy outbound() throws IOException {
    try (var pem = Files.newInputStream(lanyard.certificates().authority())) {
      return EgressPolicy.strict().exposingLoopback().trusting(TrustedTls.readPem(pem));
    }
  }

  private static Running jetty(Filter filter, HttpServlet servlet) throws Exception {
    var server = new Server();
    var connector = new ServerConnector(server);
    connector.setHost("127.0.0.1");
    server.addConnector(connector);
    var context = new ServletContextHandler("/");
    context.addFilter(
        new FilterHolder(filter), "/*", EnumSet.of(DispatcherType.REQUEST, DispatcherType.ASYNC));
    var holder = new ServletHolder(servlet);
    holder.setAsyncSupported(true);
    context.addServlet(holder, "/*");
    server.setHandler(context);
    server.start();
    var url = URI.create("http://127.0.0.1:" + connector.getLocalPort() + "/mcp");
    return new Running(url, server::stop);
  }

  private static Running spring() {
    var properties = new LinkedHashMap<String, Object>();
    properties.put("server.port", "0");
    properties.put("server.address", "127.0.0.1");
    properties.put("spring.main.banner-mode", "off");
    properties.put("lanyard.resource-server.resource", lanyard.resource());
    properties.put("lanyard.resource-server.issuer", lanyard.ras());
    properties.put("lanyard.resource-server.client-id", ClientFiles.MCP_SERVER);
    properties.put("lanyard.resource-server.client-secret", lanyard.secret(ClientFiles.MCP_SERVER));
    properties.put("lanyard.resource-server.scopes", "issues.read,issues.write");
    properties.put(
        "lanyard.resource-server.trust.certificates",
        lanyard.certificates().authority().toUri().toString());
    properties.put("lanyard.resource-server.trust.loopback", "true");
    var application = new SpringApplication(SpringGuide.class);
    application.setDefaultProperties(properties);
    var context = application.run();
    var port = context.getEnvironment().getRequiredProperty("local.server.port");
    return new Running(URI.create("http://127.0.0.1:" + port + "/mcp"), context);
  }

  private static String accessToken(Person person) throws Exception {
    return Tokens.of(lanyard, CLIENT, person);
  }

  private static Answer post(Running server, String token, String body) {
    return lanyard
        .wire()
        .postJson(
            server.url,
            body,
            "Authorization",
            "Bearer " + token,
            "Accept",
            "application/json, text/event-stream");
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    for (int i = 0; i < 4_000; i++) {
      if (condition.getAsBoolean()) {
        return;
      }
      Thread.sleep(5);
    }
    throw new AssertionError("it did not come about");
  }

  /// Admitted, greeted, challenged, and refused once the person has left.
  private static void assertGuards(Running server, String body, String greeting) throws Exception {
    var stranger = lanyard.wire().postJson(server.url, body);
    assertThat(stranger.status()).isEqualTo(401);
    assertThat(stranger.header("www-authenticate")).contains("resource_metadata=");
    var person = lanyard.engineer();
    var token = accessToken(person);
    await(() -> post(server, token, body).status() == 200);
    assertThat(post(server, token, body).body()).contains(greeting);

    lanyard.disable(person);

    await(() -> post(server, token, body).status() == 401);
  }

  @Test
  @DisplayName("docs/protect-servlet.md: the filter before a servlet")
  void a_servlet() throws Exception {
    assertGuards(plain, "{}", "Hello, ");
    var metadata =
        lanyard.wire().get(plain.url.resolve("/.well-known/oauth-protected-resource/mcp"));
    assertThat(metadata.json().string("resource")).contains(lanyard.resource());
  }

  @Test
  @DisplayName("docs/protect-spring-boot.md: properties and a controller")
  void a_spring_boot_application() throws Exception {
    assertGuards(spring, "{}", "Hello, ");
  }

  @Nested
  @DisplayName("docs/protect-mcp-java-sdk.md: tools with scopes of their own")
  class AnSdkServer {
    private static String call(String tool) {
      return "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"tools/call\",\"params\":{\"name\":\""
          + tool
          + "\",\"arguments\":{}}}";
    }

    @Test
    @DisplayName("RS-19: it declares the extension, and guards")
    void guards() throws Exception {
      assertGuards(
          sdk, McpMessages.INITIALIZE, "io.modelcontextprotocol/enterprise-managed-authorization");
    }

    @Test
    @DisplayName("RS-3: a tool that needs more is refused with everything it needs")
    void insufficient_scope() throws Exception {
      var token = Tokens.of(lanyard, CLIENT, lanyard.engineer(), "issues.read");
      await(() -> post(sdk, token, McpMessages.INITIALIZE).status() == 200);

      var refused = post(sdk, token, call("close_issue"));

      assertThat(refused.status()).isEqualTo(403);
      assertThat(refused.header("www-authenticate"))
          .contains("error=\"insufficient_scope\"", "scope=\"issues.read issues.write\"");
    }

    @Test
    @DisplayName("RS-21: a tool that nobody has thought about is closed")
    void unmapped() throws Exception {
      var token = accessToken(lanyard.engineer());
      await(() -> post(sdk, token, McpMessages.INITIALIZE).status() == 200);

      var refused = post(sdk, token, call("drop_database"));

      assertThat(refused.status()).isEqualTo(403);
      assertThat(refused.body()).contains("not open to anybody");
    }
  }

  @Test
  @DisplayName("RS-9: of replicas that share the used proofs, one takes a proof and only once")
  void shared_proofs(@TempDir Path folder) throws Exception {
    var database = new SQLiteDataSource();
    database.setUrl("jdbc:sqlite:" + folder.resolve("replicas.db"));
    try (var connection = database.getConnection();
        var statement = connection.createStatement()) {
      statement.execute(
          "CREATE TABLE dpop_proof (proof BYTEA PRIMARY KEY, forget_after BIGINT NOT NULL)");
    }
    var one = ServletGuide.sharedReplay(database);
    var other = ServletGuide.sharedReplay(database);
    var later = Instant.now().plusSeconds(300);

    assertThat(one.recordFirst("key", plain.url, "1", later)).isTrue();

    assertThat(other.recordFirst("key", plain.url, "1", later)).isFalse();
    assertThat(one.recordFirst("key", plain.url, "1", later)).isFalse();
    assertThat(other.recordFirst("key", plain.url, "2", later)).isTrue();
    assertThat(other.recordFirst("other key", plain.url, "1", later)).isTrue();
    var uncommitted = ServletGuide.sharedReplay(uncommitting(database.getUrl()));
    assertThat(uncommitted.recordFirst("key", plain.url, "4", later)).isTrue();
    assertThat(one.recordFirst("key", plain.url, "4", later))
        .as("recorded by a pool whose connections do not commit by themselves")
        .isFalse();
    database.setUrl("jdbc:sqlite:" + folder.resolve("none/replicas.db"));
    assertThatThrownBy(() -> one.recordFirst("key", plain.url, "3", later))
        .as("a fault never grants")
        .isInstanceOf(IllegalStateException.class);
  }

  private static DataSource uncommitting(String url) {
    var database =
        new SQLiteDataSource() {
          @Override
          public Connection getConnection() throws SQLException {
            var connection = super.getConnection();
            connection.setAutoCommit(false);
            return connection;
          }
        };
    database.setUrl(url);
    return database;
  }

  @ParameterizedTest
  @DisplayName("The pages show the code that runs here")
  @ValueSource(
      strings = {
        "protect-servlet.md ServletGuide.java",
        "protect-mcp-java-sdk.md McpSdkGuide.java",
        "protect-spring-boot.md SpringGuide.java",
        "client.md ClientGuide.java"
      })
  void pages(String pageAndSource) throws Exception {
    var names = pageAndSource.split(" ");
    var page = Files.readString(PAGES.resolve(names[0]));
    var parts = parts(Files.readString(SOURCES.resolve(names[1])));

    assertThat(parts).isNotEmpty();
    parts.forEach((name, code) -> assertThat(page).as(name).contains("```java\n" + code + "\n```"));
  }

  @ParameterizedTest
  @DisplayName("The pages name the artifact of this version, and how to get it before a release")
  @ValueSource(
      strings = {
        "protect-servlet.md resource-server",
        "protect-mcp-java-sdk.md resource-server",
        "protect-spring-boot.md spring-boot-starter",
        "client.md client"
      })
  void artifacts(String pageAndModule) throws Exception {
    var names = pageAndModule.split(" ");
    var page = Files.readString(PAGES.resolve(names[0]));
    var version = Pattern.compile("<version>(.*?)</version>");
    var ours = version.matcher(Files.readString(Path.of("../pom.xml")));
    assertThat(ours.find()).isTrue();

    assertThat(page)
        .contains("<artifactId>lanyard-" + names[1] + "</artifactId>\n  " + ours.group());
    if (ours.group(1).endsWith("-SNAPSHOT")) {
      assertThat(page).contains("./mvnw -Pquick -DskipTests -pl " + names[1] + " -am install");
    }
  }

  private static Map<String, String> parts(String source) {
    var parts = new LinkedHashMap<String, String>();
    var matcher = PART.matcher(source);
    while (matcher.find()) {
      parts.put(matcher.group(1), matcher.group(2).stripTrailing().stripIndent());
    }
    return parts;
  }

  @Test
  @DisplayName("The properties of the Spring page are the starter's")
  void spring_properties() throws Exception {
    var page = Files.readString(PAGES.resolve("protect-spring-boot.md"));

    for (var name :
        new String[] {"resource:", "issuer:", "client-id:", "client-secret:", "scopes:"}) {
      assertThat(page).contains("    " + name);
    }
  }
}
