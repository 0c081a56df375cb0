package dev.lanyard.server.app.configuration;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// What of a configuration a process plays. Broker and resource authorization server of one
/// configuration always run together: they share what only one of them would see.
public enum Roles {
  ALL,
  ALL_BUT_GATEWAY,
  GATEWAY_ALONE;

  private static final String GATEWAY = "gateway";

  /// @param named on the command line; nothing stands for everything
  /// @throws CommandFailure if the configuration cannot be split so
  public static Roles of(List<String> named, Configuration config) {
    var configured = new TreeSet<String>();
    config.broker().ifPresent(_ -> configured.add("broker"));
    config.ras().ifPresent(_ -> configured.add("ras"));
    config.gateway().ifPresent(_ -> configured.add(GATEWAY));
    var wanted = Set.copyOf(named);
    if (wanted.isEmpty() || wanted.equals(configured)) {
      return ALL;
    }
    if (wanted.equals(Set.of(GATEWAY)) && configured.contains(GATEWAY)) {
      return GATEWAY_ALONE;
    }
    configured.remove(GATEWAY);
    if (wanted.equals(configured)) {
      return ALL_BUT_GATEWAY;
    }
    throw new CommandFailure(
        "--roles: a process plays "
            + String.join(",", configured)
            + " with or without gateway, or"
            + " gateway alone, if the configuration has them; not "
            + String.join(",", named));
  }
}
