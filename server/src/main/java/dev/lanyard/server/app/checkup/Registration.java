package dev.lanyard.server.app.checkup;

import dev.lanyard.server.authorization.upstream.UpstreamConfig;
import dev.lanyard.server.authorization.upstream.UpstreamPreset;
import dev.lanyard.server.broker.BrokerConfig;
import dev.lanyard.server.token.Paths;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What an administrator enters at a provider, byte for byte.
///
/// @param trial the loopback port of a trial sign-in
public record Registration(
    BrokerConfig broker, UpstreamConfig upstream, UpstreamPreset preset, Optional<Integer> trial) {

  public List<String> lines() {
    var lines = new ArrayList<String>();
    lines.add("");
    lines.add("Enter at " + preset.name() + " (" + preset.recipe() + "):");
    add(lines, "redirect URI", at(Paths.CALLBACK + "/" + upstream.id()));
    trial.ifPresent(port ->
        add(
            lines,
            "redirect URI of the trial",
            TrialListener.redirectUri(port) + "   (remove it afterwards)"));
    add(lines, "grant type, PKCE", "authorization code, S256");
    add(lines, "scopes", upstream.scopes().toString());
    switch (preset.logout()) {
      case BACK_CHANNEL ->
          add(
              lines,
              "back-channel logout URI",
              at("/backchannel-logout/" + upstream.id()) + "   (session required: yes)");
      case UNIVERSAL_LOGOUT ->
          add(
              lines,
              "Universal Logout endpoint",
              at("/global-token-revocation/" + upstream.id())
                  + "   (after docs/signals.md, callers: "
                  + upstream.id()
                  + ")");
      case FRONT_CHANNEL, NONE ->
          add(lines, "logout", "tells no server of a sign-out; disable people over SCIM");
    }
    add(lines, "SCIM base URL", at("/scim/v2") + "   (docs/scim.md)");
    add(
        lines,
        "receiver of security events",
        at("/signals/events/" + upstream.id()) + "   (after docs/signals.md)");
    return lines;
  }

  private String at(String path) {
    return Paths.at(broker.issuer(), path).toString();
  }

  private static void add(List<String> lines, String what, String value) {
    lines.add("  %-28s %s".formatted(what, value));
  }
}
