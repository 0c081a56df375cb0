package dev.lanyard.protocol.securityevent;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.securityevent.SubjectIdentifier.Account;
import dev.lanyard.protocol.securityevent.SubjectIdentifier.Aliases;
import dev.lanyard.protocol.securityevent.SubjectIdentifier.Complex;
import dev.lanyard.protocol.securityevent.SubjectIdentifier.Did;
import dev.lanyard.protocol.securityevent.SubjectIdentifier.Email;
import dev.lanyard.protocol.securityevent.SubjectIdentifier.IpAddresses;
import dev.lanyard.protocol.securityevent.SubjectIdentifier.IssuerSubject;
import dev.lanyard.protocol.securityevent.SubjectIdentifier.JwtId;
import dev.lanyard.protocol.securityevent.SubjectIdentifier.Opaque;
import dev.lanyard.protocol.securityevent.SubjectIdentifier.PhoneNumber;
import dev.lanyard.protocol.securityevent.SubjectIdentifier.SamlAssertionId;
import dev.lanyard.protocol.securityevent.SubjectIdentifier.Unknown;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;

/// Reads subject identifiers.
final class SubjectReader {
  private SubjectReader() {}

  /// Where an identifier stands: a complex one only at the top, aliases also as its members.
  enum Depth {
    TOP,
    MEMBER,
    ALIAS
  }

  static SubjectIdentifier read(JsonObject json, Depth depth) throws MalformedException {
    var format = json.nonEmptyString("format");
    return switch (format) {
      case "email" -> new Email(json.nonEmptyString("email"));
      case "iss_sub" -> new IssuerSubject(json.nonEmptyString("iss"), json.nonEmptyString("sub"));
      case "opaque" -> new Opaque(json.nonEmptyString("id"));
      case "phone_number" -> new PhoneNumber(json.nonEmptyString("phone_number"));
      case "account" -> new Account(json.nonEmptyString("uri"));
      case "did" -> new Did(json.nonEmptyString("url"));
      case "jwt_id" -> new JwtId(json.nonEmptyString("iss"), json.nonEmptyString("jti"));
      case "saml_assertion_id" ->
          new SamlAssertionId(json.nonEmptyString("issuer"), json.nonEmptyString("assertion_id"));
      case "ip-addresses" ->
          new IpAddresses(bounded(json.strings("ip-addresses").orElse(List.of()), format));
      case "aliases" -> aliases(json, depth);
      case "complex" -> {
        if (depth != Depth.TOP) {
          throw new MalformedException("a complex subject within another");
        }
        yield complex(json);
      }
      default -> new Unknown(format, json);
    };
  }

  private static Aliases aliases(JsonObject json, Depth depth) throws MalformedException {
    if (depth == Depth.ALIAS) {
      throw new MalformedException("aliases within aliases");
    }
    var identifiers = new ArrayList<SubjectIdentifier>();
    for (var one : bounded(json.objects("identifiers").orElse(List.of()), "aliases")) {
      identifiers.add(read(one, Depth.ALIAS));
    }
    return new Aliases(identifiers);
  }

  /// Members that are no objects are unknown fields, and ignored as such (SSF-3).
  static Complex complex(JsonObject json) throws MalformedException {
    var members = new LinkedHashMap<String, SubjectIdentifier>();
    for (var name : json.names()) {
      if (!name.equals("format") && json.text(name).orElse("").startsWith("{")) {
        members.put(name, read(json.object(name).orElseThrow(), Depth.MEMBER));
      }
    }
    bounded(List.copyOf(members.keySet()), "complex");
    return new Complex(members);
  }

  private static <T> List<T> bounded(List<T> parts, String format) throws MalformedException {
    if (parts.isEmpty() || parts.size() > SubjectIdentifier.MAX_PARTS) {
      throw new MalformedException(
          "a subject of format " + format + " has 1 to " + SubjectIdentifier.MAX_PARTS + " parts");
    }
    return parts;
  }
}
