package dev.lanyard.server.yaml;

import java.util.List;
import java.util.stream.Collectors;

/// A file of the administrator's has faults; all that were found are listed, not only the first.
///
/// Unchecked: at the start it stops the start, and on reload the one who reloads keeps the old
/// version.
public final class FaultyFileException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient List<Fault> faults;

  public FaultyFileException(List<Fault> faults) {
    super(faults.stream().map(Fault::toString).collect(Collectors.joining("\n")));
    this.faults = List.copyOf(faults);
  }

  public List<Fault> faults() {
    return faults;
  }
}
