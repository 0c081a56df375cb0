package dev.lanyard.server.gateway.upstream;

import dev.lanyard.resourceserver.TokenStatus;
import dev.lanyard.server.gateway.admission.Admitted;
import dev.lanyard.server.gateway.admission.LivingTokens;
import dev.lanyard.server.stdio.Owner;
import java.util.List;
import java.util.Set;

/// For whom the process of a session runs: whoever was heard in it last. It does not end with their
/// token, which they renew, but with what kills the token.
///
/// @param who as they were let in
public record ProcessOwner(Admitted who, LivingTokens living) implements Owner {
  @Override
  public String name() {
    return who.caller().subject();
  }

  @Override
  public List<String> pair() {
    return List.of(name(), who.caller().client().value());
  }

  @Override
  public Set<String> names() {
    return living.namesOf(who.token());
  }

  @Override
  public boolean isDead() {
    return living.of(who.token()) instanceof TokenStatus.Status.Revoked;
  }
}
