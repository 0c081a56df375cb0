package dev.lanyard.server.sessions;

import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.ExpiringTable;
import dev.lanyard.server.database.Row;
import dev.lanyard.server.database.RowKind;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// The refresh tokens of one server. The successor of a generation names it in the unique column
/// `replaces`, so inserting the successor *is* the claim.
public final class RefreshTokenStore {
  private static final String[] COLUMNS = {
    "token_hash",
    "server",
    "family",
    "generation",
    "client",
    "person",
    "session",
    "resources",
    "scopes",
    "claims",
    "key_thumbprint",
    "auth_time",
    "acr",
    "amr",
    "issued_at",
    "expires_at"
  };
  private static final RowKind TOKEN = RowKind.of("refresh_token", COLUMNS);
  private static final RowKind SUCCESSOR =
      RowKind.claim(
          "refresh_token",
          List.of("replaces"),
          Stream.concat(Stream.of("rotated"), Stream.of(COLUMNS)).toArray(String[]::new));

  private static final String FIND =
      """
      SELECT refresh_token.*,
        CASE WHEN EXISTS (SELECT 1 FROM session
          WHERE session.id = refresh_token.session AND session.ended_at IS NOT NULL)
        THEN 1 ELSE 0 END AS session_ended
      FROM refresh_token WHERE token_hash = ? AND server = ?
      """;

  /// Tokens of before there were generations are one each.
  private static final String SUCCESSION =
      """
      SELECT COALESCE(next.generation, next.token_hash) AS next_generation, next.issued_at,
        next.key_thumbprint,
        COALESCE(next.rotated, next.replaces) <> token.token_hash AS of_another,
        EXISTS (SELECT 1 FROM refresh_token AS later
          WHERE later.replaces = COALESCE(next.generation, next.token_hash)) AS followed
      FROM refresh_token AS token
      JOIN refresh_token AS next
        ON next.replaces = COALESCE(token.generation, token.token_hash)
      WHERE token.token_hash = ? AND token.server = ?
      """;

  private final SecretRows<RefreshToken> tokens;
  private final SecretRows<Succession> successions;
  private final String server;

  /// Where rows say from when on nobody needs them.
  public static ExpiringTable expiring() {
    return new ExpiringTable("refresh_token", "expires_at");
  }

  public RefreshTokenStore(Database database, Issuer server) {
    this.tokens = new SecretRows<>(database, FIND, server, RefreshTokenStore::meaning);
    this.successions =
        new SecretRows<>(
            database,
            SUCCESSION,
            server,
            row ->
                new Succession(
                    row.getString("next_generation"),
                    Columns.instant(row, "issued_at"),
                    row.getBoolean("of_another"),
                    row.getBoolean("followed"),
                    Columns.text(row, "key_thumbprint")));
    this.server = server.value();
  }

  /// The fact that a token was issued, beside whatever else its family has.
  public Row issued(Secret token, RefreshToken meaning) {
    return new Row(TOKEN, values(token, meaning));
  }

  /// The claim to be the one successor of a generation: of two rotations of its tokens, be they the
  /// same or not, exactly one is first.
  ///
  /// @param generation that of `old`
  public Row rotation(Secret old, String generation, Secret successor, RefreshToken meaning) {
    var values = new ArrayList<Object>();
    values.add(generation);
    values.add(OpaqueToken.hash(old));
    values.addAll(values(successor, meaning));
    return new Row(SUCCESSOR, values);
  }

  private List<Object> values(Secret token, RefreshToken meaning) {
    return List.of(
        OpaqueToken.hash(token),
        server,
        meaning.family(),
        meaning.generation(),
        meaning.client().value(),
        meaning.person(),
        meaning.session(),
        Columns.resources(meaning.resources()),
        meaning.scopes().toString(),
        Columns.joined(meaning.claims().words()),
        meaning.keyThumbprint(),
        meaning.authentication().time(),
        meaning.authentication().contextClass(),
        Columns.joined(meaning.authentication().methods()),
        meaning.issuedAt(),
        meaning.expiresAt());
  }

  /// What a token stands for, also one that was rotated or has expired.
  ///
  /// @throws java.io.UncheckedIOException if the store cannot answer
  public Optional<RefreshToken> find(Secret token) {
    return tokens.find(token);
  }

  private static RefreshToken meaning(ResultSet row) throws SQLException {
    return new RefreshToken(
        row.getString("family"),
        Columns.text(row, "generation").orElse(row.getString("token_hash")),
        new ClientId(row.getString("client")),
        row.getString("person"),
        row.getString("session"),
        row.getInt("session_ended") == 1,
        Columns.resources(row),
        Columns.scopes(row),
        Columns.claims(row),
        Columns.text(row, "key_thumbprint"),
        Columns.authentication(row),
        Columns.instant(row, "issued_at"),
        Columns.instant(row, "expires_at"));
  }

  /// The rotation of a token.
  ///
  /// @param generation that of the successor
  /// @param at when
  /// @param ofAnother whether it was another token of the same generation that was rotated
  /// @param followed whether the successor's generation has one itself, so that our answer did
  ///   arrive
  /// @param keyThumbprint the only DPoP key that may use the successor
  public record Succession(
      String generation,
      Instant at,
      boolean ofAnother,
      boolean followed,
      Optional<String> keyThumbprint) {}

  /// What came after the generation of a token; empty if none of it was rotated.
  ///
  /// @throws java.io.UncheckedIOException if the store cannot answer
  public Optional<Succession> succession(Secret token) {
    return successions.find(token);
  }
}
