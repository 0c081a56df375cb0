package dev.lanyard.server.policy;

import dev.lanyard.server.library.Library;
import java.util.function.Supplier;

/// Decides by the role library in force, and follows it when it is reloaded. A decision is made by
/// one version from beginning to end. Thread-safe.
public final class Policy {
  private final Supplier<Library> library;
  private volatile PolicyLibrary compiled;

  /// @param library answers the library in force
  public Policy(Supplier<Library> library) {
    this.library = library;
    this.compiled = PolicyLibrary.compile(library.get());
  }

  /// See [PolicyLibrary#decide(AccessRequest)].
  public Decision decide(AccessRequest request) {
    return current().decide(request);
  }

  /// See [PolicyLibrary#explain(AccessRequest)].
  public Explanation explain(AccessRequest request) {
    return current().explain(request);
  }

  /// The version in force.
  @SuppressWarnings(
      "ReferenceEquality") // Cheap at every decision: what was not read anew is the same.
  public PolicyLibrary current() {
    var source = library.get();
    var known = compiled;
    if (known.source() != source) {
      known = PolicyLibrary.compile(source);
      compiled = known;
    }
    return known;
  }
}
