package dev.lanyard.protocol.securityevent;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Whom or what an event is about. Immutable; nobody is looked up.
///
/// @spec https://www.rfc-editor.org/rfc/rfc9493.html#section-3 RFC 9493 §3 (SSF-4)
/// @spec https://openid.net/specs/openid-sharedsignals-framework-1_0-final.html#section-3 Shared
///   Signals Framework 1.0 §3
public sealed interface SubjectIdentifier {
  /// Subjects with more aliases or members than this are malformed.
  int MAX_PARTS = 16;

  /// The `format`.
  String format();

  /// The identifier as it is written.
  JsonObject toJson();

  /// By e-mail address. An address is a claim about a person and may be shared or given on.
  record Email(String email) implements SubjectIdentifier {
    @Override
    public String format() {
      return "email";
    }

    @Override
    public JsonObject toJson() {
      return of(this).put("email", email).build();
    }

    /// Not the address: it is personal.
    @Override
    public String toString() {
      return "Email[]";
    }
  }

  /// By an issuer and the `sub` that it gives.
  record IssuerSubject(String issuer, String subject) implements SubjectIdentifier {
    @Override
    public String format() {
      return "iss_sub";
    }

    @Override
    public JsonObject toJson() {
      return of(this).put("iss", issuer).put("sub", subject).build();
    }

    /// Not the subject: it is personal.
    @Override
    public String toString() {
      return "IssuerSubject[" + issuer + "]";
    }
  }

  /// By a text that means something to both sides only.
  record Opaque(String id) implements SubjectIdentifier {
    @Override
    public String format() {
      return "opaque";
    }

    @Override
    public JsonObject toJson() {
      return of(this).put("id", id).build();
    }
  }

  /// By telephone number.
  record PhoneNumber(String number) implements SubjectIdentifier {
    @Override
    public String format() {
      return "phone_number";
    }

    @Override
    public JsonObject toJson() {
      return of(this).put("phone_number", number).build();
    }

    /// Not the number: it is personal.
    @Override
    public String toString() {
      return "PhoneNumber[]";
    }
  }

  /// By an `acct:` URI.
  record Account(String uri) implements SubjectIdentifier {
    @Override
    public String format() {
      return "account";
    }

    @Override
    public JsonObject toJson() {
      return of(this).put("uri", uri).build();
    }
  }

  /// By a decentralised identifier.
  record Did(String url) implements SubjectIdentifier {
    @Override
    public String format() {
      return "did";
    }

    @Override
    public JsonObject toJson() {
      return of(this).put("url", url).build();
    }
  }

  /// By a JWT that was issued for it.
  record JwtId(String issuer, String id) implements SubjectIdentifier {
    @Override
    public String format() {
      return "jwt_id";
    }

    @Override
    public JsonObject toJson() {
      return of(this).put("iss", issuer).put("jti", id).build();
    }
  }

  /// By a SAML assertion that was issued for it.
  record SamlAssertionId(String issuer, String id) implements SubjectIdentifier {
    @Override
    public String format() {
      return "saml_assertion_id";
    }

    @Override
    public JsonObject toJson() {
      return of(this).put("issuer", issuer).put("assertion_id", id).build();
    }
  }

  /// By network addresses.
  record IpAddresses(List<String> addresses) implements SubjectIdentifier {
    public IpAddresses {
      addresses = List.copyOf(addresses);
    }

    @Override
    public String format() {
      return "ip-addresses";
    }

    @Override
    public JsonObject toJson() {
      return of(this).put("ip-addresses", addresses).build();
    }
  }

  /// Several names of one and the same subject; never nested.
  record Aliases(List<SubjectIdentifier> identifiers) implements SubjectIdentifier {
    public Aliases {
      identifiers = List.copyOf(identifiers);
    }

    @Override
    public String format() {
      return "aliases";
    }

    @Override
    public JsonObject toJson() {
      return of(this)
          .put("identifiers", identifiers.stream().map(SubjectIdentifier::toJson).toList())
          .build();
    }
  }

  /// One principal by several sides of it: `user`, `session`, `device`, `tenant`, …; never nested.
  record Complex(Map<String, SubjectIdentifier> members) implements SubjectIdentifier {
    public Complex {
      members = Collections.unmodifiableMap(new LinkedHashMap<>(members));
    }

    @Override
    public String format() {
      return "complex";
    }

    public Optional<SubjectIdentifier> member(String name) {
      return Optional.ofNullable(members.get(name));
    }

    @Override
    public JsonObject toJson() {
      var json = of(this);
      members.forEach((name, member) -> json.put(name, member.toJson()));
      return json.build();
    }
  }

  /// In a format that we do not know. It identifies nobody.
  record Unknown(String format, JsonObject json) implements SubjectIdentifier {
    @Override
    public JsonObject toJson() {
      return json;
    }
  }

  /// Reads a subject identifier.
  ///
  /// @throws MalformedException if it lacks what its format demands; an unknown format is none of
  ///   that
  static SubjectIdentifier parse(JsonObject json) throws MalformedException {
    return SubjectReader.read(json, SubjectReader.Depth.TOP);
  }

  /// Like [#parse], and an object without `format` is a complex subject: so old transmitters write
  /// it. For peers that an administrator has named as such (SSF-5).
  ///
  /// @throws MalformedException as above
  static SubjectIdentifier parseLegacy(JsonObject json) throws MalformedException {
    return json.has("format") ? parse(json) : SubjectReader.complex(json);
  }

  /// Whether both can mean the same: simple ones if they are identical; complex ones if every
  /// member is identical or absent on one side.
  ///
  /// @spec https://openid.net/specs/openid-sharedsignals-framework-1_0-final.html#section-8.1.3.1
  ///   Shared Signals Framework 1.0 §8.1.3.1
  default boolean matches(SubjectIdentifier other) {
    if (!(this instanceof Complex mine) || !(other instanceof Complex theirs)) {
      return equals(other);
    }
    return mine.members().entrySet().stream()
        .allMatch(
            entry -> theirs.member(entry.getKey()).map(entry.getValue()::equals).orElse(true));
  }

  /// Every simple identifier in it: of aliases and complex subjects their parts.
  default List<SubjectIdentifier> simple() {
    return switch (this) {
      case Aliases(var identifiers) -> identifiers;
      case Complex(var members) -> {
        var all = new ArrayList<SubjectIdentifier>();
        members.values().forEach(member -> all.addAll(member.simple()));
        yield List.copyOf(all);
      }
      default -> List.of(this);
    };
  }

  private static JsonObject.Builder of(SubjectIdentifier subject) {
    return JsonObject.builder().put("format", subject.format());
  }
}
