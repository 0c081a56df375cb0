package dev.lanyard.server.app.checkup;

import dev.lanyard.protocol.egress.EgressClient;
import dev.lanyard.protocol.egress.EgressPolicy;
import dev.lanyard.protocol.egress.EgressRequest;
import dev.lanyard.protocol.egress.EgressResult;
import dev.lanyard.protocol.jose.SigningAlgorithm;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.jwks.IssuerDiscovery;
import dev.lanyard.protocol.jwks.IssuerDiscovery.Discovery;
import dev.lanyard.protocol.jwks.Refresh;
import dev.lanyard.protocol.metadata.AuthorizationServerMetadata;
import dev.lanyard.protocol.metadata.AuthorizationServerMetadata.Endpoint;
import dev.lanyard.protocol.metadata.AuthorizationServerMetadata.Flag;
import dev.lanyard.protocol.metadata.AuthorizationServerMetadata.Supported;
import dev.lanyard.protocol.oauth.BasicCredentials;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.server.authorization.upstream.UpstreamConfig;
import dev.lanyard.server.authorization.upstream.UpstreamPreset;
import java.net.URI;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Looks at an OpenID Provider as the broker that is its client will: everything that can be known
/// before somebody signs in.
public final class UpstreamCheckup {
  private final EgressClient egress;
  private final InstantSource clock;
  private final List<Finding> findings = new ArrayList<>();

  public UpstreamCheckup(EgressPolicy outbound, InstantSource clock) {
    this.egress = new EgressClient(outbound);
    this.clock = clock;
  }

  /// @param preset what is known of the vendor, to say more about what is found
  public List<Finding> examine(UpstreamConfig upstream, Optional<UpstreamPreset> preset) {
    var name = "upstream " + upstream.id();
    preset
        .filter(one -> !one.issuer().isLike(upstream.issuer().value()))
        .ifPresent(one ->
            findings.add(
                Finding.note(
                    name + " issuer",
                    "%s looks unlike one of %s, which is of the form %s. Right if you have a domain"
                            .formatted(upstream.issuer(), one.name(), one.issuer().form())
                        + " of your own there")));
    var place =
        URI.create(
            upstream.issuer().value().replaceAll("/$", "") + "/.well-known/openid-configuration");
    findings.addAll(
        new ServerCheckup(egress, clock).examine(name, upstream.issuer(), List.of(place)));
    var discovery = new IssuerDiscovery(egress, upstream.issuer(), Refresh.DEFAULT, clock);
    if (discovery.discover() instanceof Discovery.Found(var metadata)) {
      examineAbilities(name, upstream, metadata);
      metadata.endpoint(Endpoint.TOKEN).ifPresent(token -> examineSecret(name, upstream, token));
    }
    return List.copyOf(findings);
  }

  private void examineAbilities(
      String name, UpstreamConfig upstream, AuthorizationServerMetadata metadata) {
    for (var endpoint : List.of(Endpoint.AUTHORIZATION, Endpoint.TOKEN, Endpoint.JWKS)) {
      if (metadata.endpoint(endpoint).isEmpty()) {
        findings.add(
            Finding.bad(
                name + " metadata",
                "names no " + endpoint.name().toLowerCase(Locale.ROOT) + " endpoint"));
      }
    }
    examineAlgorithms(name, upstream, metadata);
    var methods = metadata.supported(Supported.TOKEN_AUTH_METHODS);
    if (!methods.isEmpty()
        && !methods.contains("client_secret_basic")
        && !methods.contains("client_secret_post")) {
      findings.add(
          Finding.bad(
              name + " client authentication",
              "takes only " + methods + "; Lanyard sends its secret by Basic or in the body"));
    }
    findings.add(
        metadata.supported(Supported.CODE_CHALLENGE_METHODS).contains("S256")
            ? Finding.good(name + " PKCE", "announces S256")
            : Finding.note(
                name + " PKCE", "does not announce S256; it is sent anyhow, and may be ignored"));
    findings.add(
        metadata.has(Flag.AUTHORIZATION_RESPONSE_ISS)
            ? Finding.good(name + " iss in answers", "announced, and demanded from now on")
            : Finding.note(
                name + " iss in answers",
                "not announced; against mix-up stands the redirect URI of its own"));
    examineScopes(name, upstream, metadata);
  }

  private void examineAlgorithms(
      String name, UpstreamConfig upstream, AuthorizationServerMetadata metadata) {
    var theirs = metadata.supported(Supported.ID_TOKEN_ALGORITHMS);
    var ours = upstream.algorithms().stream().map(SigningAlgorithm::value).sorted().toList();
    if (theirs.isEmpty()) {
      return;
    }
    findings.add(
        theirs.stream().anyMatch(ours::contains)
            ? Finding.good(
                name + " algorithms",
                "signs with "
                    + String.join(", ", theirs)
                    + "; taken are "
                    + String.join(", ", ours))
            : Finding.bad(
                name + " algorithms",
                "signs with "
                    + String.join(", ", theirs)
                    + ", and 'algorithms' has only "
                    + String.join(", ", ours)));
  }

  private void examineScopes(
      String name, UpstreamConfig upstream, AuthorizationServerMetadata metadata) {
    var known = metadata.supported(Supported.SCOPES);
    var strange =
        upstream.scopes().values().stream().filter(scope -> !known.contains(scope)).toList();
    if (!known.isEmpty() && !strange.isEmpty()) {
      findings.add(
          Finding.note(
              name + " scopes",
              "does not announce "
                  + String.join(", ", strange)
                  + "; some providers refuse a sign-in that asks for a scope they do not know"));
    }
  }

  /// A code that nobody has given tells whether the secret is right: whoever refuses the code has
  /// taken the client.
  private void examineSecret(String name, UpstreamConfig upstream, URI token) {
    var credentials = new BasicCredentials(upstream.clientId(), upstream.clientSecret());
    var form =
        Form.builder()
            .add("grant_type", "authorization_code")
            .add("code", "a-code-that-nobody-gave")
            .add("redirect_uri", "https://localhost/callback")
            .add("code_verifier", "a".repeat(43))
            .build();
    var request = EgressRequest.post(token, form).with("Authorization", credentials.toHeader());
    if (!(egress.send(request) instanceof EgressResult.Answered answered)) {
      findings.add(Finding.bad(name + " client", token + " cannot be reached"));
      return;
    }
    var error = error(answered);
    findings.add(
        switch (error) {
          case "invalid_client", "unauthorized_client" ->
              Finding.bad(
                  name + " client",
                  "client_id '"
                      + upstream.clientId()
                      + "' or its secret is not accepted: "
                      + error
                      + ". Copy both again");
          case "invalid_grant" ->
              Finding.good(name + " client", "client_id and secret are accepted");
          default ->
              Finding.note(
                  name + " client",
                  "whether the secret is right cannot be told from here (answered "
                      + answered.status()
                      + " "
                      + error
                      + "); a sign-in will");
        });
  }

  private static String error(EgressResult.Answered answered) {
    try {
      return answered.json().string("error").orElse("without an error code");
    } catch (MalformedException e) {
      return "no JSON";
    }
  }
}
