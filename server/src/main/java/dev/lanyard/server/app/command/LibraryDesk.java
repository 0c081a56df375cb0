package dev.lanyard.server.app.command;

import dev.lanyard.server.app.configuration.CommandFailure;
import dev.lanyard.server.app.configuration.Configuration;
import dev.lanyard.server.app.node.LibraryOffice;
import dev.lanyard.server.audit.AuditLog;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.directory.Directory;
import dev.lanyard.server.library.Library;
import dev.lanyard.server.library.LibrarySource;
import dev.lanyard.server.publication.ApprovedLibrary;
import dev.lanyard.server.publication.History;
import dev.lanyard.server.publication.LibraryConfig.Mode;
import dev.lanyard.server.publication.Publication;
import dev.lanyard.server.publication.Publications;
import dev.lanyard.server.publication.Step;
import dev.lanyard.server.publication.Submission;
import dev.lanyard.server.publication.plan.Plan;
import dev.lanyard.server.publication.plan.Planner;
import dev.lanyard.server.yaml.FaultyFileException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/// What commands about the role library work with, beside a server that may be running on the same
/// record.
public final class LibraryDesk implements AutoCloseable {
  public static final Clock CLOCK = Clock.systemUTC();

  /// How many publications are tried for one that can be read.
  private static final int LOOKED_BACK = 50;

  private final Configuration config;
  private final Database database;
  private final LibraryOffice office;

  private LibraryDesk(Configuration config, Database database) {
    this.config = config;
    this.database = database;
    this.office = LibraryOffice.open(config, database, CLOCK);
  }

  public static LibraryDesk open(ConfigurationOption option) {
    var config = option.read();
    var database = Database.open(config.database(), CLOCK);
    try {
      return new LibraryDesk(config, database);
    } catch (RuntimeException e) {
      database.close();
      throw e;
    }
  }

  public History history() {
    return new History(database);
  }

  /// The way into force, where two people are asked.
  ///
  /// @throws CommandFailure if the folder is the truth
  public Publications publications() {
    if (config.roleLibrary().publication() instanceof Mode.FromFiles) {
      throw new CommandFailure(
          "library.publication is 'files': what is in "
              + config.library()
              + " is in force. Set it to 'approved' to have changes approved.");
    }
    return office.publications();
  }

  /// The draft: a folder that was named, or the configured one.
  public LibrarySource draft(Optional<Path> folder) {
    return LibrarySource.of(folder.orElse(config.library()));
  }

  /// What is in force: what was published last; before the first publication the folder, where that
  /// is the truth.
  public LibrarySource inForce() {
    return history()
        .last()
        .map(Publication::version)
        .map(this::files)
        .orElseGet(() ->
            config.roleLibrary().publication() instanceof Mode.FromFiles
                ? LibrarySource.of(config.library())
                : new LibrarySource(config.library(), new TreeMap<>()));
  }

  /// What is in force where publications rule, judged as a server judges it.
  ///
  /// @throws dev.lanyard.server.yaml.FaultyFileException if nothing is published, or nobody vouches
  ///   for what is
  public static LibrarySource approved(Database database, Configuration config) {
    return ApprovedLibrary.inForce(database, LibraryOffice.open(config, database, CLOCK).trust());
  }

  /// The library that is in force, or the one in a folder.
  ///
  /// @throws dev.lanyard.server.yaml.FaultyFileException if it cannot be read, or nobody vouches
  ///   for what was published
  public static Library decisive(Database database, Configuration config, Optional<Path> folder) {
    if (folder.isPresent()) {
      return Library.read(folder.get());
    }
    return config.roleLibrary().publication() instanceof Mode.FromFiles
        ? Library.read(config.library())
        : approved(database, config).read();
  }

  /// The same for a command that only looks. What is in files is read without the database.
  ///
  /// @throws dev.lanyard.server.database.DatabaseException if it is asked, and has not our tables
  public static Library decisive(Configuration config, Optional<Path> folder) {
    if (folder.isPresent()) {
      return Library.read(folder.get());
    }
    if (config.roleLibrary().publication() instanceof Mode.FromFiles) {
      return Library.read(config.library());
    }
    try (var database = Database.openUnmigrated(config.database(), CLOCK)) {
      return approved(database, config).read();
    }
  }

  /// The approvers who are switched off, for a command that only looks.
  public static List<String> approversOff(Configuration config) {
    try (var database = Database.openUnmigrated(config.database(), CLOCK)) {
      return LibraryOffice.open(config, database, CLOCK).publications().approversOff();
    }
  }

  /// The library that servers decide by, without a look at who vouches for it: whoever must act, to
  /// disable somebody for example, does not wait until that is mended.
  public static Library read(Database database, Configuration config) {
    return switch (config.roleLibrary().publication()) {
      case Mode.FromFiles() -> Library.read(config.library());
      case Mode.Approved _ ->
          new History(database)
              .last()
              .map(last -> new History(database).find(String.valueOf(last.number())))
              .map(found ->
                  found instanceof History.Found.One(var files) ? files.read() : Library.EMPTY)
              .orElse(Library.EMPTY);
    };
  }

  /// The files of a version, which may be named by its beginning, or by the number of a
  /// publication.
  ///
  /// @throws CommandFailure if there is none, or more than one
  public LibrarySource files(String named) {
    return switch (history().find(named)) {
      case History.Found.One(var files) -> files;
      case History.Found.None() -> throw new CommandFailure("there is no version '" + named + "'");
      case History.Found.Several(var versions) ->
          throw new CommandFailure("'" + named + "' begins several versions: " + versions);
    };
  }

  /// The files of a draft that was handed in.
  ///
  /// @throws CommandFailure if there is none, or its author has taken it back
  public LibrarySource handedIn(String id) {
    if (history().submission(id).flatMap(Submission::withdrawnAt).isPresent()) {
      throw new CommandFailure("whoever had handed in '" + id + "' has taken it back");
    }
    return files(id);
  }

  /// Compares two versions for the people of this installation.
  ///
  /// @param days how far the replay goes back
  public Plan plan(LibrarySource base, LibrarySource version, int days, PrintWriter progress) {
    var directory = Directory.open(database, CLOCK);
    var clients = office.brokerClients();
    var planner =
        new Planner(
            directory,
            new AuditLog(database),
            clients,
            office.losses(directory, () -> clients, CLOCK),
            line -> {
              progress.println(line);
              progress.flush();
            },
            CLOCK);
    return planner.plan(base(base, progress), library(version), Duration.ofDays(days));
  }

  /// What this release cannot read gives nobody anything: then the version before it that it can
  /// read is what people had.
  private Library base(LibrarySource files, PrintWriter progress) {
    try {
      return library(files);
    } catch (FaultyFileException e) {
      progress.println("The version to compare with cannot be read: " + e.getMessage());
      var readable =
          history().newest(LOOKED_BACK).stream()
              .flatMap(publication -> readable(publication).stream())
              .findFirst();
      progress.println(
          readable
              .map(one -> "Compared with version " + one.version() + ", the last one before it.")
              .orElse("No version before it can be read; compared with an empty library."));
      progress.flush();
      return readable.orElse(Library.EMPTY);
    }
  }

  private Optional<Library> readable(Publication publication) {
    try {
      return history().files(publication.version()).map(LibrarySource::read);
    } catch (FaultyFileException _) {
      return Optional.empty();
    }
  }

  private static Library library(LibrarySource files) {
    return files.files().isEmpty() ? Library.EMPTY : files.read();
  }

  /// @throws CommandFailure if the step was refused
  public static void require(Step step) {
    if (step instanceof Step.Refused refused) {
      throw new CommandFailure(refused.why() + "; nothing was done");
    }
  }

  @Override
  public void close() {
    database.close();
  }
}
