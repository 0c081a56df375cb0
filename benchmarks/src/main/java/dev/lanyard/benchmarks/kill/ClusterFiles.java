package dev.lanyard.benchmarks.kill;

import dev.lanyard.benchmarks.compare.Started;
import dev.lanyard.benchmarks.postgres.DurablePostgres;
import dev.lanyard.server.clients.ClientSecret;
import dev.lanyard.server.keys.MasterKey;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;

/// The configuration of two nodes of one installation, every default as it is but the file of
/// clients. Both have the issuers of the first, as behind a load balancer.
///
/// @param nodes where each listens
/// @param resource the MCP server
/// @param silent the MCP server behind the gateways
/// @param client the secret of [#CLIENT_THERE]
/// @param server the secret of the MCP server
record ClusterFiles(
    Path folder,
    Listens[] nodes,
    URI resource,
    URI silent,
    ClientSecret client,
    ClientSecret server) {
  static final String CLIENT = "agent";
  static final String CLIENT_THERE = "agent-there";
  static final String CONNECTION = "corporate";
  static final String ORGANISATION = "acme";
  static final String SCOPE = "read";
  static final String GROUP = "engineering";

  /// @param gateway the endpoint of its gateway
  record Listens(URI broker, URI ras, URI gateway) {
    static Listens somewhere() {
      return new Listens(loopback(""), loopback(""), loopback("/mcp"));
    }
  }

  static ClusterFiles write(Path folder, String database) throws IOException {
    var random = new SecureRandom();
    var files =
        new ClusterFiles(
            folder,
            new Listens[] {Listens.somewhere(), Listens.somewhere()},
            loopback("/mcp"),
            loopback("/mcp"),
            ClientSecret.generate(random),
            ClientSecret.generate(random));
    files.put("secrets/database", "none");
    MasterKey.create(files.masterKey());
    files.put("library/library.yaml", files.library());
    files.put("clients/broker.yaml", files.brokerClients());
    files.put("clients/ras.yaml", files.rasClients());
    for (int node = 0; node < files.nodes.length; node++) {
      files.put("node-" + (node + 1) + ".yaml", files.configuration(database, files.nodes[node]));
    }
    return files;
  }

  private static URI loopback(String path) {
    return URI.create("http://127.0.0.1:" + Started.freePort() + path);
  }

  private void put(String name, String text) throws IOException {
    var file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  Path configuration(int node) {
    return folder.resolve("node-" + (node + 1) + ".yaml");
  }

  Path masterKey() {
    return folder.resolve("secrets/master.key");
  }

  URI broker() {
    return nodes[0].broker();
  }

  URI ras() {
    return nodes[0].ras();
  }

  /// The address by which clients know the gateway, whichever node they come to.
  URI gateway() {
    return nodes[0].gateway();
  }

  private String configuration(String database, Listens listens) {
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
      organisation: %s
      clients: clients/broker.yaml
      sign_in: {local_people: true}
      scim:
        connections:
          - {id: %s, profile: entra, groups: [%s]}
    ras:
      issuer: %s
      listen: %s
      clients: clients/ras.yaml
      resources:
        - {resource: "%s", name: Killed, scopes: [%s]}
        - {resource: "%s", name: Streamed, scopes: [%s]}
      organisations:
        - name: %s
          issuers:
            - {issuer: %s, algorithms: [ES256], replay: single-use}
    gateway:
      listen: %s
      connectors:
        - {connector: streamed, address: "%s", upstream: "%s", hosts: ["%s"]}
    outbound: {loopback: true}
    """
        .formatted(
            database,
            DurablePostgres.USER,
            broker(),
            listens.broker().getAuthority(),
            ORGANISATION,
            CONNECTION,
            GROUP,
            ras(),
            listens.ras().getAuthority(),
            resource,
            SCOPE,
            gateway(),
            SCOPE,
            ORGANISATION,
            broker(),
            listens.gateway().getAuthority(),
            gateway(),
            silent,
            listens.gateway().getAuthority());
  }

  private String library() {
    return """
    connectors:
      killed:
        name: Killed
        category: benchmark
        authorization_server: %s
        resource: %s
        scopes: [%s]
      streamed:
        name: Streamed
        category: benchmark
        authorization_server: %s
        resource: %s
        scopes: [%s]
    roles:
      engineering:
        groups: [%s]
        connectors: {killed: [%s], streamed: [%s]}
    """
        .formatted(ras(), resource, SCOPE, ras(), gateway(), SCOPE, GROUP, SCOPE, SCOPE);
  }

  private String brokerClients() {
    return """
    clients:
      - id: %s
        name: Agent
        authentication: [client_secret_basic]
        secret_hash: "%s"
        redirect_uris: ["http://127.0.0.1:1/callback"]
        grants:
          - authorization_code
          - refresh_token
          - urn:ietf:params:oauth:grant-type:token-exchange
        ids_at: {"%s": %s}
    """
        .formatted(CLIENT, client.hash().text(), ras(), CLIENT_THERE);
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
        .formatted(
            CLIENT_THERE,
            client.hash().text(),
            Place.LIBRARY.known,
            server.hash().text(),
            resource);
  }
}
