package dev.lanyard.client.ema;

import dev.lanyard.client.Access;
import dev.lanyard.client.AccessEvents;
import dev.lanyard.client.AccessSource;
import dev.lanyard.client.HeldToken;
import dev.lanyard.client.Hint;
import dev.lanyard.client.flow.AuthorizationServer;
import dev.lanyard.client.flow.AuthorizationServers;
import dev.lanyard.client.flow.HeldAccess;
import dev.lanyard.client.flow.TokenResponseValidator;
import dev.lanyard.client.flow.Wanted;
import dev.lanyard.protocol.dpop.DpopSigner;
import dev.lanyard.protocol.egress.EgressClient;
import dev.lanyard.protocol.oauth.Secret;
import java.net.URI;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/// Access tokens for MCP servers, for one person, without asking the person.
///
/// Tokens are kept in memory and renewed shortly before they expire. A token goes to no other
/// server than the one that it was issued for. Thread-safe; of concurrent calls one obtains a token
/// and the others wait, whatever server they are for: all of them rest on the one session at the
/// identity provider, and while the person is asked to sign in that can take minutes. What an MCP
/// server says of itself is asked before, so that one that hangs holds up nobody else. What has a
/// token already waits for nothing.
///
/// @spec
///   https://github.com/modelcontextprotocol/ext-auth/blob/main/specification/stable/enterprise-managed-authorization.mdx
///   MCP Enterprise-Managed Authorization (CLI-31 to CLI-41)
public final class EmaClient implements AccessSource {
  private final EmaConfig config;
  private final SubjectTokens subject;
  private final Optional<DpopSigner> dpop;
  private final InstantSource clock;
  private final AuthorizationServers servers;
  private final Targets targets;
  private final HeldIdJags held;
  private final HeldAccess access;
  private final ReentrantLock obtaining = new ReentrantLock();

  /// An [EmaClient] that nobody listens to.
  public EmaClient(
      EmaConfig config,
      SubjectTokens subject,
      EgressClient egress,
      InstantSource clock,
      SecureRandom random) {
    this(config, subject, egress, AccessEvents.NONE, clock, random);
  }

  /// @param subject who it acts for
  /// @param egress where it may go: MCP servers name URLs that nobody vouches for (CLI-16)
  /// @param events told of every trip to the servers
  public EmaClient(
      EmaConfig config,
      SubjectTokens subject,
      EgressClient egress,
      AccessEvents events,
      InstantSource clock,
      SecureRandom random) {
    this.config = config;
    this.subject = subject;
    this.clock = clock;
    this.dpop = config.dpopKey().map(key -> new DpopSigner(key, clock, random));
    this.servers = new AuthorizationServers(egress, dpop, clock, random);
    this.targets = new Targets(config, egress, servers);
    this.held = new HeldIdJags(config.resubmitAt());
    this.access = new HeldAccess(subject::user, this::obtain, dpop, events, clock);
  }

  @Override
  public Access accessTo(URI server, Hint hint) {
    return access.accessTo(server, hint);
  }

  @Override
  public Map<String, String> headersFor(URI server, String method, URI url) {
    return access.headersFor(server, method, url);
  }

  @Override
  public void useNonce(URI server, String nonce) {
    access.useNonce(server, nonce);
  }

  private Access obtain(Wanted wanted) {
    return switch (targets.find(wanted)) {
      case Targets.Search.Ended(var access) -> access;
      case Targets.Search.Found(var target) -> obtain(target, wanted);
    };
  }

  private Access obtain(Target target, Wanted wanted) {
    obtaining.lock();
    try {
      return switch (targets.identityProvider()) {
        case Targets.Party.Missing(var why) -> new Access.Unavailable(why);
        case Targets.Party.Found(var idp) -> climb(idp, target, wanted);
      };
    } finally {
      obtaining.unlock();
    }
  }

  private Access climb(AuthorizationServer idp, Target target, Wanted wanted) {
    var grant =
        new IdJagGrant(idp, new TokenResponseValidator(dpop, clock), config.details(), clock);
    var ladder = new RenewalLadder(idp, subject, grant, held, clock);
    return ladder.climb(target, wanted.hint().signIn(), wanted.mayAsk());
  }

  /// Signs out of every MCP server: revokes the tokens that it holds, and the refresh token of the
  /// session, also of one that an earlier start of the program has left. What it holds is forgotten
  /// whatever the servers answer. Waits for what is being obtained, also for a person who is asked
  /// to sign in, so that nothing of it survives.
  ///
  /// @return what could not be revoked, for a person to read; it dies by its expiry
  /// @throws IllegalStateException on a thread that is obtaining access, as in [AccessEvents]
  /// @spec https://www.rfc-editor.org/rfc/rfc7009.html#section-2 RFC 7009 §2
  public List<String> signOut() {
    return access.signOut(this::revokeAndForget);
  }

  /// Nothing is being obtained meanwhile: what `obtaining` guards is free.
  private List<String> revokeAndForget(Collection<HeldToken> tokens) {
    var failures = new ArrayList<String>();
    for (var token : tokens) {
      servers.revoke(token.issuer(), token.value(), "access_token").ifPresent(failures::add);
    }
    subject.current().flatMap(Session::refreshToken).flatMap(this::revoke).ifPresent(failures::add);
    subject.forget();
    held.clear();
    return failures;
  }

  /// At an identity provider that this start of the program may not have talked to yet.
  private Optional<String> revoke(Secret refreshToken) {
    return switch (targets.identityProvider()) {
      case Targets.Party.Missing(var why) ->
          Optional.of("the refresh_token was not revoked: " + why);
      case Targets.Party.Found(var idp) ->
          servers.revoke(idp.issuer(), refreshToken, "refresh_token");
    };
  }
}
