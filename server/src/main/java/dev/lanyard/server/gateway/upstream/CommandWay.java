package dev.lanyard.server.gateway.upstream;

import dev.lanyard.protocol.mcp.McpHeaders;
import dev.lanyard.server.gateway.admission.Admitted;
import dev.lanyard.server.gateway.admission.LivingTokens;
import dev.lanyard.server.gateway.message.Era;
import dev.lanyard.server.http.upstream.UpstreamCall;
import dev.lanyard.server.http.upstream.UpstreamRequest;
import dev.lanyard.server.stdio.StdioServer;

/// How a command is reached: each session is a process of its own, and so is each person through
/// each client where there are no sessions.
public record CommandWay(StdioServer<ProcessOwner> server, LivingTokens living)
    implements Forwarding.Way {
  /// What somebody asks who has no process: no process is called so.
  private static final String NONE = "-";

  @Override
  public UpstreamCall begin(Admitted who, UpstreamRequest request) {
    return server.begin(new ProcessOwner(who, living), request);
  }

  @Override
  public String process(Admitted who) {
    var name =
        who.era() == Era.STATELESS
            ? server.shared(new ProcessOwner(who, living))
            : who.request().header(McpHeaders.SESSION);
    return name.orElse(NONE);
  }
}
