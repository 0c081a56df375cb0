package dev.lanyard.server.app.command.audit;

import dev.lanyard.server.app.command.ConfigurationOption;
import dev.lanyard.server.app.configuration.CommandFailure;
import dev.lanyard.server.app.node.AuditOffice;
import dev.lanyard.server.tlog.Tree;
import dev.lanyard.server.transparency.DamagedLogException;
import dev.lanyard.server.transparency.ExportFolder;
import dev.lanyard.server.transparency.TransparencyLog;
import dev.lanyard.server.transparency.UnreadableException;
import java.nio.file.Path;
import java.time.Clock;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `lanyard audit export`: the record with all that proves it.
@Command(
    name = "export",
    description = {
      "Writes the audit log into a folder: records as lines of JSON, hashes and checkpoints.",
      "Run it again to go on where it stopped, and to add what is new. Records are personal data."
    },
    mixinStandardHelpOptions = true)
final class AuditExportCommand implements Runnable {
  @Mixin private ConfigurationOption configuration = new ConfigurationOption();

  @Parameters(paramLabel = "FOLDER", description = "Where to.")
  private Path folder = Path.of("");

  @Option(
      names = "--from",
      paramLabel = "LEAF",
      defaultValue = "0",
      description = "Records from this place in the log on, in whole files of 65,536.")
  private long from;

  @Option(
      names = "--to",
      paramLabel = "LEAF",
      defaultValue = "9223372036854775807",
      description = "Records before this place in the log, in whole files.")
  private long to = Long.MAX_VALUE;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    try (var office = AuditOffice.open(configuration.read(), Clock.systemUTC())) {
      takeIn(office.log());
      long written = office.log().export(new ExportFolder(folder), from, to);
      var out = spec.commandLine().getOut();
      out.printf("%d records written to %s.%n", written, folder);
      out.printf(
          "Verify it with: lanyard audit verify %s --key '%s'%s%n",
          folder, office.log().key(), range());
      out.flush();
    } catch (UnreadableException e) {
      throw new CommandFailure(String.valueOf(e.getMessage()));
    }
  }

  /// What was recorded until now is to be in it, also where no server runs. A log that is damaged
  /// does not grow; whoever is to find out how needs the export.
  private void takeIn(TransparencyLog log) {
    try {
      log.takeIn();
    } catch (DamagedLogException | Tree.MissingTileException e) {
      var err = spec.commandLine().getErr();
      err.println("lanyard: the audit log cannot grow: " + e.getMessage());
      err.flush();
    }
  }

  private String range() {
    return (from > 0 ? " --from " + from : "") + (to < Long.MAX_VALUE ? " --to " + to : "");
  }
}
