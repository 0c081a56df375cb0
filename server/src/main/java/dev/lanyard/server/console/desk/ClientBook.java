package dev.lanyard.server.console.desk;

import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.server.clients.ClientEntry;
import dev.lanyard.server.clients.ClientSecret;
import dev.lanyard.server.clients.SecretHash;
import dev.lanyard.server.clients.entered.EnteredClient;
import dev.lanyard.server.clients.entered.EnteredClients;
import dev.lanyard.server.clients.registration.RegisteredClients;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.token.KnownClients;
import dev.lanyard.server.yaml.Fault;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;

/// Enters a client, or changes one that was entered. The text is in the words of the clients file
/// and is checked as that file is. A second administrator has to agree before it takes effect,
/// because a client may receive codes and may speak for people to others. Thread-safe.
public final class ClientBook implements Matter {
  /// Only to see whether what is written can be read: of it nothing is kept.
  private static final SecretHash NOBODYS = ClientSecret.generate(new SecureRandom()).hash();

  private final Parts parts;
  private final EnteredClients entered;

  ClientBook(Parts parts, EnteredClients entered) {
    this.parts = parts;
    this.entered = entered;
  }

  /// What somebody has written.
  ///
  /// @param seen what stood when they began; empty for a new client
  public record Text(String seen, String wanted, String reason) {
    public Text {
      seen = unified(seen);
      wanted = unified(wanted);
    }

    /// With line ends of one kind, whatever a browser sends.
    private static String unified(String text) {
      var unified = text.replace("\r\n", "\n").replace('\r', '\n').strip();
      return unified.isEmpty() ? "" : unified + "\n";
    }
  }

  /// What became of an attempt to enter or change a client.
  public sealed interface Writing {
    /// Another administrator has to agree.
    record ForTwo(MotionDesk.Asking asking) implements Writing {}

    /// The text cannot be read as a client.
    record Faulty(List<Fault> faults) implements Writing {
      public Faulty {
        faults = List.copyOf(faults);
      }
    }

    /// The text is the one that stands, so there is nothing to do.
    record Same() implements Writing {}

    /// Somebody else has changed the client in the meantime.
    record Overtaken() implements Writing {}
  }

  public Optional<EnteredClient> find(ClientId id) {
    return entered.find(id);
  }

  /// @param known the client to change; empty for a new one
  public Writing write(Actor by, Optional<EnteredClient> known, Text text, MotionDesk motions) {
    var stands = known.map(EnteredClient::entry).orElse("");
    if (!text.seen().equals(stands)) {
      return new Writing.Overtaken();
    }
    var id = known.map(EnteredClient::id).orElseGet(entered::newId);
    if (ClientEntry.read(text.wanted(), id, NOBODYS)
        instanceof ClientEntry.Reading.Faulty(var faults)) {
      return new Writing.Faulty(faults);
    }
    var wish = new Motions.Wish(stands, text.wanted());
    return text.wanted().equals(stands)
        ? new Writing.Same()
        : new Writing.ForTwo(motions.ask(by, Motion.Kind.CLIENT, id.value(), wish, text.reason()));
  }

  @Override
  public Motion.Kind kind() {
    return Motion.Kind.CLIENT;
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
  public Optional<Person> person(Motion motion) {
    return Optional.empty();
  }

  @Override
  public Carried carryOut(Motion motion, Actor by, Claim claim) {
    var id = new ClientId(motion.about());
    if (!(ClientEntry.read(motion.wanted(), id, NOBODYS)
        instanceof ClientEntry.Reading.Read(var client))) {
      return new Carried.Not("it cannot be read any more");
    }
    boolean done =
        parts
            .platform()
            .database()
            .write(connection -> {
              // Whoever has the claim is the only one who writes: about a client one motion is
              // open.
              boolean mine =
                  entered.isStill(connection, id, motion.seen()) && claim.take(connection);
              if (mine) {
                entered.write(connection, id, motion.wanted(), by.at());
                witness(by, motion).saw(connection, client);
              }
              return mine;
            });
    entered.refresh(id);
    return done
        ? Carried.done()
        : new Carried.Not("it was changed meanwhile, or somebody else was faster");
  }

  private RegisteredClients.Witness witness(Actor by, Motion motion) {
    return KnownClients.witness(
        motion.seen().isEmpty() ? "client.entered" : "client.changed",
        by.correlationId(),
        parts.platform().clock());
  }
}
