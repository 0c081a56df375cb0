package dev.lanyard.benchmarks.compare;

import dev.lanyard.benchmarks.postgres.DurablePostgres;
import dev.lanyard.server.clients.ClientSecret;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;

/// The configuration that Lanyard is compared with: both servers in one process on PostgreSQL,
/// plain HTTP as the peer has it, every default as it is.
///
/// @param folder where the files are
/// @param broker the broker's issuer
/// @param ras the issuer of the resource authorization server
/// @param resource the MCP server
/// @param client the secret of [#CLIENT] at the broker and of [#CLIENT_THERE] at the RAS
/// @param server the secret of [#MCP_SERVER]
record LanyardFiles(
    Path folder, URI broker, URI ras, URI resource, ClientSecret client, ClientSecret server) {
  static final String CLIENT = "agent";
  static final String CLIENT_THERE = "agent-there";
  static final String MCP_SERVER = "mcp-server";
  static final String REDIRECT_URI = "http://127.0.0.1:1/callback";
  static final String SCOPE = "read";
  static final String GROUP = "engineering";

  /// Writes them.
  static LanyardFiles write(Path folder, String database, CustomerIdp issuer) throws IOException {
    var random = new SecureRandom();
    var files =
        new LanyardFiles(
            folder,
            loopback(""),
            loopback(""),
            loopback("/mcp"),
            ClientSecret.generate(random),
            ClientSecret.generate(random));
    files.put("secrets/database", "none");
    files.putSecret("secrets/master.key", randomKey(random));
    files.put("lanyard.yaml", files.configuration(database, issuer));
    files.put("library/library.yaml", files.library());
    files.put("clients/broker.yaml", files.brokerClients());
    files.put("clients/ras.yaml", files.rasClients());
    return files;
  }

  private static String randomKey(SecureRandom random) {
    var key = new byte[32];
    random.nextBytes(key);
    return Base64.getEncoder().encodeToString(key);
  }

  private static URI loopback(String path) {
    return URI.create("http://127.0.0.1:" + Started.freePort() + path);
  }

  Path configuration() {
    return folder.resolve("lanyard.yaml");
  }

  private void put(String name, String text) throws IOException {
    var file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private void putSecret(String name, String text) throws IOException {
    put(name, text);
    Files.setPosixFilePermissions(
        folder.resolve(name), PosixFilePermissions.fromString("rw-------"));
  }

  private String configuration(String database, CustomerIdp issuer) {
    return """
    database:
      url: "%s"
      user: %s
      password_file: secrets/database
    master_key_file: secrets/master.key
    library: library
    broker:
      issuer: %s
      listen: %s
      organisation: acme
      clients: clients/broker.yaml
      sign_in: {local_people: true}
    ras:
      issuer: %s
      listen: %s
      clients: clients/ras.yaml
      resources:
        - {resource: "%s", name: Compared, scopes: [%s]}
      organisations:
        - name: customer
          issuers:
            - issuer: %s
              algorithms: [ES256]
              domains: [example.com]
              link_by_email: true
              create_people: true
              replay: single-use
    outbound: {loopback: true}
    """
        .formatted(
            database,
            DurablePostgres.USER,
            broker,
            broker.getAuthority(),
            ras,
            ras.getAuthority(),
            resource,
            SCOPE,
            issuer.issuer());
  }

  private String library() {
    return """
    connectors:
      compared:
        name: Compared
        category: benchmark
        authorization_server: %s
        resource: %s
        scopes: [%s]
    roles:
      engineering:
        groups: [%s]
        connectors: {compared: [%s]}
    """
        .formatted(ras, resource, SCOPE, GROUP, SCOPE);
  }

  private String brokerClients() {
    return """
    clients:
      - id: %s
        name: Agent
        authentication: [client_secret_basic]
        secret_hash: "%s"
        redirect_uris: ["%s"]
        grants:
          - authorization_code
          - refresh_token
          - urn:ietf:params:oauth:grant-type:token-exchange
        ids_at: {"%s": %s}
    """
        .formatted(CLIENT, client.hash().text(), REDIRECT_URI, ras, CLIENT_THERE);
  }

  private String rasClients() {
    return """
    clients:
      - id: %s
        name: Agent
        authentication: [client_secret_basic]
        secret_hash: "%s"
        grants: ["urn:ietf:params:oauth:grant-type:jwt-bearer"]
      - id: %s
        name: MCP server
        authentication: [client_secret_basic]
        secret_hash: "%s"
        grants: []
        may_introspect: ["%s"]
    """
        .formatted(CLIENT_THERE, client.hash().text(), MCP_SERVER, server.hash().text(), resource);
  }
}
