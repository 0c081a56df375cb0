package dev.lanyard.server.governance.coverage;

import java.util.Locale;

/// How people come to a connector.
public enum Way {
  /// With nothing to do: policy gives it, and their client gets tokens.
  SILENT,
  /// They consent once at the vendor, through the gateway; a kill ends that too.
  BRIDGE,
  /// Each client of theirs asks them at the vendor; a kill does not get there.
  DIRECT,
  /// Nothing is known that would work.
  NONE;

  /// As programs read it.
  public String value() {
    return name().toLowerCase(Locale.ROOT);
  }
}
