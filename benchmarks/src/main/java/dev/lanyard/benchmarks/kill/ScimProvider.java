package dev.lanyard.benchmarks.kill;

import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.stream.Collectors;

/// An identity provider that speaks SCIM to one node, over one connection. For one thread.
final class ScimProvider implements AutoCloseable {
  static final int MOST_IN_BULK = 1000;

  private static final String TYPE = "application/scim+json";
  private static final String PATCH =
      "{\"schemas\":[\"urn:ietf:params:scim:api:messages:2.0:PatchOp\"],"
          + "\"Operations\":[{\"op\":\"replace\",\"path\":\"active\",\"value\":false}]}";

  private final Wire wire;
  private final String authorization;

  ScimProvider(URI broker, String token) throws IOException {
    this.wire = new Wire(broker);
    this.authorization = "Bearer " + token;
  }

  /// Disables somebody, as a provider does with a leaver.
  void disable(String id) throws IOException {
    var reply = send("PATCH", "/Users/" + id, PATCH);
    if (reply.status() != 200) {
      throw new IOException("the PATCH was answered " + reply.status() + ": " + reply.text());
    }
  }

  /// Disables many in one request.
  void disable(List<String> ids) throws IOException {
    bulk(
        ids.stream()
            .map(id ->
                "{\"method\":\"PATCH\",\"path\":\"/Users/" + id + "\",\"data\":" + PATCH + "}")
            .toList(),
        200);
  }

  /// Creates many in one request.
  void create(List<String> names) throws IOException {
    var operation =
        """
        {"method":"POST","path":"/Users","bulkId":"%1$s","data":{
         "schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"%1$s@acme.example",
         "externalId":"ext-%1$s","active":true,"displayName":"%1$s","name":{"givenName":"Given",
         "familyName":"Family"},"emails":[{"value":"%1$s@acme.example","type":"work","primary":true}]}}\
        """;
    bulk(names.stream().map(operation::formatted).toList(), 201);
  }

  private void bulk(List<String> operations, int expected) throws IOException {
    var body =
        operations.stream()
            .collect(
                Collectors.joining(
                    ",",
                    "{\"schemas\":[\"urn:ietf:params:scim:api:messages:2.0:BulkRequest\"],"
                        + "\"Operations\":[",
                    "]}"));
    var reply = send("POST", "/Bulk", body);
    var text = reply.text();
    int done = text.split("\"status\":\"" + expected + "\"", -1).length - 1;
    if (reply.status() != 200 || done != operations.size()) {
      throw new IOException(
          "a bulk was answered " + reply.status() + ", " + done + " done: " + text);
    }
  }

  private Wire.Reply send(String method, String path, String body) throws IOException {
    return wire.send(wire.head(method, "/scim/v2" + path, authorization, TYPE), body);
  }

  @Override
  public void close() throws IOException {
    wire.close();
  }
}
