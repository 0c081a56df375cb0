package dev.lanyard.server.app.command.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanyard.protocol.egress.TrustedTls;
import dev.lanyard.server.app.Installed;
import dev.lanyard.server.app.configuration.ConfigurationFile;
import dev.lanyard.server.app.node.Lanyard;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.Statements;
import dev.lanyard.server.pair.Soon;
import dev.lanyard.server.tlog.Note;
import dev.lanyard.server.tlog.NoteKey;
import dev.lanyard.server.tlog.NoteKey.Judgement;
import dev.lanyard.server.tlog.NoteSigner;
import dev.lanyard.server.transparency.TransparencyConfig.Anchor;
import dev.lanyard.server.yaml.FaultyFileException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("AUD-5: lanyard audit keys, export, verify and proof")
class AuditLogCommandsTest {
  private static final String SECRET = "0123456789abcdef0123456789abcdef";

  @TempDir Path folder;
  private Installed installed;

  @BeforeEach
  void install() throws IOException {
    installed = Installed.in(folder.resolve("set-up"));
    for (int i = 0; i < 3; i++) {
      assertThat(installed.here("reconcile").exit()).isZero();
    }
  }

  private String key() {
    return installed.here("audit", "keys").out().strip();
  }

  private String export() {
    return folder.resolve("export").toString();
  }

  private void tamper(String sql) {
    var config = ConfigurationFile.read(installed.configuration(), Map.of());
    try (var database = Database.open(config.database(), Clock.systemUTC())) {
      int rows = database.write(connection -> new Statements(connection).update(sql));
      assertThat(rows).isPositive();
    }
  }

  private void configure(String yaml) throws IOException {
    Files.writeString(installed.configuration(), yaml, StandardOpenOption.APPEND);
  }

  @Test
  @DisplayName("An export is verified without the installation, by its key alone")
  void offline() {
    assertThat(installed.here("audit", "export", export()).exit()).isZero();

    var ran = Installed.run("audit", "verify", export(), "--key", key());

    assertThat(ran.exit()).as(ran.out() + ran.err()).isZero();
    assertThat(ran.out()).contains("/audit-log: ").doesNotContain(" 0 of them verified");
  }

  private static void sparse(Path file, long octets) throws IOException {
    Files.deleteIfExists(file);
    try (var made = new RandomAccessFile(file.toFile(), "rw")) {
      made.setLength(octets);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"records/000000.part.jsonl", "uncovered.jsonl", "checkpoint"})
  @DisplayName("An export with a file of gigabytes is refused in words, and takes no memory for it")
  void gigabytes(String file) throws IOException {
    assertThat(installed.here("audit", "export", export()).exit()).isZero();
    sparse(folder.resolve("export").resolve(file), 3L << 30);

    var ran = Installed.run("audit", "verify", export(), "--key", key());

    assertThat(ran.exit()).as(ran.out() + ran.err()).isEqualTo(1);
    assertThat(ran.err()).startsWith("lanyard: ").hasLineCount(1).contains("export");
  }

  @ParameterizedTest
  @ValueSource(strings = {"records/000000.part.jsonl", "uncovered.jsonl", "checkpoint"})
  @DisplayName("nor is a device read, to which a link leads")
  void devices(String file) throws IOException {
    assertThat(installed.here("audit", "export", export()).exit()).isZero();
    var place = folder.resolve("export").resolve(file);
    Files.deleteIfExists(place);
    Files.createSymbolicLink(place, Path.of("/dev/zero"));

    var ran = Installed.run("audit", "verify", export(), "--key", key());

    assertThat(ran.exit()).as(ran.out() + ran.err()).isEqualTo(1);
    assertThat(ran.err()).contains("it is no ordinary file");
  }

  @Test
  @DisplayName("Lines without end, and what is nested without end, are no records")
  void lines_and_nesting() throws IOException {
    assertThat(installed.here("audit", "export", export()).exit()).isZero();
    var file = folder.resolve("export/records/000000.part.jsonl");
    var good = Files.readString(file);
    Files.writeString(file, good + "\n".repeat(200_000));
    assertThat(Installed.run("audit", "verify", export(), "--key", key()).err())
        .contains("there are more than 131072 lines");
    for (var more : List.of("{\"a\":" + "[".repeat(500_000), "[".repeat(100_000))) {
      Files.writeString(file, good + more + "\n");
      var ran = Installed.run("audit", "verify", export(), "--key", key());
      assertThat(ran.exit()).as(ran.out() + ran.err()).isEqualTo(3);
      assertThat(ran.out()).contains("was never recorded").hasSizeLessThan(5_000);
    }
  }

  @Test
  @DisplayName("A proof, and checkpoints, of gigabytes are none")
  void large_proofs() throws IOException {
    assertThat(installed.here("audit", "export", export()).exit()).isZero();
    var large = folder.resolve("large");
    sparse(large, 3L << 30);

    assertThat(Installed.run("audit", "verify", large.toString(), "--key", key()).err())
        .contains("too large for a proof or checkpoints");
    assertThat(
            Installed.run(
                    "audit", "verify", export(), "--key", key(), "--checkpoint", large.toString())
                .err())
        .contains("too large for a proof or checkpoints");
  }

  @ParameterizedTest
  @ValueSource(strings = {"records", "tile", "tile/0"})
  @DisplayName("An export is not led out of its folder by a link in it")
  void links(String name) throws IOException {
    var elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
    var link = folder.resolve("export").resolve(name);
    Files.createDirectories(link.getParent());
    Files.createSymbolicLink(link, elsewhere);

    var ran = installed.here("audit", "export", export());

    assertThat(ran.exit()).isEqualTo(1);
    assertThat(ran.err()).contains(link + " is a symbolic link; nothing is written through it");
    assertThat(elsewhere).isEmptyDirectory();
  }

  @Test
  @DisplayName("A record that was changed in the database is named: exit code 3")
  void altered() {
    installed.here("audit", "export", export());
    tamper("UPDATE audit SET outcome = 'refused' WHERE seq = 2");

    var live = installed.here("audit", "verify");
    var exported = Installed.run("audit", "verify", export(), "--key", key());

    assertThat(live.exit()).isEqualTo(3);
    assertThat(live.out()).contains("ALTERED: record 2 (reconciliation of ");
    assertThat(exported.exit()).as("it was exported before").isZero();
  }

  @Test
  @DisplayName("A log made anew is told by a checkpoint that was kept")
  void forked() throws IOException {
    installed.here("audit", "export", export());
    var kept = folder.resolve("kept.note");
    Files.copy(Path.of(export(), "checkpoint"), kept);
    tamper("UPDATE audit SET outcome = 'refused' WHERE seq = 2");
    tamper("DELETE FROM audit_tile");
    tamper("DELETE FROM audit_tree");
    installed.here("audit", "export", folder.resolve("second").toString());

    var ran = installed.here("audit", "verify", "--checkpoint", kept.toString());

    assertThat(installed.here("audit", "verify").exit()).as("nobody can tell without").isZero();
    assertThat(ran.exit()).isEqualTo(3);
    assertThat(ran.out()).contains("FORKED");
  }

  @Test
  @DisplayName("What cannot be verified is said so: exit code 1")
  void impossible() throws Exception {
    installed.here("audit", "export", export());
    var stranger = NoteSigner.log("other.example/audit-log", NoteSigner.generate());

    assertThat(Installed.run("audit", "verify", export()).err()).contains("--key");
    assertThat(Installed.run("audit", "verify", folder.toString(), "--key", key()).exit())
        .isEqualTo(1);
    assertThat(Installed.run("audit", "verify", export(), "--key", "nonsense").exit()).isEqualTo(1);
    var other =
        Installed.run("audit", "verify", export(), "--key", stranger.publicKey().toString());
    assertThat(other.exit()).isEqualTo(3);
    assertThat(other.out()).contains("UNSIGNED");
  }

  @Test
  @DisplayName("A file of an export that was deleted is missing: exit code 3")
  void file_deleted() throws IOException {
    installed.here("audit", "export", export());
    Files.delete(Path.of(export(), "records", "000000.part.jsonl"));

    var ran = Installed.run("audit", "verify", export(), "--key", key());

    assertThat(ran.exit()).isEqualTo(3);
    assertThat(ran.out()).contains("MISSING: records/000000.part.jsonl is not there: leaves 0 to ");
  }

  @Test
  @DisplayName("A part of the log is verified as that part, and the rest said to be unknown")
  void partial() {
    var range = List.of("--from", "65536", "--to", "131072");
    var told = installed.here("audit", "export", export(), range.get(0), range.get(1));
    assertThat(told.out()).contains("--from 65536");

    var whole = Installed.run("audit", "verify", export(), "--key", key());
    var part =
        Installed.run(
            "audit",
            "verify",
            export(),
            "--key",
            key(),
            range.get(0),
            range.get(1),
            range.get(2),
            range.get(3));

    assertThat(whole.exit()).isEqualTo(3);
    assertThat(part.exit()).as(part.out() + part.err()).isZero();
    assertThat(part.out()).contains(" 0 of them verified", " records were not looked at");
  }

  @Test
  @DisplayName("A log that is damaged is exported as it is, and does not grow")
  void damaged() {
    installed.here("audit", "export", export());
    tamper("UPDATE audit_tree SET looked_at = 0, size = size - 1");
    installed.here("reconcile");

    var again = installed.here("audit", "export", folder.resolve("second").toString());
    var proof = installed.here("audit", "proof", "2");

    assertThat(again.exit()).as(again.err()).isZero();
    assertThat(again.err()).contains("cannot grow", "were signed");
    assertThat(proof.exit()).isEqualTo(1);
    assertThat(proof.err()).contains("cannot grow").doesNotContain("should not have happened");
  }

  @Test
  @DisplayName("One record is proved by one file")
  void proof() throws IOException {
    var proof = installed.here("audit", "proof", "2");
    assertThat(proof.exit()).as(proof.err()).isZero();
    var file = folder.resolve("two.tlog-proof");
    Files.writeString(file, proof.out());

    var good = Installed.run("audit", "verify", file.toString(), "--key", key());
    Files.writeString(file, proof.out().replace("index 1\n", "index 0\n"));
    var bad = Installed.run("audit", "verify", file.toString(), "--key", key());

    assertThat(good.exit()).as(good.err()).isZero();
    assertThat(good.out()).contains("\"seq\":2,");
    assertThat(bad.exit()).isEqualTo(3);
    assertThat(bad.out()).contains("NOT PROVED");
    assertThat(installed.here("audit", "proof", "999999").err()).contains("no record 999999");
    Files.writeString(file, "nonsense");
    assertThat(Installed.run("audit", "verify", file.toString(), "--key", key()).exit())
        .isEqualTo(1);
  }

  private HttpResponse<byte[]> get(Lanyard lanyard, String path, String secret)
      throws IOException, InterruptedException {
    try (var pem = Files.newInputStream(folder.resolve("set-up/tls/ca.pem"));
        var http =
            HttpClient.newBuilder()
                .sslContext(TrustedTls.context(TrustedTls.readPem(pem)))
                .build()) {
      var url = URI.create("https://localhost:" + lanyard.port(Lanyard.BROKER) + path);
      var request = HttpRequest.newBuilder(url).header("Authorization", "Bearer " + secret);
      return http.send(request.build(), BodyHandlers.ofByteArray());
    }
  }

  @Test
  @DisplayName("A monitor with the secret reads checkpoint and tiles over HTTP, nobody else does")
  void over_http() throws Exception {
    Files.writeString(folder.resolve("set-up/secrets/audit-log"), SECRET);
    configure("\naudit:\n  token_file: secrets/audit-log\n");
    installed.here("audit", "export", export());
    var config = ConfigurationFile.read(installed.configuration(), Map.of());
    try (var lanyard = Lanyard.start(config, Clock.systemUTC())) {
      var checkpoint = get(lanyard, "/audit-log/checkpoint", SECRET);

      assertThat(checkpoint.statusCode()).isEqualTo(200);
      assertThat(NoteKey.parse(key()).judge(Note.parse(new String(checkpoint.body()))))
          .isEqualTo(new Judgement.Signed());
      var tile = get(lanyard, "/audit-log/tile/0/000.p/2", SECRET);
      assertThat(tile.statusCode()).isEqualTo(200);
      assertThat(tile.body()).hasSize(64);
      for (var path :
          List.of(
              "/audit-log/tile/0/000",
              "/audit-log/tile/0/000.p/255",
              "/audit-log/tile/0/000.p/256",
              "/audit-log/tile/0/000.p/0",
              "/audit-log/tile/0/0",
              "/audit-log/tile/00/000.p/1",
              "/audit-log/tile/0/x000/000.p/1",
              "/audit-log/tile/9/000.p/1",
              "/audit-log/tile/0/001.p/1")) {
        assertThat(get(lanyard, path, SECRET).statusCode()).as(path).isEqualTo(404);
      }
      assertThat(get(lanyard, "/audit-log/checkpoint", "wrong").statusCode()).isEqualTo(401);
      assertThat(get(lanyard, "/audit-log/tile/0/000.p/2", "wrong").statusCode()).isEqualTo(401);
    }
  }

  @Test
  @DisplayName("Without a secret in the configuration there is no such page")
  void no_page() throws Exception {
    var config = ConfigurationFile.read(installed.configuration(), Map.of());
    try (var lanyard = Lanyard.start(config, Clock.systemUTC())) {
      assertThat(get(lanyard, "/audit-log/checkpoint", SECRET).statusCode()).isEqualTo(404);
    }
  }

  @Test
  @DisplayName("A running server tells the places of the configuration")
  void anchored() throws Exception {
    configure("\naudit:\n  every: 1s\n  anchors:\n    - {file: checkpoints}\n");
    var config = ConfigurationFile.read(installed.configuration(), Map.of());
    var file = folder.resolve("set-up/checkpoints");
    try (var _ = Lanyard.start(config, Clock.systemUTC())) {
      Soon.until(() -> Files.exists(file));
    }
    assertThat(Note.parseAll(Files.readString(file))).isNotEmpty();
    assertThat(installed.here("audit", "verify", "--checkpoint", file.toString()).exit()).isZero();
  }

  @Test
  @DisplayName("Every property of the configuration, and what is wrong in it")
  void configuration() throws Exception {
    var witness = NoteSigner.witness("witness.example", NoteSigner.generate()).publicKey();
    Files.writeString(folder.resolve("set-up/secrets/store"), "s");
    configure(
        """

        audit:
          anchors:
            - {file: a}
            - {put: "https://store.example/{size}", token_file: secrets/store}
            - {post: "https://auditor.example/"}
          witnesses:
            - {url: "https://witness.example", key: "%s"}
          every: 5m
        """
            .formatted(witness));
    var read = ConfigurationFile.read(installed.configuration(), Map.of()).transparency();

    assertThat(read.every()).isEqualTo(Duration.ofMinutes(5));
    assertThat(read.readers()).isEmpty();
    assertThat(read.witnesses().getFirst().key()).isEqualTo(witness);
    assertThat(read.anchors())
        .extracting(Anchor::name)
        .containsExactly(
            "file " + folder.resolve("set-up/a"),
            "PUT https://store.example/{size}",
            "POST https://auditor.example/");
    assertThat(read.anchors().get(2))
        .isEqualTo(new Anchor.OverHttp("POST", "https://auditor.example/", Optional.empty()));
  }

  @Test
  @DisplayName(
      "A key of a log is no key of a witness, a short secret and a place of no kind are none")
  void wrong_configuration() throws Exception {
    Files.writeString(folder.resolve("set-up/secrets/short"), "short");
    var good = Files.readString(installed.configuration());
    var ofLog = key();
    for (var wrong :
        List.of(
            "witnesses: [{url: 'https://w.example', key: '" + ofLog + "'}]",
            "token_file: secrets/short",
            "anchors: [{token_file: secrets/short}]",
            "anchors: [{put: 'ftp://store.example'}]",
            "anchors: [{file: a}, {file: a}]",
            "every: 10ms")) {
      Files.writeString(installed.configuration(), good + "\naudit:\n  " + wrong + "\n");

      assertThatThrownBy(() -> ConfigurationFile.read(installed.configuration(), Map.of()))
          .as(wrong)
          .isInstanceOf(FaultyFileException.class);
    }
  }
}
