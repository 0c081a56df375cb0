package dev.lanyard.server.console.page;

import dev.lanyard.server.console.desk.Desks;
import dev.lanyard.server.console.desk.Ledgers;
import dev.lanyard.server.console.desk.Parts;
import dev.lanyard.server.console.desk.People;
import dev.lanyard.server.console.desk.Reach;
import dev.lanyard.server.console.gate.Entrance;
import dev.lanyard.server.console.gate.Gate;
import dev.lanyard.server.console.gate.SignedIn;
import dev.lanyard.server.http.Route;
import java.util.ArrayList;
import java.util.List;

/// Every page of this package, wired.
public final class Pages {
  private final Entrance entrance;
  private final Parts parts;
  private final Ledgers ledgers;
  private final Desks desks;

  /// @param entrance what stands before every page
  public Pages(Entrance entrance, Parts parts, Ledgers ledgers, Desks desks) {
    this.entrance = entrance;
    this.parts = parts;
    this.ledgers = ledgers;
    this.desks = desks;
  }

  /// Every route. To be called once.
  public List<Route> routes() {
    var gate = entrance.gate();
    var reach = new Reach(parts);
    var signedIn = new SignedIn(parts.platform().database(), parts.liveness());
    var routes =
        new ArrayList<>(
            new MyPages(gate, reach, parts.offer(), signedIn, entrance.signOut(), parts).routes());
    routes.addAll(
        new MyRequests(gate, reach, parts, ledgers.requests(), desks.requests()).routes());
    var people = new PeoplePages(gate, reach, signedIn, new People(parts));
    routes.addAll(people.routes());
    routes.addAll(new PersonActions(gate, people, parts, desks.deeds()).routes());
    routes.addAll(forTwo(gate, people, reach));
    routes.addAll(new WhyPages(gate, parts).routes());
    routes.addAll(new OverviewPages(gate, parts, ledgers, desks.alarms(), desks.stops()).routes());
    routes.addAll(new ConnectorPages(gate, parts, desks.tools()).routes());
    routes.addAll(new ToolPages(gate, desks.tools()).routes());
    routes.addAll(library(gate));
    routes.addAll(new ProviderPages(gate, desks.providers(), desks.scim()).routes());
    routes.addAll(new ScimTokenPages(gate, desks).routes());
    routes.addAll(new RegisterPages(gate, ledgers).routes());
    routes.addAll(new KeyPages(gate, desks.keys()).routes());
    routes.addAll(new ReceiptPages(gate, ledgers).routes());
    routes.addAll(new RecordPages(gate, parts, ledgers).routes());
    routes.addAll(new TimePages(gate, parts, ledgers.drafting().readings()).routes());
    routes.addAll(new StopPages(gate, parts, desks).routes());
    routes.addAll(new LiftPages(gate, parts, desks).routes());
    routes.addAll(new StoppedPages(gate, desks, ledgers.backstage().parties()).routes());
    routes.addAll(new OrderPages(gate, desks.order()).routes());
    routes.addAll(new StreamPages(gate, desks).routes());
    routes.addAll(new HoldPages(gate, parts, desks).routes());
    routes.addAll(new AccountPages(gate, people, desks.order()).routes());
    routes.addAll(new ConsentPages(gate, people, desks.consents()).routes());
    return List.copyOf(routes);
  }

  /// Groups and clients, of which some is done by two.
  private List<Route> forTwo(Gate gate, PeoplePages people, Reach reach) {
    var clients = new ClientPages(gate, parts, ledgers.clients(), desks.clientDeeds());
    var routes = new ArrayList<>(new MotionPages(gate, parts, desks).routes());
    routes.addAll(new GroupPages(gate, people, parts, reach, desks).routes());
    routes.addAll(new PersonPages(gate, people, desks).routes());
    routes.addAll(clients.routes());
    routes.addAll(new ClientEditor(gate, ledgers.clients(), clients, desks).routes());
    routes.addAll(new ClientActions(gate, clients, desks.clientDeeds()).routes());
    return routes;
  }

  private List<Route> library(Gate gate) {
    var drafting = ledgers.drafting();
    var steps = new LibrarySteps(gate, drafting, desks.steps());
    var submissions = new Submissions(gate, parts, drafting, desks.drafts());
    var routes = new ArrayList<>(submissions.routes());
    routes.addAll(steps.routes());
    routes.addAll(new PublicationPages(gate, drafting, desks.drafts()).routes());
    routes.addAll(new LibraryPages(gate, parts, ledgers, submissions).routes());
    routes.addAll(new ProposalPages(gate, drafting, steps).routes());
    routes.addAll(new DraftPages(gate, desks.drafts()).routes());
    routes.addAll(new DraftEffect(gate, desks.drafts()).routes());
    routes.addAll(new AskedPages(gate, parts, desks.requests(), ledgers.requests()).routes());
    return routes;
  }
}
