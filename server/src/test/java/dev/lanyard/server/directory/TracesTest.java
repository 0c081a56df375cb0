package dev.lanyard.server.directory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.securityevent.SubjectIdentifier;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.DatabaseConfig;
import dev.lanyard.server.database.Statements;
import dev.lanyard.server.database.TestDatabases;
import dev.lanyard.server.directory.Traces.Fate;
import dev.lanyard.server.directory.Traces.Trace;
import dev.lanyard.server.pair.TestClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Every column that can tell who somebody is has a fate")
class TracesTest {
  /// Of whatever table: names that we give, identifiers that are random, hashes of what is, keys
  /// and secrets, words of protocols, and the names of servers, clients, tools and scopes.
  private static final Set<String> HARMLESS_NAMES =
      words(
          """
          accepted_grade accepted_hash acr algorithm amr asked_with assertion_hash assertion_id
          authorization_sealed base broker_session browser_hash call_hash caller challenge
          checkpoint claim client client_id code_challenge code_hash code_verifier connection
          connector correlation correlation_id current_hash day destination domain etag
          events_requested expected family finding gaps generation grant_id group_id hash hashes
          held_by holder id id_hash incident issuer issuer_client key_hash key_thumbprint kid kind
          lane launch launched_on list log_level mark member_group month node nonce number
          organisation origin outcome pack_hash part person place point preset proof proof_id
          proposal provider purpose quarter receiver redirect_uri reference_hash refused replaces
          request_hash resource resources review rotated rules ruling scopes sealed secret_hash
          sectors sequences server session session_hash sink skeleton source stage standing state
          state_hash status stream submission task_hash tenants token token_hash told_kind tool txn
          type until upstream uri_hash url use_number verification verifier version way what
          """);

  /// Of these tables only: elsewhere such a name may hold anything.
  private static final Map<String, String> HARMLESS_COLUMNS =
      Map.ofEntries(
          Map.entry("alarm.detail", "our own words, with ids"),
          Map.entry("alarm.subject", "what we call what it is about"),
          Map.entry("authorization_code.claims", "names of claims"),
          Map.entry("change.body", "ids; a day at most"),
          Map.entry("console_motion.asked_by", "an id"),
          Map.entry("console_motion.ended_by", "an id"),
          Map.entry("deny.value", "an id"),
          Map.entry("early_end.subject", "a hash; an hour at most"),
          Map.entry("enforcement_point.name", "of a process"),
          Map.entry("event_feed.description", "of a feed, by its client"),
          Map.entry("event_feed.told_value", "an id"),
          Map.entry("exception_request.answered_by", "an id"),
          Map.entry("installation_secret.name", "ours"),
          Map.entry("library_draft.author", "an id"),
          Map.entry("library_file.name", "of a file"),
          Map.entry("library_submission.author", "an id"),
          Map.entry("mcp_session.subject", "an id"),
          Map.entry("mcp_task.subject", "an id"),
          Map.entry("mcp_task_end.subject", "an id"),
          Map.entry("organisation.name", "of an organisation"),
          Map.entry("organisation_name_id.rule", "which names count, of a provider"),
          Map.entry("audit_copy.note", "a checkpoint"),
          Map.entry("probe_document.body", "of a server, about itself"),
          Map.entry("probe_evidence.address", "of a server"),
          Map.entry("probe_turn.address", "of a server"),
          Map.entry("provisioned_group.display_name", "of a group"),
          Map.entry("provisioned_group.display_name_key", "of a group"),
          Map.entry("provisioned_group.external_id", "of a group"),
          Map.entry("receipt.facts", "ids"),
          Map.entry("receipt.signed", "ids"),
          Map.entry("refresh_token.claims", "names of claims"),
          Map.entry("signal.subject", "an id"),
          Map.entry("ssf_stream.description", "of a stream, by its receiver"),
          Map.entry("ssf_stream.endpoint", "of a receiver"),
          Map.entry("ssf_stream.reason", "why a stream stands still"),
          Map.entry("tool.mirrored", "of a server, about its tool"),
          Map.entry("tool.name", "of a tool"),
          Map.entry("tool_version.definition", "of a server, about its tool"),
          Map.entry("tool_version.name", "of a tool"),
          Map.entry("tool_wording.name", "of a tool"),
          Map.entry("upstream_grant.ended_why", "a word of ours"),
          Map.entry("upstream_grant.sign_in", "an id"));

  private static Set<String> words(String text) {
    return Set.of(text.strip().split("\\s+"));
  }

  abstract static class Contract {
    private static final String ORGANISATION = "acme";
    private static final String ADDRESS = "ann@trace.example";

    private final DatabaseConfig config;
    private final TestClock clock = new TestClock();
    private Database database;

    Contract(DatabaseConfig config) {
      this.config = config;
    }

    @BeforeEach
    void open() {
      database = Database.open(config, clock);
    }

    @AfterEach
    void close() {
      database.close();
    }

    /// The columns that hold text, and of these whether each may be empty, by the tables.
    abstract String columns();

    private record Column(String table, String name, boolean text, boolean required) {
      String full() {
        return table + "." + name;
      }
    }

    private List<Column> schema() {
      return database.read(connection ->
          new Statements(connection)
              .list(
                  columns(),
                  row ->
                      new Column(
                          row.getString(1),
                          row.getString(2),
                          row.getInt(3) == 1,
                          row.getInt(4) == 1)));
    }

    private Set<String> texts() {
      return schema().stream()
          .filter(Column::text)
          .map(Column::full)
          .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    @DisplayName("Each column of text is a trace or known to be harmless, and never both")
    void every_column() {
      var traces = Traces.all().stream().map(Trace::column).collect(Collectors.toSet());
      var strange = new TreeSet<String>();
      var both = new TreeSet<String>();
      for (var column : texts()) {
        var name = column.substring(column.indexOf('.') + 1);
        boolean harmless = HARMLESS_COLUMNS.containsKey(column) || HARMLESS_NAMES.contains(name);
        if (!harmless && !traces.contains(column)) {
          strange.add(column);
        }
        if (HARMLESS_COLUMNS.containsKey(column) && traces.contains(column)) {
          both.add(column);
        }
      }
      assertThat(strange)
          .as("columns of which nobody has said what they hold: name them in Traces, or here")
          .isEmpty();
      assertThat(both).isEmpty();
    }

    @Test
    @DisplayName("Nothing is listed that is not there")
    void nothing_else() {
      assertThat(texts()).containsAll(Traces.all().stream().map(Trace::column).toList());
      assertThat(texts()).containsAll(HARMLESS_COLUMNS.keySet());
      assertThat(Traces.all()).extracting(Trace::column).doesNotHaveDuplicates();
      var names =
          schema().stream().filter(Column::text).map(Column::name).collect(Collectors.toSet());
      assertThat(names).containsAll(HARMLESS_NAMES);
    }

    /// A row of a table: what is not given and must be is a number or an empty text.
    private void insert(String table, Map<String, Object> values) {
      var all = new TreeMap<>(values);
      for (var column : schema()) {
        if (column.table().equals(table) && column.required()) {
          all.putIfAbsent(column.name(), column.text() ? "" : 0L);
        }
      }
      var sql =
          "INSERT INTO %s (%s) VALUES (%s)"
              .formatted(
                  table,
                  String.join(", ", all.keySet()),
                  String.join(", ", Collections.nCopies(all.size(), "?")));
      database.<Integer>write(
          connection -> new Statements(connection).update(sql, all.values().toArray()));
    }

    /// Fills every column that goes with a person, with a text by which it can be found again.
    private void fill(PersonId id, String address) {
      var person = id.value();
      var mark = "mark-" + person;
      insert(
          "person",
          Map.of(
              "id", person,
              "organisation", ORGANISATION,
              "user_name", mark,
              "user_name_key", mark,
              "given_user_name_key", mark,
              "email", address,
              "display_name", mark));
      insert("person_group", Map.of("person", person, "group_name", mark));
      insert("password", Map.of("person", person, "hash", mark));
      insert(
          "provisioned_person",
          Map.of("person", person, "source", "s", "external_id", mark, "attributes", mark));
      insert("provisioned_email", Map.of("person", person, "email_key", address));
      insert("provisioned_email", Map.of("person", person, "email_key", "second-" + address));
      insert("ssf_stream", Map.of("id", "stream-" + person, "receiver", person, "subjects", 3L));
      for (var one : List.of(address, "second-" + address, "somebody@else.example")) {
        insert(
            "ssf_stream_subject",
            Map.of(
                "stream",
                "stream-" + person,
                "subject",
                new SubjectIdentifier.Email(one).toJson().toJson()));
      }
      insert(
          "exception_request",
          Map.of("id", "r-" + person, "person", person, "reason", mark, "answer", mark));
      for (var about : List.of(person, "hold-" + person)) {
        insert(
            "console_motion",
            Map.of(
                "id",
                motion(about),
                "kind",
                about,
                "about",
                about,
                "seen",
                mark,
                "wanted",
                mark,
                "reason",
                mark,
                "answer",
                mark));
      }
      insert("audit_person_key", Map.of("person", person, "sealed", mark));
      insert(
          "audit_hold",
          Map.of(
              "id",
              "hold-" + person,
              "person",
              person,
              "reason",
              mark,
              "placed_by",
              "ops",
              "lifted_at",
              1L));
      var answers = Map.of("own", "{}", "named", person, "motion", motion(person));
      answers.forEach((key, word) ->
          insert(
              "api_repeat",
              Map.of(
                  "caller",
                  key.equals("own") ? person : "ops",
                  "key_hash",
                  key + person,
                  "status",
                  200L,
                  "answer",
                  "{\"" + word + "\":\"" + mark + "\"}")));
      insert("session", Map.of("id", "s-" + person, "secret_hash", person, "person", person));
      insert("ras_grant", Map.of("id", "g-" + person, "assertion_id", person, "person", person));
      Map.of("PERSON", person, "SESSION", "s-" + person, "GRANT", "g-" + person)
          .forEach((kind, value) ->
              insert("deny", Map.of("kind", kind, "value", value, "reason", mark)));
      insert(
          "signal",
          Map.of(
              "source", "a", "id", person, "incident", person, "person", person, "reason", mark));
      insert(
          "person_link",
          Map.of(
              "organisation",
              ORGANISATION,
              "issuer",
              "https://idp.example",
              "subject",
              "sub-" + person,
              "person",
              person));
      insert(
          "organisation_administrator",
          Map.of(
              "way",
              "w",
              "subject",
              "sub-" + person,
              "organisation",
              ORGANISATION,
              "issuer",
              "https://idp.example"));
    }

    /// An id by which the person cannot be found.
    private static String motion(String about) {
      return "motion-" + new StringBuilder(about).reverse();
    }

    /// The columns in which a text is.
    private Set<String> where(String... texts) {
      return database.read(connection -> {
        var found = new TreeSet<String>();
        for (var column : schema()) {
          for (var text : texts) {
            if (column.text() && isIn(connection, column, text)) {
              found.add(column.full());
            }
          }
        }
        return found;
      });
    }

    private static boolean isIn(Connection connection, Column column, String text)
        throws SQLException {
      return new Statements(connection)
          .finds(
              "SELECT 1 FROM %s WHERE %s LIKE ?".formatted(column.table(), column.name()),
              "%" + text + "%");
    }

    private Set<String> traces(Fate... fates) {
      var wanted = EnumSet.copyOf(List.of(fates));
      return Traces.all().stream()
          .filter(trace -> wanted.contains(trace.fate()))
          .map(Trace::column)
          .collect(Collectors.toCollection(TreeSet::new));
    }

    private Set<String> of(String person) {
      var found = where("mark-" + person, "@" + person);
      if (database.<Boolean>read(
          connection ->
              new Statements(connection)
                  .finds(
                      "SELECT 1 FROM organisation_administrator WHERE subject = ?",
                      "sub-" + person))) {
        found.add("organisation_administrator.subject");
      }
      return found;
    }

    @Test
    @DisplayName("What goes with a person goes, and nothing of anybody else")
    void goes() {
      insert("organisation", Map.of("name", ORGANISATION));
      fill(new PersonId("p-ann"), "ann@p-ann");
      fill(new PersonId("p-bob"), "bob@p-bob");
      assertThat(of("p-ann")).isEqualTo(traces(Fate.LEAVES, Fate.EITHER, Fate.ERASED));
      var others = of("p-bob");
      assertThat(others).isEqualTo(of("p-ann"));
      var directory = Directory.open(database, clock);

      database.write(connection -> directory.erase(connection, new PersonId("p-ann")));
      assertThat(of("p-ann"))
          .as("left in what goes when they are erased, and in motions about a hold on them")
          .isSubsetOf(traces(Fate.ERASED, Fate.EITHER))
          .containsAll(traces(Fate.ERASED));
      database.write(connection -> {
        Traces.erase(connection, "p-ann");
        return true;
      });

      assertThat(of("p-ann")).isEmpty();
      assertThat(of("p-bob")).isEqualTo(others);
      assertThat(where("somebody@else.example")).containsExactly("ssf_stream_subject.subject");
      assertThat(subjects("p-ann")).isEqualTo(1);
      assertThat(subjects("p-bob")).isEqualTo(3);
    }

    @Test
    @DisplayName("Erased from the audit record, but kept in the directory by a source")
    void erased_only() {
      insert("organisation", Map.of("name", ORGANISATION));
      fill(new PersonId("p-ann"), "ann@p-ann");

      database.write(connection -> {
        Traces.erase(connection, "p-ann");
        return true;
      });

      assertThat(of("p-ann")).isEqualTo(traces(Fate.LEAVES));
    }

    @Test
    @DisplayName("An address that a kill took in the same transaction is known from memory")
    void address_taken_before() {
      insert("person", Map.of("id", "p-ann", "user_name_key", "a", "email", ADDRESS));
      insert("ssf_stream", Map.of("id", "s", "subjects", 1L));
      insert(
          "ssf_stream_subject",
          Map.of("stream", "s", "subject", new SubjectIdentifier.Email(ADDRESS).toJson().toJson()));
      var directory = Directory.open(database, clock);
      var id = new PersonId("p-ann");

      database.write(connection -> {
        directory.forgetAddresses(connection, List.of(id));
        return directory.erase(connection, id);
      });

      assertThat(where(ADDRESS)).isEmpty();
    }

    private long subjects(String person) {
      return database
          .<Optional<Long>>read(connection ->
              new Statements(connection)
                  .first(
                      "SELECT subjects FROM ssf_stream WHERE id = ?",
                      row -> row.getLong(1),
                      "stream-" + person))
          .orElseThrow();
    }
  }

  @Nested
  class OnSqlite extends Contract {
    OnSqlite(@TempDir Path folder) {
      super(TestDatabases.sqlite(folder));
    }

    @Override
    String columns() {
      return """
      SELECT t.name, c.name, c.type = 'TEXT', c."notnull" = 1 AND c.dflt_value IS NULL
        AND NOT (c.pk = 1 AND c.type = 'INTEGER')
      FROM sqlite_master t, pragma_table_info(t.name) c
      WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%' AND t.name <> 'flyway_schema_history'
      """;
    }
  }

  @Nested
  class OnPostgres extends Contract {
    OnPostgres() {
      super(TestDatabases.postgres());
    }

    @Override
    String columns() {
      return """
      SELECT table_name, column_name,
        CASE WHEN data_type IN ('bigint', 'integer', 'smallint') THEN 0 ELSE 1 END,
        CASE WHEN is_nullable = 'NO' AND column_default IS NULL AND is_identity = 'NO'
          THEN 1 ELSE 0 END
      FROM information_schema.columns
      WHERE table_schema = current_schema() AND table_name <> 'flyway_schema_history'
      """;
    }
  }

  @Test
  @DisplayName("docs/audit.md names every column that stays")
  void documented() throws IOException {
    var page = Files.readString(Path.of("../docs/audit.md"));
    var missing = new ArrayList<String>();
    for (var trace : Traces.all()) {
      if (trace.fate() == Fate.STAYS && !page.contains("`" + trace.column() + "`")) {
        missing.add(trace.column());
      }
    }
    assertThat(missing).isEmpty();
  }
}
