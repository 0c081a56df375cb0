package dev.lanyard.server.console.page;

import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.server.console.desk.OrderDesk;
import dev.lanyard.server.console.desk.Parts;
import dev.lanyard.server.console.gate.Gate;
import dev.lanyard.server.console.gate.Sitemap;
import dev.lanyard.server.console.gate.Visit;
import dev.lanyard.server.console.sheet.Entry;
import dev.lanyard.server.console.sheet.Entry.Choice;
import dev.lanyard.server.console.sheet.Entry.Field;
import dev.lanyard.server.console.sheet.Message;
import dev.lanyard.server.console.sheet.Sheet;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.http.Request;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.http.Route;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// `/accounts` of somebody: the accounts at vendors that they have connected (the legacy bridge),
/// and the end of that. It only takes away, so one administrator does it.
final class AccountPages {
  private static final String ACCOUNTS = PeoplePages.PERSON + "/accounts";
  private static final String CONNECTOR = "connector";

  /// No connector is called so.
  private static final String ALL = "*";

  private final Gate gate;
  private final PeoplePages people;
  private final OrderDesk desk;

  AccountPages(Gate gate, PeoplePages people, OrderDesk desk) {
    this.gate = gate;
    this.people = people;
    this.desk = desk;
  }

  List<Route> routes() {
    return List.of(
        gate.page(
            ACCOUNTS,
            Gate.ADMINISTRATORS,
            (request, visit) ->
                people
                    .person(request)
                    .map(person -> page(200, visit, person, ""))
                    .orElseGet(() -> people.nobody(request))),
        gate.action(ACCOUNTS, Gate.ADMINISTRATORS, this::end));
  }

  private Response page(int status, Visit visit, Person person, String problem) {
    var choices = new ArrayList<Choice>();
    desk.accounts(person)
        .forEach(one ->
            choices.add(
                new Choice(
                    one.connector(),
                    "%s at %s, since %s"
                        .formatted(one.connector(), one.issuer(), one.grantedAt()))));
    var address = PeoplePages.address(person);
    if (choices.isEmpty()) {
      var message =
          new Message(
              problem.isEmpty()
                  ? person.displayName() + " has connected no account at a vendor."
                  : problem,
              "What is connected at the page of the broker for it is listed here.",
              Optional.of(new Message.Way(address, "Back to " + person.userName())),
              visit.correlationId());
      return Sheet.of(
          status, "message", visit.frame("Connected accounts", Sitemap.PEOPLE), message);
    }
    choices.add(new Choice(ALL, "All of them"));
    var page =
        new Entry(
            new Entry.Question(
                address + "/accounts",
                problem,
                List.of(
                    Parts.who(person),
                    "No call that begins from now on uses it, and it ends at the vendor as soon as"
                        + " that has heard of it. What is under way ends by itself. They may"
                        + " connect it again; disabling them ends more than that."),
                "End it",
                true,
                address),
            List.of(Field.chosen(CONNECTOR, "Which connection", "", choices)));
    return Sheet.of(status, "entry", visit.frame("Connected accounts", Sitemap.PEOPLE), page);
  }

  private Response end(Request request, Visit visit, Form form) throws MalformedException {
    var connector = form.required(CONNECTOR);
    var reason = form.required("reason").strip();
    return people
        .person(request)
        .map(person -> {
          var which = Optional.of(connector).filter(one -> !one.equals(ALL));
          return desk.endAccounts(visit.actor(), person, which, reason) > 0
              ? gate.to(PeoplePages.address(person) + "/accounts")
              : page(409, visit, person, "Nothing was ended: that has ended already.");
        })
        .orElseGet(() -> people.nobody(request));
  }
}
