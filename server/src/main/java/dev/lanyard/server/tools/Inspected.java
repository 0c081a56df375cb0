package dev.lanyard.server.tools;

import java.util.List;

/// What a server says, looked through before the transaction that notes it: the search takes its
/// time, and there is one writer.
///
/// @param mirrored its parameters that clients repeat in headers, as the record keeps them
record Inspected(ToolDefinition tool, List<Suspicion> suspicions, String mirrored) {
  static Inspected of(ToolDefinition tool) {
    var mirrored = MirroredParameter.of(tool.kept()).orElse(List.of());
    return new Inspected(tool, Inspection.of(tool), MirroredParameter.text(mirrored));
  }
}
