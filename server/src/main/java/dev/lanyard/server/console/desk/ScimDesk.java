package dev.lanyard.server.console.desk;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.server.console.desk.Matter.Carried;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.scim.ScimConfig;
import dev.lanyard.server.scim.ScimConnection;
import dev.lanyard.server.scim.ScimTokens;
import dev.lanyard.server.scim.ScimTokens.Creation;
import dev.lanyard.server.scim.ScimTokens.Entry;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// Makes and revokes the tokens with which identity providers keep people and groups here. Whoever
/// keeps groups says who is an administrator, so a new token takes two, and is shown once to the
/// second one. Revoking a token only takes away, so one does it. Thread-safe.
public final class ScimDesk implements Matter {
  private final Parts parts;
  private final ScimConfig config;
  private final ScimTokens tokens;

  ScimDesk(Parts parts, ScimConfig config) {
    this.parts = parts;
    this.config = config;
    this.tokens = new ScimTokens(parts.platform().database(), parts.platform().clock());
  }

  /// How long a token is valid, from the moment when it is made.
  public enum Life {
    MONTH("30 days", Optional.of(Duration.ofDays(30))),
    QUARTER("90 days", Optional.of(Duration.ofDays(90))),
    HALF_YEAR("180 days", Optional.of(Duration.ofDays(180))),
    YEAR("365 days", Optional.of(Duration.ofDays(365))),
    UNTIL_REVOKED("until it is revoked", Optional.empty());

    private final String label;
    private final Optional<Duration> duration;

    Life(String label, Optional<Duration> duration) {
      this.label = label;
      this.duration = duration;
    }

    public String label() {
      return label;
    }

    /// @return empty if there is no such choice
    public static Optional<Life> named(String name) {
      return Arrays.stream(values()).filter(one -> one.name().equals(name)).findFirst();
    }

    /// What a motion asks for. Motions are kept: an old one has to be read by a new version.
    private String wish() {
      return "a new token, told once to whoever agrees; valid: " + label;
    }

    private static Optional<Life> wished(String wish) {
      return Arrays.stream(values()).filter(one -> one.wish().equals(wish)).findFirst();
    }
  }

  /// What became of asking for a token.
  public sealed interface Making {
    /// Another administrator has to agree.
    record ForTwo(MotionDesk.Asking asking) implements Making {}

    /// There are as many valid tokens as may be.
    record Full(List<Entry> valid) implements Making {}

    /// Its tokens come from its OAuth clients, and none is made by hand.
    record OfClients() implements Making {}
  }

  /// Every connection of the configuration.
  public List<ScimConnection> connections() {
    return config.connections();
  }

  public Optional<ScimConnection> find(String id) {
    return config.connection(id);
  }

  /// Every token of a connection without its secret, also those that are not valid any more, the
  /// newest first.
  public List<Entry> tokens(ScimConnection connection) {
    return tokens.list(connection.id()).reversed();
  }

  /// The tokens of a connection that count at a time.
  public List<Entry> valid(ScimConnection connection, Instant at) {
    return tokens(connection).stream().filter(one -> one.isValid(at)).toList();
  }

  /// Asks for a new token. Two may be valid at once, so that one takes the place of another.
  public Making make(
      Actor by, ScimConnection connection, Life life, String reason, MotionDesk motions) {
    if (connection.hasClients()) {
      return new Making.OfClients();
    }
    var valid = valid(connection, by.at());
    return valid.size() < ScimTokens.MOST_AT_ONCE
        ? new Making.ForTwo(
            motions.ask(
                by,
                Motion.Kind.SCIM_TOKEN,
                connection.id(),
                new Motions.Wish("", life.wish()),
                reason))
        : new Making.Full(valid);
  }

  /// Revokes a token, at once and on every node.
  ///
  /// @return whether it was valid until now
  public boolean revoke(Actor by, ScimConnection connection, String token, String reason) {
    if (valid(connection, by.at()).stream().noneMatch(one -> one.id().equals(token))) {
      return false;
    }
    return parts
        .platform()
        .database()
        .write(inside -> {
          boolean revoked = tokens.revoke(inside, connection, token, by.correlationId());
          if (revoked) {
            var evidence =
                JsonObject.builder()
                    .put("connection", connection.id())
                    .put("token", token)
                    .put("reason", reason)
                    .build();
            parts.record(inside, by, "console.scim-token-revoked", Optional.empty(), evidence);
          }
          return revoked;
        });
  }

  @Override
  public Motion.Kind kind() {
    return Motion.Kind.SCIM_TOKEN;
  }

  @Override
  public String title(Motion motion) {
    return "New SCIM token of " + motion.about();
  }

  @Override
  public Optional<Person> person(Motion motion) {
    return Optional.empty();
  }

  @Override
  public Carried carryOut(Motion motion, Actor by, Claim claim) {
    var life = Life.wished(motion.wanted());
    var connection = find(motion.about()).filter(one -> !one.hasClients());
    if (life.isEmpty() || connection.isEmpty()) {
      return new Carried.Not("no token of this connection is made by hand any more");
    }
    try {
      return parts
          .platform()
          .database()
          .write(inside ->
              claim.take(inside)
                  ? made(inside, connection.get(), life.get(), by)
                  : new Carried.Not("somebody else was faster"));
    } catch (NoRoom _) {
      return new Carried.Not("two of its tokens are valid; one has to be revoked first");
    }
  }

  private Carried made(Connection inside, ScimConnection connection, Life life, Actor by)
      throws SQLException {
    return switch (tokens.create(inside, connection, life.duration, by.correlationId())) {
      case Creation.Created(var id, var secret) ->
          new Carried.Done(Optional.of(new Told(connection.id(), id, secret)));
      case Creation.TooMany _ -> throw new NoRoom();
    };
  }

  /// Has the database roll the claim back, so that the motion waits on.
  private static final class NoRoom extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NoRoom() {
      super("two tokens are valid", null, false, false);
    }
  }
}
