package dev.lanyard.server.app.command.client;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;

import dev.lanyard.protocol.claims.AuthenticationContext;
import dev.lanyard.server.app.command.ConfigurationOption;
import dev.lanyard.server.app.command.LibraryDesk;
import dev.lanyard.server.app.command.Office;
import dev.lanyard.server.app.command.UserOption;
import dev.lanyard.server.app.configuration.CommandFailure;
import dev.lanyard.server.app.configuration.Configuration;
import dev.lanyard.server.app.node.LibraryOffice;
import dev.lanyard.server.clients.Client;
import dev.lanyard.server.library.Library;
import dev.lanyard.server.policy.WhosePeople;
import dev.lanyard.server.setup.ClientKind;
import dev.lanyard.server.setup.Offer;
import dev.lanyard.server.setup.Setup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `lanyard setup`: configures a client by policy.
@Command(
    name = "setup",
    description =
        "Writes the configuration of an MCP client with exactly the connectors that policy gives a"
            + " person or a role through it. It holds no secret.",
    mixinStandardHelpOptions = true)
public final class SetupCommand implements Runnable {
  private static final Clock CLOCK = Clock.systemUTC();

  @Mixin private ConfigurationOption configuration = new ConfigurationOption();

  @ArgGroup(multiplicity = "1")
  private Whom whom = new Whom();

  @Option(
      names = "--client",
      required = true,
      paramLabel = "KIND",
      description = "claude-code, vscode or generic.")
  private String kind = "";

  @Option(
      names = "--client-id",
      paramLabel = "ID",
      description = "The client's id at the broker (default: the only one that exchanges tokens).")
  private Optional<String> clientId = Optional.empty();

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Write files there (default: print them).")
  private Optional<Path> out = Optional.empty();

  @Option(
      names = {"-l", "--library"},
      paramLabel = "FOLDER",
      description = "Decide by this folder instead of what is in force.")
  private Optional<Path> folder = Optional.empty();

  @Spec private CommandSpec spec = CommandSpec.create();

  /// A person or a role.
  static final class Whom {
    @ArgGroup(exclusive = false)
    private UserOption user = new UserOption();

    @Option(
        names = "--role",
        required = true,
        paramLabel = "ROLE",
        description = "What everybody in the role has.")
    private Optional<String> role = Optional.empty();
  }

  @Override
  public void run() {
    var known =
        ClientKind.of(kind)
            .orElseThrow(
                () -> new CommandFailure("'" + kind + "' is none of claude-code, vscode, generic"));
    var config = configuration.read();
    var setup = setup(config);
    var files = known.files(setup);
    out.ifPresentOrElse(folder -> write(folder, files), () -> print(files));
    var err = spec.commandLine().getErr();
    if (setup.connectors().isEmpty()) {
      err.println("lanyard: policy gives no connector through this client");
    }
    setup
        .afterStepUp()
        .forEach(id -> err.println("lanyard: left out, because it needs a better sign-in: " + id));
    err.flush();
  }

  private Setup setup(Configuration config) {
    var broker =
        config
            .broker()
            .orElseThrow(() -> new CommandFailure("the configuration has no broker"))
            .config();
    try (var office = Office.open(config, CLOCK)) {
      var client = client(LibraryOffice.open(config, office.database(), CLOCK).brokerClients());
      var library = LibraryDesk.decisive(office.database(), config, folder);
      var offer =
          new Offer(
              broker.issuer(),
              WhosePeople.of(broker.organisation()),
              () -> library,
              broker.exchange()::tenantAt);
      if (whom.role.isPresent()) {
        return offer
            .toRole(whom.role.get(), client, CLOCK.instant())
            .orElseThrow(() -> new CommandFailure(noSetup(library, whom.role.get())));
      }
      var person = whom.user.find(office.directory()).orElseThrow();
      if (!person.active()) {
        throw new CommandFailure(person.userName() + " is disabled and has no connector");
      }
      var fresh =
          new AuthenticationContext(Optional.of(CLOCK.instant()), Optional.empty(), List.of());
      return offer.to(person, client, fresh, CLOCK.instant());
    }
  }

  private static String noSetup(Library library, String role) {
    return library.roles().stream().anyMatch(one -> one.name().equals(role))
        ? "the role '"
            + role
            + "' is for agents: it has no groups, so nobody's client is set up for it"
        : "the role library has no role '" + role + "'";
  }

  private Client client(Collection<Client> registered) {
    var exchanging = registered.stream().filter(Client::mayExchange).toList();
    var meant =
        exchanging.stream()
            .filter(one -> clientId.map(one.id().value()::equals).orElse(true))
            .toList();
    if (meant.size() != 1) {
      throw new CommandFailure(
          "name one of these clients with --client-id: "
              + exchanging.stream().map(one -> one.id().value()).sorted().toList());
    }
    return meant.getFirst();
  }

  private static void write(Path folder, Map<String, String> files) {
    try {
      Files.createDirectories(folder);
      for (var file : files.entrySet()) {
        var place = folder.resolve(file.getKey());
        if (Files.isSymbolicLink(place)) {
          // It may lead to a file that whoever made the link could not write.
          throw new CommandFailure(place + " is a symbolic link; nothing is written through it");
        }
        Files.writeString(
            place, file.getValue(), CREATE, WRITE, TRUNCATE_EXISTING, LinkOption.NOFOLLOW_LINKS);
      }
    } catch (IOException e) {
      throw new CommandFailure("cannot write into " + folder + ": " + e, e);
    }
  }

  private void print(Map<String, String> files) {
    var stream = spec.commandLine().getOut();
    files.forEach((name, text) -> {
      stream.println("# ---- " + name);
      stream.print(text);
    });
    stream.flush();
  }
}
