package dev.lanyard.server.transparency;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.audit.Alterations;
import dev.lanyard.server.audit.AuditRecord;
import dev.lanyard.server.audit.PersonalData;
import dev.lanyard.server.audit.Revealing;
import dev.lanyard.server.audit.StoredRecord;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.Statements;
import dev.lanyard.server.keys.KeyException;
import dev.lanyard.server.keys.MasterKey;
import dev.lanyard.server.keys.SealedColumn;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Conceals what is personal in the evidence of a record before the record becomes a leaf, under a
/// key of the person's own. Whoever destroys that key has erased it, in every export too, and the
/// log still verifies: its leaves are over what is concealed. A backup of the database has the keys
/// that there were when it was made. Thread-safe.
///
/// No key is kept in memory for longer than a step.
final class PersonKeys implements Revealing {
  /// Stands in place of what was concealed under a key that is destroyed.
  static final String ERASED = "[erased]";

  /// Stands in place of what cannot be read although nobody has erased it.
  static final String MISSING = "[key missing]";

  private static final Logger LOG = LoggerFactory.getLogger(PersonKeys.class);
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int KEY_BYTES = 32;

  private final Database database;
  private final MasterKey masterKey;

  PersonKeys(Database database, MasterKey masterKey) {
    this.database = database;
    this.masterKey = masterKey;
  }

  /// Where they are kept.
  static SealedColumn sealed() {
    return new SealedColumn(
        "audit_person_key", List.of("person"), "sealed", key -> context(key.getFirst()));
  }

  private static String context(String person) {
    return "personal data of " + person;
  }

  /// Records as they become leaves.
  ///
  /// @param records all of them, in their order
  /// @param changed those that are not as they were recorded
  /// @param fresh sealed keys by the person
  record Concealed(
      List<StoredRecord> records, List<StoredRecord> changed, Map<String, String> fresh) {

    void write(Connection connection, Instant now) throws SQLException {
      new Statements(connection)
          .each(
              "INSERT INTO audit_person_key (person, sealed, made_at) VALUES (?, ?, ?)",
              fresh.entrySet().stream()
                  .map(key -> new Object[] {key.getKey(), key.getValue(), now})
                  .toList());
      Alterations.conceal(connection, changed);
    }
  }

  Concealed conceal(Connection connection, List<StoredRecord> records) throws SQLException {
    var parts = new HashMap<Long, PersonalData.Parts>();
    var people = new HashSet<String>();
    for (var record : records) {
      PersonalData.of(record)
          .ifPresent(found -> {
            parts.put(record.sequence(), found);
            people.add(record.person().orElseThrow());
          });
    }
    if (parts.isEmpty()) {
      return new Concealed(records, List.of(), Map.of());
    }
    var keys = keys(connection, people);
    var erased = erased(connection, people);
    var fresh = new HashMap<String, String>();
    var all = new ArrayList<StoredRecord>();
    var changed = new ArrayList<StoredRecord>();
    for (var record : records) {
      var found = parts.get(record.sequence());
      if (found == null) {
        all.add(record);
      } else {
        var person = record.person().orElseThrow();
        var sealed =
            erased.contains(person)
                ? ERASED
                : keys.computeIfAbsent(person, _ -> make(person, fresh))
                    .seal(new Secret(found.personal().toJson()), context(person));
        var concealed = JsonObject.builder().put(PersonalData.CONCEALED, sealed).build();
        changed.add(record.withEvidence(found.others().with(concealed).toJson()));
        all.add(changed.getLast());
      }
    }
    return new Concealed(all, changed, fresh);
  }

  private MasterKey make(String person, Map<String, String> fresh) {
    var bytes = new byte[KEY_BYTES];
    RANDOM.nextBytes(bytes);
    var key = new Secret(Base64.getEncoder().encodeToString(bytes));
    fresh.put(person, masterKey.seal(key, context(person)));
    return MasterKey.of(key, "of a person");
  }

  private Map<String, MasterKey> keys(Connection connection, Collection<String> people)
      throws SQLException {
    var keys = new HashMap<String, MasterKey>();
    sealed(connection, people).forEach((person, sealed) -> keys.put(person, open(person, sealed)));
    return keys;
  }

  private static Map<String, String> sealed(Connection connection, Collection<String> people)
      throws SQLException {
    var keys = new HashMap<String, String>();
    new Statements(connection)
        .among(
            "SELECT person, sealed FROM audit_person_key WHERE person IN",
            people,
            rows -> keys.put(rows.getString(1), rows.getString(2)));
    return keys;
  }

  /// Those that can be opened: one that somebody has spoiled keeps no record from anybody.
  private Map<String, MasterKey> good(Connection connection, Collection<String> people)
      throws SQLException {
    var keys = new HashMap<String, MasterKey>();
    sealed(connection, people)
        .forEach((person, sealed) -> {
          try {
            keys.put(person, open(person, sealed));
          } catch (KeyException | IllegalArgumentException e) {
            LOG.warn("the key of {} in the audit record is none: {}", person, e.getMessage());
          }
        });
    return keys;
  }

  /// Those of some records in which something is concealed that the key of their person does not
  /// open.
  List<StoredRecord> unopened(Connection connection, List<StoredRecord> records)
      throws SQLException {
    var people = new HashSet<String>();
    records.forEach(record -> record.person().ifPresent(people::add));
    var keys = good(connection, people);
    return records.stream()
        .filter(record ->
            record
                .person()
                .flatMap(person ->
                    Optional.ofNullable(keys.get(person))
                        .flatMap(key -> opened(key, person, record)))
                .isEmpty())
        .toList();
  }

  private static Optional<JsonObject> opened(MasterKey key, String person, StoredRecord record) {
    try {
      return opened(key, person, JsonObject.parseLarge(record.evidence().getBytes(UTF_8)));
    } catch (MalformedException _) {
      return Optional.empty();
    }
  }

  private MasterKey open(String person, String sealed) {
    return MasterKey.of(masterKey.open(sealed, context(person)), "of a person");
  }

  private static Set<String> erased(Connection connection, Collection<String> people)
      throws SQLException {
    return Set.copyOf(
        new Statements(connection)
            .among(
                "SELECT person FROM audit_erased WHERE person IN",
                people,
                rows -> rows.getString(1)));
  }

  @Override
  public List<AuditRecord> reveal(List<AuditRecord> records) {
    var people = new HashSet<String>();
    for (var record : records) {
      if (record.event().evidence().has(PersonalData.CONCEALED)) {
        record.event().person().ifPresent(people::add);
      }
    }
    if (people.isEmpty()) {
      return records;
    }
    var keys = database.read(connection -> good(connection, people));
    var erased = database.read(connection -> erased(connection, people));
    return records.stream().map(record -> reveal(record, keys, erased)).toList();
  }

  private static AuditRecord reveal(
      AuditRecord record, Map<String, MasterKey> keys, Set<String> erased) {
    var event = record.event();
    if (event.person().isEmpty() || !event.evidence().has(PersonalData.CONCEALED)) {
      return record;
    }
    var person = event.person().get();
    var others = event.evidence().without(PersonalData.CONCEALED);
    var personal =
        Optional.ofNullable(keys.get(person))
            .flatMap(key -> opened(key, person, event.evidence()))
            .orElseGet(() -> {
              var why = erased.contains(person) ? ERASED : MISSING;
              return JsonObject.builder().put(PersonalData.CONCEALED, why).build();
            });
    return new AuditRecord(record.sequence(), event.withEvidence(others.with(personal)));
  }

  /// Empty if it was erased, or somebody has changed it.
  private static Optional<JsonObject> opened(MasterKey key, String person, JsonObject evidence) {
    try {
      var concealed = evidence.string(PersonalData.CONCEALED).orElse(ERASED);
      return concealed.equals(ERASED)
          ? Optional.empty()
          : Optional.of(
              JsonObject.parseLarge(key.open(concealed, context(person)).reveal().getBytes(UTF_8)));
    } catch (MalformedException | KeyException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
