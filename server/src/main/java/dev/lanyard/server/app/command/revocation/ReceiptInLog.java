package dev.lanyard.server.app.command.revocation;

import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.server.app.configuration.CommandFailure;
import dev.lanyard.server.app.configuration.TransparencySection;
import dev.lanyard.server.receipts.Issue;
import dev.lanyard.server.tlog.NoteKey;
import dev.lanyard.server.transparency.ExportFolder;
import dev.lanyard.server.transparency.UnreadableException;
import dev.lanyard.server.transparency.Verification;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;

/// What an export of the audit log says of a receipt: a signature alone does not tell when it was
/// made, nor whether another receipt has replaced it.
final class ReceiptInLog {
  private ReceiptInLog() {}

  /// @param keys of the log, as written
  /// @return for people
  /// @throws CommandFailure if the log cannot be believed, does not have the receipt, or has a
  ///   newer one of its incident
  static String found(String signed, String incident, Path export, List<String> keys) {
    var issues = new TreeMap<Long, Issue>();
    try {
      var log = verified(export, keys);
      log.each(
          Issue.TYPE,
          (leaf, evidence) -> {
            try {
              var issue = Issue.of(evidence);
              if (issue.incident().equals(incident)) {
                issues.put(leaf, issue);
              }
            } catch (MalformedException e) {
              // Of a release that did not record which text it was.
            }
          });
    } catch (UnreadableException e) {
      throw new CommandFailure(String.valueOf(e.getMessage()));
    }
    var hash = Issue.hash(signed);
    var place =
        issues.entrySet().stream().filter(one -> one.getValue().sha256().equals(hash)).findFirst();
    if (place.isEmpty()) {
      throw new CommandFailure(
          "NOT IN THE LOG: nothing that its checkpoint covers says that this receipt was issued");
    }
    var newest = issues.lastEntry();
    if (!newest.getValue().sha256().equals(hash)) {
      throw new CommandFailure(
          "REPLACED: the log has this receipt as leaf %d, and as leaf %d the one that was issued in its place at %s"
              .formatted(place.get().getKey(), newest.getKey(), newest.getValue().at()));
    }
    return "The log has it as leaf %d, and none that has replaced it.".formatted(newest.getKey());
  }

  private static ExportFolder verified(Path export, List<String> keys) {
    var log = new ExportFolder(export);
    if (!log.isThere()) {
      throw new CommandFailure("there is no audit log in " + export);
    }
    var trusted = keys.stream().map(ReceiptInLog::key).toList();
    var report = Verification.of(log, new Verification.Trust(trusted, List.of(), List.of()));
    if (report.checkpoint().isEmpty() || !report.isGood()) {
      throw new CommandFailure(
          "the log in %s cannot be believed: `lanyard audit verify` says why".formatted(export));
    }
    return log;
  }

  private static NoteKey key(String written) {
    try {
      return TransparencySection.key(written);
    } catch (IllegalArgumentException e) {
      throw new CommandFailure(String.valueOf(e.getMessage()));
    }
  }
}
