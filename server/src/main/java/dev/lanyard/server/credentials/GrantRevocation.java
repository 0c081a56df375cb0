package dev.lanyard.server.credentials;

import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.credentials.ForeignServer.Revocation;
import dev.lanyard.server.credentials.ForeignServer.Self;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.delivery.Courier;
import java.util.ArrayList;
import java.util.Optional;

/// Revokes a grant that has ended where it came from, and then forgets its tokens. Repeating it is
/// harmless: what is revoked stays so.
///
/// @spec https://www.rfc-editor.org/rfc/rfc7009.html RFC 7009
final class GrantRevocation implements Courier {
  /// The kind of delivery.
  static final String KIND = "upstream-grant-revocation";

  private final Database database;
  private final GrantTable grants;
  private final ForeignServers servers;
  private final CredentialsConfig config;

  GrantRevocation(
      Database database, GrantTable grants, ForeignServers servers, CredentialsConfig config) {
    this.database = database;
    this.grants = grants;
    this.servers = servers;
    this.config = config;
  }

  @Override
  public Result carry(Parcel parcel) {
    try {
      var id = parcel.delivery().body().nonEmptyString("grant");
      return database
          .read(connection -> grants.ended(connection, id))
          .map(this::revoke)
          .orElseGet(() -> new Result.Gone("it is revoked and forgotten already"));
    } catch (MalformedException e) {
      throw new IllegalStateException("a delivery of a revocation cannot be read", e);
    }
  }

  /// The refresh token first: with it most servers end everything that came of it.
  private Result revoke(UpstreamGrant grant) {
    var server = servers.at(grant.issuer());
    var self = new Self(grant.client(), secret(grant));
    var answers = new ArrayList<Revocation>();
    grant
        .tokens()
        .refresh()
        .ifPresent(token -> answers.add(server.revoke(self, token, "refresh_token")));
    answers.add(server.revoke(self, grant.tokens().access(), "access_token"));
    for (var answer : answers) {
      if (answer instanceof Revocation.Failed(var why)) {
        return new Result.RetryLater(why);
      }
    }
    database.write(connection -> {
      grants.forget(connection, grant.id());
      return grant;
    });
    return answers.getFirst() instanceof Revocation.Impossible
        ? new Result.Gone("it has no revocation endpoint; the tokens are forgotten here")
        : new Result.Delivered("revoked");
  }

  /// The one of the configuration, as long as that names this client there: it may have been
  /// changed since the grant.
  private Optional<Secret> secret(UpstreamGrant grant) {
    return config
        .anyVendor(grant.connector())
        .filter(vendor -> vendor.issuer().equals(grant.issuer()))
        .filter(vendor -> vendor.client().equals(grant.client()))
        .map(CredentialsConfig.Vendor::secret)
        .orElse(grant.tokens().client());
  }
}
