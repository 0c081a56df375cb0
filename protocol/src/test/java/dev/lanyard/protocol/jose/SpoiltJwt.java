package dev.lanyard.protocol.jose;

import dev.lanyard.protocol.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/// A JWT that is good until a test spoils one thing of it. It signs whatever it is told to, which
/// no signer of ours would. Immutable.
public final class SpoiltJwt {
  private final Map<String, String> header;
  private final Map<String, String> claims;

  private SpoiltJwt(Map<String, String> header, Map<String, String> claims) {
    this.header = header;
    this.claims = claims;
  }

  /// The JWT that a [JwtSigner] would make.
  public static SpoiltJwt good(SigningKey key, String type, JsonObject claims) {
    var header =
        JsonObject.builder()
            .put("alg", key.algorithm().value())
            .put("kid", key.keyId())
            .put("typ", type)
            .build();
    return new SpoiltJwt(members(header), members(claims));
  }

  /// The same with a text in the header.
  public SpoiltJwt header(String name, String value) {
    return rawHeader(name, quoted(value));
  }

  /// The same with any JSON text in the header.
  public SpoiltJwt rawHeader(String name, String json) {
    return new SpoiltJwt(with(header, name, json), claims);
  }

  /// The same with one member less in the header.
  public SpoiltJwt withoutHeader(String name) {
    return new SpoiltJwt(without(header, name), claims);
  }

  /// The same with a claim that is a text.
  public SpoiltJwt claim(String name, String value) {
    return rawClaim(name, quoted(value));
  }

  /// The same with a claim that is a number.
  public SpoiltJwt claim(String name, long value) {
    return rawClaim(name, String.valueOf(value));
  }

  /// The same with a claim that is any JSON text.
  public SpoiltJwt rawClaim(String name, String json) {
    return new SpoiltJwt(header, with(claims, name, json));
  }

  /// The same with one claim less.
  public SpoiltJwt without(String name) {
    return new SpoiltJwt(header, without(claims, name));
  }

  /// The compact form, signed by this key whatever the header says.
  public String signedBy(SigningKey key) {
    var input = encoded(text(header)) + "." + encoded(text(claims));
    return input + "." + key.sign(input.getBytes(StandardCharsets.US_ASCII));
  }

  /// The compact form with these bytes as its signature.
  public String signedWith(byte[] signature) {
    return encoded(text(header)) + "." + encoded(text(claims)) + "." + base64url(signature);
  }

  /// Two texts as a compact JWT, signed by this key.
  public static String of(String header, String claims, SigningKey key) {
    var input = encoded(header) + "." + encoded(claims);
    return input + "." + key.sign(input.getBytes(StandardCharsets.US_ASCII));
  }

  private static Map<String, String> members(JsonObject object) {
    var members = new LinkedHashMap<String, String>();
    object.names().forEach(name -> members.put(name, object.text(name).orElseThrow()));
    return members;
  }

  private static Map<String, String> with(Map<String, String> members, String name, String json) {
    var changed = new LinkedHashMap<>(members);
    changed.put(name, json);
    return changed;
  }

  private static Map<String, String> without(Map<String, String> members, String name) {
    var changed = new LinkedHashMap<>(members);
    if (changed.remove(name) == null) {
      throw new IllegalArgumentException("there is no '" + name + "' to leave out");
    }
    return changed;
  }

  private static String text(Map<String, String> members) {
    return members.entrySet().stream()
        .map(member -> quoted(member.getKey()) + ":" + member.getValue())
        .collect(Collectors.joining(",", "{", "}"));
  }

  private static String quoted(String value) {
    return JsonObject.builder().put("v", value).build().text("v").orElseThrow();
  }

  private static String encoded(String text) {
    return base64url(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String base64url(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
