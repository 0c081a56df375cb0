package dev.lanyard.server.policy;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.AuthorizationDetailType;
import dev.lanyard.protocol.oauth.AuthorizationDetails;
import dev.lanyard.server.policy.Giving.Weighed;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/// What becomes of authorization details: each object is judged by each role for itself, because
/// what two roles give of different fields must not add up to what neither gives.
///
/// @spec https://www.rfc-editor.org/rfc/rfc9396.html#section-5 RFC 9396 §5 (IDP-9, IDP-10)
final class DetailJudgement {
  private static final String LOCATIONS = "locations";

  private final List<Standing> asked;
  private final List<Standing> reached;
  private final Predicate<Weighed> counts;

  /// @param asked every connector that was asked for
  /// @param reached those of them that are given
  /// @param counts which rules give something
  DetailJudgement(List<Standing> asked, List<Standing> reached, Predicate<Weighed> counts) {
    this.asked = asked;
    this.reached = reached;
    this.counts = counts;
  }

  sealed interface Result {
    record Granted(AuthorizationDetails details) implements Result {}

    record Refused(DenyReason reason) implements Result {}
  }

  Result of(AuthorizationDetails details) {
    var granted = new ArrayList<JsonObject>();
    for (var detail : details.all()) {
      var fault = faultOf(detail);
      if (fault.isPresent()) {
        return new Result.Refused(new DenyReason.BadDetails(fault.get()));
      }
      granted.addAll(widest(given(detail)));
    }
    return granted.isEmpty()
        ? new Result.Refused(new DenyReason.NoDetailsLeft(List.copyOf(details.types())))
        : new Result.Granted(new AuthorizationDetails(granted));
  }

  private Optional<String> faultOf(JsonObject detail) {
    var name = AuthorizationDetails.typeOf(detail);
    var locations = locations(detail);
    if (locations.isEmpty() && detail.has(LOCATIONS)) {
      return Optional.of("the locations of '" + name + "' are not resources");
    }
    for (var location : locations) {
      if (asked.stream().noneMatch(one -> isAt(one, location))) {
        return Optional.of("the location " + location + " was not asked for as a resource");
      }
    }
    var faults = new ArrayList<String>();
    boolean known = false;
    for (var standing : asked) {
      var type = standing.connector().details().get(name);
      if (type != null && isMeant(standing, locations)) {
        known = true;
        type.faultOf(detail).ifPresent(faults::add);
      }
    }
    if (!known) {
      return Optional.of("no connector that was asked for has the type '" + name + "'");
    }
    return faults.stream().findFirst();
  }

  private List<JsonObject> given(JsonObject detail) {
    var name = AuthorizationDetails.typeOf(detail);
    var locations = locations(detail);
    var given = new ArrayList<JsonObject>();
    for (var standing : reached) {
      if (!standing.connector().details().containsKey(name) || !isMeant(standing, locations)) {
        continue;
      }
      for (var weighed : standing.weighed()) {
        if (counts.test(weighed)) {
          weighed
              .giving()
              .details(name)
              .flatMap(limits -> AuthorizationDetailType.limited(detail, limits))
              .map(one -> placed(one, standing))
              .ifPresent(given::add);
        }
      }
    }
    return given;
  }

  /// With several resources an object says for which it is: what is given at one connector is not
  /// given at the others.
  private JsonObject placed(JsonObject detail, Standing standing) {
    return asked.size() == 1 && !detail.has(LOCATIONS)
        ? detail
        : detail.with(
            JsonObject.builder()
                .put(LOCATIONS, List.of(standing.connector().resource().value()))
                .build());
  }

  /// Without what another one covers.
  private static List<JsonObject> widest(List<JsonObject> given) {
    var widest = new ArrayList<JsonObject>();
    for (var one : given) {
      if (widest.stream().noneMatch(other -> AuthorizationDetailType.covers(other, one))) {
        widest.removeIf(other -> AuthorizationDetailType.covers(one, other));
        widest.add(one);
      }
    }
    return widest;
  }

  private static boolean isMeant(Standing standing, List<String> locations) {
    return locations.isEmpty() || locations.stream().anyMatch(one -> isAt(standing, one));
  }

  private static boolean isAt(Standing standing, String location) {
    return standing.connector().resource().value().equals(location);
  }

  private static List<String> locations(JsonObject detail) {
    try {
      return detail.strings(LOCATIONS).orElse(List.of());
    } catch (MalformedException e) {
      return List.of();
    }
  }
}
