package dev.lanyard.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.conformance.Installation.Person;
import dev.lanyard.protocol.oauth.Form;
import java.net.URI;
import java.util.Set;

/// The authorization request of a client without a nonce, and what it keeps for redeeming the code.
///
/// The verifier and its challenge are the example of the specification.
///
/// @spec https://www.rfc-editor.org/rfc/rfc7636.html#appendix-B RFC 7636 Appendix B
record CodeRequest(String client, String redirectUri, String scope, String state) {
  private static final String CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

  String verifier() {
    return "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
  }

  URI address(Installation lanyard) throws Exception {
    var discovery = URI.create(lanyard.broker() + "/.well-known/openid-configuration");
    var endpoint =
        lanyard.wire().get(discovery).json().string("authorization_endpoint").orElseThrow();
    var query =
        Form.builder()
            .add("response_type", "code")
            .add("client_id", client)
            .add("redirect_uri", redirectUri)
            .add("scope", scope)
            .add("state", state)
            .add("code_challenge", CHALLENGE)
            .add("code_challenge_method", "S256")
            .build();
    return URI.create(endpoint + "?" + query.encode());
  }

  /// Signs the person in and takes the code from the authorization response.
  String code(Installation lanyard, Person person) throws Exception {
    try (var browser = new PlainBrowser(lanyard.certificates().trust())) {
      var response =
          browser.signIn(address(lanyard), redirectUri, person.userName(), person.password());
      var answer = Form.parse(response.getRawQuery(), Set.of());
      assertThat(answer.one("state")).hasValue(state);
      assertThat(answer.one("iss")).hasValue(lanyard.broker());
      return answer.required("code");
    }
  }

  /// Redeems the code of a person with Basic authentication.
  Answer tokens(Installation lanyard, Person person) throws Exception {
    var form =
        Form.builder()
            .add("grant_type", "authorization_code")
            .add("code", code(lanyard, person))
            .add("redirect_uri", redirectUri)
            .add("code_verifier", verifier())
            .build();
    var basic = Wire.basic(client, lanyard.secret(client));
    return lanyard.wire().post(lanyard.brokerTokenEndpoint(), form, "Authorization", basic);
  }

  /// The ID Token among them.
  String idToken(Installation lanyard, Person person) throws Exception {
    return tokens(lanyard, person).json().string("id_token").orElseThrow();
  }
}
