package dev.lanyard.conformance;

import dev.lanyard.conformance.Installation.Person;
import dev.lanyard.protocol.oauth.Form;
import java.net.URI;

/// Access tokens of people, step by step as a client gets them.
final class Tokens {
  private Tokens() {}

  /// With every scope that the person may have.
  static String of(Installation lanyard, String client, Person person) throws Exception {
    return of(lanyard, client, person, "");
  }

  /// @param scope what is asked for; nothing if it is empty
  static String of(Installation lanyard, String client, Person person, String scope)
      throws Exception {
    return of(lanyard, client, person, lanyard.resource(), scope);
  }

  /// @param resource which server it is for
  static String of(
      Installation lanyard, String client, Person person, String resource, String scope)
      throws Exception {
    var idToken =
        new CodeRequest(client, "http://localhost:3118/callback", "openid", "a-state")
            .idToken(lanyard, person);
    var exchange =
        Form.builder()
            .add("grant_type", Urns.TOKEN_EXCHANGE)
            .add("requested_token_type", Urns.ID_JAG)
            .add("audience", lanyard.ras())
            .add("resource", resource)
            .add("subject_token", idToken)
            .add("subject_token_type", Urns.ID_TOKEN);
    if (!scope.isEmpty()) {
      exchange.add("scope", scope);
    }
    var idJag = post(lanyard, lanyard.brokerTokenEndpoint(), exchange.build(), client);
    var redemption =
        Form.builder().add("grant_type", Urns.JWT_BEARER).add("assertion", idJag).build();
    return post(lanyard, URI.create(lanyard.ras() + "/token"), redemption, client + "-ras");
  }

  private static String post(Installation lanyard, URI endpoint, Form form, String client)
      throws Exception {
    return lanyard
        .wire()
        .post(endpoint, form, "Authorization", Wire.basic(client, lanyard.secret(client)))
        .json()
        .string("access_token")
        .orElseThrow();
  }
}
