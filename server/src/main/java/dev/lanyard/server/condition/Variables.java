package dev.lanyard.server.condition;

import dev.cel.common.types.CelType;
import dev.cel.common.types.ListType;
import dev.cel.common.types.SimpleType;
import java.util.Map;

/// What a condition may name. The dotted names are names of variables, not fields of a map, so that
/// a mistyped one is found when the library is read.
final class Variables {
  static final String PERSON_ID = "person.id";
  static final String USER_NAME = "person.user_name";
  static final String EMAIL = "person.email";
  static final String GROUPS = "groups";
  static final String CLIENT = "client";
  static final String CONNECTOR = "connector";
  static final String TOOL = "tool";

  /// With what the names of all variables about the sign-in begin.
  static final String SIGN_IN = "auth";

  static final String ACR = "auth.acr";
  static final String AMR = "auth.amr";
  static final String AUTH_TIME = "auth.auth_time";
  static final String NOW = "now";

  private static final CelType TEXTS = ListType.create(SimpleType.STRING);

  private Variables() {}

  /// Whether it says what time it is, or how somebody has signed in.
  static boolean isOfMoment(String name) {
    return name.startsWith(SIGN_IN) || name.equals(NOW);
  }

  static Map<String, CelType> types() {
    return Map.ofEntries(
        Map.entry(PERSON_ID, SimpleType.STRING),
        Map.entry(USER_NAME, SimpleType.STRING),
        Map.entry(EMAIL, SimpleType.STRING),
        Map.entry(GROUPS, TEXTS),
        Map.entry(CLIENT, SimpleType.STRING),
        Map.entry(CONNECTOR, SimpleType.STRING),
        Map.entry(TOOL, SimpleType.STRING),
        Map.entry(ACR, SimpleType.STRING),
        Map.entry(AMR, TEXTS),
        Map.entry(AUTH_TIME, SimpleType.TIMESTAMP),
        Map.entry(NOW, SimpleType.TIMESTAMP));
  }
}
