package dev.lanyard.server.ras.organisations;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.database.Statements;
import dev.lanyard.server.ras.organisations.EnrolledOrganisation.Domain;
import dev.lanyard.server.sessions.OpaqueToken;
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

  private final Statements statements;

  public OrganisationTables(Connection connection) {
    this.statements = new Statements(connection);
  }

  /// Who comes back by signing in.
  public AdministratorTable administrators() {
    return new AdministratorTable(statements);
  }

  /// The refused keys that outlive a claim.
  public RefusedKeyTable refusedKeys() {
    return new RefusedKeyTable(statements);
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

  /// Removes an issuer. Which of its keys were refused stays known, for the next claim.
  public void removeIssuer(String organisation, IssuerEnrolment known, Instant now)
      throws SQLException {
    var issuer = known.issuer();
    refusedKeys().leave(organisation, issuer, known.rules().keys().refused(), now);
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

  /// Says that a domain is an organisation's, unless somebody has proved it or one that looks like
  /// it. Nothing is meant by that before it is proved. A claim that is there is as new again.
  ///
  /// @return whether it is said now
  public boolean claimDomain(String organisation, DomainName domain, String challenge, Instant now)
      throws SQLException {
    var proved =
        statements.first(
            """
            SELECT organisation, domain FROM organisation_domain
            WHERE skeleton = ? AND proof IS NOT NULL
            """,
            OrganisationTables::claim,
            domain.skeleton());
    var own = new DomainClaim(organisation, domain.value());
    if (proved.isPresent()) {
      return proved.get().equals(own);
    }
    statements.update(
        """
        INSERT INTO organisation_domain
          (organisation, domain, skeleton, challenge, created_at)
        VALUES (?, ?, ?, ?, ?)
        ON CONFLICT (organisation, domain) DO UPDATE SET created_at = excluded.created_at
        """,
        organisation,
        domain.value(),
        domain.skeleton(),
        challenge,
        now);
    return true;
  }

  /// An organisation says that a domain is its own.
  public record DomainClaim(String organisation, String domain) {}

  private static DomainClaim claim(ResultSet rows) throws SQLException {
    return new DomainClaim(rows.getString(1), rows.getString(2));
  }

  /// What became of a proof.
  public sealed interface DomainProof {
    /// The domain is the organisation's.
    ///
    /// @param ended what others have said of it, or of what looks like it, and not proved
    record Taken(List<DomainClaim> ended) implements DomainProof {}

    /// Somebody has proved it, or one that looks like it.
    record Held() implements DomainProof {}

    /// The organisation does not say, or not any more, that it is its own.
    record NotNamed() implements DomainProof {}
  }

  private record Named(String skeleton, String challenge, long createdAt) {}

  /// Makes a domain this organisation's and nobody else's. Of several that prove it at once, or
  /// what looks like it, also on several nodes, one gets it. The caller rolls back what is not
  /// taken.
  public DomainProof proveDomain(String organisation, String domain, Proof proof)
      throws SQLException {
    var named =
        statements.first(
            """
            SELECT skeleton, challenge, created_at FROM organisation_domain
            WHERE organisation = ? AND domain = ?
            """,
            rows -> new Named(rows.getString(1), rows.getString(2), rows.getLong(3)),
            organisation,
            domain);
    if (named.isEmpty()) {
      return new DomainProof.NotNamed();
    }
    var claim = named.get();
    removeDomain(organisation, domain);
    // An update would fail where another is faster; this waits for it, and then does nothing.
    boolean isFirst =
        statements.update(
                """
                INSERT INTO organisation_domain
                  (organisation, domain, skeleton, challenge, proof, created_at)
                VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
                """,
                organisation,
                domain,
                claim.skeleton(),
                claim.challenge(),
                proof.value(),
                claim.createdAt())
            > 0;
    return isFirst
        ? new DomainProof.Taken(endedClaims(organisation, claim.skeleton()))
        : new DomainProof.Held();
  }

  private List<DomainClaim> endedClaims(String organisation, String skeleton) throws SQLException {
    var others =
        statements.list(
            """
            SELECT organisation, domain FROM organisation_domain
            WHERE skeleton = ? AND proof IS NULL AND organisation <> ?
            ORDER BY organisation, domain
            """,
            OrganisationTables::claim,
            skeleton,
            organisation);
    statements.update(
        """
        DELETE FROM organisation_domain
        WHERE skeleton = ? AND proof IS NULL AND organisation <> ?
        """,
        skeleton,
        organisation);
    return others;
  }

  public void removeDomain(String organisation, String domain) throws SQLException {
    statements.update(
        "DELETE FROM organisation_domain WHERE organisation = ? AND domain = ?",
        organisation,
        domain);
  }

  /// The organisations whose claims to domains came to nothing in time.
  ///
  /// @param before what was claimed until then
  public List<String> withIdleDomains(Instant before, Instant now) throws SQLException {
    return statements.list(
        """
        SELECT DISTINCT claim.organisation FROM organisation_domain claim
        JOIN organisation ON organisation.name = claim.organisation
        WHERE claim.proof IS NULL AND claim.created_at <= ? AND organisation.due <= ?
        ORDER BY claim.organisation
        """,
        rows -> rows.getString(1),
        before,
        now);
  }

  /// Ends the claims of an organisation that came to nothing in time.
  ///
  /// @param before what was claimed until then
  /// @return the domains
  public List<String> endIdleDomains(String organisation, Instant before) throws SQLException {
    var idle =
        statements.list(
            """
            SELECT domain FROM organisation_domain
            WHERE organisation = ? AND proof IS NULL AND created_at <= ? ORDER BY domain
            """,
            rows -> rows.getString(1),
            organisation,
            before);
    for (var domain : idle) {
      removeDomain(organisation, domain);
    }
    return idle;
  }

  /// Lets whoever brings this secret in, until then.
  ///
  /// @param kind `code` or `cookie`
  public void admit(String organisation, String kind, Secret secret, Instant until)
      throws SQLException {
    statements.update(
        "INSERT INTO organisation_access (hash, kind, organisation, expires_at) VALUES (?, ?, ?,"
            + " ?)",
        OpaqueToken.hash(secret),
        kind,
        organisation,
        until);
  }

  /// Whose secret it is, if it still lets in.
  public Optional<String> admitted(String kind, Secret secret, Instant now) throws SQLException {
    return statements.first(
        "SELECT organisation FROM organisation_access"
            + " WHERE hash = ? AND kind = ? AND expires_at > ?",
        rows -> rows.getString(1),
        OpaqueToken.hash(secret),
        kind,
        now);
  }

  /// Takes a secret back.
  ///
  /// @return whether it was there: of several who take it at once, one has it
  public boolean withdraw(String kind, Secret secret) throws SQLException {
    return statements.update(
            "DELETE FROM organisation_access WHERE hash = ? AND kind = ?",
            OpaqueToken.hash(secret),
            kind)
        > 0;
  }

  /// Ends a code. Until its time is over it stays known for what it was.
  ///
  /// @return whether it has let in until now: of several who use it at once, one has it
  public boolean use(Secret code) throws SQLException {
    return statements.update(
            "UPDATE organisation_access SET kind = 'used' WHERE hash = ? AND kind = 'code'",
            OpaqueToken.hash(code))
        > 0;
  }

  /// Lets nobody in any more, nor back. Codes stay known for what they were.
  public void withdrawAll(String organisation) throws SQLException {
    administrators().forgetAll(organisation);
    statements.update(
        "DELETE FROM organisation_access WHERE organisation = ? AND kind = 'cookie'", organisation);
    statements.update(
        """
        UPDATE organisation_access SET kind = 'withdrawn' WHERE organisation = ? AND kind = 'code'
        """,
        organisation);
  }

  /// A code that has let in, or could have.
  ///
  /// @param kind `used` or `withdrawn`; `code` if only its time is over
  public record FormerCode(String organisation, String kind) {}

  /// What a code was; empty if it was none, or that has been forgotten.
  public Optional<FormerCode> formerCode(Secret code) throws SQLException {
    return statements.first(
        "SELECT organisation, kind FROM organisation_access WHERE hash = ? AND kind <> 'cookie'",
        rows -> new FormerCode(rows.getString(1), rows.getString(2)),
        OpaqueToken.hash(code));
  }

  /// The issuers whose enrolment came to nothing in time, with their organisations.
  public List<Map.Entry<String, Issuer>> overdue(Instant now) throws SQLException {
    return statements.list(
        "SELECT organisation, issuer FROM organisation_issuer WHERE stage <> 'active' AND due <= ?",
        rows -> Map.entry(rows.getString(1), new Issuer(rows.getString(2))),
        now);
  }
}
