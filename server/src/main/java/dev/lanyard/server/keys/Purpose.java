package dev.lanyard.server.keys;

/// What a key signs; no key signs two kinds of tokens (KEY-6).
public enum Purpose {
  ID_TOKEN("id-token"),
  ID_JAG("id-jag"),
  ACCESS_TOKEN("access-token"),
  INTROSPECTION("introspection"),
  SECURITY_EVENT("security-event"),
  LOGOUT_TOKEN("logout-token"),
  REVOCATION_CALL("revocation-call"),
  RECEIPT("receipt");

  private final String value;

  Purpose(String value) {
    this.value = value;
  }

  /// As it is recorded.
  public String value() {
    return value;
  }
}
