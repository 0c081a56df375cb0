package dev.lanyard.server.console.gate;

import dev.lanyard.server.audit.AuditLog;
import dev.lanyard.server.audit.AuditQuery;
import dev.lanyard.server.console.desk.Parts;
import dev.lanyard.server.http.Route;
import java.time.Instant;
import java.util.List;

/// Where people come in and go out: the gate of a node, signing in and signing out, wired.
public final class Entrance {
  private final Gate gate;
  private final SignOut signOut;
  private final SignInEndpoint signIn;

  public Entrance(ConsoleConfig config, Parts parts) {
    var platform = parts.platform();
    var cookies = new Cookies(config);
    var sessions = new ConsoleSessions(platform.database());
    var redemption =
        new CodeRedemption(config, parts.broker(), parts.liveness(), parts.revocation(), platform);
    var visits =
        new Visits(
            config,
            cookies,
            sessions,
            parts.liveness(),
            time -> isAllEnded(parts.audit(), time),
            platform.clock());
    this.gate = new Gate(config, visits, platform);
    this.signOut = new SignOut(cookies, parts);
    this.signIn =
        new SignInEndpoint(config, parts.broker(), redemption, sessions, cookies, platform.clock());
  }

  /// What stands before every page.
  public Gate gate() {
    return gate;
  }

  /// How sessions of the console end.
  public SignOut signOut() {
    return signOut;
  }

  /// The routes by which somebody signs in.
  public List<Route> routes() {
    return signIn.routes();
  }

  /// Whether everything was lifted or revoked at that time or after it: both end what was there.
  private static boolean isAllEnded(AuditLog audit, Instant time) {
    return hasBeen(audit, "all.enabled", time) || hasBeen(audit, "all.revoked", time);
  }

  private static boolean hasBeen(AuditLog audit, String event, Instant time) {
    return audit.query(AuditQuery.newest(1).ofType(event)).stream()
        .anyMatch(record -> !record.event().at().isBefore(time));
  }
}
