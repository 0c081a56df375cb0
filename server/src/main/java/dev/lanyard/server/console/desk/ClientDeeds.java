package dev.lanyard.server.console.desk;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.server.clients.Client;
import dev.lanyard.server.clients.ClientSecret;
import dev.lanyard.server.clients.entered.EnteredClient;
import dev.lanyard.server.revocation.Happening;
import dev.lanyard.server.revocation.Reaction;
import dev.lanyard.server.revocation.Source;
import dev.lanyard.server.revocation.Subject;
import dev.lanyard.server.token.KnownClients;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/// What one administrator can do about a client alone: stop it, let it work again, end everything
/// that was issued through it, remove it if it registered itself, and make a new secret if it was
/// entered here. The secret is shown once.
///
/// Whoever decides has seen how the client stood; if that has changed, nothing is done. The console
/// cannot be stopped in the console. Thread-safe.
public final class ClientDeeds {
  private static final String NEVER = "never";

  private final Parts parts;
  private final ClientDesk desk;

  ClientDeeds(Parts parts, ClientDesk desk) {
    this.parts = parts;
    this.desk = desk;
  }

  /// What can be done.
  public enum Deed {
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

    public String label() {
      return label;
    }

    public String effect() {
      return effect;
    }

    /// The last segment of its address.
    public String path() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /// What became of a deed.
  public sealed interface Outcome {
    record Done() implements Outcome {}

    /// @param told the secret for the application, shown this once
    record Renewed(Told told) implements Outcome {}

    /// It would lock out the console, and nobody could undo it there.
    record Console() implements Outcome {}

    /// The client does not stand as the deed needs it, or has changed since somebody looked.
    record Overtaken() implements Outcome {}
  }

  /// Whether it is the console itself, which cannot be stopped in the console.
  public boolean isConsole(Client client) {
    return client.id().equals(Actor.CONSOLE);
  }

  public boolean isStopped(Client client) {
    return parts.revocation().denied().at(parts.broker()).client(client.id());
  }

  /// Whether the client proves itself with a secret.
  public static boolean hasSecret(Client client) {
    return client.credentials().secret().isPresent();
  }

  /// Whether a deed makes sense for a client as it stands.
  public boolean fits(Client client, Deed deed) {
    return switch (deed) {
      case SECRET -> hasSecret(client) && desk.entered().find(client.id()).isPresent();
      case DISABLE, REVOKE -> !isStopped(client);
      case ENABLE -> isStopped(client);
      case REMOVE -> desk.registered().filter(one -> one.isRegistered(client.id())).isPresent();
    };
  }

  /// The state of a client on which a deed is decided.
  public String seen(Client client, Deed deed) {
    return deed == Deed.SECRET
        ? secretAt(client).map(Instant::toString).orElse(NEVER)
        : isStopped(client) ? "stopped" : "works";
  }

  private Optional<Instant> secretAt(Client client) {
    return desk.entered().find(client.id()).flatMap(EnteredClient::secretAt);
  }

  /// @param seen the state of the client when this was decided, if somebody looked at it
  public Outcome act(Actor by, Client client, Deed deed, Optional<String> seen, String reason) {
    if (isConsole(client)) {
      return new Outcome.Console();
    }
    var stands = seen(client, deed);
    if (!seen.orElse(stands).equals(stands) || !fits(client, deed)) {
      return new Outcome.Overtaken();
    }
    return switch (deed) {
      case SECRET -> renewed(by, client, stands, reason);
      case DISABLE -> reported(by, client, Happening.DISABLED, reason);
      case ENABLE -> reported(by, client, Happening.ENABLED, reason);
      case REVOKE -> reported(by, client, Happening.TOKENS_REVOKED, reason);
      case REMOVE -> removed(by, client, reason);
    };
  }

  private Outcome reported(Actor by, Client client, Happening what, String reason) {
    return report(by, client, what, reason) instanceof Reaction.Done
        ? new Outcome.Done()
        : new Outcome.Overtaken();
  }

  private Reaction report(Actor by, Client client, Happening what, String reason) {
    return parts
        .revocation()
        .report(
            Source.of(Source.Kind.ADMIN, by.id()),
            new Subject.Client(parts.broker(), client.id()),
            what,
            reason,
            by.correlationId());
  }

  private Outcome removed(Actor by, Client client, String reason) {
    // First, and until lifted: if this ends here nothing more is issued, and it can be repeated.
    var _ = report(by, client, Happening.DISABLED, reason);
    var witness =
        KnownClients.witness("client.removed", by.correlationId(), parts.platform().clock());
    return desk.registered().filter(one -> one.remove(client.id(), witness)).isPresent()
        ? new Outcome.Done()
        : new Outcome.Overtaken();
  }

  private Outcome renewed(Actor by, Client client, String stands, String reason) {
    // As it was compared, and not as it is by now: of two at once the second makes none.
    var before =
        stands.equals(NEVER) ? Optional.<Instant>empty() : Optional.of(Instant.parse(stands));
    var made =
        parts
            .platform()
            .database()
            .write(connection -> {
              var secret = desk.entered().renew(connection, client.id(), before, by.at());
              if (secret.isPresent()) {
                var evidence =
                    JsonObject.builder()
                        .put("client", client.id().value())
                        .put("reason", reason)
                        .build();
                parts.record(connection, by, "console.client-secret", Optional.empty(), evidence);
              }
              return secret;
            });
    desk.entered().refresh(client.id());
    return made.map(ClientSecret::secret)
        .<Outcome>map(
            secret -> new Outcome.Renewed(new Told(client.name(), client.id().value(), secret)))
        .orElseGet(Outcome.Overtaken::new);
  }
}
