package dev.lanyard.resourceserver.servlet;

import dev.lanyard.protocol.accesstoken.AccessToken;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.metadata.WellKnown;
import dev.lanyard.resourceserver.Answer;
import dev.lanyard.resourceserver.Guard;
import dev.lanyard.resourceserver.GuardedRequest;
import dev.lanyard.resourceserver.OpenStreams;
import dev.lanyard.resourceserver.Refusal;
import dev.lanyard.resourceserver.Requirement;
import dev.lanyard.resourceserver.Verdict;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
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
import java.net.URI;
import java.net.URISyntaxException;
import java.security.cert.X509Certificate;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/// Puts a [Guard] before servlets, for example before the MCP Java SDK's transport.
///
/// Map it to `/*`: it serves the protected resource metadata at its well-known place, which needs
/// no token, and guards everything else. A servlet behind it finds who called by [#callerOf].
///
/// A request that was admitted and goes on asynchronously is not judged once more when the
/// container dispatches it again: the operation has run, its DPoP proof is used, and a refusal
/// would be written into its answer.
///
/// What is still being answered when its token dies, such as a stream of events, is cut in that
/// moment (RS-24): the connection of a killed person ends, everybody else's goes on. A servlet that
/// streams in its own thread meets an [IOException] at its next write.
///
/// A token that is bound to a certificate is taken on a TLS connection of that client only, which
/// the container must ask for its certificate. What a proxy writes into a header is not looked at.
///
/// Behind a proxy that changes paths it has to be told so: [RewrittenPath].
///
/// The servlet still sees the `Authorization` header; it must not forward it (RS-8).
@SuppressWarnings("exports") // Whoever uses it requires that module anyway.
public final class ResourceServerFilter implements Filter {
  private static final String CALLER = ResourceServerFilter.class.getName() + ".caller";

  /// As the servlet specification names it.
  private static final String CERTIFICATE = "jakarta.servlet.request.X509Certificate";

  private static final int METADATA_SECONDS = 300;

  private final Guard guard;
  private final Function<HttpServletRequest, Requirement> requirement;
  private final RewrittenPath rewritten;
  private final String metadataPath;
  private final String origin;
  private final OpenStreams streams;

  /// The attribute of what this filter has admitted. Other filters of the application may guard
  /// other resources.
  private final String admission =
      ResourceServerFilter.class.getName() + ".admission." + UUID.randomUUID();

  /// A filter that asks for a valid token; operations ask for more by [Guard#judge(AccessToken,
  /// Requirement)].
  public ResourceServerFilter(Guard guard) {
    this(guard, request -> Requirement.VALID_TOKEN);
  }

  /// @param requirement what each request needs
  public ResourceServerFilter(Guard guard, Function<HttpServletRequest, Requirement> requirement) {
    this(guard, requirement, RewrittenPath.NONE);
  }

  /// @param requirement what each request needs, whose path is the one that arrives here
  /// @param rewritten what a proxy in front makes of paths
  /// @throws IllegalArgumentException if the proxy cannot lead to the guard's resource
  public ResourceServerFilter(
      Guard guard, Function<HttpServletRequest, Requirement> requirement, RewrittenPath rewritten) {
    rewritten.require(guard.metadata().resource());
    var resource = URI.create(guard.metadata().resource().value());
    this.guard = guard;
    this.requirement = requirement;
    this.rewritten = rewritten;
    this.streams = new OpenStreams(guard);
    this.metadataPath = WellKnown.protectedResource(guard.metadata().resource()).getRawPath();
    this.origin = resource.getScheme() + "://" + resource.getRawAuthority();
  }

  /// Who called, in a request that the filter let through.
  public static Optional<AccessToken> callerOf(HttpServletRequest request) {
    return Optional.ofNullable((AccessToken) request.getAttribute(CALLER));
  }

  /// Says in the container's log if requests for the metadata cannot reach this application.
  @Override
  public void init(FilterConfig config) {
    var context = config.getServletContext();
    var place = context.getContextPath() + metadataPath;
    if (!place.equals(metadataPath)) {
      context.log(
          ("Clients look for the metadata at %s, outside of this application at %s; pass that path on"
                  + " to %s, or no client finds the authorization server")
              .formatted(origin + metadataPath, context.getContextPath(), place));
    }
  }

  @Override
  public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    if (!(request instanceof HttpServletRequest http
        && response instanceof HttpServletResponse out)) {
      throw new ServletException("only HTTP requests can be guarded");
    }
    var path = rewritten.called(http.getRequestURI());
    // Its place is not below the resource's path: a proxy may pass it on as it is.
    if (http.getRequestURI().equals(http.getContextPath() + metadataPath)
        || path.equals(Optional.of(metadataPath))) {
      serveMetadata(http, out);
      return;
    }
    // Within the application there is no proxy: a servlet may send on what was admitted.
    var admitted = admitted(http);
    if (path.isEmpty() && admitted.isEmpty()) {
      refuse(out, new Refusal.BadRequest("the path of the URL is none of this resource"));
      return;
    }
    GuardedRequest guarded;
    try {
      guarded = guarded(http, path.orElse(http.getRequestURI()));
    } catch (URISyntaxException e) {
      refuse(out, new Refusal.BadRequest("the path of the URL is malformed"));
      return;
    }
    switch (judge(http, guarded, admitted)) {
      case Verdict.Admitted(var token) -> {
        http.setAttribute(CALLER, token);
        http.setAttribute(admission, new Admission(token, http.getRequestURI()));
        serve(http, out, chain, token, guarded);
      }
      case Verdict.Refused(var refusal) -> refuse(out, refusal);
      case Verdict.Unavailable(var why) -> {
        http.getServletContext().log("a token cannot be checked: " + why);
        out.setHeader("Retry-After", "1");
        answer(out, guard.unavailable());
      }
    }
  }

  /// What this filter has let through.
  private record Admission(AccessToken token, String path) {}

  /// What it was let through with, if it goes on asynchronously.
  private Optional<Admission> admitted(HttpServletRequest http) {
    return http.getDispatcherType() == DispatcherType.ASYNC
            && http.getAttribute(admission) instanceof Admission admitted
        ? Optional.of(admitted)
        : Optional.empty();
  }

  private Verdict judge(
      HttpServletRequest http, GuardedRequest guarded, Optional<Admission> admitted) {
    if (admitted.isEmpty()) {
      return guard.judge(guarded, requirement.apply(http));
    }
    // The servlet may have sent it on to an operation that needs more.
    var token = admitted.get().token();
    return admitted.get().path().equals(http.getRequestURI())
        ? new Verdict.Admitted(token)
        : guard.judge(token, requirement.apply(http));
  }

  private void serve(
      HttpServletRequest http,
      HttpServletResponse out,
      FilterChain chain,
      AccessToken token,
      GuardedRequest guarded)
      throws IOException, ServletException {
    var response = new CuttableResponse(http, out);
    var open = streams.opened(token, guarded, response::cut);
    boolean goesOn = false;
    try {
      chain.doFilter(http, response);
      goesOn = http.isAsyncStarted();
      if (goesOn) {
        http.getAsyncContext().addListener(new Ended(open));
        response.cutAgain();
      }
    } catch (IllegalStateException e) {
      // It began to be asynchronous, and has ended in the meantime.
      if (!goesOn) {
        throw e;
      }
      open.close();
    } finally {
      if (!goesOn) {
        open.close();
      }
    }
  }

  /// Stops watching when what was left open has ended.
  private record Ended(OpenStreams.Open open) implements AsyncListener {
    @Override
    public void onComplete(AsyncEvent event) {
      open.close();
    }

    @Override
    public void onTimeout(AsyncEvent event) {
      // Whoever has left it open decides what becomes of it.
    }

    @Override
    public void onError(AsyncEvent event) {
      open.close();
    }

    @Override
    public void onStartAsync(AsyncEvent event) {
      event.getAsyncContext().addListener(this);
    }
  }

  /// Cuts what is still being served.
  @Override
  public void destroy() {
    streams.close();
  }

  private GuardedRequest guarded(HttpServletRequest http, String path) throws URISyntaxException {
    // The origin comes from configuration: a client may write what it likes into Host (RS-23).
    var url = new URI(origin + path);
    if (url.getHost() == null) {
      // Such as the target of OPTIONS *.
      throw new URISyntaxException(http.getRequestURI(), "it leads out of the origin");
    }
    var query = Optional.ofNullable(http.getQueryString());
    return new GuardedRequest(
        http.getMethod(),
        url,
        query,
        headers(http, "Authorization"),
        headers(http, "DPoP"),
        certificate(http));
  }

  /// The client's own, of which the servlet container knows by the TLS connection (RS-10).
  private static Optional<X509Certificate> certificate(HttpServletRequest http) {
    return http.getAttribute(CERTIFICATE) instanceof X509Certificate[] chain && chain.length > 0
        ? Optional.of(chain[0])
        : Optional.empty();
  }

  private static List<String> headers(HttpServletRequest http, String name) {
    return Collections.list(http.getHeaders(name));
  }

  private void refuse(HttpServletResponse out, Refusal refusal) throws IOException {
    answer(out, guard.answer(refusal));
  }

  /// Writes an answer of a [Guard]; for whoever judges an operation behind this filter.
  public static void answer(HttpServletResponse out, Answer answer) throws IOException {
    answer.challenges().forEach(c -> out.addHeader("WWW-Authenticate", c.toHeader()));
    out.setHeader("Cache-Control", "no-store");
    write(out, answer.status(), answer.body());
  }

  private void serveMetadata(HttpServletRequest http, HttpServletResponse out) throws IOException {
    if (!"GET".equals(http.getMethod()) && !"HEAD".equals(http.getMethod())) {
      out.setHeader("Allow", "GET, HEAD");
      out.setStatus(405);
      return;
    }
    out.setHeader("Cache-Control", "public, max-age=" + METADATA_SECONDS);
    out.setHeader("Access-Control-Allow-Origin", "*");
    write(out, 200, guard.metadata().toJson());
  }

  private static void write(HttpServletResponse out, int status, JsonObject body)
      throws IOException {
    var bytes = body.toBytes();
    out.setStatus(status);
    out.setContentType("application/json");
    out.setHeader("X-Content-Type-Options", "nosniff");
    out.setContentLength(bytes.length);
    out.getOutputStream().write(bytes);
  }
}
