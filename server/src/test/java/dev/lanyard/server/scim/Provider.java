package dev.lanyard.server.scim;

import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.pair.Http;
import dev.lanyard.server.pair.Pair;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// An identity provider that speaks SCIM to one node, byte for byte as it is told.
final class Provider {
  private static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private final Pair pair;
  private final Secret token;

  Provider(Pair pair, String connection) {
    this(pair, pair.scimToken(connection));
  }

  Provider(Pair pair, Secret token) {
    this.pair = pair;
    this.token = token;
  }

  /// The same provider, as another node sees it.
  Provider at(Pair node) {
    return new Provider(node, token);
  }

  record Reply(HttpResponse<String> response) {
    int status() {
      return response.statusCode();
    }

    String body() {
      return response.body();
    }

    Value.Complex json() {
      return ScimJson.readOwn(response.body());
    }

    /// A member of the body as text; empty text if it is not there.
    String text(String name) {
      return json().text(name).orElse("");
    }

    String header(String name) {
      return response.headers().firstValue(name).orElse("");
    }

    String id() {
      return text("id");
    }

    List<Value.Complex> resources() {
      return json().complexes("Resources");
    }

    int number(String name) {
      return json().get(name).orElseThrow() instanceof Value.Number(var number)
          ? number.intValueExact()
          : -1;
    }
  }

  static String idOf(Value.Complex resource) {
    return resource.text("id").orElse("");
  }

  Reply get(String path) {
    return send("GET", path, "", Map.of());
  }

  Reply find(String path, String filter) {
    return get(path + "?filter=" + URLEncoder.encode(filter, StandardCharsets.UTF_8));
  }

  Reply post(String path, String body) {
    return send("POST", path, body, Map.of());
  }

  Reply put(String path, String body) {
    return send("PUT", path, body, Map.of());
  }

  Reply patch(String path, String operations) {
    return send("PATCH", path, patchBody(operations), Map.of());
  }

  Reply delete(String path) {
    return send("DELETE", path, "", Map.of());
  }

  static String patchBody(String operations) {
    return """
    {"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": [%s]}\
    """
        .formatted(operations);
  }

  /// A person with a user name and a work address.
  String create(String userName) {
    var reply =
        post(
            "/Users",
            """
            {"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "%1$s",
             "externalId": "ext-%1$s", "active": true,
             "emails": [{"value": "%1$s", "type": "work", "primary": true}]}
            """
                .formatted(userName));
    if (reply.status() != 201) {
      throw new AssertionError(reply.status() + " " + reply.body());
    }
    return reply.id();
  }

  String group(String name, String... members) {
    var listed =
        String.join(
            ", ", List.of(members).stream().map(id -> "{\"value\": \"" + id + "\"}").toList());
    var reply =
        post(
            "/Groups",
            """
            {"schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"], "displayName": "%s",
             "members": [%s]}
            """
                .formatted(name, listed));
    if (reply.status() != 201) {
      throw new AssertionError(reply.status() + " " + reply.body());
    }
    return reply.id();
  }

  List<String> members(String group) {
    return get("/Groups/" + group).json().complexes("members").stream()
        .map(member -> member.text("value").orElseThrow())
        .toList();
  }

  Reply send(String method, String path, String body, Map<String, String> headers) {
    var all = new HashMap<String, String>();
    all.put("Authorization", "Bearer " + token.reveal());
    all.put("Content-Type", "application/scim+json");
    all.putAll(headers);
    return exchange(pair.brokerUrl("/scim/v2" + path), method, body, all);
  }

  static Reply exchange(URI url, String method, String body, Map<String, String> headers) {
    var request =
        HttpRequest.newBuilder(url)
            .method(method, BodyPublishers.ofString(body))
            .expectContinue(Http.asksFirst(body));
    headers.forEach(request::header);
    try {
      return new Reply(CLIENT.send(request.build(), BodyHandlers.ofString()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
