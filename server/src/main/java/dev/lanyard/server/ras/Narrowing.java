package dev.lanyard.server.ras;

import dev.lanyard.protocol.claims.Evidence;
import dev.lanyard.protocol.idjag.IdJag;
import dev.lanyard.protocol.oauth.AuthorizationDetails;
import dev.lanyard.protocol.oauth.ErrorCode;
import dev.lanyard.protocol.oauth.JwtBearerRequest;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.server.ras.RasConfig.Resource;
import dev.lanyard.server.ras.organisations.Organisation;
import dev.lanyard.server.token.TokenResult.Refused;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What an ID-JAG may become here: the resources that we govern of those it names, and of its
/// scopes those that they know and that the organisation lets its people have. The request may only
/// take away (RAS-12, RAS-13).
final class Narrowing {
  private final Map<ResourceIndicator, Resource> governed = new LinkedHashMap<>();

  Narrowing(List<Resource> resources) {
    resources.forEach(resource -> governed.put(resource.resource(), resource));
  }

  sealed interface Result {
    record Granted(List<Resource> resources, Scopes scopes, AuthorizationDetails details)
        implements Result {
      List<ResourceIndicator> identifiers() {
        return resources.stream().map(Resource::resource).toList();
      }
    }

    record NotGranted(Refused refused) implements Result {}
  }

  Result of(IdJag idJag, Organisation organisation, JwtBearerRequest request) {
    var named = idJag.resources().isEmpty() ? onlyOne() : idJag.resources();
    if (named.isEmpty()) {
      return refused(
          ErrorCode.INVALID_GRANT,
          "resource",
          "named, as there are several here",
          "none",
          "RAS-12");
    }
    if (!governed.keySet().containsAll(named)) {
      return refused(
          ErrorCode.INVALID_GRANT, "resource", "governed here", named.toString(), "RAS-12");
    }
    if (!named.containsAll(request.resources())) {
      return refused(
          ErrorCode.INVALID_TARGET,
          "resource parameter",
          "among " + named,
          request.resources().toString(),
          "RAS-12");
    }
    var kept = request.resources().isEmpty() ? named : request.resources();
    var resources = kept.stream().distinct().map(this::resource).toList();
    if (resources.stream().map(Resource::tokens).distinct().count() > 1) {
      // Whichever form it had, one of the servers could not read it.
      return refused(
          ErrorCode.INVALID_TARGET,
          "resource",
          "whose tokens have one form: ask for a token for each",
          kept.toString(),
          "RAS-12");
    }
    return scopes(idJag, organisation, request, resources);
  }

  /// Only where there is nothing to choose may the ID-JAG leave the choice out (D-2).
  private List<ResourceIndicator> onlyOne() {
    return governed.size() == 1 ? List.copyOf(governed.keySet()) : List.of();
  }

  private Resource resource(ResourceIndicator identifier) {
    return Optional.ofNullable(governed.get(identifier)).orElseThrow();
  }

  private static Result scopes(
      IdJag idJag, Organisation organisation, JwtBearerRequest request, List<Resource> resources) {
    var known = resources.stream().map(Resource::scopes).reduce(Scopes.NONE, Scopes::union);
    var allowed = organisation.within(idJag.scopes().intersect(known));
    var granted = request.scopes().map(allowed::intersect).orElse(allowed);
    // A resource without scopes is opened by the grant alone, unless somebody asked for some.
    boolean nothingLeft = granted.isEmpty() && !(known.isEmpty() && request.scopes().isEmpty());
    if (nothingLeft) {
      return refused(
          ErrorCode.INVALID_SCOPE,
          "scope",
          "some of [" + allowed + "]",
          request.scopes().map(Scopes::toString).orElse(idJag.scopes().toString()),
          "RAS-13");
    }
    return GrantedDetails.of(idJag.authorizationDetails(), request.details(), resources)
        .<Result>map(details -> new Result.Granted(resources, granted, details))
        .orElseGet(() ->
            refused(
                ErrorCode.INVALID_AUTHORIZATION_DETAILS,
                "authorization_details",
                "some of what was granted and is known here",
                (request.details().isEmpty() ? idJag.authorizationDetails() : request.details())
                    .types()
                    .toString(),
                "RAS-14"));
  }

  private static Result refused(
      ErrorCode code, String check, String expected, String actual, String requirement) {
    var told = "the " + check + " cannot be granted";
    return new Result.NotGranted(
        Refused.of(code, told, new Evidence(check, expected, actual, requirement)));
  }
}
