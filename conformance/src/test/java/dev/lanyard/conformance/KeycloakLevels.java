package dev.lanyard.conformance;

import dev.lanyard.protocol.json.JsonObject;
import java.util.List;

/// Signing in at Keycloak at two levels, as its documentation has it: with a password, and with a
/// security key besides, if somebody asks for it by `acr_values`.
final class KeycloakLevels {
  /// What `acr` is at the two levels.
  private static final String PASSWORD = "password";

  /// All that the console asks for. Of values of which Keycloak does not know one, it takes the
  /// lowest level: whoever leaves one out is never asked for a key.
  private static final List<String> SECURITY_KEY = List.of("phr", "phrh");

  private static final String FLOW = "levels";
  private static final String FORMS = "levels-forms";

  private final Keycloak keycloak;

  private KeycloakLevels(Keycloak keycloak) {
    this.keycloak = keycloak;
  }

  /// Signs everybody in like this from now on.
  static void set(Keycloak keycloak) throws Exception {
    new KeycloakLevels(keycloak).set();
  }

  private void set() throws Exception {
    keycloak.make(
        "authentication/flows",
        JsonObject.builder()
            .put("alias", FLOW)
            .put("providerId", "basic-flow")
            .put("topLevel", true)
            .put("builtIn", false)
            .build());
    step(FLOW, "auth-cookie", "ALTERNATIVE");
    part(FLOW, FORMS, "ALTERNATIVE");
    level(1, "auth-username-password-form");
    level(2, "webauthn-authenticator");
    var names = JsonObject.builder().put(PASSWORD, 1);
    SECURITY_KEY.forEach(name -> names.put(name, 2));
    keycloak.change(
        "",
        JsonObject.builder()
            .put("browserFlow", FLOW)
            .put(
                "attributes",
                JsonObject.builder().put("acr.loa.map", names.build().toJson()).build())
            .build());
  }

  private void level(int level, String authenticator) throws Exception {
    var part = FLOW + "-" + level;
    part(FORMS, part, "CONDITIONAL");
    var condition = step(part, "conditional-level-of-authentication", "REQUIRED");
    keycloak.make(
        "authentication/executions/" + condition + "/config",
        JsonObject.builder()
            .put("alias", part)
            .put(
                "config",
                JsonObject.builder()
                    .put("loa-condition-level", Integer.toString(level))
                    .put("loa-max-age", "36000")
                    .build())
            .build());
    step(part, authenticator, "REQUIRED");
  }

  private void part(String flow, String name, String requirement) throws Exception {
    keycloak.make(
        "authentication/flows/" + flow + "/executions/flow",
        JsonObject.builder()
            .put("alias", name)
            .put("type", "basic-flow")
            .put("provider", "basic-flow")
            .build());
    var _ = required(flow, "displayName", name, requirement);
  }

  private String step(String flow, String provider, String requirement) throws Exception {
    keycloak.make(
        "authentication/flows/" + flow + "/executions/execution",
        JsonObject.builder().put("provider", provider).build());
    return required(flow, "providerId", provider, requirement);
  }

  /// @return the id of the execution
  private String required(String flow, String member, String value, String requirement)
      throws Exception {
    var path = "authentication/flows/" + flow + "/executions";
    for (var one : keycloak.all(path)) {
      if (one.string(member).filter(value::equals).isPresent()) {
        var changed = JsonObject.builder().put("requirement", requirement).build();
        keycloak.change(path, one.with(changed));
        return one.string("id").orElseThrow();
      }
    }
    throw new AssertionError("Keycloak has no execution " + value);
  }
}
