package dev.lanyard.demo;

import io.modelcontextprotocol.common.McpTransportContext;
import io.modelcontextprotocol.server.McpServer;
import io.modelcontextprotocol.server.McpSyncServer;
import io.modelcontextprotocol.server.transport.DefaultServerTransportSecurityValidator;
import io.modelcontextprotocol.server.transport.HttpServletStreamableServerTransportProvider;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.ServerCapabilities;
import io.modelcontextprotocol.spec.McpSchema.Tool;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import java.net.URI;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import javax.net.ssl.SSLContext;
import org.eclipse.jetty.ee11.servlet.FilterHolder;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.ee11.servlet.ServletHolder;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/// A small MCP server built with the MCP Java SDK, guarded by the resource-server library's filter:
/// what a vendor would run.
public final class DemoMcpServer implements AutoCloseable {
  /// The request attribute that carries who called, for the tools to greet.
  private static final String CALLER = "caller";

  private final Server server;
  private final McpSyncServer mcp;

  /// One tool of a server.
  ///
  /// @param answer makes the answer from the caller's name and the call's arguments
  public record DemoTool(
      String name,
      String description,
      Map<String, Object> inputSchema,
      BiFunction<String, Map<String, Object>, String> answer) {}

  /// Starts a server.
  ///
  /// @param url where it listens; the port must be free
  /// @param caller names who called, from the guarded request
  @SuppressWarnings("deprecation") // The SDK names no successor of securityValidator.
  public DemoMcpServer(
      String name,
      URI url,
      SSLContext tls,
      Filter guard,
      java.util.function.Function<jakarta.servlet.http.HttpServletRequest, String> caller,
      List<DemoTool> tools)
      throws Exception {
    var transport =
        HttpServletStreamableServerTransportProvider.builder()
            .mcpEndpoint(url.getPath())
            .contextExtractor(
                request -> McpTransportContext.create(Map.of(CALLER, caller.apply(request))))
            .securityValidator(
                DefaultServerTransportSecurityValidator.builder()
                    .allowedHost(url.getAuthority())
                    .build())
            .build();
    var builder =
        McpServer.sync(transport)
            .serverInfo(name, "1.0.0")
            .capabilities(ServerCapabilities.builder().tools(false).build());
    tools.forEach(tool ->
        builder.toolCall(
            described(tool),
            (exchange, call) -> {
              var who = String.valueOf(exchange.transportContext().get(CALLER));
              return CallToolResult.builder()
                  .addTextContent(tool.answer().apply(who, call.arguments()))
                  .build();
            }));
    this.mcp = builder.build();
    this.server = listening(url, tls);
    var context = new ServletContextHandler("/");
    context.addFilter(
        new FilterHolder(guard), "/*", EnumSet.of(DispatcherType.REQUEST, DispatcherType.ASYNC));
    var servlet = new ServletHolder(transport);
    servlet.setAsyncSupported(true);
    context.addServlet(servlet, "/*");
    server.setHandler(context);
    server.start();
  }

  private static Tool described(DemoTool tool) {
    return Tool.builder(tool.name(), tool.inputSchema()).description(tool.description()).build();
  }

  private static Server listening(URI url, SSLContext tls) {
    var threads = new QueuedThreadPool(16, 2);
    threads.setName("mcp-" + url.getPort());
    threads.setDaemon(true);
    var server = new Server(threads);
    var ssl = new SslContextFactory.Server();
    ssl.setSslContext(tls);
    var http = new HttpConfiguration();
    http.addCustomizer(new SecureRequestCustomizer(false));
    http.setSendServerVersion(false);
    var connector = new ServerConnector(server, ssl, new HttpConnectionFactory(http));
    connector.setHost("127.0.0.1");
    connector.setPort(url.getPort());
    server.addConnector(connector);
    return server;
  }

  @Override
  public void close() throws Exception {
    mcp.closeGracefully();
    server.stop();
  }
}
