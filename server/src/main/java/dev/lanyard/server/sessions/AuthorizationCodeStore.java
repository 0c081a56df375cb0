package dev.lanyard.server.sessions;

import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.Pkce;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.ExpiringTable;
import dev.lanyard.server.database.Row;
import dev.lanyard.server.database.RowKind;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// The authorization codes of one server.
public final class AuthorizationCodeStore {
  private static final RowKind CODE =
      RowKind.of(
          "authorization_code",
          "code_hash",
          "server",
          "family",
          "client",
          "person",
          "session",
          "redirect_uri",
          "code_challenge",
          "resources",
          "scopes",
          "claims",
          "nonce",
          "key_thumbprint",
          "auth_time",
          "acr",
          "amr",
          "issued_at",
          "expires_at",
          "ends_by");

  private static final RowKind REDEMPTION =
      RowKind.claim(
          "code_redemption", List.of("code_hash"), "family", "redeemed_at", "forget_after");

  /// An expired code is refused as such; its claim must only outlive every clock's doubt about
  /// that.
  private static final Duration MARGIN = Duration.ofHours(1);

  private final SecretRows<AuthorizationCode> codes;
  private final String server;

  /// Where rows say from when on nobody needs them.
  public static List<ExpiringTable> expiring() {
    return List.of(
        new ExpiringTable("authorization_code", "expires_at"),
        new ExpiringTable("code_redemption", "forget_after"));
  }

  public AuthorizationCodeStore(Database database, Issuer server) {
    this.codes =
        new SecretRows<>(
            database,
            "SELECT * FROM authorization_code WHERE code_hash = ? AND server = ?",
            server,
            AuthorizationCodeStore::meaning);
    this.server = server.value();
  }

  /// The fact that a code was issued.
  public Row issued(Secret code, AuthorizationCode meaning) {
    return new Row(
        CODE,
        OpaqueToken.hash(code),
        server,
        meaning.family(),
        meaning.client().value(),
        meaning.person(),
        meaning.session(),
        meaning.redirectUri(),
        meaning.challenge().value(),
        Columns.resources(meaning.resources()),
        meaning.scopes().toString(),
        Columns.joined(meaning.claims().words()),
        meaning.nonce(),
        meaning.keyThumbprint(),
        meaning.authentication().time(),
        meaning.authentication().contextClass(),
        Columns.joined(meaning.authentication().methods()),
        meaning.issuedAt(),
        meaning.expiresAt(),
        meaning.endsBy());
  }

  /// What a code stands for, also one that was redeemed or has expired.
  ///
  /// @throws java.io.UncheckedIOException if the store cannot answer
  public Optional<AuthorizationCode> find(Secret code) {
    return codes.find(code);
  }

  private static AuthorizationCode meaning(ResultSet row) throws SQLException {
    return new AuthorizationCode(
        row.getString("family"),
        new ClientId(row.getString("client")),
        row.getString("person"),
        row.getString("session"),
        row.getString("redirect_uri"),
        new Pkce.Challenge(row.getString("code_challenge")),
        Columns.resources(row),
        Columns.scopes(row),
        Columns.claims(row),
        Columns.text(row, "nonce"),
        Columns.text(row, "key_thumbprint"),
        Columns.authentication(row),
        Columns.instant(row, "issued_at"),
        Columns.instant(row, "expires_at"),
        Columns.instantIfAny(row, "ends_by"));
  }

  /// The claim on a code: of all who redeem it, exactly one is first (AC-5).
  public Row redemption(Secret code, AuthorizationCode meaning, Instant at) {
    return new Row(
        REDEMPTION, OpaqueToken.hash(code), meaning.family(), at, meaning.expiresAt().plus(MARGIN));
  }
}
