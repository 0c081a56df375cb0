package dev.lanyard.resourceserver.mcp;

import dev.lanyard.protocol.accesstoken.AccessToken;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.mcp.MirroredHeaders;
import dev.lanyard.protocol.mcp.RpcCode;
import dev.lanyard.resourceserver.Answer;
import dev.lanyard.resourceserver.Guard;
import dev.lanyard.resourceserver.Requirement;
import dev.lanyard.resourceserver.Verdict;
import dev.lanyard.resourceserver.servlet.ResourceServerFilter;
import dev.lanyard.resourceserver.servlet.RewrittenPath;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.FilterConfig;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Enumeration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// Puts a [Guard] before an MCP server: a valid token for every request, and for a call of a tool
/// what that tool needs, answered with a challenge that names all of it. Map it to `/*`, with
/// asynchronous requests supported.
///
/// Reads the body of a message only once its token was admitted, up to 4 MiB. A message that could
/// be read in two ways is refused: a member that is there twice, a batch, a header that names
/// another method or tool than the body.
///
/// @spec https://modelcontextprotocol.io/specification/2026-07-28/basic/authorization MCP
///   Authorization, Runtime Insufficient Scope Errors (RS-3, RS-14, RS-21)
@SuppressWarnings("exports") // Whoever uses it requires that module anyway.
public final class McpFilter implements Filter {
  private static final int MOST_BYTES = 4 * 1024 * 1024;

  private final Guard guard;
  private final ToolRequirements tools;
  private final ResourceServerFilter outer;

  /// The attribute of a request whose message this filter has let through.
  private final String admitted = McpFilter.class.getName() + ".admitted." + UUID.randomUUID();

  /// A filter that asks for nothing but a valid token where no tool is called.
  public McpFilter(Guard guard, ToolRequirements tools) {
    this(guard, tools, Requirement.VALID_TOKEN);
  }

  /// @param always what every request needs
  public McpFilter(Guard guard, ToolRequirements tools, Requirement always) {
    this(guard, tools, always, RewrittenPath.NONE);
  }

  /// @param always what every request needs
  /// @param rewritten what a proxy in front makes of paths
  /// @throws IllegalArgumentException if the proxy cannot lead to the guard's resource
  public McpFilter(
      Guard guard, ToolRequirements tools, Requirement always, RewrittenPath rewritten) {
    this.guard = guard;
    this.tools = tools;
    this.outer = new ResourceServerFilter(guard, request -> always, rewritten);
  }

  @Override
  public void init(FilterConfig config) {
    outer.init(config);
  }

  @Override
  public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    outer.doFilter(
        request,
        response,
        (admitted, answer) ->
            judge((HttpServletRequest) admitted, (HttpServletResponse) answer, chain));
  }

  private void judge(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    if (!"POST".equals(request.getMethod()) || goesOn(request)) {
      chain.doFilter(request, response);
      return;
    }
    var body = request.getInputStream().readNBytes(MOST_BYTES + 1);
    if (body.length > MOST_BYTES) {
      ResourceServerFilter.answer(
          response, refused(413, JsonObject.EMPTY, RpcCode.INVALID_REQUEST, "too large"));
      return;
    }
    try {
      var call = ToolCall.of(body);
      var refusal = refusal(request, call);
      if (refusal.isPresent()) {
        ResourceServerFilter.answer(response, refusal.get());
      } else {
        request.setAttribute(admitted, Boolean.TRUE);
        chain.doFilter(new ReadRequest(request, body), response);
      }
    } catch (MalformedException e) {
      ResourceServerFilter.answer(
          response,
          refused(
              400, JsonObject.EMPTY, RpcCode.INVALID_REQUEST, "not a message: " + e.getMessage()));
    }
  }

  /// Its body can be gone by now, and its operation has run.
  private boolean goesOn(HttpServletRequest request) {
    return request.getDispatcherType() == DispatcherType.ASYNC
        && Boolean.TRUE.equals(request.getAttribute(admitted));
  }

  private Optional<Answer> refusal(HttpServletRequest request, ToolCall call) {
    if (contradicts(request.getHeaders(MirroredHeaders.METHOD), call.method())
        || (call.name().isPresent()
            && contradicts(request.getHeaders(MirroredHeaders.NAME), call.name()))) {
      return Optional.of(
          refused(
              400,
              call.id(),
              RpcCode.HEADER_MISMATCH,
              "the headers name something else than the body"));
    }
    return call.tool().flatMap(tool -> refusal(request, tool));
  }

  /// The headers are those of MCP 2026-07-28; earlier revisions have none. One that is there twice
  /// could be read as either.
  private static boolean contradicts(Enumeration<String> headers, Optional<String> said) {
    if (!headers.hasMoreElements()) {
      return false;
    }
    var decoded = MirroredHeaders.decoded(headers.nextElement());
    return decoded.isEmpty() || !decoded.equals(said) || headers.hasMoreElements();
  }

  private Optional<Answer> refusal(HttpServletRequest request, String tool) {
    var needed = tools.of(tool);
    if (needed.isEmpty()) {
      return Optional.of(closed());
    }
    AccessToken caller = ResourceServerFilter.callerOf(request).orElseThrow();
    return switch (guard.judge(caller, needed.get())) {
      case Verdict.Admitted admitted -> Optional.empty();
      case Verdict.Refused(var refusal) -> Optional.of(guard.answer(refusal));
      case Verdict.Unavailable unavailable -> Optional.of(guard.unavailable());
    };
  }

  /// No challenge: there is no scope by which it would open.
  private static Answer closed() {
    return new Answer(
        403,
        List.of(),
        JsonObject.builder()
            .put("error", "access_denied")
            .put("error_description", "this tool is not open to anybody")
            .build());
  }

  /// Without an id, as MCP has it, if the error is about no request in particular.
  private static Answer refused(int status, JsonObject id, int code, String message) {
    var error = JsonObject.builder().put("code", code).put("message", message).build();
    var body = JsonObject.builder().put("jsonrpc", "2.0").put("error", error).putAll(id);
    return new Answer(status, List.of(), body.build());
  }

  @Override
  public void destroy() {
    outer.destroy();
  }
}
