package dev.lanyard.server.ras;

import dev.lanyard.protocol.evidence.Evidence;
import dev.lanyard.protocol.idjag.IdJag;
import dev.lanyard.protocol.oauth.ErrorCode;
import dev.lanyard.protocol.oauth.JwtBearerRequest;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.server.ras.organisations.Organisation;
import dev.lanyard.server.token.TokenResult.Refused;

/// What an ID-JAG may become here: the resources that we govern of those it names, and of its
/// scopes those that they know and that the organisation lets its people have. The request may only
/// take away (RAS-12, RAS-13).
final class Narrowing {
  private final Resources governed;

  Narrowing(Resources governed) {
    this.governed = governed;
  }

  sealed interface Result {
    record Given(Granted granted) implements Result {}

    record NotGranted(Refused refused) implements Result {}
  }

  Result of(IdJag idJag, Organisation organisation, JwtBearerRequest request) {
    var given = idJag.resources();
    var named = governed.named(given.stream().map(ResourceIndicator::value).toList());
    if (named.isEmpty()) {
      return given.isEmpty()
          ? refused(
              ErrorCode.INVALID_GRANT,
              "resource",
              "named, as there are several here",
              "none",
              "RAS-12")
          : refused(
              ErrorCode.INVALID_GRANT, "resource", "governed here", given.toString(), "RAS-12");
    }
    if (!named.get().identifiers().containsAll(request.resources())) {
      return refused(
          ErrorCode.INVALID_TARGET,
          "resource parameter",
          "among " + named.get().identifiers(),
          request.resources().toString(),
          "RAS-12");
    }
    var kept = request.resources().isEmpty() ? named.get() : named.get().of(request.resources());
    if (kept.form().isEmpty()) {
      return refused(
          ErrorCode.INVALID_TARGET,
          "resource",
          "whose tokens have one form: ask for a token for each",
          kept.identifiers().toString(),
          "RAS-12");
    }
    return scopes(idJag, organisation, request, kept);
  }

  private static Result scopes(
      IdJag idJag, Organisation organisation, JwtBearerRequest request, Resources resources) {
    var known = resources.scopes();
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
        .<Result>map(details -> new Result.Given(new Granted(resources, granted, details)))
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
