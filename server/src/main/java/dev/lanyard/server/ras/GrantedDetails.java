package dev.lanyard.server.ras;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.AuthorizationDetailType;
import dev.lanyard.protocol.oauth.AuthorizationDetails;
import dev.lanyard.server.ras.RasConfig.Resource;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What becomes here of the authorization details of an ID-JAG: of each object what one of the
/// granted resources knows. An object with a field that nobody here knows is dropped as a whole,
/// because the field may be what limits it.
///
/// @spec
///   https://datatracker.ietf.org/doc/html/draft-ietf-oauth-identity-assertion-authz-grant-04#section-4.4.1
///   ID-JAG draft-04 §4.4.1 (RAS-14)
final class GrantedDetails {
  private static final String LOCATIONS = "locations";

  private GrantedDetails() {}

  /// @param given what the identity provider granted
  /// @param asked what the client asks for; may only take away
  /// @return empty if something was given or asked for and nothing of it is left
  static Optional<AuthorizationDetails> of(
      AuthorizationDetails given, AuthorizationDetails asked, Resources among) {
    var resources = among.all();
    if (given.isEmpty() && asked.isEmpty()) {
      return Optional.of(AuthorizationDetails.NONE);
    }
    var known = given.all().stream().flatMap(detail -> known(detail, resources).stream()).toList();
    var granted = asked.isEmpty() ? known : covered(known, asked, resources);
    return granted.isEmpty() ? Optional.empty() : Optional.of(new AuthorizationDetails(granted));
  }

  /// Every object that was asked for must be covered by one that was given: what a client asks for
  /// and does not get it must hear of (RFC 9396 §5).
  private static List<JsonObject> covered(
      List<JsonObject> given, AuthorizationDetails asked, List<Resource> resources) {
    boolean all =
        asked.all().stream()
            .allMatch(detail ->
                isKnown(detail, resources)
                    && given.stream().anyMatch(one -> AuthorizationDetailType.covers(one, detail)));
    return all ? asked.all() : List.of();
  }

  private static boolean isKnown(JsonObject detail, List<Resource> resources) {
    return resources.stream()
        .flatMap(one -> type(detail, one).stream())
        .anyMatch(type -> type.faultOf(detail).isEmpty());
  }

  /// What each resource leaves of an object. If that is more than one, each says for which it is.
  private static List<JsonObject> known(JsonObject detail, List<Resource> resources) {
    var locations = locations(detail);
    if (locations.isEmpty()) {
      return List.of();
    }
    var meant =
        resources.stream()
            .filter(one ->
                locations.get().isEmpty() || locations.get().contains(one.resource().value()))
            .filter(one -> type(detail, one).isPresent())
            .toList();
    boolean everywhere = locations.get().isEmpty() && meant.size() == 1;
    return meant.stream()
        .flatMap(
            one -> limited(detail, one).map(left -> everywhere ? left : at(left, one)).stream())
        .toList();
  }

  private static JsonObject at(JsonObject detail, Resource resource) {
    return detail.with(
        JsonObject.builder().put(LOCATIONS, List.of(resource.resource().value())).build());
  }

  private static Optional<AuthorizationDetailType> type(JsonObject detail, Resource resource) {
    return Optional.ofNullable(resource.details().get(AuthorizationDetails.typeOf(detail)));
  }

  private static Optional<JsonObject> limited(JsonObject detail, Resource resource) {
    var type = type(detail, resource).orElseThrow();
    var present = new HashMap<String, Set<String>>();
    type.fields()
        .forEach((field, values) -> {
          if (!values.isEmpty() && detail.has(field)) {
            present.put(field, values);
          }
        });
    return AuthorizationDetailType.limited(detail, present)
        .filter(one -> type.faultOf(one).isEmpty());
  }

  /// Empty if they are no list of texts, or name nothing.
  private static Optional<List<String>> locations(JsonObject detail) {
    try {
      var locations = detail.strings(LOCATIONS);
      return locations.isEmpty()
          ? Optional.of(List.of())
          : locations.filter(named -> !named.isEmpty());
    } catch (MalformedException e) {
      return Optional.empty();
    }
  }

  /// Of what a token allows that which concerns some resources.
  static AuthorizationDetails concerning(AuthorizationDetails all, Resources resources) {
    return new AuthorizationDetails(
        all.all().stream().filter(detail -> !known(detail, resources.all()).isEmpty()).toList());
  }
}
