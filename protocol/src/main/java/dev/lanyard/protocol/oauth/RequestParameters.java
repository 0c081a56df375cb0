package dev.lanyard.protocol.oauth;

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

  String required(String name) throws RefusedException {
    return form.one(name)
        .orElseThrow(() ->
            new RefusedException(ErrorCode.INVALID_REQUEST, "parameter '" + name + "' is missing"));
  }

  /// @throws RefusedException `invalid_scope` (IDP-8)
  Optional<Scopes> scopes() throws RefusedException {
    var scope = form.one("scope");
    if (scope.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(Scopes.parse(scope.get()));
    } catch (MalformedException e) {
      throw new RefusedException(ErrorCode.INVALID_SCOPE, e.getMessage());
    }
  }

  /// @throws RefusedException `invalid_target` (IDP-6)
  List<ResourceIndicator> resources() throws RefusedException {
    var resources = new ArrayList<ResourceIndicator>();
    for (var value : form.all("resource")) {
      try {
        resources.add(ResourceIndicator.parse(value));
      } catch (MalformedException e) {
        throw new RefusedException(ErrorCode.INVALID_TARGET, e.getMessage());
      }
    }
    return List.copyOf(resources);
  }

  /// Well-formed; whether a type is known, whoever knows types must say (IDP-9).
  ///
  /// @throws RefusedException `invalid_authorization_details`
  AuthorizationDetails authorizationDetails() throws RefusedException {
    var details = form.one("authorization_details");
    if (details.isEmpty()) {
      return AuthorizationDetails.NONE;
    }
    try {
      return AuthorizationDetails.parse(details.get());
    } catch (MalformedException e) {
      throw new RefusedException(
          ErrorCode.INVALID_AUTHORIZATION_DETAILS,
          "authorization_details must be a JSON array of objects with a type");
    }
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

    RefusedException(ErrorCode code, String description) {
      super(description, null, false, false);
      this.error = new OAuthError(code, description);
    }

    OAuthError error() {
      return error;
    }
  }
}
