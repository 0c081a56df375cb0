package dev.lanyard.server.app.checkup;

import java.util.List;

/// Looks at who may sign for the role library and is switched off.
public final class ApproverCheckup {
  private ApproverCheckup() {}

  /// @param off the names of approvers who are
  public static List<Finding> examine(List<String> off) {
    return off.stream()
        .map(name -> "approver " + name + " is switched off: retire the key in the file")
        .map(detail -> Finding.bad("approvers", detail))
        .toList();
  }
}
