package dev.lanyard.client.mcp;

import dev.lanyard.client.AccessSource;
import dev.lanyard.client.RefusedRequest;
import dev.lanyard.protocol.mcp.EmaExtension;
import io.modelcontextprotocol.client.transport.HttpClientStreamableHttpTransport;
import io.modelcontextprotocol.client.transport.HttpRequestSnapshot;
import io.modelcontextprotocol.client.transport.customizer.McpHttpClientTransportAuthorizationErrorHandler;
import io.modelcontextprotocol.common.McpTransportContext;
import io.modelcontextprotocol.spec.McpSchema.ClientCapabilities;
import java.net.URI;
import java.net.http.HttpResponse.ResponseInfo;
import java.util.Map;
import org.reactivestreams.Publisher;

/// Gives every request of an MCP client its token, and gets a new one when the server asks for it.
/// For the revisions that the MCP Java SDK speaks, up to 2025-11-25: see [RefusedRequest] and
/// [EmaExtension] for clients of later ones. Thread-safe.
///
/// A refusal surfaces as [AccessRefusedException]: there is no silent way around it (CLI-34). So
/// does that of an operation which no token opens: at once, without asking anybody.
@SuppressWarnings("exports") // Whoever uses it requires that module anyway.
public final class McpAuthorization {
  private final AccessSource source;
  private final URI server;

  /// @param server the URL of the MCP server with its path, as it names itself
  public McpAuthorization(AccessSource source, URI server) {
    this.source = source;
    this.server = server;
  }

  /// What an MCP client declares to say that it can do this (CLI-30).
  public static ClientCapabilities capabilities() {
    return ClientCapabilities.builder().extensions(Map.of(EmaExtension.NAME, Map.of())).build();
  }

  /// Puts itself into a transport to the server. The SDK's builder takes the path of the server
  /// separately, so it is set here.
  ///
  /// A person who has to sign in takes longer than the SDK waits by default: give the client an
  /// `initializationTimeout` and a `requestTimeout` in which that is possible.
  public HttpClientStreamableHttpTransport.Builder on(
      HttpClientStreamableHttpTransport.Builder transport) {
    var path = server.getRawPath();
    // The SDK knows no URL without a path.
    var sent = path.isEmpty() ? server.resolve("/") : server;
    return transport
        .endpoint(sent.getRawPath())
        .addHttpRequestCustomizer((request, method, url, body, context) ->
            source
                .headersFor(server, method, url.equals(sent) ? server : url)
                .forEach(request::setHeader))
        .authorizationErrorHandler(new Handler());
  }

  /// The source sees to it that nothing is asked for in vain again and again.
  private final class Handler implements McpHttpClientTransportAuthorizationErrorHandler {
    private final McpHttpClientTransportAuthorizationErrorHandler sync =
        McpHttpClientTransportAuthorizationErrorHandler.fromSync(McpAuthorization.this::answer);

    @Override
    public Publisher<Boolean> handle(
        HttpRequestSnapshot request, ResponseInfo response, McpTransportContext context) {
      return sync.handle(request, response, context);
    }

    @Override
    public int maxRetries() {
      return RefusedRequest.MOST_RETRIES;
    }
  }

  /// @return whether to send the request once more
  private boolean answer(
      HttpRequestSnapshot request, ResponseInfo response, McpTransportContext context) {
    var refused =
        RefusedRequest.of(
            response.statusCode(),
            response.headers().allValues("WWW-Authenticate"),
            response.headers().firstValue("DPoP-Nonce"),
            request.headers().firstValue("Authorization"));
    var obstacle = refused.overcome(source, server);
    if (obstacle.isPresent()) {
      throw new AccessRefusedException(server, obstacle.get());
    }
    return true;
  }
}
