package dev.lanyard.server.token;

import dev.lanyard.protocol.dpop.DpopReplay;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.database.ExpiringTable;
import dev.lanyard.server.database.GroupCommit;
import dev.lanyard.server.database.Outcome;
import dev.lanyard.server.database.Row;
import dev.lanyard.server.database.RowKind;
import dev.lanyard.server.database.Unit;
import dev.lanyard.server.sessions.OpaqueToken;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Remembers DPoP proofs in the database, so that no two nodes take the same one.
public final class JdbcDpopReplay implements DpopReplay {
  private static final RowKind PROOF =
      RowKind.claim("dpop_proof", List.of("key_thumbprint", "proof_id"), "forget_after");

  private final GroupCommit commits;

  /// Where rows say from when on nobody needs them.
  public static ExpiringTable expiring() {
    return new ExpiringTable("dpop_proof", "forget_after");
  }

  public JdbcDpopReplay(GroupCommit commits) {
    this.commits = commits;
  }

  /// A client chooses the `jti`, so it is kept as a hash of known size together with the URL.
  @Override
  public boolean recordFirst(String thumbprint, URI url, String id, Instant forgetAfter) {
    var proof = OpaqueToken.hash(new Secret(url + "\n" + id));
    var claim = new Row(PROOF, thumbprint, proof, forgetAfter);
    return commits.commit(new Unit(Optional.of(claim), List.of(), List.of())) == Outcome.FIRST;
  }
}
