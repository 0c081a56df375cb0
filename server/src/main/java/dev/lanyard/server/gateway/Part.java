package dev.lanyard.server.gateway;

/// A connector as a part of an aggregate.
///
/// @param door through which everything goes that is asked of it, as if the client had come there
record Part(Front front, FrontDoor door, ToolJudge judge) {
  String connector() {
    return front.connector();
  }

  /// Whether somebody may use anything of it. Of one of which they may not, nobody asks its server.
  boolean isOpenTo(Caller caller) {
    return judge.allowsAnything(caller);
  }
}
