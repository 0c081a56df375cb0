package dev.lanyard.server.pair;

import dev.lanyard.protocol.jose.PublicKeySet;
import dev.lanyard.protocol.jose.SigningAlgorithm;
import dev.lanyard.protocol.jose.SigningKey;
import dev.lanyard.protocol.oauth.AuthorizationDetailType;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.authorization.upstream.AuthenticationRequirement;
import dev.lanyard.server.authorization.upstream.GroupMapping;
import dev.lanyard.server.authorization.upstream.UpstreamConfig;
import dev.lanyard.server.clients.ClientSecret;
import dev.lanyard.server.clients.SecretHash;
import dev.lanyard.server.ras.RasConfig;
import dev.lanyard.server.ras.TestResources;
import dev.lanyard.server.ras.organisations.IdentityProvider;
import dev.lanyard.server.ras.organisations.KeyRules;
import dev.lanyard.server.ras.organisations.Matching;
import dev.lanyard.server.ras.organisations.Organisation;
import dev.lanyard.server.ras.organisations.ReplayPolicy;
import dev.lanyard.server.scim.Compatibility;
import dev.lanyard.server.scim.ScimConfig;
import dev.lanyard.server.scim.ScimConnection;
import dev.lanyard.server.scim.ScimConnection.Existing;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The enterprise of the tests: Acme, with Linear and Notion, an engineer's application and others.
public final class World {
  public static final String ORGANISATION = "acme";
  public static final String DOMAIN = "acme.example";

  /// Nobody's customers: people who sign in at the resource authorization server itself.
  public static final String GUESTS = "guests";

  private static final String WELCOME = "welcome";

  /// Another customer of the same resource authorization server.
  public static final String NEIGHBOUR = "globex";

  /// What each of them calls the resource authorization server.
  public static final String APP_AT_ACME = "ras-at-acme";

  public static final String APP_AT_GLOBEX = "ras-at-globex";

  public static final String NEIGHBOURS_DOMAIN = "globex.example";
  public static final ResourceIndicator LINEAR =
      new ResourceIndicator("https://linear.example/mcp");
  public static final ResourceIndicator NOTION =
      new ResourceIndicator("https://notion.example/mcp");

  /// Its tokens are opaque.
  public static final ResourceIndicator LEDGER =
      new ResourceIndicator("https://ledger.example/mcp");

  /// Its tokens name status lists.
  public static final ResourceIndicator ARCHIVE =
      new ResourceIndicator("https://archive.example/mcp");

  public static final ResourceIndicator VAULT = new ResourceIndicator("https://vault.example/mcp");

  /// Wants a good sign-in that is not long ago.
  public static final ResourceIndicator TREASURY =
      new ResourceIndicator("https://treasury.example/mcp");

  /// One secret for all clients of the tests.
  private static final ClientSecret CLIENT_SECRET = ClientSecret.generate(new SecureRandom());

  /// What the client that signs has, unless a [Setup] gives it others.
  static final SigningKey CLIENT_KEY = SigningKey.generate(SigningAlgorithm.ES256);

  private World() {}

  public static Secret clientSecret() {
    return CLIENT_SECRET.secret();
  }

  /// As a clients file has it.
  public static String clientSecretHash() {
    return CLIENT_SECRET.hash().text();
  }

  /// The same secret lets an operator administer.
  static SecretHash adminToken() {
    return CLIENT_SECRET.hash();
  }

  public static String passwordOf(String userName) {
    return "the password of " + userName;
  }

  public static List<RasConfig.Resource> resources() {
    return List.of(
        new RasConfig.Resource(
            LINEAR,
            "Linear",
            Scopes.of("issues.read", "issues.write"),
            false,
            true,
            RasConfig.TokenForm.JWT,
            AuthenticationRequirement.NONE,
            Map.of(
                "ticket_access",
                new AuthorizationDetailType(
                    "ticket_access",
                    Map.of("actions", Set.of("read", "comment"), "projects", Set.of()))),
            Map.of("issues.read", "See issues & comments", "issues.write", "Change issues")),
        TestResources.of(NOTION, "Notion", Scopes.of("pages.read")),
        TestResources.bound(VAULT, "Vault", Scopes.of("secrets.read")),
        TestResources.of(LEDGER, "Ledger", Scopes.of("entries.read"), RasConfig.TokenForm.OPAQUE),
        TestResources.of(
            ARCHIVE,
            "Archive",
            Scopes.of("records.read"),
            new RasConfig.TokenForm(RasConfig.TokenForm.Format.JWT, true)),
        TestResources.of(
            TREASURY,
            "Treasury",
            Scopes.of("entries.read"),
            new AuthenticationRequirement(
                List.of("mfa", "phr"), Optional.of(Duration.ofHours(1)))));
  }

  static Organisation organisation(Issuer broker, Setup setup) {
    var provider =
        new IdentityProvider(
            broker,
            Set.of(SigningAlgorithm.ES256),
            KeyRules.ALL,
            Optional.empty(),
            setup.matching(),
            setup.replay(),
            setup.carriesActors(),
            Optional.of(APP_AT_ACME));
    return new Organisation(
        ORGANISATION,
        Optional.of("acme-tenant"),
        List.of(provider),
        Optional.empty(),
        Optional.empty(),
        setup.flows());
  }

  static Organisation neighbour(Issuer issuer) {
    var people = new Matching(Set.of(NEIGHBOURS_DOMAIN), true, false);
    var provider =
        new IdentityProvider(
            issuer,
            Set.of(SigningAlgorithm.ES256),
            KeyRules.ALL,
            Optional.empty(),
            people,
            new ReplayPolicy.SingleUse(),
            false,
            Optional.of(APP_AT_GLOBEX));
    return new Organisation(
        NEIGHBOUR, Optional.of("globex-tenant"), List.of(provider), Optional.empty());
  }

  static Path library(Path folder, Issuer ras) {
    var library =
        """
        connectors:
          linear:
            name: Linear
            category: project management
            authorization_server: "%1$s"
            resource: "https://linear.example/mcp"
            scopes: [issues.read, issues.write]
            authorization_details:
              ticket_access:
                actions: [read, comment, close]
                projects: any
          notion:
            name: Notion
            category: documents
            authorization_server: "%1$s"
            resource: "https://notion.example/mcp"
            scopes: [pages.read]
          vault:
            name: Vault
            category: secrets
            authorization_server: "%1$s"
            resource: "https://vault.example/mcp"
            scopes: [secrets.read]
        roles:
          engineering:
            groups: [engineering]
            connectors: {linear: [issues.read, issues.write], vault: [secrets.read]}
          sales:
            groups: [sales]
            connectors: {notion: [pages.read]}
        """
            .formatted(ras);
    return write(folder.resolve("library"), "roles.yaml", library).getParent();
  }

  /// A library with two roles more, which give authorization details of Linear.
  public static void detailing(Path folder) {
    var library =
        """
        roles:
          apollo:
            groups: [apollo]
            connectors:
              linear:
                scopes: [issues.read]
                authorization_details: {ticket_access: {actions: [read, close], projects: [apollo]}}
          gemini:
            groups: [gemini]
            connectors:
              linear:
                scopes: [issues.read]
                authorization_details: {ticket_access: {actions: [read, comment]}}
        """;
    write(folder.resolve("library"), "details.yaml", library);
  }

  /// A library with a role that these clients of the resource authorization server have for
  /// themselves.
  public static void employing(Path folder, Issuer ras, String... agents) {
    var library =
        """
        connectors:
          ledger:
            name: Ledger
            category: accounting
            authorization_server: "%1$s"
            resource: "https://ledger.example/mcp"
            scopes: [entries.read]
          archive:
            name: Archive
            category: documents
            authorization_server: "%1$s"
            resource: "https://archive.example/mcp"
            scopes: [records.read]
          treasury:
            name: Treasury
            category: accounting
            authorization_server: "%1$s"
            resource: "https://treasury.example/mcp"
            scopes: [entries.read]
        roles:
          robots:
            agents: [%2$s]
            connectors:
              linear: [issues.read]
              vault: [secrets.read]
              ledger: [entries.read]
              archive: [records.read]
              treasury: [entries.read]
        """
            .formatted(ras, String.join(", ", agents));
    write(folder.resolve("library"), "agents.yaml", library);
  }

  /// A library in which a role gives these clients Notion after a sign-in of this minute, which
  /// nobody does for them.
  public static void employingCarefully(Path folder, String... agents) {
    var library =
        """
        roles:
          careful:
            agents: [%s]
            connectors:
              notion:
                scopes: [pages.read]
                conditions:
                  fresh:
                    when: now - auth.auth_time <= duration('1m')
                    step_up: {max_age: 1m}
        """
            .formatted(String.join(", ", agents));
    write(folder.resolve("library"), "careful.yaml", library);
  }

  /// What clients that sign do so with.
  public static SigningKey clientKey() {
    return CLIENT_KEY;
  }

  /// A library that gives Notion to whoever comes from a provider that is [#welcomed].
  public static void welcoming(Path folder) {
    var library =
        """
        exceptions:
          welcome:
            owner: Ana
            reason: Has something to do here, in whatever group.
            groups: [%s]
            until: 2100-01-01
            connectors: {notion: [pages.read]}
        """
            .formatted(WELCOME);
    write(folder.resolve("library"), "welcome.yaml", library);
  }

  /// The same provider, whose people are welcome beside what it says of them.
  public static UpstreamConfig welcomed(UpstreamConfig provider) {
    return new UpstreamConfig(
        provider.id(),
        provider.name(),
        provider.issuer(),
        provider.clientId(),
        provider.clientSecret(),
        provider.scopes(),
        provider.algorithms(),
        provider.claims(),
        new GroupMapping(Map.of(), true, Set.of(WELCOME)),
        provider.graph(),
        provider.domainHint(),
        provider.emailDomains());
  }

  static Path brokerClients(Path folder, Issuer ras, List<SigningKey> keys) {
    var grants =
        "[authorization_code, refresh_token,"
            + " \"urn:ietf:params:oauth:grant-type:token-exchange\"]";
    var clients =
        """
        clients:
          - id: desk
            name: Desk
            secret_hash: "%1$s"
            authentication: [client_secret_basic, client_secret_post]
            redirect_uris: ["http://localhost/callback", "https://desk.example/callback"]
            post_logout_redirect_uris: ["http://localhost/bye", "https://desk.example/bye?from=broker"]
            administration: [lanyard.read]
            grants: %2$s
            ids_at: {"%3$s": desk-ras}
          - id: other
            name: Other
            secret_hash: "%1$s"
            authentication: [client_secret_basic, client_secret_post]
            redirect_uris: ["https://other.example/callback"]
            grants: %2$s
            ids_at: {"%3$s": other-ras}
          - id: keeper
            name: Keeps nothing but the ID Token
            secret_hash: "%1$s"
            authentication: [client_secret_basic]
            redirect_uris: ["http://localhost/callback"]
            grants: %2$s
            ids_at: {"%3$s": desk-ras}
            id_token_life: 12h
          - id: classic
            name: Reads RS256 and nothing else
            secret_hash: "%1$s"
            authentication: [client_secret_basic]
            redirect_uris: ["http://localhost/callback"]
            grants: %2$s
            ids_at: {"%3$s": desk-ras}
            id_token_signed_response_alg: RS256
            userinfo_signed_response_alg: RS256
          - id: edwards
            name: Reads EdDSA and nothing else
            secret_hash: "%1$s"
            authentication: [client_secret_basic]
            redirect_uris: ["http://localhost/callback"]
            grants: %2$s
            ids_at: {"%3$s": desk-ras}
            id_token_signed_response_alg: EdDSA
            userinfo_signed_response_alg: EdDSA
          - id: one
            name: Of the sector one.example
            secret_hash: "%1$s"
            authentication: [client_secret_basic]
            redirect_uris: ["https://one.example/callback"]
            grants: %2$s
            ids_at: {"%3$s": desk-ras}
            subject_type: pairwise
          - id: one-too
            name: Another of the sector one.example
            secret_hash: "%1$s"
            authentication: [client_secret_basic]
            redirect_uris: ["http://localhost/callback"]
            grants: %2$s
            ids_at: {"%3$s": desk-ras}
            subject_type: pairwise
            sector: one.example
          - id: two
            name: Of the sector two.example
            secret_hash: "%1$s"
            authentication: [client_secret_basic]
            redirect_uris: ["https://two.example/callback"]
            grants: %2$s
            ids_at: {"%3$s": desk-ras}
            subject_type: pairwise
          - id: tenanted
            name: Known in one tenant of the audience
            secret_hash: "%1$s"
            authentication: [client_secret_basic]
            redirect_uris: ["http://localhost/callback"]
            grants: %2$s
            ids_at: {"%3$s": {acme-tenant: desk-ras}}
          - id: unmapped
            name: Unmapped
            secret_hash: "%1$s"
            authentication: [client_secret_basic]
            redirect_uris: ["http://localhost/callback"]
            grants: %2$s
          - id: phone
            name: Phone
            authentication: [none]
            redirect_uris: ["http://127.0.0.1/callback"]
            grants: [authorization_code, refresh_token]
          - id: broker-idp
            name: A broker elsewhere
            secret_hash: "%1$s"
            authentication: [client_secret_basic]
            redirect_uris: ["http://127.0.0.1/callback/idp"]
            grants: [authorization_code]
          - id: signer
            name: Signer
            authentication: [private_key_jwt]
            jwks: %4$s
            redirect_uris: ["http://localhost/callback"]
            grants: %2$s
            ids_at: {"%3$s": signer-ras}
          - id: bound
            name: Bound
            secret_hash: "%1$s"
            authentication: [client_secret_basic]
            redirect_uris: ["http://localhost/callback"]
            grants: %2$s
            ids_at: {"%3$s": bound-ras}
            dpop_required: true
          - id: provisioner
            name: A provider that signs
            authentication: [private_key_jwt]
            jwks: %4$s
            grants: [client_credentials]
          - id: provisioner-secret
            name: A provider with a secret
            secret_hash: "%1$s"
            authentication: [client_secret_basic, client_secret_post]
            grants: [client_credentials]
          - id: provisioner-elsewhere
            name: A client that no connection names
            secret_hash: "%1$s"
            authentication: [client_secret_basic]
            grants: [client_credentials]
          - id: pusher
            name: Pushes its requests
            secret_hash: "%1$s"
            authentication: [client_secret_basic, client_secret_post]
            redirect_uris: ["http://localhost/callback"]
            grants: %2$s
            require_pushed_authorization_requests: true
          - id: narrow
            name: Narrow
            secret_hash: "%1$s"
            authentication: [client_secret_basic]
            grants: [refresh_token]
        """
            .formatted(CLIENT_SECRET.hash().text(), grants, ras, jwks(keys));
    return write(folder, "broker-clients.yaml", clients);
  }

  static Path rasClients(Path folder, List<SigningKey> keys) {
    var redeem = "[\"urn:ietf:params:oauth:grant-type:jwt-bearer\",";
    var clients =
        """
        clients:
          - id: desk-ras
            name: Desk
            secret_hash: "%1$s"
            authentication: [client_secret_basic, client_secret_post]
            grants: %2$s "urn:ietf:params:oauth:grant-type:jwt-dpop"]
          - id: other-ras
            name: Other
            secret_hash: "%1$s"
            authentication: [client_secret_basic]
            grants: %2$s "urn:ietf:params:oauth:grant-type:jwt-dpop"]
          - id: signer-ras
            name: Signer
            authentication: [private_key_jwt]
            jwks: %3$s
            may_introspect: ["https://linear.example/mcp"]
            grants: %2$s "urn:ietf:params:oauth:grant-type:jwt-dpop"]
          - id: "https://hosted.example/client"
            name: A hosted client
            authentication: [none]
            grants: %2$s "urn:ietf:params:oauth:grant-type:jwt-dpop"]
          - id: open-ras
            name: Open
            authentication: [none]
            may_introspect: ["https://linear.example/mcp"]
            grants: %2$s "urn:ietf:params:oauth:grant-type:jwt-dpop"]
          - id: studio
            name: Studio
            secret_hash: "%1$s"
            authentication: [client_secret_basic, client_secret_post]
            redirect_uris: ["https://studio.example/callback", "http://localhost/callback"]
            grants: [authorization_code, refresh_token]
          - id: pocket
            name: "Pocket <b>&amp;</b>"
            authentication: [none]
            redirect_uris: ["http://127.0.0.1/callback"]
            grants: [authorization_code, refresh_token]
          - id: once
            name: Once
            authentication: [none]
            redirect_uris: ["https://once.example/callback"]
            grants: [authorization_code]
          - id: agent-ras
            name: An agent
            secret_hash: "%1$s"
            authentication: [client_secret_basic]
            grants: [client_credentials]
          - id: idle-agent-ras
            name: An agent that no role names
            secret_hash: "%1$s"
            authentication: [client_secret_basic]
            grants: [client_credentials]
          - id: engineering
            name: An agent that is called like a group
            secret_hash: "%1$s"
            authentication: [client_secret_basic]
            grants: [client_credentials]
          - id: open-agent-ras
            name: An agent that proves nothing
            authentication: [none]
            grants: [client_credentials]
          - id: signing-agent-ras
            name: An agent that signs
            authentication: [private_key_jwt]
            jwks: %3$s
            grants: [client_credentials]
          - id: linear-server
            name: Linear's MCP server
            secret_hash: "%1$s"
            authentication: [client_secret_basic, client_secret_post]
            may_introspect: ["https://linear.example/mcp"]
          - id: ledger-server
            name: The MCP server of the ledger
            secret_hash: "%1$s"
            authentication: [client_secret_basic]
            may_introspect: ["https://ledger.example/mcp"]
          - id: front-server
            name: An MCP server that serves two resources
            secret_hash: "%1$s"
            authentication: [client_secret_basic]
            may_introspect: ["https://linear.example/mcp", "https://notion.example/mcp"]
          - id: notion-server
            name: Notion's MCP server
            secret_hash: "%1$s"
            authentication: [client_secret_basic]
            may_introspect: ["https://notion.example/mcp"]
        """
            .formatted(CLIENT_SECRET.hash().text(), redeem, jwks(keys));
    return write(folder, "ras-clients.yaml", clients);
  }

  private static String jwks(List<SigningKey> keys) {
    return new PublicKeySet(keys.stream().map(SigningKey::publicKey).toList()).toJson().toJson();
  }

  /// Identity providers of each kind, one of them another organisation's; and for each that signs
  /// people in one whose subjects it knows, called `of-` and its id, or `at-ras-` and its id where
  /// it signs them in at the resource authorization server.
  static ScimConfig scim(Issuer broker, Setup setup) {
    var connections =
        new ArrayList<>(
            List.of(
                connection("okta", ORGANISATION, Compatibility.OKTA, Existing.REFUSE),
                connection("entra", ORGANISATION, Compatibility.ENTRA, Existing.REFUSE),
                connection("generic", ORGANISATION, Compatibility.GENERIC, Existing.SAME_USER_NAME),
                connection("strict", ORGANISATION, Compatibility.INTEROP_STRICT, Existing.REFUSE),
                withClient("ipsie", Compatibility.IPSIE, "provisioner"),
                withClient("oauth", Compatibility.GENERIC, "provisioner-secret"),
                connection("foreign", "other", Compatibility.GENERIC, Existing.REFUSE),
                slow("slow"),
                confined("confined", "contractor.example"),
                linked("linked", ORGANISATION, Compatibility.OKTA, Existing.SAME_SUBJECT, broker)));
    for (var upstream : setup.signIn().upstreams()) {
      connections.add(
          linked(
              "of-" + upstream.id(),
              ORGANISATION,
              Compatibility.ENTRA,
              Existing.REFUSE,
              upstream.issuer()));
    }
    for (var way : setup.providersAtRas()) {
      connections.add(
          linked(
              "at-ras-" + way.config().id(),
              way.organisation(),
              Compatibility.ENTRA,
              Existing.SAME_SUBJECT,
              way.config().issuer()));
    }
    return new ScimConfig(connections);
  }

  private static ScimConnection withClient(String id, Compatibility compatibility, String client) {
    return new ScimConnection(
        id,
        ORGANISATION,
        compatibility,
        List.of("engineering", "sales", "team-*"),
        Existing.REFUSE,
        Optional.empty(),
        100_000,
        Set.of(new ClientId(client)),
        Set.of());
  }

  /// One beside others, which hands out the addresses of one domain.
  private static ScimConnection confined(String id, String domain) {
    return new ScimConnection(
        id,
        ORGANISATION,
        Compatibility.GENERIC,
        List.of(),
        Existing.SAME_USER_NAME,
        Optional.empty(),
        100_000,
        Set.of(),
        Set.of(domain));
  }

  /// As few requests a second as a connection may have.
  private static ScimConnection slow(String id) {
    return new ScimConnection(
        id, ORGANISATION, Compatibility.GENERIC, List.of(), Existing.REFUSE, Optional.empty(), 25);
  }

  private static ScimConnection linked(
      String id,
      String organisation,
      Compatibility compatibility,
      Existing existing,
      Issuer issuer) {
    return new ScimConnection(
        id, organisation, compatibility, List.of("*"), existing, Optional.of(issuer), 100_000);
  }

  private static ScimConnection connection(
      String id, String organisation, Compatibility compatibility, Existing existing) {
    return new ScimConnection(
        id,
        organisation,
        compatibility,
        List.of("engineering", "sales", "team-*"),
        existing,
        Optional.empty(),
        100_000);
  }

  /// Writes a file of a test's own beside what is usual.
  public static Path write(Path folder, String name, String text) {
    try {
      Files.createDirectories(folder);
      return Files.writeString(folder.resolve(name), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
