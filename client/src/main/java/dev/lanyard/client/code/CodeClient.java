package dev.lanyard.client.code;

import dev.lanyard.client.Access;
import dev.lanyard.client.AccessEvents;
import dev.lanyard.client.AccessSource;
import dev.lanyard.client.CredentialStore;
import dev.lanyard.client.HeldToken;
import dev.lanyard.client.Hint;
import dev.lanyard.client.flow.AuthorizationServers;
import dev.lanyard.client.flow.HeldAccess;
import dev.lanyard.client.flow.TokenResponseValidator;
import dev.lanyard.protocol.dpop.DpopSigner;
import dev.lanyard.protocol.egress.EgressClient;
import dev.lanyard.protocol.jwks.IssuerDiscovery;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.Secret;
import java.net.URI;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// Access tokens for MCP servers by the ordinary authorization code flow, for one person at this
/// machine. Asks the person once for each server, then lives on refresh tokens. Thread-safe; calls
/// for servers behind one authorization server wait for each other, and while the person is asked
/// that can take minutes. What has a token already waits for nothing.
///
/// @spec https://modelcontextprotocol.io/specification/2026-07-28/basic/authorization MCP
///   Authorization (CLI-1 to CLI-18)
public final class CodeClient implements AccessSource {
  private final AuthorizationServers servers;
  private final RefreshTokens refreshTokens;
  private final Registrar registrar;
  private final HeldAccess access;

  /// @param person a name of the person at this machine
  /// @param browser opens a URL, not through a shell: [dev.lanyard.client.SystemBrowser]
  /// @param store where refresh tokens and registrations are kept
  /// @param egress where it may go: MCP servers name URLs that nobody vouches for (CLI-16)
  public CodeClient(
      CodeConfig config,
      String person,
      Consumer<URI> browser,
      CredentialStore store,
      EgressClient egress,
      InstantSource clock,
      SecureRandom random) {
    this(
        config, new Surroundings(person, browser, store, AccessEvents.NONE), egress, clock, random);
  }

  /// @param surroundings the person and what the program offers
  /// @param egress as above
  public CodeClient(
      CodeConfig config,
      Surroundings surroundings,
      EgressClient egress,
      InstantSource clock,
      SecureRandom random) {
    var dpop = config.dpopKey().map(key -> new DpopSigner(key, clock, random));
    this.servers = new AuthorizationServers(egress, dpop, clock, random);
    this.refreshTokens = new RefreshTokens(surroundings.store(), surroundings.person());
    this.registrar = new Registrar(config, surroundings.store(), egress, clock);
    var consent = new Consent(config.patience(), surroundings.browser(), random);
    var validator = new TokenResponseValidator(dpop, clock);
    var means = new CodeGrant.Means(servers, registrar, consent, refreshTokens, validator);
    var flow = new CodeFlow(egress, servers, registrar, means);
    this.access =
        new HeldAccess(surroundings::person, flow::obtain, dpop, surroundings.events(), clock);
  }

  /// The person and what the program offers.
  ///
  /// @param person a name of the person at this machine
  /// @param browser opens a URL, not through a shell: [dev.lanyard.client.SystemBrowser]
  /// @param store where refresh tokens and registrations are kept
  /// @param events told of every trip to the servers
  public record Surroundings(
      String person, Consumer<URI> browser, CredentialStore store, AccessEvents events) {}

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

  /// Signs out of every MCP server, also of those of earlier starts of the program: revokes the
  /// access tokens that it holds and every refresh token of the person, and forgets them whatever
  /// the servers answer. Waits for what is being obtained, also for a person who is asked, so that
  /// nothing of it survives.
  ///
  /// @return what could not be revoked, for a person to read; it dies by its expiry
  /// @throws IllegalStateException on a thread that is obtaining access, as in [AccessEvents]
  /// @spec https://www.rfc-editor.org/rfc/rfc7009.html#section-2 RFC 7009 §2
  public List<String> signOut() {
    return access.signOut(this::revokeAndForget);
  }

  private List<String> revokeAndForget(Collection<HeldToken> tokens) {
    var failures = new ArrayList<String>();
    for (var token : tokens) {
      servers.revoke(token.issuer(), token.value(), "access_token").ifPresent(failures::add);
    }
    for (var place : refreshTokens.all()) {
      refreshTokens
          .remove(place.issuer(), place.resource())
          .flatMap(token -> revoke(place.issuer(), token))
          .ifPresent(failures::add);
    }
    return failures;
  }

  /// At a server that this start of the program may not have talked to yet.
  private Optional<String> revoke(Issuer issuer, Secret token) {
    if (servers.discover(issuer) instanceof IssuerDiscovery.Discovery.Found(var metadata)
        && registrar.standingAt(metadata) instanceof Registrar.Standing.Known known) {
      servers.talkTo(metadata, known.registration());
    }
    return servers.revoke(issuer, token, "refresh_token");
  }
}
