package dev.lanyard.server.gateway.aggregate;

import dev.lanyard.server.gateway.admission.Admitted;
import dev.lanyard.server.gateway.admission.FrontDoor;
import dev.lanyard.server.gateway.admission.Withheld;
import dev.lanyard.server.gateway.front.Caller;
import dev.lanyard.server.gateway.front.Front;
import dev.lanyard.server.gateway.front.UpstreamCredentials.Presented;
import dev.lanyard.server.gateway.grade.ToolJudge;
import java.util.Optional;
import java.util.function.Function;

/// A connector as a part of an aggregate.
///
/// @param door through which everything goes that is asked of it, as if the client had come there
/// @param credentials what its server is shown for somebody
public record Part(
    Front front, FrontDoor door, ToolJudge judge, Function<Admitted, Presented> credentials) {
  public String connector() {
    return front.connector();
  }

  /// Whether somebody may use anything of it. Of one of which they may not, nobody asks its server.
  boolean isOpenTo(Caller caller) {
    return judge.allowsAnything(caller);
  }

  /// What keeps its server from being asked for somebody, as far as it is a matter of what the
  /// gateway shows there. To be asked for once it has not answered: that costs as much as a call.
  Optional<Withheld> withheld(Admitted who) {
    return Withheld.of(front, credentials.apply(who));
  }
}
