package dev.lanyard.benchmarks.kill;

import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.protocol.oauth.GrantType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.function.IntFunction;

/// Calls one endpoint of one node over one connection.
final class NodeCaller implements Caller {
  private static final String FORM = "application/x-www-form-urlencoded";
  private static final String ACTIVE = "\"active\":true";

  private final Point point;
  private final Wire wire;
  private final String head;
  private final IntFunction<String> body;
  private final Reading reading;

  private interface Reading {
    Outcome of(int person, Wire.Reply reply);
  }

  /// Learns what was given out.
  interface Issued {
    void token(int person, String answer);
  }

  private NodeCaller(
      Point point, Wire wire, String head, IntFunction<String> body, Reading reading) {
    this.point = point;
    this.wire = wire;
    this.head = head;
    this.body = body;
    this.reading = reading;
  }

  /// Asks whether a token is active, as the MCP server.
  static NodeCaller introspecting(
      Place node, URI ras, ClusterFiles files, IntFunction<String> tokens) {
    var wire = wire(ras);
    var secret = files.server().secret().reveal();
    return new NodeCaller(
        Point.introspection(node),
        wire,
        wire.head("POST", "/introspect", basic(Place.LIBRARY.known, secret), FORM),
        person -> "token=" + tokens.apply(person),
        (_, reply) ->
            switch (reply.status()) {
              case 200 -> reply.text().contains(ACTIVE) ? Outcome.ACCEPTED : Outcome.REFUSED;
              default -> Outcome.UNAVAILABLE;
            });
  }

  /// Redeems a fresh ID-JAG, as the client.
  static NodeCaller redeeming(
      Place node, URI ras, ClusterFiles files, IntFunction<String> assertions, Issued issued) {
    var wire = wire(ras);
    var secret = files.client().secret().reveal();
    var prefix =
        Form.builder().add("grant_type", GrantType.JWT_BEARER.value()).build().encode()
            + "&assertion=";
    return new NodeCaller(
        Point.redemption(node),
        wire,
        wire.head("POST", "/token", basic(ClusterFiles.CLIENT_THERE, secret), FORM),
        person -> prefix + assertions.apply(person),
        (person, reply) -> {
          if (reply.status() == 200) {
            issued.token(person, reply.text());
          }
          return switch (reply.status()) {
            case 200 -> Outcome.ACCEPTED;
            case 400 -> Outcome.REFUSED;
            default -> Outcome.UNAVAILABLE;
          };
        });
  }

  private static Wire wire(URI server) {
    try {
      return new Wire(server);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String basic(String client, String secret) {
    var pair = (client + ":" + secret).getBytes(StandardCharsets.UTF_8);
    return "Basic " + Base64.getEncoder().encodeToString(pair);
  }

  @Override
  public Point point() {
    return point;
  }

  @Override
  public Outcome call(int person) {
    try {
      return reading.of(person, wire.send(head, body.apply(person)));
    } catch (IOException e) {
      throw new UncheckedIOException("a node did not answer", e);
    }
  }

  @Override
  public void close() {
    try {
      wire.close();
    } catch (IOException e) {
      // It ends with the process at the latest.
    }
  }
}
