package dev.lanyard.suite;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.metadata.WellKnown;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.protocol.oauth.Issuer;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// The server that is checked: what it says of itself, and requests to its token endpoint. For one
/// thread.
public final class ServerUnderTest {
  private static final int HIGHEST_PORT = 65_535;

  private final Issuer issuer;
  private final Wire wire;
  private final InstantSource clock;
  private Optional<JsonObject> metadata = Optional.empty();

  public ServerUnderTest(Issuer issuer, Wire wire, InstantSource clock) {
    this.issuer = issuer;
    this.wire = wire;
    this.clock = clock;
  }

  public Wire wire() {
    return wire;
  }

  /// Seconds since 1970.
  public long now() {
    return clock.instant().getEpochSecond();
  }

  /// The metadata: asked for until there is one, and then kept.
  ///
  /// @throws UnusableAnswer if no well-known place has any
  public JsonObject metadata() throws UnusableAnswer, InterruptedException {
    if (metadata.isEmpty()) {
      metadata = Optional.of(discovered());
    }
    return metadata.get();
  }

  /// From the first place that has it, in the order of a client (CLI-3).
  private JsonObject discovered() throws UnusableAnswer, InterruptedException {
    var answers = new ArrayList<String>();
    for (var place : WellKnown.authorizationServer(issuer)) {
      var answer = wire.get(place);
      if (answer.status() == 200) {
        return answer.json();
      }
      answers.add(place.getPath() + ": " + answer.inShort());
    }
    throw new UnusableAnswer(
        "no metadata at the well-known places of " + issuer + ": " + String.join("; ", answers));
  }

  /// A URL of the metadata; empty if it has none of this name.
  ///
  /// @throws UnusableAnswer if it is there and no absolute http(s) URL without a fragment
  public Optional<URI> endpoint(String member) throws UnusableAnswer, InterruptedException {
    try {
      var url = metadata().string(member);
      return url.isEmpty() ? Optional.empty() : Optional.of(endpoint(member, new URI(url.get())));
    } catch (MalformedException | URISyntaxException e) {
      throw odd(member, e);
    }
  }

  private static URI endpoint(String member, URI url) throws UnusableAnswer {
    var scheme = url.getScheme();
    boolean usable =
        ("https".equalsIgnoreCase(scheme) || "http".equalsIgnoreCase(scheme))
            && url.getHost() != null
            && url.getPort() <= HIGHEST_PORT
            && url.getRawFragment() == null;
    if (!usable) {
      throw odd(member, new MalformedException("no absolute http(s) URL without a fragment"));
    }
    return url;
  }

  private static UnusableAnswer odd(String member, Exception cause) {
    return new UnusableAnswer(
        "the metadata has an odd " + member + ": " + cause.getMessage(), cause);
  }

  /// @throws UnusableAnswer if the metadata names none
  public URI tokenEndpoint() throws UnusableAnswer, InterruptedException {
    return required("token_endpoint");
  }

  /// A URL that the metadata has to have.
  ///
  /// @throws UnusableAnswer if it has none, or none that can be called
  public URI required(String member) throws UnusableAnswer, InterruptedException {
    return endpoint(member)
        .orElseThrow(() -> new UnusableAnswer("the metadata names no " + member));
  }

  /// Sends a form to the token endpoint as it is, with nothing that would prove a client.
  public Answer send(Form form, Map<String, String> headers)
      throws UnusableAnswer, InterruptedException {
    return wire.post(tokenEndpoint(), form, headers);
  }

  /// Sends a form to the token endpoint as this client.
  public Answer send(Form.Builder form, Credentials client, Map<String, String> headers)
      throws UnusableAnswer, InterruptedException {
    var all = new HashMap<>(client.headers());
    all.putAll(headers);
    return send(client.into(form).build(), all);
  }

  /// Proofs by a new key for the token endpoint.
  public DpopProofs proofs() throws UnusableAnswer, InterruptedException {
    return DpopProofs.random(tokenEndpoint(), clock);
  }

  /// Whether the server says that it takes DPoP proofs.
  public boolean knowsDpop() throws UnusableAnswer, InterruptedException {
    return metadata().has("dpop_signing_alg_values_supported");
  }
}
