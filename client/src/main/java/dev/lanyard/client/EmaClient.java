package dev.lanyard.client;

import dev.lanyard.client.Access.Granted;
import dev.lanyard.protocol.dpop.DpopSigner;
import dev.lanyard.protocol.egress.EgressClient;
import dev.lanyard.protocol.egress.EgressResult;
import dev.lanyard.protocol.oauth.AccessTokenType;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.protocol.oauth.Secret;
import java.net.URI;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/// Access tokens for MCP servers, for one person, without asking the person.
///
/// Tokens are kept in memory and renewed shortly before they expire. A token goes to no other
/// server than the one that it was issued for. Thread-safe; of concurrent calls one obtains the
/// token and the others wait for it.
///
/// @spec
///   https://github.com/modelcontextprotocol/ext-auth/blob/main/specification/stable/enterprise-managed-authorization.mdx
///   MCP Enterprise-Managed Authorization (CLI-31 to CLI-41)
public final class EmaClient {
  private final EmaConfig config;
  private final SubjectTokens subject;
  private final EgressClient egress;
  private final Optional<DpopSigner> dpop;
  private final InstantSource clock;
  private final Targets targets;
  private final Grants grants;
  private final HeldIdJags held;
  private final FailedStepUps failed;
  private final Map<URI, String> nonces = new ConcurrentHashMap<>();
  private final ReentrantLock obtaining = new ReentrantLock();

  /// @param subject who it acts for
  /// @param egress where it may go: MCP servers name URLs that nobody vouches for (CLI-16)
  public EmaClient(
      EmaConfig config,
      SubjectTokens subject,
      EgressClient egress,
      InstantSource clock,
      SecureRandom random) {
    this.config = config;
    this.subject = subject;
    this.egress = egress;
    this.clock = clock;
    this.dpop = config.dpopKey().map(key -> new DpopSigner(key, clock, random));
    this.targets = new Targets(config, egress, dpop, clock, random);
    this.grants = new Grants(clock);
    this.held = new HeldIdJags(config.resubmitAt());
    this.failed = new FailedStepUps(clock);
  }

  /// Access to an MCP server, from memory if possible. Blocks for the whole flow otherwise, and for
  /// the sign-in if it comes to that.
  ///
  /// @param server the URL that the MCP client calls
  /// @throws IllegalArgumentException if it is not an http(s) URL without fragment
  public Access accessTo(URI server) {
    return accessTo(server, Hint.NONE);
  }

  /// Access to an MCP server that has just challenged a request.
  ///
  /// @param hint what the challenge said
  /// @throws IllegalArgumentException as above
  public Access accessTo(URI server, Hint hint) {
    var resource = new ResourceIndicator(server.toString());
    if (hint.equals(Hint.NONE)) {
      var kept = grants.live(subject.user(), resource);
      if (kept.isPresent()) {
        return new Granted(kept.get());
      }
    }
    obtaining.lock();
    try {
      return hint.needed().isEmpty() ? anew(resource, hint) : stepUp(resource, hint);
    } finally {
      obtaining.unlock();
    }
  }

  /// What was refused for the same scopes a little while ago is not asked for again.
  private Access stepUp(ResourceIndicator resource, Hint hint) {
    var user = subject.user();
    var recent = failed.recent(user, resource, hint.needed());
    if (recent.isPresent()) {
      return recent.get();
    }
    var refused =
        grants
            .live(user, resource)
            .filter(grant -> hint.refused().equals(Optional.of(grant.token())))
            .filter(grant -> grant.scopes().containsAll(hint.needed()));
    // It holds all that the server demands, and the server refuses it still: a wider one there is
    // not.
    var access =
        refused.isPresent()
            ? new Access.Denied(refused.get().issuer(), Denial.insufficientScope())
            : anew(resource, hint);
    if (access instanceof Access.Denied denied) {
      failed.remember(user, resource, hint.needed(), denied);
    }
    return access;
  }

  private Access anew(ResourceIndicator resource, Hint hint) {
    var before = grants.live(subject.user(), resource);
    hint.refused().ifPresent(token -> grants.forget(subject.user(), resource, token));
    // Somebody else may have obtained it while we waited.
    var kept =
        grants
            .live(subject.user(), resource)
            .filter(grant -> grant.scopes().containsAll(hint.needed()));
    return kept.isPresent()
        ? new Granted(kept.get())
        : obtain(resource, hint, before.map(AccessGrant::scopes).orElse(Scopes.NONE));
  }

  private Access obtain(ResourceIndicator server, Hint hint, Scopes grantedBefore) {
    return switch (targets.find(server, hint, grantedBefore)) {
      case Targets.Search.Ended(var access) -> access;
      case Targets.Search.Found(var target) ->
          switch (targets.identityProvider()) {
            case Targets.Party.Missing(var why) -> new Access.Unavailable(why);
            case Targets.Party.Found(var idp) -> kept(server, hint, climb(idp, target));
          };
    };
  }

  private Access climb(AuthorizationServer idp, Target target) {
    var redeemer = new Redeemer(idp, dpop, clock);
    return new RenewalLadder(idp, subject, redeemer, held, clock).climb(target);
  }

  /// A grant without what the operation needs would only be refused again.
  private Access kept(ResourceIndicator server, Hint hint, Access access) {
    if (!(access instanceof Granted(var grant))) {
      return access;
    }
    grants.put(subject.user(), server, grant);
    return grant.scopes().containsAll(hint.needed())
        ? access
        : new Access.Denied(grant.issuer(), Denial.insufficientScope());
  }

  /// The headers for one request to an MCP server, if its token is in memory; never blocks. None
  /// for any other URL than the server's own, whatever redirected there (CLI-13).
  ///
  /// @param url the URL of the request
  public Map<String, String> headersFor(URI server, String method, URI url) {
    var kept = grants.live(subject.user(), new ResourceIndicator(server.toString()));
    if (kept.isEmpty() || !url.equals(server)) {
      return Map.of();
    }
    var headers = new LinkedHashMap<String, String>();
    headers.put("Authorization", kept.get().authorization());
    if (kept.get().type() == AccessTokenType.DPOP) {
      var signer = dpop.orElseThrow();
      var nonce = Optional.ofNullable(nonces.get(server));
      headers.put("DPoP", signer.proof(method, url, nonce, kept.get().token()));
    }
    return headers;
  }

  /// Takes note of the `DPoP-Nonce` of an MCP server, for the next proof to it (CLI-38).
  ///
  /// @spec https://www.rfc-editor.org/rfc/rfc9449.html#section-9 RFC 9449 §9
  public void useNonce(URI server, String nonce) {
    nonces.put(server, nonce);
  }

  /// Signs out of every MCP server: revokes the tokens that it holds, and the refresh token of the
  /// session. What it holds is forgotten whatever the servers answer.
  ///
  /// @return what could not be revoked, for a person to read; it dies by its expiry
  /// @spec https://www.rfc-editor.org/rfc/rfc7009.html#section-2 RFC 7009 §2
  public List<String> signOut() {
    obtaining.lock();
    try {
      var failures = new ArrayList<String>();
      for (var grant : grants.removeAll()) {
        revoke(grant.issuer(), grant.token(), "access_token").ifPresent(failures::add);
      }
      subject
          .current()
          .flatMap(Session::refreshToken)
          .flatMap(token -> revoke(config.identityProvider(), token, "refresh_token"))
          .ifPresent(failures::add);
      held.clear();
      failed.clear();
      return failures;
    } finally {
      obtaining.unlock();
    }
  }

  /// Empty if the token is dead.
  private Optional<String> revoke(Issuer issuer, Secret token, String hint) {
    var request = targets.known(issuer).flatMap(server -> server.requests().revoke(token, hint));
    if (request.isEmpty()) {
      return Optional.of(issuer + " cannot revoke the " + hint);
    }
    return switch (egress.send(request.get())) {
      case EgressResult.Answered answer when answer.status() == 200 -> Optional.empty();
      case EgressResult.Answered answer ->
          Optional.of(issuer + " did not revoke the " + hint + ": status " + answer.status());
      case EgressResult.Refused(var reason) -> Optional.of(issuer + ": " + reason);
      case EgressResult.Failed(var reason) -> Optional.of(issuer + ": " + reason);
    };
  }
}
