package dev.lanyard.server.app.node;

import dev.lanyard.protocol.egress.EgressClient;
import dev.lanyard.protocol.egress.EgressRequest;
import dev.lanyard.protocol.egress.EgressResult;
import dev.lanyard.server.tools.ToolsClient;
import java.net.URI;
import java.time.Duration;
import java.util.Map;

/// One look of a node at a server, however many pages that makes of its list: the node serves
/// people beside it, and looks at other servers after it. For one use.
final class OneLook implements ToolsClient.Way {
  static final int MOST_BYTES = 4 * 1024 * 1024;
  private static final Duration LONGEST = Duration.ofMinutes(2);

  private final EgressClient egress;
  private final URI place;
  private final long began = System.nanoTime();
  private long taken;

  OneLook(EgressClient egress, URI place) {
    this.egress = egress;
    this.place = place;
  }

  @Override
  public EgressResult send(Map<String, String> headers, String body) {
    if (System.nanoTime() - began > LONGEST.toNanos()) {
      return new EgressResult.Failed(
          "all that it says takes longer than " + LONGEST.toSeconds() + " s");
    }
    var result = egress.send(new EgressRequest("POST", place, headers, body));
    if (result instanceof EgressResult.Answered answered) {
      taken += answered.body().length;
      if (taken > MOST_BYTES) {
        return new EgressResult.Failed("all that it says is larger than " + MOST_BYTES + " bytes");
      }
    }
    return result;
  }

  @Override
  public void end(Map<String, String> headers) {
    var _ = egress.send(new EgressRequest("DELETE", place, headers, ""));
  }
}
