package dev.lanyard.server.revocation;

import dev.lanyard.server.database.DatabaseConfig;
import dev.lanyard.server.directory.PersonId;
import java.util.List;

/// The node that [RevocationFaultsTest] kills between the commit of a kill and its enforcement.
final class KilledNode {
  private KilledNode() {}

  /// @param args the URL of the database, the person to disable
  public static void main(String[] args) {
    var node = new RevocationNode(DatabaseConfig.of(args[0]));
    var person = node.directory.person(new PersonId(args[1])).orElseThrow();
    var signal =
        new Signal(
            Source.of(Source.Kind.SCIM, "idp"),
            "the-last",
            new Subject.Person(person.id()),
            Happening.DISABLED,
            node.now(),
            "left",
            "test");
    node.database.write(connection -> node.revocation.accept(connection, List.of(signal)));
    // As kill -9: nothing of this process runs any more.
    Runtime.getRuntime().halt(137);
  }
}
