package dev.lanyard.server.app.command.revocation;

import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.server.app.command.LibraryDesk;
import dev.lanyard.server.app.command.Office;
import dev.lanyard.server.app.command.People;
import dev.lanyard.server.app.configuration.CommandFailure;
import dev.lanyard.server.app.configuration.Configuration;
import dev.lanyard.server.app.node.Known;
import dev.lanyard.server.clients.Client;
import dev.lanyard.server.clients.ClientRegistry;
import dev.lanyard.server.clients.entered.EnteredClient;
import dev.lanyard.server.clients.entered.EnteredClients;
import dev.lanyard.server.clients.registration.RegisteredClients;
import dev.lanyard.server.console.desk.Actor;
import dev.lanyard.server.console.desk.Parties.Found;
import dev.lanyard.server.console.desk.Parties.Sort;
import dev.lanyard.server.console.desk.StopDesk.Issued;
import dev.lanyard.server.revocation.Subject;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/// Whom or what a command of the kill is about: exactly one of these.
final class Target {
  @ArgGroup(exclusive = false)
  private Party party = new Party();

  @Option(names = "--client", paramLabel = "ID", description = "A client of the broker.")
  private Optional<ClientId> client = Optional.empty();

  @Option(
      names = "--ras-client",
      paramLabel = "ID",
      description = "A client of the resource authorization server.")
  private Optional<String> rasClient = Optional.empty();

  @Option(
      names = "--connector",
      paramLabel = "NAME",
      description = "A connector: its name in the role library, or the URL of its resource.")
  private Optional<String> connector = Optional.empty();

  @Option(
      names = "--issuer",
      paramLabel = "URL",
      description = "An identity provider whose assertions are redeemed here.")
  private Optional<String> issuer = Optional.empty();

  @Option(names = "--session", paramLabel = "ID", description = "A session, by its `sid`.")
  private Optional<String> session = Optional.empty();

  @Option(
      names = "--grant",
      paramLabel = "ID",
      description = "Every token of one grant, by its `grant_id`.")
  private Optional<String> grant = Optional.empty();

  @Option(names = "--token", paramLabel = "ID", description = "One access token, by its `jti`.")
  private Optional<String> token = Optional.empty();

  @Option(names = "--everything", description = "Everybody and everything.")
  private boolean everything;

  /// A person, or an organisation; with both, the person of that organisation.
  private static final class Party {
    @Option(
        names = "--user",
        paramLabel = "USER",
        description = "A person: user name, address, id.")
    private Optional<String> user = Optional.empty();

    @Option(
        names = "--organisation",
        paramLabel = "NAME",
        description = {
          "Everybody of an organisation, with all that was issued for them.",
          "With --user: that person alone, of this organisation."
        })
    private Optional<String> organisation = Optional.empty();

    /// Everybody of it.
    private Optional<String> whole() {
      return organisation.filter(_ -> user.isEmpty());
    }
  }

  /// What an administrator must type once more, because many people will notice; empty for one
  /// person.
  Optional<String> toConfirm() {
    return everything
        ? Optional.of("everything")
        : client
            .map(ClientId::value)
            .or(() -> rasClient)
            .or(() -> connector)
            .or(() -> issuer)
            .or(party::whole);
  }

  /// As the administrator knows it.
  String name() {
    return party.user.or(this::issued).or(this::toConfirm).orElseThrow();
  }

  /// The session, grant or token, if it is one.
  private Optional<String> issued() {
    return session.or(() -> grant).or(() -> token);
  }

  /// @throws CommandFailure if it was issued: that cannot be switched off and on, only revoked
  void canBeSwitched() {
    if (issued().isPresent()) {
      throw new CommandFailure(
          "a session, grant or token is taken back for ever: `lanyard revoke`");
    }
  }

  /// What the pipeline is to be told about: a client may have another name at the other server.
  List<Subject> subjects(Office office) {
    if (party.user.isPresent()) {
      var person = People.find(office.directory(), party.user.get(), party.organisation);
      return List.of(new Subject.Person(person.id()));
    }
    if (issued().isPresent()) {
      return List.of(takenBack(issued().get()));
    }
    if (client.isPresent()) {
      return brokerClient(office, client.get());
    }
    if (rasClient.isPresent()) {
      return List.of(known(office, Sort.CLIENT, rasClient.get()));
    }
    if (connector.isPresent()) {
      return List.of(connector(office, connector.get()));
    }
    if (party.whole().isPresent()) {
      return List.of(known(office, Sort.ORGANISATION, party.whole().get()));
    }
    return issuer.isPresent()
        ? List.of(known(office, Sort.ISSUER, issuer.get()))
        : List.of(new Subject.Everything());
  }

  private Subject takenBack(String id) {
    var sort =
        session.isPresent() ? Issued.SESSION : grant.isPresent() ? Issued.GRANT : Issued.TOKEN;
    return sort.subject(id)
        .orElseThrow(() ->
            new CommandFailure(
                "nothing was taken back: give the `sid`, `grant_id` or `jti`, never a token itself."
                    + " `lanyard audit` shows them"));
  }

  private static List<Subject> brokerClient(Office office, ClientId id) {
    var config = office.configuration();
    var broker =
        config
            .broker()
            .orElseThrow(
                () -> new CommandFailure("no broker is configured here; use --ras-client"));
    var entered =
        EnteredClients.all(office.database(), broker.config().issuer()).stream()
            .filter(one -> one.id().equals(id))
            .findAny();
    var known =
        ClientRegistry.open(broker.clients())
            .find(id)
            .or(() -> entered.flatMap(EnteredClient::client));
    if (known.isEmpty() && entered.isEmpty() && !isConsole(config, id) && !describesItself(id)) {
      throw new CommandFailure("no client is called '" + id + "'; nothing was changed");
    }
    var subjects = new ArrayList<Subject>();
    subjects.add(new Subject.Client(broker.config().issuer(), id));
    config
        .ras()
        .map(ras -> ras.config().issuer())
        .ifPresent(ras ->
            idsAt(ras, id, known).forEach(there -> subjects.add(new Subject.Client(ras, there))));
    return subjects;
  }

  private static boolean isConsole(Configuration config, ClientId id) {
    return config.console().isPresent() && id.equals(Actor.CONSOLE);
  }

  /// Such clients are in no file: one that has registered itself, and one that is called by the URL
  /// of its document.
  private static boolean describesItself(ClientId id) {
    return id.value().startsWith("https://") || RegisteredClients.isOne(id);
  }

  /// The URL of a document is a name everywhere (IDP-34).
  private static Collection<ClientId> idsAt(Issuer ras, ClientId id, Optional<Client> known) {
    return known.isPresent()
        ? known.get().idsAt(ras)
        : List.of(id).stream().filter(one -> one.value().startsWith("https://")).toList();
  }

  private static Subject known(Office office, Sort sort, String named) {
    var parties =
        Known.parties(
            office.configuration(),
            office.database(),
            office.directory(),
            office.revocation(),
            () -> LibraryDesk.read(office.database(), office.configuration()),
            Clock.systemUTC());
    return switch (parties.find(sort, named)) {
      case Found.One(var subject) -> subject;
      case Found.Unknown(var why) -> throw new CommandFailure(why + "; nothing was changed");
    };
  }

  /// By its name in the library that servers decide by. That may be broken; then the URL of the
  /// resource will do.
  private static Subject connector(Office office, String named) {
    if (named.contains("://")) {
      return known(office, Sort.RESOURCE, named);
    }
    return LibraryDesk.read(office.database(), office.configuration()).connectors().stream()
        .filter(connector -> connector.id().equals(named))
        .findFirst()
        .map(connector -> new Subject.Connector(connector.resource()))
        .orElseThrow(() ->
            new CommandFailure("no connector is called '" + named + "'; nothing was changed"));
  }
}
