package dev.lanyard.server.app.command.audit;

import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.server.app.command.ConfigurationOption;
import dev.lanyard.server.app.configuration.CommandFailure;
import dev.lanyard.server.app.configuration.TransparencySection;
import dev.lanyard.server.app.node.AuditOffice;
import dev.lanyard.server.tlog.Note;
import dev.lanyard.server.tlog.NoteKey;
import dev.lanyard.server.transparency.ExportFolder;
import dev.lanyard.server.transparency.RecordProof;
import dev.lanyard.server.transparency.UnreadableException;
import dev.lanyard.server.transparency.Verification;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `lanyard audit verify`: whether the record is what was recorded.
@Command(
    name = "verify",
    description = {
      "Verifies the audit log: an export, a proof, or the database itself.",
      "An export and a proof need neither configuration nor database, only the key."
    },
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {
      "0:everything that is covered by the checkpoint is what was recorded",
      "1:nothing could be verified: something cannot be read",
      "2:wrong usage",
      "3:something is not what was recorded, or the log was forked or forged"
    })
final class AuditVerifyCommand implements Callable<Integer> {
  private static final int NOT_WHAT_WAS_RECORDED = 3;
  private static final int MOST_LINES = 20;

  /// More than a proof has, or many checkpoints, in octets.
  private static final int LARGEST = 16 * 1024 * 1024;

  @Mixin private ConfigurationOption configuration = new ConfigurationOption();

  @Parameters(
      paramLabel = "EXPORT",
      arity = "0..1",
      description = "The folder of an export, or the file of a proof. Without it: the database.")
  private Optional<Path> export = Optional.empty();

  @Option(
      names = "--key",
      paramLabel = "KEY",
      description =
          "A key of the log, as 'lanyard audit keys' printed it once; several, if another took"
              + " over. Without it, the database is verified with the keys that it has.")
  private List<String> keys = List.of();

  @Option(
      names = "--checkpoint",
      paramLabel = "FILE",
      description = "Checkpoints of the log that were kept elsewhere: it must extend each.")
  private List<Path> checkpoints = List.of();

  @Option(
      names = "--witness",
      paramLabel = "KEY",
      description = "The key of a witness that must have seen the log.")
  private List<String> witnesses = List.of();

  @Option(
      names = "--from",
      paramLabel = "LEAF",
      defaultValue = "0",
      description =
          "The export was made with this --from: the records before may be left out of it.")
  private long from;

  @Option(
      names = "--to",
      paramLabel = "LEAF",
      defaultValue = "9223372036854775807",
      description = "The export was made with this --to: the records after may be left out of it.")
  private long to = Long.MAX_VALUE;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    try {
      if (export.isEmpty()) {
        return database();
      }
      if (keys.isEmpty()) {
        throw new CommandFailure(
            "an export is verified with a key that you have from elsewhere: add --key");
      }
      return Files.isDirectory(export.get()) ? folder(export.get()) : proof(export.get());
    } catch (UnreadableException e) {
      throw new CommandFailure(String.valueOf(e.getMessage()));
    } catch (OutOfMemoryError e) {
      // What is verified may be made by somebody who wants that.
      throw new CommandFailure(
          "there is not enough memory for it; nothing was verified. Give this command more:"
              + " LANYARD_HEAP=4g",
          e);
    }
  }

  private int database() {
    try (var office = AuditOffice.open(configuration.read(), Clock.systemUTC())) {
      var trusted = keys.isEmpty() ? office.log().keys() : keys(keys);
      return tell(office.log().verify(trust(trusted)));
    }
  }

  private int folder(Path folder) {
    var log = new ExportFolder(folder);
    if (!log.isThere()) {
      throw new CommandFailure("there is no audit log in " + folder);
    }
    return tell(Verification.of(log, trust(keys(keys))));
  }

  private int proof(Path file) {
    var out = spec.commandLine().getOut();
    try {
      var proof = RecordProof.parse(read(file));
      boolean good = proof.isGood(keys(keys));
      out.println(
          good
              ? "This record is in the log of %s, of %d records:%n%s"
                  .formatted(proof.checkpoint().origin(), proof.checkpoint().size(), proof.record())
              : "NOT PROVED: the record in this file is not in the log, or the log has not signed"
                  + " that.");
      out.flush();
      return good ? 0 : NOT_WHAT_WAS_RECORDED;
    } catch (MalformedException e) {
      throw new CommandFailure(file + " is no proof: " + e.getMessage());
    }
  }

  private Verification.Trust trust(List<NoteKey> trusted) {
    var earlier = new ArrayList<Note>();
    for (var file : checkpoints) {
      try {
        earlier.addAll(Note.parseAll(read(file)));
      } catch (MalformedException e) {
        throw new CommandFailure(file + " has no checkpoints: " + e.getMessage());
      }
    }
    return new Verification.Trust(
        trusted, keys(witnesses), earlier, new Verification.Range(from, to));
  }

  private static String read(Path file) {
    try (var in = Files.newInputStream(file)) {
      var octets = in.readNBytes(LARGEST + 1);
      if (octets.length > LARGEST) {
        throw new CommandFailure(file + " is too large for a proof or checkpoints");
      }
      return new String(octets, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new CommandFailure("cannot read " + file + ": " + e);
    }
  }

  private static List<NoteKey> keys(List<String> written) {
    try {
      return written.stream().map(TransparencySection::key).toList();
    } catch (IllegalArgumentException e) {
      throw new CommandFailure(String.valueOf(e.getMessage()));
    }
  }

  private int tell(Verification.Report report) {
    var out = spec.commandLine().getOut();
    report
        .checkpoint()
        .ifPresentOrElse(
            checkpoint ->
                out.printf(
                    "%s: %d records, %d of them verified.%n",
                    checkpoint.origin(), checkpoint.size(), report.verified()),
            () -> out.println("No checkpoint that you can trust."));
    report
        .seen()
        .forEach(seen ->
            out.printf("Seen by %s: %d records, at %s.%n", seen.witness(), seen.size(), seen.at()));
    if (report.removed() > 0) {
      out.printf("%d records were removed by retention.%n", report.removed());
    }
    if (report.leftOut() > 0) {
      out.printf(
          "%d records were not looked at: the export was made without them.%n", report.leftOut());
    }
    if (report.uncovered() > 0) {
      out.printf(
          "%d newer records%s are not covered by a checkpoint yet.%n",
          report.uncovered(), report.uncoveredSince().map(at -> ", since " + at + ",").orElse(""));
    }
    findings(report, out);
    out.flush();
    return report.isGood() ? 0 : NOT_WHAT_WAS_RECORDED;
  }

  private static void findings(Verification.Report report, PrintWriter out) {
    var findings = report.findings();
    findings.stream()
        .limit(MOST_LINES)
        .forEach(one -> out.printf("%s: %s.%n", one.kind(), one.what()));
    if (findings.size() > MOST_LINES) {
      out.printf("... and %d more.%n", findings.size() - MOST_LINES);
    }
  }
}
