package dev.lanyard.benchmarks.compare;

import dev.lanyard.protocol.claims.TrustedIssuer;
import dev.lanyard.protocol.claims.TrustedIssuers;
import dev.lanyard.protocol.egress.EgressClient;
import dev.lanyard.protocol.egress.EgressPolicy;
import dev.lanyard.protocol.jose.SigningAlgorithm;
import dev.lanyard.protocol.jwks.IssuerDiscovery;
import dev.lanyard.protocol.jwks.Refresh;
import dev.lanyard.protocol.metadata.ProtectedResourceMetadata;
import dev.lanyard.protocol.oauth.BasicCredentials;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.resourceserver.Guard;
import dev.lanyard.resourceserver.MemoryDpopReplay;
import dev.lanyard.resourceserver.servlet.ResourceServerFilter;
import dev.lanyard.resourceserver.status.Introspection;
import io.modelcontextprotocol.server.McpServer;
import io.modelcontextprotocol.server.transport.HttpServletStatelessServerTransport;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.ServerCapabilities;
import io.modelcontextprotocol.spec.McpSchema.Tool;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.eclipse.jetty.ee11.servlet.FilterHolder;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.ee11.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;

/// An MCP server of the MCP Java SDK behind the resource-server library, in a process of its own.
/// Every call is judged, and the authorization server is asked whether the token still counts.
///
/// Its arguments are its URL, the issuer, the introspection endpoint, and a client with its secret.
final class McpServerProcess {
  private McpServerProcess() {}

  /// Starts it for a running Lanyard.
  static Started start(LanyardFiles files) throws IOException {
    var url = files.resource();
    var command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "-XX:+UseSerialGC",
            "-Xmx256m",
            "-Dlogback.configurationFile=benchmarks-logback.xml",
            "-cp",
            System.getProperty("java.class.path"),
            McpServerProcess.class.getName(),
            url.toString(),
            files.ras().toString(),
            files.ras() + "/introspect",
            LanyardFiles.MCP_SERVER,
            files.server().secret().reveal());
    var log = files.folder().resolve("mcp-server.log");
    return Started.of(command, Map.of(), log, url.resolve("/ready"));
  }

  public static void main(String[] arguments) throws Exception {
    var url = URI.create(arguments[0]);
    var issuer = new Issuer(arguments[1]);
    var credentials = new BasicCredentials(new ClientId(arguments[3]), new Secret(arguments[4]));
    var clock = InstantSource.system();
    var egress = new EgressClient(EgressPolicy.strict().exposingLoopback());
    var keys = new IssuerDiscovery(egress, issuer, Refresh.DEFAULT, clock).keys();
    var guard =
        new Guard(
            new ProtectedResourceMetadata(
                new ResourceIndicator(url.toString()), issuer, Scopes.of("read")),
            TrustedIssuers.of(new TrustedIssuer(issuer, keys, Set.of(SigningAlgorithm.ES256))),
            new Introspection(URI.create(arguments[2]), credentials, Introspection.http(List.of())),
            new MemoryDpopReplay(clock),
            clock);
    var context = new ServletContextHandler("/");
    context.addServlet(new ServletHolder(new Ready()), "/ready");
    context.addServlet(new ServletHolder(tools(url.getPath())), url.getPath());
    context.addFilter(
        new FilterHolder(new ResourceServerFilter(guard)),
        url.getPath(),
        EnumSet.of(DispatcherType.REQUEST));
    var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), url.getPort());
    var server = new Server(address);
    server.setHandler(context);
    server.start();
    server.join();
  }

  private static HttpServletStatelessServerTransport tools(String path) {
    var transport = HttpServletStatelessServerTransport.builder().messageEndpoint(path).build();
    var tool = Tool.builder("echo", Map.of("type", "object")).description("Answers.").build();
    var _ =
        McpServer.sync(transport)
            .serverInfo("comparison", "1.0.0")
            .capabilities(ServerCapabilities.builder().tools(false).build())
            .toolCall(tool, (_, _) -> CallToolResult.builder().addTextContent("as you say").build())
            .build();
    return transport;
  }

  /// Answers that the process is up.
  private static final class Ready extends HttpServlet {
    private static final long serialVersionUID = 1L;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) {
      response.setStatus(200);
    }
  }
}
