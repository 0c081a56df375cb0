package dev.lanyard.conformance;

import dev.lanyard.client.AccessSource;
import dev.lanyard.client.ClientAuthentication;
import dev.lanyard.client.ClientAuthentication.AssertionAudience;
import dev.lanyard.client.ClientRegistration;
import dev.lanyard.client.CredentialStore;
import dev.lanyard.client.code.CodeClient;
import dev.lanyard.client.code.CodeConfig;
import dev.lanyard.client.ema.EmaClient;
import dev.lanyard.client.ema.EmaConfig;
import dev.lanyard.client.ema.Session;
import dev.lanyard.client.ema.SubjectTokens;
import dev.lanyard.client.service.Identity;
import dev.lanyard.client.service.ServiceClient;
import dev.lanyard.protocol.egress.EgressClient;
import dev.lanyard.protocol.egress.EgressPolicy;
import dev.lanyard.protocol.egress.EgressRequest;
import dev.lanyard.protocol.egress.EgressResult;
import dev.lanyard.protocol.jose.SigningAlgorithm;
import dev.lanyard.protocol.jose.SigningKey;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.metadata.ProtectedResourceMetadata;
import dev.lanyard.protocol.metadata.WellKnown;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.protocol.oauth.Secret;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;

/// The client library as its user would set it up for what a scenario is about.
final class SuiteAccess {
  private static final URI METADATA_DOCUMENT =
      URI.create("https://conformance-test.local/client-metadata.json");

  private final SuiteSettings settings;
  private final EgressClient egress = new EgressClient(EgressPolicy.strict().exposingLoopback());
  private final Clock clock = Clock.systemUTC();
  private final SecureRandom random = new SecureRandom();

  SuiteAccess(SuiteSettings settings) {
    this.settings = settings;
  }

  AccessSource source() throws MalformedException {
    return switch (settings.scenario()) {
      case "auth/enterprise-managed-authorization" -> enterpriseManaged();
      case "auth/client-credentials-basic" -> service(new Identity.Credentials(registration()));
      case "auth/client-credentials-jwt" -> service(new Identity.Credentials(withKey()));
      case "auth/wif-jwt-bearer" -> service(workload());
      case "auth/pre-registration" ->
          ordinary(
              CodeConfig.of("conformance").registeredAt(authorizationServer(), registration()));
      case "auth/dpop", "auth/dpop-nonce" ->
          ordinary(anybody().boundTo(SigningKey.generate(SigningAlgorithm.ES256)));
      default -> ordinary(anybody());
    };
  }

  private static CodeConfig anybody() {
    return CodeConfig.of("conformance").identifiedBy(METADATA_DOCUMENT).registeringItself();
  }

  private AccessSource ordinary(CodeConfig config) {
    var store = CredentialStore.inMemory();
    return new CodeClient(config, "person", new SuiteBrowser(), store, egress, clock, random);
  }

  private AccessSource service(Identity identity) throws MalformedException {
    return new ServiceClient(Map.of(authorizationServer(), identity), egress, clock, random);
  }

  private ClientRegistration registration() throws MalformedException {
    var secret = new Secret(settings.required("client_secret"));
    return ClientRegistration.withSecret(settings.required("client_id"), secret);
  }

  private ClientRegistration withKey() throws MalformedException {
    var key = Pem.signingKey(settings.required("private_key_pem"), SigningAlgorithm.ES256);
    return new ClientRegistration(
        new ClientId(settings.required("client_id")),
        new ClientAuthentication.PrivateKeyJwt(key, AssertionAudience.ISSUER));
  }

  private Identity workload() throws MalformedException {
    var token = new Secret(settings.required("valid_jwt"));
    var self = ClientRegistration.withoutSecret(settings.required("client_id"));
    return new Identity.Workload(self, () -> token);
  }

  private AccessSource enterpriseManaged() throws MalformedException {
    var config =
        new EmaConfig(
                new Issuer(settings.required("idp_issuer")),
                ClientRegistration.withoutSecret(settings.required("idp_client_id")))
            .registeredAt(authorizationServer(), registration());
    var token = new Secret(settings.required("idp_id_token"));
    var subject = SubjectTokens.of("person", Session.of(token, Optional.empty()));
    return new EmaClient(config, subject, egress, clock, random);
  }

  /// The suite does not say where the client is registered, as an administrator would: it means the
  /// authorization server that the MCP server names.
  private Issuer authorizationServer() throws MalformedException {
    var resource = new ResourceIndicator(settings.server().toString());
    var address = WellKnown.protectedResource(resource);
    if (!(egress.send(EgressRequest.get(address)) instanceof EgressResult.Answered answer)) {
      throw new IllegalStateException("no protected resource metadata at " + address);
    }
    return ProtectedResourceMetadata.parse(answer.json(), resource)
        .authorizationServers()
        .getFirst();
  }
}
