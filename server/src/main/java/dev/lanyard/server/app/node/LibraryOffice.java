package dev.lanyard.server.app.node;

import dev.lanyard.protocol.claims.ClockSkew;
import dev.lanyard.server.app.configuration.Configuration;
import dev.lanyard.server.audit.AuditLog;
import dev.lanyard.server.clients.Client;
import dev.lanyard.server.clients.ClientRegistry;
import dev.lanyard.server.clients.entered.EnteredClients;
import dev.lanyard.server.console.desk.Drafting;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.directory.Directory;
import dev.lanyard.server.library.LibraryReadings;
import dev.lanyard.server.publication.ApprovedLibrary;
import dev.lanyard.server.publication.ApproverPeople;
import dev.lanyard.server.publication.Approvers;
import dev.lanyard.server.publication.Consequences;
import dev.lanyard.server.publication.Drafts;
import dev.lanyard.server.publication.ExceptionEnds;
import dev.lanyard.server.publication.FolderLibrary;
import dev.lanyard.server.publication.History;
import dev.lanyard.server.publication.LibraryConfig.Mode;
import dev.lanyard.server.publication.LibraryInForce;
import dev.lanyard.server.publication.PolicyKill;
import dev.lanyard.server.publication.Publications;
import dev.lanyard.server.publication.Trust;
import dev.lanyard.server.publication.plan.Losses;
import dev.lanyard.server.publication.plan.Planner;
import dev.lanyard.server.revocation.Revocation;
import dev.lanyard.server.yaml.Reloading;
import dev.lanyard.server.yaml.YamlFolder;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// The role library, governed as the configuration says.
///
/// @param approvers who may have a say in it, where two people are asked
public record LibraryOffice(
    Configuration configuration,
    Database database,
    Optional<Reloading<Approvers>> approvers,
    Trust trust,
    Publications publications) {

  public static LibraryOffice open(
      Configuration configuration, Database database, InstantSource clock) {
    return switch (configuration.roleLibrary().publication()) {
      case Mode.FromFiles() -> {
        var nobody = new Approvers(List.of());
        var trust = new Trust(Lanyard.issuer(configuration).value(), () -> nobody);
        var publications =
            new Publications(
                database,
                trust,
                ApproverPeople.UNKNOWN,
                Mode.Approved.DEFAULT_REVIEW_WITHIN,
                clock);
        yield new LibraryOffice(configuration, database, Optional.empty(), trust, publications);
      }
      case Mode.Approved(Path file, var reviewWithin) -> {
        var approvers = Approvers.watch(file);
        var trust = new Trust(Lanyard.issuer(configuration).value(), approvers::current);
        var whose = LibraryPeople.of(configuration, database);
        var people = new ApproverPeople(() -> whose.get().organisation());
        var publications = new Publications(database, trust, people, reviewWithin, clock);
        yield new LibraryOffice(
            configuration, database, Optional.of(approvers), trust, publications);
      }
    };
  }

  /// Names the content of the approvers file, for the record.
  String approversVersion() {
    return configuration.roleLibrary().publication() instanceof Mode.Approved(Path file, _)
        ? YamlFolder.version(file)
        : "none";
  }

  /// The library that a server decides by; opening it in the mode `files` records what is there.
  LibraryInForce inForce() {
    return approvers.isPresent()
        ? ApprovedLibrary.open(database, trust)
        : FolderLibrary.open(configuration.library(), publications);
  }

  /// The end of what a publication takes away; to be started once everything is served.
  Consequences consequences(
      Directory directory,
      Revocation revocation,
      Supplier<Collection<Client>> clients,
      InstantSource clock) {
    return Consequences.of(
        database,
        losses(directory, clients, clock),
        new PolicyKill(revocation, clock),
        configuration.database().lateness(),
        publications::approversOff,
        clock);
  }

  /// The end of what exceptions gave, at the instant at which they end; to be started likewise.
  ///
  /// @param inForce the library that this node decides by
  ExceptionEnds exceptionEnds(
      LibraryInForce inForce,
      Directory directory,
      Revocation revocation,
      Supplier<Collection<Client>> clients,
      InstantSource clock) {
    return new ExceptionEnds(
        database,
        inForce::current,
        losses(directory, clients, clock),
        new PolicyKill(revocation, clock),
        // So far apart the clocks of two nodes may be, and so old the library of one of them.
        configuration.database().staleAfter().plus(ClockSkew.MAX),
        clock);
  }

  /// What is lost when one version follows another.
  public Losses losses(
      Directory directory, Supplier<Collection<Client>> clients, InstantSource clock) {
    return new Losses(
        directory,
        database,
        Lanyard.issuer(configuration),
        clients,
        LibraryPeople.of(configuration, database),
        clock);
  }

  /// With what administrators edit the library in the console.
  Drafting drafting(
      Directory directory, Supplier<Collection<Client>> clients, InstantSource clock) {
    var losses = losses(directory, clients, clock);
    return new Drafting(
        new Drafts(database),
        new History(database),
        new LibraryReadings(),
        (base, version, window, progress) ->
            new Planner(directory, new AuditLog(database), clients.get(), losses, progress, clock)
                .plan(base, version, window),
        approvers.map(_ -> publications));
  }

  /// The clients that are registered at the broker now.
  public Collection<Client> brokerClients() {
    return configuration.broker().stream()
        .flatMap(broker ->
            Stream.concat(
                ClientRegistry.open(broker.clients()).all().stream(),
                EnteredClients.all(database, broker.config().issuer()).stream()
                    .flatMap(one -> one.client().stream())))
        .toList();
  }
}
