package dev.lanyard.server.transparency;

import dev.lanyard.protocol.egress.EgressClient;
import dev.lanyard.protocol.egress.EgressRequest;
import dev.lanyard.protocol.egress.EgressResult;
import dev.lanyard.server.transparency.TransparencyConfig.Anchor.OverHttp;
import java.util.Map;

/// Sends checkpoints to a URL: an object store, or whoever else keeps them.
final class HttpAnchor implements Keeper {
  private final OverHttp anchor;
  private final EgressClient egress;

  HttpAnchor(OverHttp anchor, EgressClient egress) {
    this.anchor = anchor;
    this.egress = egress;
  }

  @Override
  public String name() {
    return anchor.name();
  }

  @Override
  public Told tell(Signed signed, long has) {
    var url = OverHttp.at(anchor.url(), signed.checkpoint().size());
    var type = Map.of("Content-Type", "text/plain; charset=utf-8");
    var request = new EgressRequest(anchor.method(), url, type, signed.note().print());
    if (anchor.secret().isPresent()) {
      request = request.with("Authorization", "Bearer " + anchor.secret().get().reveal());
    }
    return switch (egress.send(request)) {
      case EgressResult.Answered(var status, _, _) when status >= 200 && status < 300 ->
          new Told.Kept(signed.note());
      case EgressResult.Answered(var status, _, _) -> new Told.Failed("it answered " + status);
      case EgressResult.Refused(var reason) -> new Told.Failed(reason);
      case EgressResult.Failed(var reason) -> new Told.Failed(reason);
    };
  }
}
