package dev.lanyard.server.console.api;

import dev.lanyard.server.administration.Api;
import dev.lanyard.server.administration.ApiRoute;
import dev.lanyard.server.console.desk.Desks;
import dev.lanyard.server.console.desk.Ledgers;
import dev.lanyard.server.console.desk.Parts;
import dev.lanyard.server.console.desk.People;
import dev.lanyard.server.console.desk.Reach;
import dev.lanyard.server.console.gate.SignedIn;
import java.util.ArrayList;
import java.util.List;

/// The calls, wired.
public final class ConsoleApi {
  private final Parts parts;
  private final Ledgers ledgers;
  private final Desks desks;

  public ConsoleApi(Parts parts, Ledgers ledgers, Desks desks) {
    this.parts = parts;
    this.ledgers = ledgers;
    this.desks = desks;
  }

  /// Every call.
  public List<ApiRoute> routes(Api api) {
    var reach = new Reach(parts);
    var signedIn = new SignedIn(parts.platform().database(), parts.liveness());
    var people = new People(parts);
    var routes = new ArrayList<>(new PeopleApi(people, reach, signedIn, desks.deeds()).routes(api));
    routes.addAll(new EvidenceApi(parts, ledgers).routes(api));
    routes.addAll(new TimeApi(parts, people, ledgers.drafting().readings()).routes(api));
    routes.addAll(new AlarmApi(desks.alarms()).routes(api));
    routes.addAll(new StopApi(parts, desks).routes(api));
    routes.addAll(new ProviderApi(desks.providers()).routes(api));
    routes.addAll(new RequestApi(desks.requests(), ledgers.requests()).routes(api));
    var drafts = new DraftApi(desks.drafts());
    routes.addAll(drafts.routes(api));
    routes.addAll(new WholeDraftApi(desks.drafts(), drafts, ledgers.history()).routes(api));
    routes.addAll(new RegisterApi(parts, ledgers).routes(api));
    routes.addAll(new ConnectorApi(parts.library(), desks.tools()).routes(api));
    routes.addAll(new ToolApi(parts.library(), desks.tools()).routes(api));
    routes.addAll(library(api));
    routes.addAll(new StepApi(desks.steps()).routes(api));
    routes.addAll(new KeptPeopleApi(people, desks).routes(api));
    routes.addAll(new ClientApi(parts.clients(), desks).routes(api));
    routes.addAll(new KeyApi(desks.keys()).routes(api));
    routes.addAll(new MotionApi(desks.motions()).routes(api));
    routes.addAll(new StandingStopApi(desks, ledgers.backstage().parties()).routes(api));
    routes.addAll(new HoldApi(desks).routes(api));
    routes.addAll(new OrderApi(desks.order(), people).routes(api));
    return List.copyOf(routes);
  }

  private List<ApiRoute> library(Api api) {
    var history = ledgers.history();
    var signers = desks.steps().signers();
    var toSign = new ToSign(parts, history);
    var routes = new ArrayList<>(new LibraryApi(parts.library(), history).routes(api));
    routes.addAll(new ProposalApi(history, signers, toSign).routes(api));
    routes.addAll(new PublicationApi(history, signers, toSign).routes(api));
    return routes;
  }
}
