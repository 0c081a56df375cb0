package dev.lanyard.server.scim;

import java.util.List;
import java.util.Optional;

/// A request that is answered with an error of RFC 7644 §3.12.
///
/// Checked on purpose, and without a stack trace: it is what a peer can cause at will. The detail
/// goes to the peer, so it names attributes and never repeats other people's values.
///
/// @spec https://www.rfc-editor.org/rfc/rfc7644.html#section-3.12 RFC 7644 §3.12
final class ScimRefusal extends Exception {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final Type type;
  private final String detail;

  ScimRefusal(int status, Type type, String detail) {
    super(detail, null, false, false);
    this.status = status;
    this.type = type;
    this.detail = detail;
  }

  /// `scimType`.
  enum Type {
    INVALID_FILTER("invalidFilter"),
    UNIQUENESS("uniqueness"),
    MUTABILITY("mutability"),
    INVALID_SYNTAX("invalidSyntax"),
    INVALID_PATH("invalidPath"),
    NO_TARGET("noTarget"),
    INVALID_VALUE("invalidValue"),
    INVALID_VERSION("invalidVers"),
    INVALID_CURSOR("invalidCursor"),
    EXPIRED_CURSOR("expiredCursor"),
    INVALID_COUNT("invalidCount"),
    NONE("");

    private final String value;

    Type(String value) {
      this.value = value;
    }

    String value() {
      return value;
    }
  }

  static ScimRefusal invalidValue(String detail) {
    return new ScimRefusal(400, Type.INVALID_VALUE, detail);
  }

  static ScimRefusal invalidSyntax(String detail) {
    return new ScimRefusal(400, Type.INVALID_SYNTAX, detail);
  }

  static ScimRefusal invalidFilter(String detail) {
    return new ScimRefusal(400, Type.INVALID_FILTER, detail);
  }

  static ScimRefusal invalidPath(String detail) {
    return new ScimRefusal(400, Type.INVALID_PATH, detail);
  }

  static ScimRefusal noTarget(String detail) {
    return new ScimRefusal(400, Type.NO_TARGET, detail);
  }

  static ScimRefusal mutability(String detail) {
    return new ScimRefusal(400, Type.MUTABILITY, detail);
  }

  static ScimRefusal uniqueness(String detail) {
    return new ScimRefusal(409, Type.UNIQUENESS, detail);
  }

  static ScimRefusal nameTaken() {
    return uniqueness("the user name is taken in the organisation");
  }

  /// Nobody can tell whether it would be the same person twice, of whom only one would be switched
  /// off.
  static ScimRefusal nameTold() {
    return uniqueness(
        "the user name is that of somebody who signed in before SCIM created them; with"
            + " subject_issuer of the connection and an externalId it can be told whether that is"
            + " the same person");
  }

  /// The same for what is not there and for what is another connection's.
  static ScimRefusal notFound() {
    return new ScimRefusal(404, Type.NONE, "there is no such resource");
  }

  static ScimRefusal of(int status, String detail) {
    return new ScimRefusal(status, Type.NONE, detail);
  }

  int status() {
    return status;
  }

  Type type() {
    return type;
  }

  String detail() {
    return detail;
  }

  Optional<String> scimType() {
    return type == Type.NONE ? Optional.empty() : Optional.of(type.value());
  }

  Value.Complex body() {
    var body =
        Value.Complex.of(
            "schemas", Value.texts(List.of("urn:ietf:params:scim:api:messages:2.0:Error")));
    // The status is a string (SCIM-2).
    return body.with("status", Integer.toString(status))
        .with("scimType", scimType())
        .with("detail", detail);
  }
}
