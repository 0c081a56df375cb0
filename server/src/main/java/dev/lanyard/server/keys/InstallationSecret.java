package dev.lanyard.server.keys;

import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.Row;
import dev.lanyard.server.database.RowKind;
import dev.lanyard.server.database.Statements;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// Secrets that an installation makes for itself once and never changes, under the master key.
public final class InstallationSecret {
  private static final RowKind SECRET =
      RowKind.claim("installation_secret", List.of("name"), "sealed", "created_at");
  private static final int BYTES = 32;

  private InstallationSecret() {}

  /// The secret of this name, made at the first call; of two nodes that call first at once both get
  /// the same.
  ///
  /// @throws KeyException if the master key does not open it
  public static Secret of(
      Database database, MasterKey masterKey, String name, InstantSource clock) {
    return of(database, masterKey, name, clock, InstallationSecret::random);
  }

  private static Secret random() {
    var bytes = new byte[BYTES];
    new SecureRandom().nextBytes(bytes);
    return new Secret(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
  }

  /// The same for a secret of another shape.
  ///
  /// @param maker is asked at every call, and what it makes is kept at the first
  /// @throws KeyException if the master key does not open it
  public static Secret of(
      Database database,
      MasterKey masterKey,
      String name,
      InstantSource clock,
      Supplier<Secret> maker) {
    var fresh = maker.get();
    var sealed =
        database.<String>write(connection -> {
          new Row(SECRET, name, masterKey.seal(fresh, context(name)), clock.instant())
              .insert(connection);
          return sealed(connection, name).orElseThrow();
        });
    return masterKey.open(sealed, context(name));
  }

  /// The secret of this name, if it was made.
  ///
  /// @throws KeyException if the master key does not open it
  public static Optional<Secret> find(Connection connection, MasterKey masterKey, String name)
      throws SQLException {
    return sealed(connection, name).map(sealed -> masterKey.open(sealed, context(name)));
  }

  private static Optional<String> sealed(Connection connection, String name) throws SQLException {
    return new Statements(connection)
        .first(
            "SELECT sealed FROM installation_secret WHERE name = ?", row -> row.getString(1), name);
  }

  /// Keeps a secret under a name that nobody has used.
  ///
  /// @return whether nobody has
  public static boolean claim(
      Connection connection, MasterKey masterKey, String name, Secret secret, Instant now)
      throws SQLException {
    return new Statements(connection)
            .update(
                "INSERT INTO installation_secret (name, sealed, created_at) VALUES (?, ?, ?)"
                    + " ON CONFLICT (name) DO NOTHING",
                name,
                masterKey.seal(secret, context(name)),
                now)
        > 0;
  }

  private static String context(String name) {
    return "secret of the installation: " + name;
  }

  /// Where they are kept.
  public static SealedColumn sealed() {
    return new SealedColumn(
        "installation_secret", List.of("name"), "sealed", key -> context(key.getFirst()));
  }
}
