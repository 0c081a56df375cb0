package dev.lanyard.protocol.securityevent;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// When, by whom and why an event happened: the members that every CAEP event may have.
///
/// @param at `event_timestamp`, whole seconds
/// @param initiator who brought it about
/// @param reasonForAdmins `reason_admin`, by language tag
/// @param reasonForUsers `reason_user`, by language tag
/// @spec https://openid.net/specs/openid-caep-1_0-final.html#section-2 OpenID CAEP 1.0 §2
public record Circumstances(
    Optional<Instant> at,
    Optional<Initiator> initiator,
    Map<String, String> reasonForAdmins,
    Map<String, String> reasonForUsers) {
  /// Nothing is known.
  public static final Circumstances UNKNOWN =
      new Circumstances(Optional.empty(), Optional.empty(), Map.of(), Map.of());

  private static final int MAX_LANGUAGES = 64;

  /// `initiating_entity`.
  public enum Initiator {
    ADMIN,
    USER,
    POLICY,
    SYSTEM
  }

  public Circumstances {
    reasonForAdmins = Map.copyOf(reasonForAdmins);
    reasonForUsers = Map.copyOf(reasonForUsers);
  }

  /// What happened now, for a reason in English.
  public static Circumstances of(Instant at, Initiator initiator, String reasonForAdmins) {
    return new Circumstances(
        Optional.of(at), Optional.of(initiator), Map.of("en", reasonForAdmins), Map.of());
  }

  /// Reads them from the payload of an event.
  ///
  /// @throws MalformedException if one of them has another form
  public static Circumstances parse(JsonObject payload) throws MalformedException {
    return new Circumstances(
        payload.instant("event_timestamp"),
        Words.optional(payload, "initiating_entity", Initiator.class),
        reasons(payload, "reason_admin"),
        reasons(payload, "reason_user"));
  }

  /// As much of them as can be read.
  static Circumstances readable(JsonObject payload) {
    return new Circumstances(
        readable(() -> payload.instant("event_timestamp")),
        readable(() -> Words.optional(payload, "initiating_entity", Initiator.class)),
        readable(() -> Optional.of(reasons(payload, "reason_admin"))).orElse(Map.of()),
        readable(() -> Optional.of(reasons(payload, "reason_user"))).orElse(Map.of()));
  }

  private static <T> Optional<T> readable(Member<T> member) {
    try {
      return member.read();
    } catch (MalformedException e) {
      return Optional.empty();
    }
  }

  private interface Member<T> {
    Optional<T> read() throws MalformedException;
  }

  /// A plain text is how it was written before 1.0; it has no language.
  private static Map<String, String> reasons(JsonObject payload, String name)
      throws MalformedException {
    if (payload.isString(name)) {
      return Map.of("und", payload.string(name).orElse(""));
    }
    var byLanguage = payload.object(name);
    if (byLanguage.isEmpty()) {
      return Map.of();
    }
    if (byLanguage.get().names().size() > MAX_LANGUAGES) {
      throw new MalformedException("member '" + name + "' has too many languages");
    }
    var reasons = new TreeMap<String, String>();
    for (var language : byLanguage.get().names()) {
      reasons.put(language, byLanguage.get().string(language).orElse(""));
    }
    return reasons;
  }

  /// As members of the payload.
  public JsonObject toJson() {
    var json = JsonObject.builder();
    at.ifPresent(instant -> json.put("event_timestamp", instant.getEpochSecond()));
    json.putIfPresent("initiating_entity", initiator.map(Words::lower));
    putReasons(json, "reason_admin", reasonForAdmins);
    putReasons(json, "reason_user", reasonForUsers);
    return json.build();
  }

  private static void putReasons(
      JsonObject.Builder json, String name, Map<String, String> byLanguage) {
    if (!byLanguage.isEmpty()) {
      var reasons = JsonObject.builder();
      new TreeMap<>(byLanguage).forEach(reasons::put);
      json.put(name, reasons.build());
    }
  }
}
