package dev.lanyard.server.console;

import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.server.clients.ClientEntry;
import dev.lanyard.server.clients.ClientSecret;
import dev.lanyard.server.clients.SecretHash;
import dev.lanyard.server.clients.entered.EnteredClient;
import dev.lanyard.server.clients.registration.RegisteredClients;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.http.Request;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.http.Route;
import dev.lanyard.server.token.KnownClients;
import dev.lanyard.server.yaml.Fault;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;

/// Enters a client and changes one that was entered: in the words of the clients file, checked as
/// the file is, and agreed to by a second administrator before it acts. Who may come back with a
/// code, and who may speak for people to others, is a matter of trust.
///
/// The form holds what it was made from. If somebody else has changed it meanwhile, nothing is
/// asked for, and what was typed stands in the form with the difference.
final class ClientEditor implements Matter {
  static final String NEW = ClientPages.CLIENTS + "/new";

  /// A form is up to three times as long as its text.
  private static final int FORM = 3 * ClientEntry.LONGEST + 16 * 1024;

  private static final String EDIT = ClientPages.CLIENT + "/edit";

  /// Only to see whether what is written can be read: of it nothing is kept.
  private static final SecretHash NOBODYS = ClientSecret.generate(new SecureRandom()).hash();

  private final Gate gate;
  private final Console.Parts parts;
  private final ClientDesk desk;
  private final ClientPages pages;

  ClientEditor(Gate gate, Console.Parts parts, ClientDesk desk, ClientPages pages) {
    this.gate = gate;
    this.parts = parts;
    this.desk = desk;
    this.pages = pages;
  }

  /// A client as it is written.
  ///
  /// @param problem why nothing was asked for; empty if nothing is wrong
  /// @param seen what stood when this was shown
  /// @param beginnings texts to begin with; none where there is one already
  /// @param lines how what was typed differs from what stands
  record Shown(
      String problem,
      List<Fault> faults,
      String action,
      String back,
      String text,
      String seen,
      List<Message.Way> beginnings,
      List<Workbench.Difference> lines) {}

  /// What a client can begin as.
  private enum Beginning {
    NATIVE(
        "native",
        "On people's computers",
        """
        name: An application on people's computers
        authentication: [none]
        redirect_uris: [http://127.0.0.1/callback]
        grants: [authorization_code, refresh_token]
        """),
    WEB(
        "web",
        "On a server",
        """
        name: An application on a server
        authentication: [client_secret_basic]
        redirect_uris: [https://app.example/callback]
        grants: [authorization_code, refresh_token]
        """),
    MANAGED(
        "managed",
        "For Enterprise-Managed Authorization",
        """
        name: An application that acts for people elsewhere
        authentication: [client_secret_basic]
        redirect_uris: [https://app.example/callback]
        grants: [authorization_code, refresh_token, token-exchange]
        # What it is called at each authorization server of a connector.
        ids_at: {"https://auth.vendor.example": its-id-there}
        """);

    private final String name;
    private final String label;
    private final String text;

    Beginning(String name, String label, String text) {
      this.name = name;
      this.label = label;
      this.text = text;
    }
  }

  List<Route> routes(MotionPages motions) {
    return List.of(
        gate.page(NEW, Gate.ADMINISTRATORS, this::begin),
        gate.action(
                NEW, Gate.ADMINISTRATORS, (request, visit, form) -> entered(visit, form, motions))
            .bodyLimit(FORM),
        gate.page(EDIT, Gate.ADMINISTRATORS, this::edit),
        gate.action(
                EDIT,
                Gate.ADMINISTRATORS,
                (request, visit, form) -> changed(request, visit, form, motions))
            .bodyLimit(FORM));
  }

  private Response begin(Request request, Visit visit) {
    var asked = Addresses.query(request).flatMap(form -> form.one("as")).orElse("");
    var chosen = Beginning.NATIVE;
    for (var one : Beginning.values()) {
      chosen = one.name.equals(asked) ? one : chosen;
    }
    return page(200, visit, Optional.empty(), chosen.text, "", List.of());
  }

  private Response page(
      int status,
      Visit visit,
      Optional<EnteredClient> known,
      String text,
      String problem,
      List<Fault> faults) {
    var stands = known.map(EnteredClient::entry).orElse("");
    var address = known.map(one -> ClientPages.address(one.id())).orElse(ClientPages.CLIENTS);
    var page =
        new Shown(
            problem,
            faults,
            known.isPresent() ? address + "/edit" : NEW,
            address,
            text,
            stands,
            known.isPresent() ? List.of() : beginnings(),
            known.isPresent() ? Workbench.difference("client", stands, text) : List.of());
    var title = known.isPresent() ? "Change a client" : "Enter a client";
    return Sheet.of(status, "client", Frame.of(visit, title, Sitemap.CLIENTS), page);
  }

  private static List<Message.Way> beginnings() {
    return List.of(Beginning.values()).stream()
        .map(one -> new Message.Way(NEW + "?as=" + one.name, one.label))
        .toList();
  }

  private Response entered(Visit visit, Form form, MotionPages motions) throws MalformedException {
    return asked(visit, Optional.empty(), form, motions);
  }

  private Response edit(Request request, Visit visit) {
    return ClientPages.id(request)
        .flatMap(desk.entered()::find)
        .map(one -> page(200, visit, Optional.of(one), one.entry(), "", List.of()))
        .orElseGet(() -> pages.unknown(request));
  }

  private Response changed(Request request, Visit visit, Form form, MotionPages motions)
      throws MalformedException {
    var known = ClientPages.id(request).flatMap(desk.entered()::find);
    return known.isEmpty() ? pages.unknown(request) : asked(visit, known, form, motions);
  }

  private Response asked(Visit visit, Optional<EnteredClient> known, Form form, MotionPages motions)
      throws MalformedException {
    var reason = form.required("reason").strip();
    var text = unified(form.required("text"));
    var stands = known.map(EnteredClient::entry).orElse("");
    if (!unified(form.one("seen").orElse("")).equals(stands)) {
      return page(
          409,
          visit,
          known,
          text,
          "Nothing was asked for yet: somebody else has changed it meanwhile. What you typed is"
              + " below, with how it differs from what stands now. Ask for it again if it is"
              + " right.",
          List.of());
    }
    var id = known.map(EnteredClient::id).orElseGet(desk.entered()::newId);
    if (ClientEntry.read(text, id, NOBODYS) instanceof ClientEntry.Reading.Faulty(var faults)) {
      return page(400, visit, known, text, "Nothing was asked for: it is not right yet.", faults);
    }
    return text.equals(stands)
        ? page(400, visit, known, text, "Nothing was asked for: nothing is changed.", List.of())
        : motions.ask(
            visit, Motion.Kind.CLIENT, id.value(), new Motions.Wish(stands, text), reason);
  }

  /// With line ends of one kind, whatever a browser sends.
  private static String unified(String text) {
    var unified = text.replace("\r\n", "\n").replace('\r', '\n').strip();
    return unified.isEmpty() ? "" : unified + "\n";
  }

  @Override
  public String title(Motion motion) {
    var name =
        ClientEntry.read(motion.wanted(), new ClientId(motion.about()), NOBODYS)
                instanceof ClientEntry.Reading.Read(var client)
            ? client.name()
            : motion.about();
    return (motion.seen().isEmpty() ? "New client " : "Change of client ") + name;
  }

  @Override
  public Message.Way way(Motion motion) {
    var id = new ClientId(motion.about());
    return desk.entered().find(id).isPresent()
        ? new Message.Way(ClientPages.address(id), "Look at the client")
        : new Message.Way(ClientPages.CLIENTS, "Clients");
  }

  @Override
  public Optional<Person> person(Motion motion) {
    return Optional.empty();
  }

  @Override
  public Optional<String> carryOut(Motion motion, Visit visit, Claim claim) {
    var id = new ClientId(motion.about());
    if (!(ClientEntry.read(motion.wanted(), id, NOBODYS)
        instanceof ClientEntry.Reading.Read(var client))) {
      return Optional.of("it cannot be read any more");
    }
    boolean done =
        parts
            .platform()
            .database()
            .write(connection -> {
              // Whoever has the claim is the only one who writes: about a client one motion is
              // open.
              boolean mine =
                  desk.entered().isStill(connection, id, motion.seen()) && claim.take(connection);
              if (mine) {
                desk.entered().write(connection, id, motion.wanted(), visit.at());
                witness(visit, motion).saw(connection, client);
              }
              return mine;
            });
    desk.entered().refresh(id);
    return done
        ? Optional.empty()
        : Optional.of("it was changed meanwhile, or somebody else was faster");
  }

  private RegisteredClients.Witness witness(Visit visit, Motion motion) {
    return KnownClients.witness(
        motion.seen().isEmpty() ? "client.entered" : "client.changed",
        visit.correlationId(),
        parts.platform().clock());
  }
}
