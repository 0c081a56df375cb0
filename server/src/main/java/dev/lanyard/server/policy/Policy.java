package dev.lanyard.server.policy;

import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.server.library.Library;
import java.time.Instant;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/// Decides by the role library in force, and follows it when it is reloaded. A decision is made by
/// one version from beginning to end. Thread-safe.
public final class Policy {
  private final Supplier<Library> library;
  private final ReentrantLock compiling = new ReentrantLock();
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

  /// See [PolicyLibrary#decideTool(ToolRequest)].
  public ToolDecision decideTool(ToolRequest request) {
    return current().decideTool(request);
  }

  /// See [PolicyLibrary#prospects(Member, ClientId, Instant)].
  public Prospects prospects(Member member, ClientId client, Instant now) {
    return current().prospects(member, client, now);
  }

  /// The version in force. After a change it is compiled once; who asks meanwhile waits for it, so
  /// that nobody is judged by rules that are no longer in force.
  public PolicyLibrary current() {
    var known = compiled;
    return isOf(known, library.get()) ? known : renewed();
  }

  private PolicyLibrary renewed() {
    compiling.lock();
    try {
      var source = library.get();
      if (!isOf(compiled, source)) {
        compiled = PolicyLibrary.compile(source);
      }
      return compiled;
    } finally {
      compiling.unlock();
    }
  }

  @SuppressWarnings(
      "ReferenceEquality") // Cheap at every decision: what was not read anew is the same.
  private static boolean isOf(PolicyLibrary known, Library source) {
    return known.source() == source;
  }
}
