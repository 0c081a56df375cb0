package dev.lanyard.protocol.oauth;

import dev.lanyard.protocol.evidence.Evidence;
import dev.lanyard.protocol.json.MalformedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The parameters that several grants have in common, each refused with its own error code.
final class RequestParameters {
  private final Form form;

  RequestParameters(Form form) {
    this.form = form;
  }

  String required(String name, String requirement) throws RefusedException {
    return form.one(name)
        .orElseThrow(() ->
            invalid(
                "parameter '" + name + "' is missing",
                new Evidence(name, "one", "none", requirement)));
  }

  /// @throws RefusedException `invalid_scope` (IDP-8)
  Optional<Scopes> scopes(String requirement) throws RefusedException {
    var scope = form.one("scope");
    if (scope.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(Scopes.parse(scope.get()));
    } catch (MalformedException e) {
      var description = String.valueOf(e.getMessage());
      throw new RefusedException(
          new OAuthError(ErrorCode.INVALID_SCOPE, description),
          new Evidence("scope", "as RFC 6749 §3.3 has it", description, requirement));
    }
  }

  /// @throws RefusedException `invalid_target` (IDP-6)
  List<ResourceIndicator> resources(String requirement) throws RefusedException {
    var resources = new ArrayList<ResourceIndicator>();
    for (var value : form.all("resource")) {
      try {
        resources.add(ResourceIndicator.parse(value));
      } catch (MalformedException e) {
        var description = String.valueOf(e.getMessage());
        throw new RefusedException(
            new OAuthError(ErrorCode.INVALID_TARGET, description),
            new Evidence("resource", "an absolute URI without fragment", description, requirement));
      }
    }
    return List.copyOf(resources);
  }

  /// Well-formed; whether a type is known, whoever knows types must say (IDP-9).
  ///
  /// @throws RefusedException `invalid_authorization_details`
  AuthorizationDetails authorizationDetails(String requirement) throws RefusedException {
    var details = form.one("authorization_details");
    if (details.isEmpty()) {
      return AuthorizationDetails.NONE;
    }
    try {
      return AuthorizationDetails.parse(details.get());
    } catch (MalformedException e) {
      var expected = "a JSON array of objects with a type";
      throw new RefusedException(
          new OAuthError(
              ErrorCode.INVALID_AUTHORIZATION_DETAILS, "authorization_details must be " + expected),
          new Evidence("authorization_details", expected, "something else", requirement));
    }
  }

  /// `invalid_request`.
  static RefusedException invalid(String description, Evidence fault) {
    return new RefusedException(new OAuthError(ErrorCode.INVALID_REQUEST, description), fault);
  }

  static void add(
      Form.Builder form,
      Optional<Scopes> scopes,
      List<ResourceIndicator> resources,
      AuthorizationDetails details) {
    form.addIfPresent("scope", scopes.filter(some -> !some.isEmpty()).map(Scopes::toString));
    resources.forEach(resource -> form.add("resource", resource.value()));
    if (!details.isEmpty()) {
      form.add("authorization_details", details.toString());
    }
  }

  /// Leaves a parser in the middle; becomes a value at its border.
  static final class RefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient OAuthError error;
    private final transient Evidence fault;

    RefusedException(OAuthError error, Evidence fault) {
      super(error.description(), null, false, false);
      this.error = error;
      this.fault = fault;
    }

    OAuthError error() {
      return error;
    }

    Evidence fault() {
      return fault;
    }
  }
}
