package dev.lanyard.server.console;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.server.clients.Client;
import dev.lanyard.server.clients.ClientSecret;
import dev.lanyard.server.clients.entered.EnteredClient;
import dev.lanyard.server.http.Request;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.http.Route;
import dev.lanyard.server.revocation.Happening;
import dev.lanyard.server.revocation.Source;
import dev.lanyard.server.revocation.Subject;
import dev.lanyard.server.token.KnownClients;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// What one administrator does about a client: stops it, lets it work again, ends what it has,
/// removes one that has registered itself, and makes the secret of one that was entered here, which
/// is shown once.
///
/// Each is asked for once more, for a reason. The question holds what stood; if it is something
/// else by then, nothing is done. The console itself is not stopped in the console.
final class ClientActions {
  private static final String NEVER = "never";

  private final Gate gate;
  private final Console.Parts parts;
  private final ClientDesk desk;
  private final ClientPages pages;

  ClientActions(Gate gate, Console.Parts parts, ClientDesk desk, ClientPages pages) {
    this.gate = gate;
    this.parts = parts;
    this.desk = desk;
    this.pages = pages;
  }

  /// What can be done.
  enum Deed {
    SECRET(
        "Make a new secret",
        "The former secret is dead at once: the application cannot prove itself until it has the"
            + " new one, which is shown once."),
    DISABLE(
        "Stop it",
        "Nothing is issued through it any more, and nothing that was issued through it counts, for"
            + " nobody, from the next call on."),
    ENABLE("Let it work again", "Whatever was issued through it before stays dead."),
    REVOKE(
        "End what it has",
        "Everything that was issued through it is dead, for everybody. It goes on working: people"
            + " sign in to it anew."),
    REMOVE(
        "Remove it",
        "It has registered itself, and is no client any more. What was issued through it is dead,"
            + " and it cannot be undone.");

    private final String label;
    private final String effect;

    Deed(String label, String effect) {
      this.label = label;
      this.effect = effect;
    }

    String label() {
      return label;
    }

    String path() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /// A new secret, to be shown once.
  record Told(String client, String id, String secret, String back) {}

  List<Route> routes() {
    var routes = new ArrayList<Route>();
    for (var deed : Deed.values()) {
      var path = ClientPages.CLIENT + "/" + deed.path();
      routes.add(
          gate.page(
              path,
              Gate.ADMINISTRATORS,
              (request, visit) -> of(request, client -> asked(visit, client, deed))));
      routes.add(
          gate.action(
              path,
              Gate.ADMINISTRATORS,
              (request, visit, form) -> act(request, visit, form, deed)));
    }
    return List.copyOf(routes);
  }

  private interface OfClient {
    Response show(Client client);
  }

  private Response of(Request request, OfClient page) {
    var client = pages.client(request);
    if (client.isEmpty()) {
      return pages.unknown(request);
    }
    return client.get().id().equals(ConsoleClient.ID)
        ? gate.message(
            request,
            409,
            "The console is not stopped in the console.",
            "Nothing was done. Whoever is locked out cannot undo it: lanyard disable client.",
            Optional.of(new Message.Way(ClientPages.CLIENTS, "Clients")))
        : page.show(client.get());
  }

  /// What a deed is decided upon.
  private String seen(Client client, Deed deed) {
    return deed == Deed.SECRET
        ? secretAt(client).map(Instant::toString).orElse(NEVER)
        : pages.isStopped(client.id()) ? "stopped" : "works";
  }

  private Optional<Instant> secretAt(Client client) {
    return desk.entered().find(client.id()).flatMap(EnteredClient::secretAt);
  }

  private Response asked(Visit visit, Client client, Deed deed) {
    var address = ClientPages.address(client.id());
    var page =
        new Confirmation(
            address + "/" + deed.path(),
            List.of(client.name() + " (" + client.id() + ")", deed.effect),
            seen(client, deed),
            "",
            deed.label,
            deed != Deed.ENABLE,
            address);
    var frame = Frame.of(visit, deed.label + "?", Sitemap.CLIENTS);
    return Sheet.of(200, "confirmation", frame, page);
  }

  private Response act(Request request, Visit visit, Form form, Deed deed)
      throws MalformedException {
    var seen = form.required("seen");
    var reason = form.required("reason");
    return of(
        request,
        client ->
            seen.equals(seen(client, deed)) && pages.fits(client, deed)
                ? acted(request, visit, client, deed, new Answer(seen, reason))
                : overtaken(request, client));
  }

  private Response overtaken(Request request, Client client) {
    return gate.message(
        request,
        409,
        "Nothing was done: the client is not as you looked at it.",
        "Somebody else was first. Look at it again, and repeat it if it is still right.",
        Optional.of(new Message.Way(ClientPages.address(client.id()), "Look at it again")));
  }

  /// @param seen what stood, by the question
  private record Answer(String seen, String reason) {}

  private Response acted(Request request, Visit visit, Client client, Deed deed, Answer answer) {
    var reason = answer.reason();
    return switch (deed) {
      case SECRET -> renewed(request, visit, client, answer);
      case DISABLE -> reported(visit, client, Happening.DISABLED, reason);
      case ENABLE -> reported(visit, client, Happening.ENABLED, reason);
      case REVOKE -> reported(visit, client, Happening.TOKENS_REVOKED, reason);
      case REMOVE -> removed(visit, client, reason);
    };
  }

  private Response reported(Visit visit, Client client, Happening what, String reason) {
    report(visit, client, what, reason);
    return gate.to(ClientPages.address(client.id()));
  }

  private void report(Visit visit, Client client, Happening what, String reason) {
    var _ =
        parts
            .revocation()
            .report(
                Source.of(Source.Kind.ADMIN, Gate.by(visit)),
                new Subject.Client(parts.broker(), client.id()),
                what,
                reason,
                visit.correlationId());
  }

  private Response removed(Visit visit, Client client, String reason) {
    // First, and until lifted: if this ends here nothing more is issued, and it can be repeated.
    report(visit, client, Happening.DISABLED, reason);
    var clock = parts.platform().clock();
    desk.registered()
        .ifPresent(one ->
            one.remove(
                client.id(), KnownClients.witness("client.removed", visit.correlationId(), clock)));
    return gate.to(ClientPages.CLIENTS);
  }

  private Response renewed(Request request, Visit visit, Client client, Answer answer) {
    // As the question has it, and not as it is by now: of two at once the second makes none.
    var seen =
        answer.seen().equals(NEVER)
            ? Optional.<Instant>empty()
            : Optional.of(Instant.parse(answer.seen()));
    var made =
        parts
            .platform()
            .database()
            .write(connection -> {
              var secret = desk.entered().renew(connection, client.id(), seen, visit.at());
              if (secret.isPresent()) {
                var evidence =
                    JsonObject.builder()
                        .put("client", client.id().value())
                        .put("reason", answer.reason())
                        .build();
                gate.record(connection, "console.client-secret", visit, evidence);
              }
              return secret;
            });
    desk.entered().refresh(client.id());
    return made.map(secret -> told(visit, client, secret))
        .orElseGet(() -> overtaken(request, client));
  }

  private static Response told(Visit visit, Client client, ClientSecret made) {
    var page =
        new Told(
            client.name(),
            client.id().value(),
            made.secret().reveal(),
            ClientPages.address(client.id()));
    return Sheet.of(200, "secret", Frame.of(visit, "A new secret", Sitemap.CLIENTS), page);
  }
}
