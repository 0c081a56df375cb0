package dev.lanyard.server.app.node;

import dev.lanyard.server.credentials.Credentials;
import dev.lanyard.server.credentials.ForWhom;
import dev.lanyard.server.gateway.front.Caller;
import dev.lanyard.server.gateway.front.UpstreamCredentials;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/// Gives the gateway what the configuration, or the person, has for a server.
final class ShownUpstream implements UpstreamCredentials {
  private final Credentials credentials;

  ShownUpstream(Credentials credentials) {
    this.credentials = credentials;
  }

  @Override
  public Presented of(String connector, Caller caller, Bearing bearing) {
    return switch (credentials.of(connector, who(caller, bearing))) {
      case dev.lanyard.server.credentials.Presented.With(var header, var value, var grant) ->
          new Presented.With(List.of(new Header(header, value)), grant);
      case dev.lanyard.server.credentials.Presented.Nothing() -> new Presented.With(List.of());
      case dev.lanyard.server.credentials.Presented.Missing(var why) -> new Presented.Missing(why);
      case dev.lanyard.server.credentials.Presented.StepUp(var needed) ->
          new Presented.StepUp(needed.maxAge(), needed.acrValues());
      case dev.lanyard.server.credentials.Presented.Unavailable(var why) ->
          new Presented.Unavailable(why);
    };
  }

  @Override
  public void refused(String connector, Caller caller, Bearing bearing) {
    credentials.refused(connector, who(caller, bearing));
  }

  @Override
  public void onEnd(Consumer<Set<String>> listener) {
    credentials.onEnd(listener);
  }

  @Override
  public boolean hasEnded(String grant) {
    return credentials.hasEnded(grant);
  }

  private static ForWhom who(Caller caller, Bearing bearing) {
    return new ForWhom(
        caller.person(),
        bearing.token(),
        caller.scopes(),
        bearing.session(),
        caller.authentication(),
        bearing.correlationId());
  }
}
