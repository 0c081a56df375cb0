package dev.lanyard.server.console;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.server.audit.AuditLog;
import dev.lanyard.server.audit.AuditQuery;
import dev.lanyard.server.authorization.Liveness;
import dev.lanyard.server.clients.ClientRegistry;
import dev.lanyard.server.diagnosis.Diagnostics;
import dev.lanyard.server.directory.Directory;
import dev.lanyard.server.directory.PasswordStore;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.directory.PersonId;
import dev.lanyard.server.http.Route;
import dev.lanyard.server.library.Library;
import dev.lanyard.server.revocation.Revocation;
import dev.lanyard.server.sessions.LiveGrants;
import dev.lanyard.server.setup.Offer;
import dev.lanyard.server.token.Platform;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// The console, wired: its row of the route table.
public final class Console {
  private final Parts parts;
  private final Ledgers ledgers;
  private final Desks desks;
  private final List<Room> rooms;

  public Console(Parts parts, Ledgers ledgers, Desks desks, List<Room> rooms) {
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

  /// What it shows and by what it acts.
  ///
  /// @param broker through whom people sign in
  /// @param organisation whose people are shown
  /// @param liveness whether a sign-in at the broker still counts
  /// @param clients the clients of the broker
  /// @param library what is in force
  /// @param offer what clients are told of
  /// @param audit with everything that is concealed revealed
  /// @param passwords of people who are kept here; empty if nobody signs in with one
  public record Parts(
      ConsoleConfig config,
      Issuer broker,
      String organisation,
      Platform platform,
      Liveness liveness,
      Directory directory,
      Revocation revocation,
      ClientRegistry clients,
      Supplier<Library> library,
      Offer offer,
      AuditLog audit,
      Optional<PasswordStore> passwords) {

    /// Whether somebody is of the organisation.
    public boolean isOurs(Person person) {
      return person.organisation().equals(organisation);
    }

    Diagnostics diagnostics() {
      return new Diagnostics(audit);
    }

    /// Somebody, as others know them; their id, if nobody knows them any more.
    String who(String id) {
      return directory.person(new PersonId(id)).map(Parts::who).orElse(id);
    }

    static String who(Person person) {
      return person.displayName() + " (" + person.userName() + ")";
    }

    /// Records what somebody does, in the transaction of it.
    ///
    /// @param whom about whom, if it is about somebody
    void record(
        Connection connection, Actor by, String event, Optional<Person> whom, JsonObject evidence)
        throws SQLException {
      var findings = by.findings(evidence);
      platform
          .journal()
          .allowed(
              connection,
              by.subject(event),
              whom.map(one -> findings.about(one.organisation(), one.id().value()))
                  .orElse(findings));
    }
  }

  /// Every route. To be called once.
  public List<Route> routes() {
    var config = parts.config();
    var cookies = new Cookies(config);
    var database = parts.platform().database();
    var sessions = new ConsoleSessions(database);
    var redemption =
        new CodeRedemption(
            config, parts.broker(), parts.liveness(), parts.revocation(), parts.platform());
    var gate =
        new Gate(
            config,
            cookies,
            sessions,
            parts.liveness(),
            time -> hasEnded("all.enabled", time) || hasEnded("all.revoked", time),
            parts.platform());
    var reach = new Reach(parts.library(), parts.clients()::all);
    var signedIn = new SignedIn(new LiveGrants(database), sessions, parts.liveness());
    var routes = new ArrayList<>(Assets.routes());
    routes.addAll(
        new SignInEndpoint(config, parts.broker(), redemption, cookies, parts.platform().clock())
            .routes());
    routes.addAll(new MyPages(gate, reach, parts.offer(), signedIn, cookies, parts).routes());
    routes.addAll(
        new MyRequests(gate, reach, parts, ledgers.requests(), desks.requests()).routes());
    var people = new PeoplePages(gate, reach, signedIn, new People(parts));
    routes.addAll(people.routes());
    routes.addAll(new PersonActions(gate, people, parts, desks.deeds()).routes());
    routes.addAll(forTwo(gate, people, reach));
    routes.addAll(new WhyPages(gate, parts).routes());
    routes.addAll(new OverviewPages(gate, parts, ledgers, desks.alarms(), desks.stops()).routes());
    routes.addAll(new ConnectorPages(gate, parts, ledgers).routes());
    routes.addAll(library(gate));
    routes.addAll(new ProviderPages(gate, desks.providers()).routes());
    routes.addAll(new RegisterPages(gate, ledgers).routes());
    routes.addAll(new KeyPages(gate, desks.keys()).routes());
    routes.addAll(new EvidencePages(gate, parts, ledgers).routes());
    routes.addAll(new TimePages(gate, parts, ledgers.drafting().readings()).routes());
    routes.addAll(new StopPages(gate, parts, desks).routes());
    routes.addAll(new LiftPages(gate, parts, desks).routes());
    routes.addAll(new StoppedPages(gate, desks, ledgers.backstage().parties()).routes());
    routes.addAll(new OrderPages(gate, desks.order()).routes());
    routes.addAll(new HoldPages(gate, parts, desks).routes());
    routes.addAll(new AccountPages(gate, people, desks.order()).routes());
    rooms.forEach(room -> routes.addAll(room.routes(gate)));
    return List.copyOf(routes);
  }

  /// Whether everything was lifted or revoked at that time or after it: both end what was there.
  private boolean hasEnded(String event, Instant time) {
    return parts.audit().query(AuditQuery.newest(1).ofType(event)).stream()
        .anyMatch(record -> !record.event().at().isBefore(time));
  }

  /// Groups and clients, of which some is done by two.
  private List<Route> forTwo(Gate gate, PeoplePages people, Reach reach) {
    var clients = new ClientPages(gate, parts, ledgers.clients(), desks.clientDeeds());
    var routes = new ArrayList<>(new MotionPages(gate, parts, desks.motions()).routes());
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
