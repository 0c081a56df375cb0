package dev.lanyard.server.clients.authentication;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.claims.ClockSkew;
import dev.lanyard.protocol.jose.KeySource;
import dev.lanyard.protocol.jose.PublicKeySet;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.BasicCredentials;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.ErrorCode;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.clients.ClientFiles;
import dev.lanyard.server.clients.authentication.ClientAuthenticator.Authenticated;
import dev.lanyard.server.clients.authentication.ClientAuthenticator.Authentication;
import dev.lanyard.server.clients.authentication.ClientAuthenticator.Failed;
import dev.lanyard.server.clients.authentication.ClientAuthenticator.Undecided;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// Sends requests of the clients in [ClientFiles] to one authenticator, at a time of the test's.
final class ClientRequests {
  static final Issuer SELF = new Issuer("https://ras.example");
  static final String SECRET = ClientFiles.SECRET.reveal();
  static final String FROM = "192.0.2.1";

  Instant now = Instant.parse("2026-11-23T12:00:00Z");
  KeySource remote = new PublicKeySet(List.of(ClientFiles.KEY.publicKey()));
  final List<ClientId> legacy = new ArrayList<>();
  private final ClientAuthenticator authenticator;

  ClientRequests(Path folder) {
    var rules =
        new AssertionRules(
            SELF,
            URI.create(SELF.value() + "/token"),
            new MemoryAssertionStore(),
            ClockSkew.DEFAULT,
            () -> now,
            legacy::add);
    authenticator =
        new ClientAuthenticator(
            new ClientFiles(folder).open(), rules, _ -> (kid, alg) -> remote.find(kid, alg));
  }

  Authentication authenticate(List<String> authorization, String body, String from) {
    try {
      var form = Form.parse(body, Set.of());
      return authenticator.authenticate(
          new Presented(authorization, form, InetAddress.getByName(from)));
    } catch (MalformedException | UnknownHostException e) {
      throw new AssertionError(e);
    }
  }

  Authentication withHeader(String header, String body) {
    return authenticate(List.of(header), body, FROM);
  }

  Authentication withBody(String body) {
    return authenticate(List.of(), body, FROM);
  }

  static String basic(String client, String secret) {
    return new BasicCredentials(new ClientId(client), new Secret(secret)).toHeader();
  }

  static void assertIs(String client, Authentication authentication) {
    assertThat(authentication)
        .isInstanceOfSatisfying(
            Authenticated.class,
            authenticated -> assertThat(authenticated.client().id().value()).isEqualTo(client));
  }

  static void assertUndecided(Authentication authentication, String missing) {
    assertThat(authentication)
        .isInstanceOfSatisfying(
            Undecided.class,
            undecided -> {
              assertThat(undecided.evidence().check()).isEqualTo(missing);
              assertThat(undecided.error().code()).isEqualTo(ErrorCode.TEMPORARILY_UNAVAILABLE);
            });
  }

  static void assertFailed(Authentication authentication, ErrorCode code, String check) {
    assertThat(authentication)
        .isInstanceOfSatisfying(
            Failed.class,
            failed -> {
              assertThat(failed.evidence().check()).isEqualTo(check);
              assertThat(failed.error().code()).isEqualTo(code);
              assertThat(failed.toString()).doesNotContain(SECRET);
            });
  }
}
