package dev.lanyard.server.console.api;

import dev.lanyard.server.administration.Api;
import dev.lanyard.server.administration.ApiRoute;
import dev.lanyard.server.console.Console;
import dev.lanyard.server.console.ConsoleSessions;
import dev.lanyard.server.console.Deeds;
import dev.lanyard.server.console.Ledgers;
import dev.lanyard.server.console.People;
import dev.lanyard.server.console.Reach;
import dev.lanyard.server.console.SignedIn;
import dev.lanyard.server.sessions.LiveGrants;
import java.util.ArrayList;
import java.util.List;

/// The calls, wired.
public final class ConsoleApi {
  private final Console.Parts parts;
  private final Ledgers ledgers;

  public ConsoleApi(Console.Parts parts, Ledgers ledgers) {
    this.parts = parts;
    this.ledgers = ledgers;
  }

  /// Every call.
  public List<ApiRoute> routes(Api api) {
    var database = parts.platform().database();
    var reach = new Reach(parts.library(), parts.clients()::all);
    var signedIn = new SignedIn(new LiveGrants(database), new ConsoleSessions(database));
    var clock = parts.platform().clock();
    var people = new People(parts);
    var routes =
        new ArrayList<>(
            new PeopleApi(people, reach, signedIn, new Deeds(parts), clock).routes(api));
    routes.addAll(new EvidenceApi(parts, ledgers, people).routes(api));
    routes.addAll(new RegisterApi(parts, ledgers).routes(api));
    routes.addAll(new ConnectorApi(parts, ledgers).routes(api));
    routes.addAll(new LibraryApi(parts, ledgers).routes(api));
    return List.copyOf(routes);
  }
}
