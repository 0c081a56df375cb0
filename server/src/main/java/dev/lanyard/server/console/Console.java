package dev.lanyard.server.console;

import dev.lanyard.server.console.desk.Desks;
import dev.lanyard.server.console.desk.Ledgers;
import dev.lanyard.server.console.desk.Parts;
import dev.lanyard.server.console.gate.ConsoleConfig;
import dev.lanyard.server.console.gate.Entrance;
import dev.lanyard.server.console.gate.Gate;
import dev.lanyard.server.console.page.Pages;
import dev.lanyard.server.console.sheet.Assets;
import dev.lanyard.server.http.Route;
import java.util.ArrayList;
import java.util.List;

/// The console, wired: its row of the route table.
public final class Console {
  private final ConsoleConfig config;
  private final Parts parts;
  private final Ledgers ledgers;
  private final Desks desks;
  private final List<Room> rooms;

  public Console(
      ConsoleConfig config, Parts parts, Ledgers ledgers, Desks desks, List<Room> rooms) {
    this.config = config;
    this.parts = parts;
    this.ledgers = ledgers;
    this.desks = desks;
    this.rooms = List.copyOf(rooms);
  }

  /// Pages of other packages, in the same house: what stands before every page stands before
  /// theirs.
  public interface Room {
    /// Every route, behind this gate.
    List<Route> routes(Gate gate);
  }

  /// Every route. To be called once.
  public List<Route> routes() {
    var entrance = new Entrance(config, parts);
    var routes = new ArrayList<>(Assets.routes());
    routes.addAll(entrance.routes());
    routes.addAll(new Pages(entrance, parts, ledgers, desks).routes());
    rooms.forEach(room -> routes.addAll(room.routes(entrance.gate())));
    return List.copyOf(routes);
  }
}
