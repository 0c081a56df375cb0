package dev.lanyard.server.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.protocol.oauth.Pkce;
import dev.lanyard.server.pair.Answer;
import dev.lanyard.server.pair.Http;
import java.net.URI;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// An application of administrators' own, on somebody's computer, which uses the JSON API.
public final class OpsClient {
  /// Of the computer that it is on; nobody listens there.
  public static final int PORT = 4711;

  private static final String CALLBACK = "http://127.0.0.1:" + PORT + "/callback";

  private final ConsoleWorld world;
  private final Pkce.Verifier verifier = Pkce.Verifier.random(new SecureRandom());
  private String token = "";

  private final String id;

  public OpsClient(ConsoleWorld world) {
    this(world, "ops");
  }

  /// @param id of another such client
  public OpsClient(ConsoleWorld world, String id) {
    this.world = world;
    this.id = id;
  }

  public URI authorize(String client, String scope, String... resources) {
    var form =
        Form.builder()
            .add("response_type", "code")
            .add("client_id", client)
            .add("redirect_uri", !client.equals("studio") ? CALLBACK : "http://127.0.0.1/callback")
            .add("scope", scope)
            .add("state", "s")
            .add("code_challenge", verifier.challenge().value())
            .add("code_challenge_method", "S256");
    for (var resource : resources) {
      form.add("resource", resource);
    }
    return URI.create(world.brokerUrl("/authorize") + "?" + form.build().encode());
  }

  /// What the token endpoint answers to somebody who signs in for it, and allows it if asked.
  public Answer tokens(String userName, String scope, String... resources) {
    var surfer = new Surfer(world);
    var page = surfer.get(authorize(id, scope, resources));
    var answer = surfer.answered(page, userName);
    return redeemed(answer.status() == 200 ? surfer.decided(answer, "allow") : answer);
  }

  public Answer redeemed(Answer answer, String... resources) {
    assertThat(answer.status()).as(answer.body()).isEqualTo(303);
    var form =
        Form.builder()
            .add("grant_type", "authorization_code")
            .add("client_id", id)
            .add("code", answer.parameter("code"))
            .add("redirect_uri", CALLBACK)
            .add("code_verifier", verifier.secret().reveal());
    List.of(resources).forEach(one -> form.add("resource", one));
    return Http.post(world.brokerUrl("/token"), form.build(), Map.of());
  }

  /// Somebody new with these groups, who has got a token for the API.
  public OpsClient of(String userName, String scope, String... groups) {
    var _ = world.person(userName, groups);
    return as(userName, scope);
  }

  /// Somebody who is there already.
  public OpsClient as(String userName, String scope) {
    var answer = tokens(userName, "openid " + scope, world.brokerUrl("/admin/api").toString());
    bears(answer);
    return this;
  }

  /// With what the token endpoint has answered.
  public void bears(Answer answer) {
    token = answer.text("access_token");
    assertThat(token).as(answer.body()).isNotEmpty();
  }

  /// @param path below the API, or the address of a next page
  public Answer get(String path) {
    return Http.get(url(path), Map.of("Authorization", "Bearer " + token));
  }

  public Answer post(String path, String json) {
    return post(path, json, Map.of());
  }

  public Answer post(String path, String json, Map<String, String> headers) {
    var all = new HashMap<>(headers);
    all.put("Authorization", "Bearer " + token);
    return Http.post(url(path), "application/json", json, all);
  }

  private URI url(String path) {
    return world.brokerUrl(path.startsWith("/admin/api") ? path : "/admin/api" + path);
  }
}
