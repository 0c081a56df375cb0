package dev.lanyard.server.broker;

import dev.lanyard.protocol.jose.SigningAlgorithm;
import dev.lanyard.protocol.metadata.AuthorizationServerMetadata;
import dev.lanyard.protocol.metadata.AuthorizationServerMetadata.Endpoint;
import dev.lanyard.protocol.metadata.AuthorizationServerMetadata.Flag;
import dev.lanyard.protocol.metadata.AuthorizationServerMetadata.Supported;
import dev.lanyard.protocol.oauth.GrantType;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.TokenType;
import dev.lanyard.server.authorization.AuthorizationFlow;
import dev.lanyard.server.clients.AuthMethod;
import dev.lanyard.server.clients.ClientRegistry;
import dev.lanyard.server.http.Document;
import dev.lanyard.server.token.KnownClients;
import dev.lanyard.server.token.Paths;
import dev.lanyard.server.token.ServerMetadata;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/// What the broker says of itself: exactly what it enforces (META-19).
final class BrokerMetadata {
  static final Set<GrantType> GRANTS =
      Set.of(GrantType.AUTHORIZATION_CODE, GrantType.REFRESH_TOKEN, GrantType.TOKEN_EXCHANGE);

  private final BrokerConfig config;
  private final ClientRegistry clients;
  private final List<String> algorithms;
  private final Supplier<List<String>> detailTypes;
  private volatile Written written;

  /// @param algorithms what ID Tokens and answers of UserInfo can be signed with
  /// @param detailTypes answers the types of authorization details of the library in force
  BrokerMetadata(
      BrokerConfig config,
      ClientRegistry clients,
      Set<SigningAlgorithm> algorithms,
      Supplier<List<String>> detailTypes) {
    this.config = config;
    this.clients = clients;
    this.algorithms = algorithms.stream().sorted().map(SigningAlgorithm::value).toList();
    this.detailTypes = detailTypes;
    this.written = written(detailTypes.get());
  }

  private record Written(List<String> detailTypes, Document document) {}

  /// The document of this moment: the library may have changed.
  Document current() {
    var types = detailTypes.get();
    var known = written;
    if (!known.detailTypes.equals(types)) {
      known = written(types);
      written = known;
    }
    return known.document;
  }

  private Written written(List<String> types) {
    return new Written(types, ServerMetadata.document(of(types)));
  }

  private AuthorizationServerMetadata of(List<String> detailTypes) {
    var self = config.issuer();
    var metadata = documented(self, detailTypes);
    if (config.pushedRequestsOnly()) {
      metadata.flag(Flag.PUSHED_REQUESTS_ONLY);
    }
    if (clients.takesUrls()) {
      metadata.flag(Flag.CLIENT_ID_METADATA_DOCUMENT);
    }
    if (clients.takesRegistrations()) {
      metadata.endpoint(Endpoint.REGISTRATION, Paths.at(self, KnownClients.REGISTER));
    }
    return metadata.build();
  }

  private AuthorizationServerMetadata.Builder documented(Issuer self, List<String> detailTypes) {
    return AuthorizationServerMetadata.builder(self)
        .endpoint(Endpoint.AUTHORIZATION, Paths.at(self, Paths.AUTHORIZE))
        .endpoint(Endpoint.PUSH, Paths.at(self, Paths.PUSH))
        .endpoint(Endpoint.TOKEN, Paths.at(self, Paths.TOKEN))
        .endpoint(Endpoint.JWKS, Paths.at(self, Paths.JWKS))
        .endpoint(Endpoint.REVOCATION, Paths.at(self, Paths.REVOKE))
        .endpoint(Endpoint.USERINFO, Paths.at(self, Paths.USERINFO))
        .endpoint(Endpoint.END_SESSION, Paths.at(self, Paths.LOGOUT))
        .supported(Supported.SCOPES, BrokerRules.SCOPES.values())
        .supported(Supported.RESPONSE_TYPES, "code")
        .supported(Supported.RESPONSE_MODES, "query")
        .supported(Supported.GRANT_TYPES, GRANTS.stream().map(GrantType::value).sorted().toList())
        .supported(Supported.REQUESTED_TOKEN_TYPES, TokenType.ID_JAG.value())
        .supported(Supported.TOKEN_AUTH_METHODS, ServerMetadata.methods(AuthMethod.values()))
        .supported(Supported.REVOCATION_AUTH_METHODS, ServerMetadata.methods(AuthMethod.values()))
        .supported(Supported.TOKEN_AUTH_ALGORITHMS, ServerMetadata.algorithms())
        .supported(Supported.DPOP_ALGORITHMS, ServerMetadata.algorithms())
        .supported(Supported.AUTHORIZATION_DETAILS_TYPES, detailTypes)
        .supported(Supported.CODE_CHALLENGE_METHODS, "S256")
        .supported(Supported.SUBJECT_TYPES, "public", "pairwise")
        .supported(Supported.ID_TOKEN_ALGORITHMS, algorithms)
        .supported(Supported.USERINFO_ALGORITHMS, algorithms)
        .supported(
            Supported.CLAIMS,
            "iss",
            "sub",
            "aud",
            "exp",
            "iat",
            "sid",
            "auth_time",
            "acr",
            "amr",
            "nonce",
            "at_hash",
            "email",
            "email_verified",
            "name",
            "preferred_username",
            "groups")
        .supported(Supported.PROMPT_VALUES, AuthorizationFlow.PROMPTS)
        .flag(Flag.CLAIMS_PARAMETER)
        .flag(Flag.AUTHORIZATION_RESPONSE_ISS)
        .flag(Flag.BACKCHANNEL_LOGOUT)
        .flag(Flag.BACKCHANNEL_LOGOUT_SESSION);
  }
}
