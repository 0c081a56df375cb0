package dev.lanyard.server.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.jose.SigningKey;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.library.LibrarySource;
import dev.lanyard.server.publication.ApproverPeople;
import dev.lanyard.server.publication.Approvers;
import dev.lanyard.server.publication.Author;
import dev.lanyard.server.publication.Publications;
import dev.lanyard.server.publication.Step;
import dev.lanyard.server.publication.Trust;
import java.time.Duration;

/// Puts the library of a folder in force for the first time, as two people do at the command line:
/// `ana@acme.example` and `ben` of its approvers file.
public final class FirstPublication {
  private FirstPublication() {}

  public static void of(ConsoleWorld world, Database database, SigningKey ana, SigningKey ben) {
    var approvers = Approvers.read(world.folder.resolve("approvers.yaml"));
    var trust = new Trust(world.brokerUrl("").toString(), () -> approvers);
    var publications =
        new Publications(database, trust, ApproverPeople.UNKNOWN, Duration.ofDays(3), world.clock);
    var files = LibrarySource.of(world.folder.resolve("library"));
    var step =
        publications.propose(
            files, JsonObject.EMPTY, new Author("ana@acme.example", ana, "the first"));
    var id = ((Step.Proposed) step).proposal().id();
    var _ = publications.answer(id, true, new Author("ben", ben, "agreed"));
    assertThat(publications.publish(id, "test")).isInstanceOf(Step.Published.class);
  }
}
