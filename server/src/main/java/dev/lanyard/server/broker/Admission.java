package dev.lanyard.server.broker;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.oauth.ErrorCode;
import dev.lanyard.protocol.oauth.OAuthError;
import dev.lanyard.server.authorization.AuthorizationAnswer;
import dev.lanyard.server.authorization.AuthorizationRequest.Valid;
import dev.lanyard.server.authorization.upstream.Wishes.Prompt;
import dev.lanyard.server.clients.Client;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.http.Request;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.library.Connector;
import dev.lanyard.server.policy.Policy;
import dev.lanyard.server.policy.Prospects;
import dev.lanyard.server.policy.Prospects.Outlook;
import dev.lanyard.server.policy.WhosePeople;
import dev.lanyard.server.token.Findings;
import dev.lanyard.server.token.Journal;
import java.time.InstantSource;
import java.util.Optional;

/// Turns away at the door whoever can be given no connector through an application, because each of
/// its exchanges would be refused, and no application explains that to its user.
///
/// Asked are the role library and the groups as they are at this moment, conditions aside: who has
/// a role only during office hours, or after a better sign-in, comes in. An application that cannot
/// exchange tokens (IDP-11) has other business, and everybody comes in there. Thread-safe.
public final class Admission {
  /// In records, where not the library is the reason but the client's registration.
  private static final String NOT_REGISTERED = "client-not-registered-there";

  private final Policy policy;
  private final WhosePeople people;
  private final ExchangeConfig exchange;
  private final NoConnectorPage page;
  private final AuthorizationAnswer answers;
  private final Journal journal;
  private final InstantSource clock;

  Admission(
      Policy policy,
      WhosePeople people,
      ExchangeConfig exchange,
      NoConnectorPage page,
      AuthorizationAnswer answers,
      Journal journal,
      InstantSource clock) {
    this.policy = policy;
    this.people = people;
    this.exchange = exchange;
    this.page = page;
    this.answers = answers;
    this.journal = journal;
    this.clock = clock;
  }

  /// Whoever comes in goes on; the others are told, and it is recorded.
  ///
  /// @param event what they were doing, for the record
  /// @param upstream the provider that signed them in, if one did: it may say other groups next
  ///   time
  /// @return empty if they come in
  Optional<Response> refusal(
      Request request, Valid waiting, Person person, Optional<String> upstream, String event) {
    return why(person, waiting.client())
        .map(why -> {
          var error = new OAuthError(ErrorCode.ACCESS_DENIED, why.forApplication());
          record(request, person, waiting.client(), why, event);
          return waiting.wishes().prompt() == Prompt.NONE
              ? answers.error(waiting.replyTo(), error, request.correlationId())
              : page.of(
                  request,
                  person,
                  waiting.client(),
                  why,
                  Optional.of(
                      page.ways(
                          answers.errorUrl(waiting.replyTo(), error, request.correlationId()),
                          waiting,
                          upstream)));
        });
  }

  /// The same for a page that no application waits for.
  public Optional<Response> refusal(Request request, Person person, Client client, String event) {
    return why(person, client)
        .map(why -> {
          record(request, person, client, why, event);
          return isForPeople(request)
              ? page.of(request, person, client, why, Optional.empty())
              : Response.json(
                      403,
                      JsonObject.builder()
                          .put("error", "no_connector")
                          .put("error_description", why.forApplication())
                          .put("correlation_id", request.correlationId())
                          .build())
                  .noStore();
        });
  }

  private static boolean isForPeople(Request request) {
    return request.header("Accept").filter(types -> types.contains("text/html")).isPresent();
  }

  /// Why somebody is turned away.
  ///
  /// @param code for the record
  /// @param forPerson what they are told, with the name of the application
  /// @param forApplication what the application is told: nothing about other applications
  record Why(String code, String forPerson, String forApplication, String policyVersion) {}

  private Optional<Why> why(Person person, Client client) {
    if (!client.mayExchange()) {
      return Optional.empty();
    }
    var prospects = policy.prospects(people.member(person), client.id(), clock.instant());
    if (prospects.outlook() != Outlook.GIVEN) {
      return Optional.of(lacking(prospects, client));
    }
    boolean known =
        prospects.connectors().stream()
            .map(Connector::authorizationServer)
            .anyMatch(server -> client.idAt(server, exchange.tenantAt(server)).isPresent());
    return known
        ? Optional.empty()
        : Optional.of(
            new Why(
                NOT_REGISTERED,
                client.name() + " has not been set up for the connectors that you have.",
                "this client is registered at no server whose connectors the person has",
                prospects.policyVersion()));
  }

  private static Why lacking(Prospects prospects, Client client) {
    var told =
        switch (prospects.outlook()) {
          case NO_ROLE, GIVEN -> "None of your roles gives you a connector.";
          case ENDED ->
              "What you had been given for a time has ended, and none of your roles gives you a"
                  + " connector.";
          case OTHER_CLIENTS ->
              "Your roles give you connectors, but none that you may use in " + client.name() + ".";
          case SEPARATED ->
              "Your roles must not be held together (separation of duty), so they give you no"
                  + " connector.";
        };
    return new Why(
        prospects.outlook().code(),
        told,
        "no role of the person gives a connector for this client",
        prospects.policyVersion());
  }

  private void record(Request request, Person person, Client client, Why why, String event) {
    var evidence =
        JsonObject.builder()
            .put("check", "connectors")
            .put("expected", "one at least")
            .put("actual", "none")
            .put("requirement", "POL-1")
            .put("reason", why.code())
            .put("groups", person.groups().stream().sorted().toList())
            .put("policy_version", why.policyVersion())
            .build();
    journal.refused(
        new Journal.Subject(event, request.correlationId(), Optional.of(client.id())),
        new OAuthError(ErrorCode.ACCESS_DENIED, why.forApplication()),
        Findings.of(evidence).about(person));
  }
}
