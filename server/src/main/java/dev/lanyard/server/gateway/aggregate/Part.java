package dev.lanyard.server.gateway.aggregate;

import dev.lanyard.server.gateway.admission.FrontDoor;
import dev.lanyard.server.gateway.front.Caller;
import dev.lanyard.server.gateway.front.Front;
import dev.lanyard.server.gateway.grade.ToolJudge;

/// A connector as a part of an aggregate.
///
/// @param door through which everything goes that is asked of it, as if the client had come there
public record Part(Front front, FrontDoor door, ToolJudge judge) {
  public String connector() {
    return front.connector();
  }

  /// Whether somebody may use anything of it. Of one of which they may not, nobody asks its server.
  boolean isOpenTo(Caller caller) {
    return judge.allowsAnything(caller);
  }
}
