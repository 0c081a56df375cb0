package dev.lanyard.server.publication.plan;

import dev.lanyard.protocol.oauth.ClientId;
import java.util.Comparator;

/// One thing that somebody may do: a connector, a scope of it or a tool of it, through a client.
///
/// @param client through which client; [Clients#OTHERS] stands for all that the library treats
///   alike
/// @param name of the scope or tool; empty for the connector itself
public record Access(ClientId client, String connector, Kind kind, String name)
    implements Comparable<Access> {
  private static final Comparator<Access> ORDER =
      Comparator.comparing(Access::connector)
          .thenComparing(Access::kind)
          .thenComparing(Access::name)
          .thenComparing(access -> access.client().value());

  /// What sort of thing.
  public enum Kind {
    CONNECTOR,
    SCOPE,
    TOOL
  }

  /// The thing itself, through whatever client.
  public record Thing(String connector, Kind kind, String name) implements Comparable<Thing> {
    @Override
    public int compareTo(Thing other) {
      return Comparator.comparing(Thing::connector)
          .thenComparing(Thing::kind)
          .thenComparing(Thing::name)
          .compare(this, other);
    }
  }

  public Thing thing() {
    return new Thing(connector, kind, name);
  }

  @Override
  public int compareTo(Access other) {
    return ORDER.compare(this, other);
  }
}
