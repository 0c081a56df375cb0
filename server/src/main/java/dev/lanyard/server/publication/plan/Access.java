package dev.lanyard.server.publication.plan;

import dev.lanyard.protocol.oauth.ClientId;
import java.util.Comparator;

/// One thing that somebody may do: a connector, a scope of it or a tool of it, through a client.
///
/// @param client through which client; [Clients#OTHERS] stands for all that the library treats
///   alike
/// @param name of the scope or tool; empty for the connector itself
/// @param on what it hangs on
public record Access(ClientId client, String connector, Kind kind, String name, On on)
    implements Comparable<Access> {
  private static final Comparator<Access> ORDER =
      Comparator.comparing(Access::connector)
          .thenComparing(Access::kind)
          .thenComparing(Access::name)
          .thenComparing(Access::on)
          .thenComparing(access -> access.client().value());

  /// What sort of thing.
  public enum Kind {
    CONNECTOR,
    SCOPE,
    TOOL
  }

  /// On what it hangs that somebody has it, or had it.
  public enum On {
    /// On nothing.
    NOTHING(""),
    /// On nothing; as opposed to on a condition, as it is, or was, on the other side.
    NO_CONDITION("without a condition"),
    /// On a better or newer sign-in, which the person is asked for.
    STEP_UP("after a better sign-in"),
    /// On a condition about the sign-in or the time, which nobody is asked to meet.
    CONDITION("on a condition");

    private final String words;

    On(String words) {
      this.words = words;
    }

    /// For people.
    String words() {
      return words;
    }
  }

  /// What hangs on nothing.
  Access(ClientId client, String connector, Kind kind, String name) {
    this(client, connector, kind, name, On.NOTHING);
  }

  /// The same, hanging on something.
  Access hangingOn(On other) {
    return new Access(client, connector, kind, name, other);
  }

  /// The thing itself, through whatever client.
  public record Thing(String connector, Kind kind, String name, On on)
      implements Comparable<Thing> {
    @Override
    public int compareTo(Thing other) {
      return Comparator.comparing(Thing::connector)
          .thenComparing(Thing::kind)
          .thenComparing(Thing::name)
          .thenComparing(Thing::on)
          .compare(this, other);
    }
  }

  public Thing thing() {
    return new Thing(connector, kind, name, on);
  }

  @Override
  public int compareTo(Access other) {
    return ORDER.compare(this, other);
  }
}
