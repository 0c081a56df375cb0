package dev.lanyard.server.database;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;

/// Brings the tables to the version that this program knows.
///
/// Flyway costs more than the rest of a start together, so it is asked only when its own record
/// does not show exactly our scripts: each there, with our checksum, successful.
final class Migrations {
  private static final String FOLDER = "db/migration/";
  private static final String RECORD = "flyway_schema_history";

  /// Every script, in order; a test compares this with the folder.
  static final List<String> SCRIPTS =
      List.of(
          "V1__foundation.sql",
          "V2__kill.sql",
          "V3__delivery.sql",
          "V4__scim.sql",
          "V5__signals.sql",
          "V7__publication.sql",
          "V8__reach.sql",
          "V9__role.sql",
          "V10__flow.sql",
          "V11__early_end.sql",
          "V12__provisioning.sql",
          "V13__upstream_subject.sql",
          "V14__bulk_receipts.sql",
          "V20__asserted_at.sql",
          "V26__organisation.sql",
          "V27__former_address.sql",
          "V29__opaque_token.sql",
          "V30__status_list.sql",
          "V32__event_feed.sql",
          "V34__saml.sql",
          "V36__requested_claims.sql",
          "V39__keys.sql",
          "V40__authorization_details.sql",
          "V41__installation_secret.sql",
          "V42__id_jag_use.sql",
          "V43__consent.sql",
          "V47__pushed_request.sql",
          "V48__client_document.sql",
          "V49__registered_client.sql",
          "V51__reconciliation.sql",
          "V52__client_document_forgotten.sql",
          "V53__audit_tree.sql",
          "V54__audit_erasure.sql",
          "V56__why_and_export.sql",
          "V57__access_history.sql",
          "V58__mcp_session.sql",
          "V59__tool.sql",
          "V60__upstream_grant.sql",
          "V61__upstream_errand.sql",
          "V62__mcp_asked.sql",
          "V63__upstream_ema.sql",
          "V65__audit_lasting.sql",
          "V68__probe.sql",
          "V69__connector_use.sql",
          "V70__forecast.sql",
          "V71__review.sql",
          "V73__console_session.sql",
          "V76__launch_taken_back.sql",
          "V78__library_draft.sql",
          "V79__exception_request.sql",
          "V80__api_repeat.sql",
          "V82__signed_forecast.sql",
          "V85__console_motion.sql",
          "V86__entered_client.sql",
          "V87__submission_withdrawn.sql",
          "V89__membership_by_group.sql",
          "V90__submission_taken.sql",
          "V92__receipt_revision.sql",
          "V93__refresh_generation.sql",
          "V94__signals_told.sql",
          "V95__upstream_life.sql",
          "V96__mcp_log_level.sql",
          "V97__domain_of_who_proves_it.sql",
          "V98__organisation_administrator.sql",
          "V99__tool_turn.sql",
          "V100__refused_key.sql",
          "V101__mcp_subscription.sql",
          "V102__audit_own.sql",
          "V103__mcp_task.sql",
          "V104__verified_address.sql",
          "V105__mcp_task_provider.sql",
          "V106__mcp_task_end.sql",
          "V107__former_user_name.sql",
          "V108__own_broker.sql",
          "V109__given_user_name.sql",
          "V110__tool_wording.sql",
          "V111__upstream_end.sql",
          "V112__tool_mirrored.sql",
          "V113__mcp_session_owner.sql",
          "V114__organisation_visitor.sql",
          "V115__turn.sql",
          "V116__former_address_person.sql",
          "V117__organisation_name_id.sql",
          "V118__turns_and_suspicions.sql",
          "V119__mcp_session_end.sql");

  private Migrations() {}

  private record Applied(String script, int checksum, boolean success) {}

  /// @throws DatabaseException if a newer program has been here
  static boolean areApplied(Connection connection) throws SQLException {
    if (!hasRecord(connection)) {
      return false;
    }
    var applied = applied(connection);
    if (applied.size() > SCRIPTS.size()) {
      throw new TablesException(
          "the database has been migrated by a newer version of this program: it knows "
              + applied.getLast().script());
    }
    return applied.equals(SCRIPTS.stream().map(Migrations::expected).toList());
  }

  /// @return always true
  /// @throws TablesException if there are no tables, or not those of this program
  static boolean refuseOthers(Connection connection) throws SQLException {
    if (!hasRecord(connection)) {
      throw nothingYet();
    }
    if (!areApplied(connection)) {
      throw new TablesException(
          ("the database is older than this program: of %d steps of its tables it has %d."
                  + " 'lanyard serve' of this version migrates it; this command changes nothing")
              .formatted(SCRIPTS.size(), applied(connection).size()));
    }
    return true;
  }

  static TablesException nothingYet() {
    return new TablesException(
        "there is nothing in the database yet. 'lanyard serve' creates its tables when it starts;"
            + " this command changes nothing");
  }

  private static boolean hasRecord(Connection connection) throws SQLException {
    try (var tables =
        connection.getMetaData().getTables(null, connection.getSchema(), RECORD, null)) {
      return tables.next();
    }
  }

  private static List<Applied> applied(Connection connection) throws SQLException {
    var select =
        "SELECT script, checksum, success FROM "
            + RECORD
            + " WHERE version IS NOT NULL ORDER BY installed_rank";
    try (var statement = connection.prepareStatement(select);
        var rows = statement.executeQuery()) {
      var applied = new ArrayList<Applied>();
      while (rows.next()) {
        applied.add(new Applied(rows.getString(1), rows.getInt(2), rows.getBoolean(3)));
      }
      return applied;
    }
  }

  private static Applied expected(String script) {
    return new Applied(script, checksum(script), true);
  }

  /// As Flyway computes it: over the lines without their ends.
  private static int checksum(String script) {
    var resource = Migrations.class.getClassLoader().getResourceAsStream(FOLDER + script);
    if (resource == null) {
      throw new IllegalStateException("this program lacks its own script " + script);
    }
    try (var reader = new BufferedReader(new InputStreamReader(resource, StandardCharsets.UTF_8))) {
      var crc = new CRC32();
      reader.lines().forEach(line -> crc.update(line.getBytes(StandardCharsets.UTF_8)));
      return (int) crc.getValue();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// @param identity how a column is declared that numbers the rows
  static void apply(DataSource source, String identity) {
    try {
      Flyway.configure(Migrations.class.getClassLoader())
          .dataSource(source)
          .locations("classpath:" + FOLDER)
          .placeholders(Map.of("identity", identity))
          .load()
          .migrate();
    } catch (FlywayException e) {
      throw new DatabaseException("the database cannot be migrated", e);
    }
  }
}
