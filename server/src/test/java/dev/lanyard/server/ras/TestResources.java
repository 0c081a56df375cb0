package dev.lanyard.server.ras;

import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.server.authorization.upstream.AuthenticationRequirement;
import dev.lanyard.server.ras.RasConfig.Resource;
import dev.lanyard.server.ras.RasConfig.TokenForm;
import java.util.Map;

/// Resources of which a test says what matters to it. They are probed and without authorization
/// details.
public final class TestResources {
  private TestResources() {}

  /// One as most are: its tokens are JWTs for whoever holds them, however the person signed in.
  public static Resource of(ResourceIndicator resource, String name, Scopes scopes) {
    return of(resource, name, scopes, TokenForm.JWT);
  }

  /// One whose tokens have this form.
  public static Resource of(
      ResourceIndicator resource, String name, Scopes scopes, TokenForm form) {
    return made(resource, name, scopes, false, form, AuthenticationRequirement.NONE);
  }

  /// One for which it matters how people have signed in.
  public static Resource of(
      ResourceIndicator resource, String name, Scopes scopes, AuthenticationRequirement signIn) {
    return made(resource, name, scopes, false, TokenForm.JWT, signIn);
  }

  /// One whose tokens must be bound to a key.
  public static Resource bound(ResourceIndicator resource, String name, Scopes scopes) {
    return made(resource, name, scopes, true, TokenForm.JWT, AuthenticationRequirement.NONE);
  }

  private static Resource made(
      ResourceIndicator resource,
      String name,
      Scopes scopes,
      boolean bound,
      TokenForm form,
      AuthenticationRequirement signIn) {
    return new Resource(resource, name, scopes, bound, true, form, signIn, Map.of(), Map.of());
  }
}
