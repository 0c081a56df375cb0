package dev.lanyard.server.app.node;

import dev.lanyard.server.console.Console;
import dev.lanyard.server.console.governance.RoutingPages;
import java.util.List;

/// The pages of the governance plane in the console.
///
/// @param planning of this node, for what it plans
record GovernanceRooms(GovernanceNode governance, Planning planning) {
  List<Console.Room> all() {
    return List.of(gate -> new RoutingPages(gate, governance.router()).routes());
  }
}
