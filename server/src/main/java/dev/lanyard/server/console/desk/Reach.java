package dev.lanyard.server.console.desk;

import dev.lanyard.protocol.claims.AuthenticationContext;
import dev.lanyard.server.clients.Client;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.library.Connector;
import dev.lanyard.server.library.Library;
import dev.lanyard.server.policy.AccessRequest;
import dev.lanyard.server.policy.Decision;
import dev.lanyard.server.policy.Member;
import dev.lanyard.server.policy.Policy;
import dev.lanyard.server.policy.Rule;
import dev.lanyard.server.policy.WhosePeople;
import dev.lanyard.server.setup.Offer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// Tells what a person reaches, through which application, and why. It asks for the very decision
/// of a token exchange, for each connector and each application that is registered for it.
public final class Reach {
  private final Policy policy;
  private final WhosePeople people;
  private final Supplier<Library> library;
  private final Supplier<Collection<Client>> clients;
  private final Offer offer;

  public Reach(Parts parts) {
    this.policy = new Policy(parts.library());
    this.people = WhosePeople.of(parts.organisation());
    this.library = parts.library();
    this.clients = parts.clients()::all;
    this.offer = parts.offer();
  }

  /// How near a person is to a connector.
  public enum Nearness {
    GIVEN("Given"),
    AFTER_STEP_UP("After a better sign-in"),
    NOT_GIVEN("Not given");

    private final String label;

    Nearness(String label) {
      this.label = label;
    }

    /// For people.
    public String label() {
      return label;
    }
  }

  /// One connector.
  ///
  /// @param why in words: through which role and group, or which rule withholds it
  /// @param through the names of the applications it works in
  /// @param scopes what is given there
  /// @param missing the roles that would give it, with their groups
  public record Reached(
      String id,
      String name,
      String address,
      Nearness nearness,
      List<String> why,
      List<String> through,
      String scopes,
      List<String> missing) {}

  /// Every connector of the library, in its order.
  public List<Reached> of(Person person, AuthenticationContext authentication, Instant now) {
    var asking = asking(person, authentication, now);
    return library.get().connectors().stream()
        .map(connector -> reached(connector, asking))
        .toList();
  }

  /// The connectors that no application gets for a person, in the order of the library. It does not
  /// work out why.
  public List<Connector> notGiven(
      Person person, AuthenticationContext authentication, Instant now) {
    var asking = asking(person, authentication, now);
    return library.get().connectors().stream()
        .filter(connector ->
            asking
                .at(connector)
                .map(one -> nearness(policy.decide(one.request())))
                .allMatch(Nearness.NOT_GIVEN::equals))
        .toList();
  }

  private Asking asking(Person person, AuthenticationContext authentication, Instant now) {
    var member = people.member(person);
    var applications = clients.get().stream().filter(Client::mayExchange).toList();
    return new Asking(member, applications, offer, authentication, now);
  }

  /// Somebody who asks through every application that exchanges tokens.
  private record Asking(
      Member member,
      List<Client> applications,
      Offer offer,
      AuthenticationContext authentication,
      Instant now) {
    /// What they would ask of a connector: through those applications that are known where it is.
    Stream<Asked> at(Connector connector) {
      return applications.stream()
          .filter(client -> offer.nameAt(client, connector.authorizationServer()).isPresent())
          .map(client ->
              new Asked(
                  client,
                  AccessRequest.forAllOf(connector, member, client.id(), authentication, now)));
    }
  }

  private record Asked(Client client, AccessRequest request) {}

  private Reached reached(Connector connector, Asking asking) {
    var all = asking.at(connector).toList();
    var sum = new Sum();
    all.forEach(one -> sum.add(one.client(), policy.decide(one.request())));
    // Which roles are missing is the same for each application, and nobody asks who has it.
    return sum.of(
        connector,
        sum.nearest == Nearness.NOT_GIVEN
            ? all.stream().limit(1).flatMap(one -> missing(one.request())).toList()
            : List.of());
  }

  private Stream<String> missing(AccessRequest request) {
    return policy.explain(request).wouldGive().stream()
        .map(role ->
            role.role() + " (" + String.join(", ", role.groups().stream().sorted().toList()) + ")")
        .distinct();
  }

  private static Nearness nearness(Decision decision) {
    return switch (decision) {
      case Decision.Permit _ -> Nearness.GIVEN;
      case Decision.StepUp _ -> Nearness.AFTER_STEP_UP;
      case Decision.Deny _ -> Nearness.NOT_GIVEN;
    };
  }

  /// What the applications come to together: the nearest counts, with its reasons.
  private static final class Sum {
    private Nearness nearest = Nearness.NOT_GIVEN;
    private final LinkedHashSet<String> why = new LinkedHashSet<>();
    private final List<String> through = new ArrayList<>();
    private String scopes = "";

    void add(Client client, Decision decision) {
      var nearness = nearness(decision);
      if (nearness.compareTo(nearest) < 0) {
        nearest = nearness;
        why.clear();
      }
      if (nearness == nearest) {
        decision.rules().forEach(rule -> why.add(told(rule)));
      }
      if (decision instanceof Decision.Permit permit) {
        through.add(client.name());
        scopes = permit.scopes().toString();
      }
    }

    Reached of(Connector connector, List<String> missing) {
      return new Reached(
          connector.id(),
          connector.name(),
          connector.resource().value(),
          nearest,
          List.copyOf(why),
          List.copyOf(through),
          scopes,
          missing);
    }
  }

  private static String told(Rule rule) {
    var what =
        switch (rule.kind()) {
          case ROLE -> "role " + rule.name();
          case EXCEPTION -> "exception " + rule.name();
          case SEPARATION -> "separation of duty " + rule.name();
        };
    var whereby = rule.groups().isEmpty() ? "" : ", by group " + String.join(", ", rule.groups());
    var became =
        switch (rule.effect()) {
          case APPLIED -> "";
          case OTHER_CLIENTS_ONLY -> ": only in other applications";
          case CONDITION_NOT_MET -> ": its condition is not met (" + conditions(rule) + ")";
          case CONDITION_FAILED -> ": its condition cannot be judged (" + conditions(rule) + ")";
          case NEEDS_STEP_UP -> ": after a better sign-in";
          case ENDED -> ": it is over";
          case WITHHELD -> ": withholds it";
        };
    return what + whereby + became;
  }

  private static String conditions(Rule rule) {
    return String.join(", ", rule.conditions());
  }
}
