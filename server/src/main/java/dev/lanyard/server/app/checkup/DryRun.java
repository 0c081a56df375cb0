package dev.lanyard.server.app.checkup;

import dev.lanyard.protocol.claims.AuthenticationContext;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.server.app.configuration.Configuration;
import dev.lanyard.server.app.configuration.Configuration.Served;
import dev.lanyard.server.clients.Client;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.directory.Directory;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.library.Connector;
import dev.lanyard.server.policy.AccessRequest;
import dev.lanyard.server.policy.Decision;
import dev.lanyard.server.policy.PolicyLibrary;
import dev.lanyard.server.policy.WhosePeople;
import dev.lanyard.server.policy.WhosePeople.Others;
import dev.lanyard.server.ras.match.ExportedPerson;
import dev.lanyard.server.ras.match.PreFlight;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/// Goes with a person through token exchange and redemption as far as decisions go: nothing is
/// signed, nothing recorded, no quota counted.
public final class DryRun {
  private final Configuration config;
  private final Directory directory;
  private final PolicyLibrary policy;
  private final WhosePeople people;
  private final List<Customer> customers;
  private final Optional<RedemptionCheckup> redemptions;
  private final Instant now;
  private final List<Finding> findings = new ArrayList<>();

  /// @throws dev.lanyard.server.yaml.FaultyFileException if the clients file of the resource
  ///   authorization server cannot be read
  public DryRun(
      Configuration config,
      Database database,
      Directory directory,
      PolicyLibrary policy,
      Instant now) {
    this.config = config;
    this.directory = directory;
    this.policy = policy;
    this.people =
        new WhosePeople(config.broker().map(broker -> broker.config().organisation()), Others.NONE);
    this.now = now;
    this.customers =
        config
            .broker()
            .map(broker -> Customer.trusting(config, database, broker.config().issuer()))
            .orElse(List.of());
    this.redemptions = RedemptionCheckup.of(config, customers);
  }

  /// @param clients of the broker; those that may not exchange tokens are left out
  public List<Finding> of(
      Person person, Collection<Client> clients, Collection<Connector> connectors) {
    var name = "dry run for " + person.userName();
    if (!person.active()) {
      findings.add(
          Finding.bad(name, "the person is disabled: lanyard enable --user " + person.userName()));
      return List.copyOf(findings);
    }
    findings.add(
        Finding.good(
            name, "is active, in the groups " + person.groups().stream().sorted().toList()));
    var exchanging = clients.stream().filter(Client::mayExchange).toList();
    if (exchanging.isEmpty()) {
      findings.add(Finding.note(name, "no client of the broker may exchange tokens"));
    }
    for (var client : exchanging) {
      connectors.forEach(connector -> exchange(name, person, client, connector));
    }
    if (config.ras().isPresent()) {
      match(name, person);
    }
    return List.copyOf(findings);
  }

  private void exchange(String name, Person person, Client client, Connector connector) {
    var about = "%s, %s through %s".formatted(name, connector.id(), client.id());
    var decision =
        policy.decide(
            AccessRequest.forAllOf(
                connector, people.member(person), client.id(), AuthenticationContext.UNKNOWN, now));
    switch (decision) {
      case Decision.Permit permit -> permitted(about, client, connector, permit.scopes());
      case Decision.StepUp _ ->
          findings.add(Finding.note(about, "is given after a better or newer sign-in"));
      case Decision.Deny deny ->
          findings.add(Finding.note(about, "is not given: " + deny.reason().detail()));
    }
  }

  private void permitted(String about, Client client, Connector connector, Scopes scopes) {
    var server = connector.authorizationServer();
    var tenant =
        config.broker().map(Served::config).flatMap(broker -> broker.exchange().tenantAt(server));
    var there = client.idAt(server, tenant);
    if (there.isEmpty()) {
      var why =
          "policy gives it, and the exchange is refused: name the client at %s%s under ids_at"
              .formatted(server, tenant.map(one -> ", in the tenant " + one + ",").orElse(""));
      // Where nobody signs in with it, it serves whoever calls it, and seldom every connector.
      findings.add(
          client.redirectUris().isEmpty() ? Finding.note(about, why) : Finding.bad(about, why));
      return;
    }
    var ours = redemptions.filter(one -> one.isAt(server));
    var faults =
        ours.map(one -> one.faults(client, there.get(), connector.resource())).orElse(List.of());
    for (var fault : faults) {
      findings.add(
          Finding.bad(about, "the exchange succeeds and the redemption is refused: " + fault));
    }
    for (var doubt : ours.map(one -> one.doubts(client, there.get())).orElse(List.of())) {
      findings.add(Finding.note(about, doubt));
    }
    if (faults.isEmpty()) {
      findings.add(Finding.good(about, "an ID-JAG would be issued with scope [" + scopes + "]"));
    }
  }

  /// Whom our own resource authorization server would take the broker's assertion to mean.
  private void match(String name, Person person) {
    var about = name + " at the resource authorization server";
    config
        .broker()
        .map(broker -> broker.config().issuer())
        .ifPresent(issuer -> {
          var way = customers.stream().map(Customer::way).findFirst();
          if (way.isEmpty()) {
            findings.add(
                Finding.note(
                    about, "the broker is not trusted there; no organisation names " + issuer));
            return;
          }
          var asked =
              new ExportedPerson(
                  1,
                  person.id().value(),
                  Optional.empty(),
                  Optional.empty(),
                  Optional.empty(),
                  person.email());
          var report = new PreFlight(directory).report(List.of(asked), way.get());
          if (report.refused().isEmpty()) {
            findings.add(
                Finding.good(
                    about,
                    report.created() > 0
                        ? "would be created at the first redemption"
                        : "is found there"));
          } else {
            var why = report.refused().getFirst().why();
            findings.add(
                Finding.bad(
                    about,
                    "would not be found: %s must be %s and is %s (%s)"
                        .formatted(why.check(), why.expected(), why.actual(), why.requirement())));
          }
        });
  }
}
