package dev.lanyard.server.ras.organisations;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.server.database.Statements;
import dev.lanyard.server.ras.organisations.EnrolledOrganisation.Domain;
import dev.lanyard.server.revocation.Denied;
import dev.lanyard.server.revocation.DenySet;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The tables of enrolled organisations, in one transaction of the caller's.
public final class OrganisationTables {
  /// The kind of the changes by which nodes learn that an organisation is another than before.
  public static final String CHANGE = "organisation";

  private final Connection connection;
  private final Statements statements;

  public OrganisationTables(Connection connection) {
    this.connection = connection;
    this.statements = new Statements(connection);
  }

  /// Which domains organisations say are their own.
  public DomainTable domains() {
    return new DomainTable(statements);
  }

  /// The secrets that let somebody in.
  public AccessTable access() {
    return new AccessTable(connection);
  }

  /// Who comes back by signing in.
  public AdministratorTable administrators() {
    return new AdministratorTable(statements);
  }

  /// The refused keys that outlive a claim.
  public RefusedKeyTable refusedKeys() {
    return new RefusedKeyTable(statements);
  }

  /// The NameID rules that outlive a claim.
  public NameIdTable nameIds() {
    return new NameIdTable(statements);
  }

  /// Whether a kill has stopped an organisation, or everything, until somebody lifts it.
  public boolean isStopped(String organisation) throws SQLException {
    return DenySet.stop(connection, Denied.organisation(organisation)).isPresent()
        || DenySet.stop(connection, Denied.all()).isPresent();
  }

  /// The same of an issuer alone.
  public boolean isStopped(Issuer issuer) throws SQLException {
    return DenySet.stop(connection, Denied.issuer(issuer)).isPresent();
  }

  /// What a change of the kind [#CHANGE] says.
  public static JsonObject change(String organisation) {
    return JsonObject.builder().put("name", organisation).build();
  }

  /// Every organisation, the removed ones too.
  public List<EnrolledOrganisation> all() throws SQLException {
    return read("", new Object[0]);
  }

  public Optional<EnrolledOrganisation> find(String name) throws SQLException {
    return read(" WHERE name = ?", name).stream().findFirst();
  }

  /// The same, and whoever else would change it waits until this transaction has ended.
  public Optional<EnrolledOrganisation> lock(String name, Instant now) throws SQLException {
    statements.update("UPDATE organisation SET changed_at = ? WHERE name = ?", now, name);
    return find(name);
  }

  private List<EnrolledOrganisation> read(String where, Object... values) throws SQLException {
    var of = where.replace("name", "organisation");
    var issuers = new HashMap<String, List<IssuerEnrolment>>();
    statements.list(
        "SELECT organisation, issuer, preset, stage, challenge, proof, rules, due"
            + " FROM organisation_issuer"
            + of
            + " ORDER BY created_at, issuer",
        rows -> add(issuers, rows.getString(1), issuer(rows)),
        values);
    var domains = new HashMap<String, List<Domain>>();
    statements.list(
        "SELECT organisation, domain, challenge, proof FROM organisation_domain"
            + of
            + " ORDER BY created_at, domain",
        rows ->
            add(
                domains,
                rows.getString(1),
                new Domain(rows.getString(2), rows.getString(3), proof(rows))),
        values);
    return statements.list(
        "SELECT name, state, rules, due, created_at FROM organisation" + where + " ORDER BY name",
        rows -> {
          var name = rows.getString(1);
          return new EnrolledOrganisation(
              name,
              Standing.of(rows.getString(2)),
              rules(rows.getString(3)),
              domains.getOrDefault(name, List.of()),
              issuers.getOrDefault(name, List.of()),
              Instant.ofEpochMilli(rows.getLong(4)),
              Instant.ofEpochMilli(rows.getLong(5)));
        },
        values);
  }

  private static <T> T add(Map<String, List<T>> lists, String name, T one) {
    lists.computeIfAbsent(name, _ -> new ArrayList<>()).add(one);
    return one;
  }

  private static IssuerEnrolment issuer(ResultSet rows) throws SQLException {
    try {
      return new IssuerEnrolment(
          new Issuer(rows.getString("issuer")),
          Preset.of(rows.getString("preset")).orElseThrow(),
          Stage.of(rows.getString("stage")),
          rows.getString("challenge"),
          proof(rows),
          IssuerRules.parse(JsonObject.parse(rows.getString("rules"))),
          Instant.ofEpochMilli(rows.getLong("due")));
    } catch (MalformedException e) {
      throw new IllegalStateException("the rules of an issuer cannot be read", e);
    }
  }

  private static OrganisationRules rules(String json) {
    try {
      return OrganisationRules.parse(JsonObject.parse(json));
    } catch (MalformedException e) {
      throw new IllegalStateException("the rules of an organisation cannot be read", e);
    }
  }

  private static Optional<Proof> proof(ResultSet rows) throws SQLException {
    return Optional.ofNullable(rows.getString("proof")).map(Proof::of);
  }

  /// @return whether the name was free
  public boolean insert(String name, OrganisationRules rules, Instant due, Instant now)
      throws SQLException {
    return statements.update(
            """
            INSERT INTO organisation (name, state, rules, due, created_at, changed_at)
            VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
            """,
            name,
            Standing.OPEN.value(),
            rules.toJson().toJson(),
            due,
            now,
            now)
        > 0;
  }

  public void setStanding(String name, Standing standing) throws SQLException {
    statements.update("UPDATE organisation SET state = ? WHERE name = ?", standing.value(), name);
  }

  public void setRules(String name, OrganisationRules rules) throws SQLException {
    statements.update(
        "UPDATE organisation SET rules = ? WHERE name = ?", rules.toJson().toJson(), name);
  }

  public void setDue(String name, Instant due) throws SQLException {
    statements.update("UPDATE organisation SET due = ? WHERE name = ?", due, name);
  }

  /// Writes an issuer as it is now.
  public void put(String organisation, IssuerEnrolment issuer, Instant now) throws SQLException {
    statements.update(
        """
        INSERT INTO organisation_issuer
          (organisation, issuer, preset, stage, challenge, proof, rules, due, created_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (organisation, issuer) DO UPDATE SET preset = excluded.preset,
          stage = excluded.stage, challenge = excluded.challenge, proof = excluded.proof,
          rules = excluded.rules, due = excluded.due
        """,
        organisation,
        issuer.issuer().value(),
        issuer.preset().value(),
        issuer.stage().value(),
        issuer.challenge(),
        issuer.proof().map(Proof::value),
        issuer.rules().toJson().toJson(),
        issuer.due(),
        now);
  }

  /// Whoever changes the organisation at the same time waits, or is waited for: otherwise they
  /// would write back the stage that they have read.
  ///
  /// @return whether it waited for this, in time
  boolean activate(String organisation, Issuer issuer, Instant now) throws SQLException {
    var waiting =
        lock(organisation, now)
            .filter(one -> one.standing() == Standing.OPEN)
            .flatMap(one -> one.issuer(issuer))
            .filter(one -> one.stage() == Stage.PENDING && !one.isOver(now));
    return waiting.isPresent()
        && statements.update(
                """
                UPDATE organisation_issuer SET stage = 'active'
                WHERE organisation = ? AND issuer = ?
                """,
                organisation,
                issuer.value())
            > 0;
  }

  boolean isActive(String organisation, Issuer issuer) throws SQLException {
    return find(organisation)
        .filter(one -> one.standing() == Standing.OPEN)
        .flatMap(one -> one.issuer(issuer))
        .filter(one -> one.stage() == Stage.ACTIVE)
        .isPresent();
  }

  /// Removes an issuer. Which of its keys were refused, and what the operator has said of its
  /// NameIDs, stays known for the next claim.
  public void removeIssuer(String organisation, IssuerEnrolment known, Instant now)
      throws SQLException {
    var issuer = known.issuer();
    refusedKeys().leave(organisation, issuer, known.rules().keys().refused(), now);
    if (known.rules().nameId().isPresent()) {
      nameIds().leave(organisation, issuer, known.rules().nameId().get());
    }
    administrators().forget(organisation, issuer);
    statements.update(
        "DELETE FROM organisation_issuer WHERE organisation = ? AND issuer = ?",
        organisation,
        issuer.value());
    releaseTrust(organisation, issuer);
  }

  /// Makes an issuer speak for this organisation and no other. Of two organisations that claim it
  /// at once, also on two nodes, one gets it.
  ///
  /// @return whether it is this organisation's now
  public boolean claimTrust(String organisation, Issuer issuer) throws SQLException {
    statements.update(
        "INSERT INTO organisation_trust (issuer, organisation) VALUES (?, ?) ON CONFLICT DO"
            + " NOTHING",
        issuer.value(),
        organisation);
    return holder(issuer).equals(Optional.of(organisation));
  }

  /// Whose issuer it is.
  public Optional<String> holder(Issuer issuer) throws SQLException {
    return statements.first(
        "SELECT organisation FROM organisation_trust WHERE issuer = ?",
        rows -> rows.getString(1),
        issuer.value());
  }

  public void releaseTrust(String organisation, Issuer issuer) throws SQLException {
    statements.update(
        "DELETE FROM organisation_trust WHERE issuer = ? AND organisation = ?",
        issuer.value(),
        organisation);
  }

  /// Lets nobody in any more, nor back.
  public void withdrawAll(String organisation) throws SQLException {
    administrators().forgetAll(organisation);
    access().endAll(organisation);
  }

  /// The same at every organisation, except that whoever comes back by signing in may do so again.
  void endAllVisits() throws SQLException {
    statements.update("UPDATE organisation SET changed_at = changed_at");
    access().endAll();
  }

  /// The issuers whose enrolment came to nothing in time, with their organisations.
  public List<Map.Entry<String, Issuer>> overdue(Instant now) throws SQLException {
    return statements.list(
        "SELECT organisation, issuer FROM organisation_issuer WHERE stage <> 'active' AND due <= ?",
        rows -> Map.entry(rows.getString(1), new Issuer(rows.getString(2))),
        now);
  }
}
