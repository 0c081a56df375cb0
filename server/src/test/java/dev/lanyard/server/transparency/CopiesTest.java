package dev.lanyard.server.transparency;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.egress.EgressClient;
import dev.lanyard.protocol.egress.EgressPolicy;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.audit.Alarms;
import dev.lanyard.server.audit.Alarms.Standing;
import dev.lanyard.server.database.TestDatabases;
import dev.lanyard.server.pair.Meanwhile;
import dev.lanyard.server.tlog.Note;
import dev.lanyard.server.transparency.Finding.Kind;
import dev.lanyard.server.transparency.TransparencyConfig.Anchor;
import dev.lanyard.server.transparency.TransparencyConfig.WitnessAt;
import dev.lanyard.server.transparency.Verification.Trust;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("AUD-5, issue 8.2: witnesses cosign and keepers outside keep what the log has signed")
class CopiesTest {
  private static final EgressClient EGRESS =
      new EgressClient(EgressPolicy.strict().exposingLoopback())
          .limitedTo(Duration.ofSeconds(5), 10_000);

  @TempDir private Path folder;
  private Auditing auditing;
  private FakeWitness outside;

  @BeforeEach
  void open() {
    auditing = new Auditing(TestDatabases.sqlite(folder));
    outside = new FakeWitness(auditing.signer.publicKey());
    grow(300);
  }

  @AfterEach
  void close() {
    outside.close();
    auditing.close();
  }

  private void grow(int count) {
    auditing.record(0, count);
    auditing.sequencer.run();
  }

  private void tell(Keeper keeper) {
    new Copies(auditing.database, auditing.clock, List.of(keeper)).tell(keeper);
  }

  private List<String> alarms() {
    return new Alarms(auditing.database)
        .standing().stream().map(Standing::alarm).map(one -> one.kind()).toList();
  }

  private String detail() {
    return new Alarms(auditing.database).standing().getFirst().alarm().detail();
  }

  private void fork() {
    auditing.tamper("UPDATE audit SET evidence = '{}' WHERE seq = 3");
    auditing.tamper("DELETE FROM audit_tree");
    auditing.tamper("DELETE FROM audit_tile");
    auditing.restart();
    auditing.sequencer.run();
  }

  private Trust trust() {
    return new Trust(List.of(auditing.signer.publicKey()), List.of(outside.key()), List.of());
  }

  @Nested
  @DisplayName("A witness")
  class Witnesses {
    private Witness witness() {
      return new Witness(new WitnessAt(outside.url(), outside.key()), EGRESS);
    }

    @Test
    @DisplayName("cosigns a checkpoint, and later ones that extend it")
    void cosigns() {
      tell(witness());
      assertThat(outside.size()).isEqualTo(300);
      grow(500);
      tell(witness());

      assertThat(outside.size()).isEqualTo(800);
      assertThat(alarms()).isEmpty();
      var report = auditing.verify(trust());
      assertThat(report.findings()).isEmpty();
      assertThat(report.seen())
          .containsExactly(new Verification.Seen("witness.example/w1", 800, Auditing.NOW));
    }

    @Test
    @DisplayName("that nobody asked makes verification fail for whoever wants it")
    void unseen() {
      assertThat(auditing.verify(trust()).findings())
          .extracting(Finding::kind)
          .containsExactly(Kind.UNWITNESSED);
    }

    @Test
    @DisplayName("that has seen more than we know of is asked from there")
    void knows_better() {
      tell(witness());
      auditing.tamper("DELETE FROM audit_copy");
      grow(20);

      tell(witness());

      assertThat(outside.size()).isEqualTo(320);
      assertThat(alarms()).isEmpty();
    }

    @Test
    @DisplayName("does not cosign a fork: an alarm stands, and verification tells it by the copy")
    void fork() {
      tell(witness());
      CopiesTest.this.fork();
      grow(20);

      tell(witness());

      assertThat(outside.size()).isEqualTo(300);
      assertThat(alarms()).containsExactly(Copies.FORK);
      assertThat(new Alarms(auditing.database).standing().getFirst().alarm().detail())
          .contains("lanyard revoke --everything", "repeat these kills");
      assertThat(auditing.verify(trust()).findings())
          .extracting(Finding::kind)
          .contains(Kind.FORKED);
    }

    @Test
    @DisplayName("that has seen a longer log: an alarm stands")
    void cut_off() {
      tell(witness());
      auditing.tamper("DELETE FROM audit WHERE seq > 200");
      auditing.tamper("DELETE FROM audit_copy");
      CopiesTest.this.fork();

      tell(witness());

      assertThat(alarms()).containsExactly(Copies.FORK);
      assertThat(detail()).contains("300").contains("200");
    }

    @Test
    @DisplayName("that is down is alarmed about and told again; the log grows meanwhile")
    void down() {
      outside.sick(500);
      tell(witness());
      assertThat(alarms()).containsExactly(Copies.ALARM);
      grow(50);
      assertThat(auditing.checkpoint().size()).isEqualTo(350);
      outside.sick(0);

      tell(witness());

      assertThat(alarms()).isEmpty();
      assertThat(outside.size()).isEqualTo(350);
    }

    @Test
    @DisplayName("that does not answer keeps nobody: the log grows meanwhile")
    void slow() throws Exception {
      var until = new CountDownLatch(1);
      outside.slow(until);
      var telling =
          Meanwhile.does(() -> {
            tell(witness());
            return true;
          });

      grow(50);

      assertThat(auditing.checkpoint().size()).isEqualTo(350);
      until.countDown();
      assertThat(telling.outcome()).isTrue();
      assertThat(outside.size()).isIn(300L, 350L);
      assertThat(alarms()).isEmpty();
    }

    @Test
    @DisplayName("whose answer is by another key has not cosigned")
    void another_key() {
      try (var other = new FakeWitness(auditing.signer.publicKey())) {
        tell(new Witness(new WitnessAt(outside.url(), other.key()), EGRESS));
      }

      assertThat(alarms()).containsExactly(Copies.ALARM);
      assertThat(detail()).contains("no cosignature of its key");
    }

    @Test
    @DisplayName("that does not know the key of the log says so")
    void unknown_log() {
      try (var other = new FakeWitness(Auditing.signer().publicKey())) {
        tell(new Witness(new WitnessAt(other.url(), other.key()), EGRESS));
      }

      assertThat(detail()).contains("does not know the key");
    }
  }

  @Nested
  @DisplayName("A URL")
  class Urls {
    private HttpAnchor anchor(String method, String path) {
      return new HttpAnchor(
          new Anchor.OverHttp(
              method, outside.url() + path, Optional.of(new Secret("store-secret"))),
          EGRESS);
    }

    @Test
    @DisplayName("gets each checkpoint once, under its own name, with the secret")
    void put() {
      tell(anchor("PUT", "/keep/{size}?a=b"));
      tell(anchor("PUT", "/keep/{size}?a=b"));
      grow(1);
      tell(anchor("PUT", "/keep/{size}?a=b"));

      assertThat(outside.kept).hasSize(2);
      assertThat(outside.kept.getFirst())
          .startsWith("PUT /keep/300?a=b Bearer store-secret\n" + Auditing.ORIGIN + "\n300\n");
      assertThat(outside.kept.getLast()).startsWith("PUT /keep/301?a=b");
    }

    @Test
    @DisplayName("that keeps another log knows a fork: nothing is written, and an alarm stands")
    void forked() {
      tell(anchor("PUT", "/keep/{size}"));
      tell(anchor("PUT", "/keep/one"));
      fork();
      grow(1);

      tell(anchor("PUT", "/keep/{size}"));
      tell(anchor("PUT", "/keep/one"));

      assertThat(alarms()).containsExactly(Copies.FORK, Copies.FORK);
      assertThat(outside.objects).hasSize(2);
      assertThat(outside.kept).hasSize(2);
    }

    @Test
    @DisplayName("that has another checkpoint of the same size is not written over")
    void of_the_same_size() {
      tell(anchor("PUT", "/keep/{size}"));
      fork();
      auditing.tamper("DELETE FROM audit_copy");

      tell(anchor("PUT", "/keep/{size}"));

      assertThat(alarms()).containsExactly(Copies.FORK);
      assertThat(detail()).contains("another checkpoint of 300 records");
      assertThat(outside.kept).hasSize(1);
    }

    @Test
    @DisplayName("that has got it, while nobody noted so: it is the same, and all is well")
    void answer_was_lost() {
      tell(anchor("PUT", "/keep/{size}"));
      auditing.tamper("DELETE FROM audit_copy");

      tell(anchor("PUT", "/keep/{size}"));

      assertThat(alarms()).isEmpty();
      assertThat(outside.kept).hasSize(1);
    }

    @Test
    @DisplayName("with one object for all checkpoints gets each that extends the last one")
    void one_object() {
      tell(anchor("PUT", "/keep/one"));
      grow(20);
      tell(anchor("PUT", "/keep/one"));

      assertThat(alarms()).isEmpty();
      assertThat(outside.objects.get("/keep/one")).contains("\n320\n");
    }

    @Test
    @DisplayName("with something else in its place is left alone")
    void something_else() {
      outside.objects.put("/keep/one", "the quarterly figures");

      tell(anchor("PUT", "/keep/one"));

      assertThat(alarms()).containsExactly(Copies.ALARM);
      assertThat(outside.objects).containsValue("the quarterly figures");
    }

    @Test
    @DisplayName("to post to may say that it knows another log")
    void post_conflict() {
      outside.sick(409);

      tell(anchor("POST", "/keep"));

      assertThat(alarms()).containsExactly(Copies.FORK);
    }

    @Test
    @DisplayName("that refuses is alarmed about, without its query, and told again")
    void refused() {
      outside.sick(507);
      tell(anchor("POST", "/keep?secret=s3cr3t"));

      assertThat(alarms()).containsExactly(Copies.ALARM);
      assertThat(new Alarms(auditing.database).standing().toString())
          .contains("507")
          .doesNotContain("s3cr3t")
          .doesNotContain("store-secret");
      outside.sick(0);
      tell(anchor("POST", "/keep?secret=s3cr3t"));
      assertThat(alarms()).isEmpty();
      assertThat(outside.kept).hasSize(1);
    }
  }

  @Nested
  @DisplayName("A file")
  class InFile {
    private FileAnchor anchor(Path file) {
      return new FileAnchor(new Anchor.InFile(file));
    }

    private Path file() {
      return folder.resolve("checkpoints");
    }

    private List<Note> notes() throws Exception {
      return Note.parseAll(Files.readString(file()));
    }

    @Test
    @DisplayName("gets each checkpoint once, and is what an auditor compares with")
    void appended() throws Exception {
      tell(anchor(file()));
      tell(anchor(file()));
      grow(100);
      tell(anchor(file()));

      assertThat(notes()).hasSize(2);
      var keeping = new Trust(trust().keys(), List.of(), notes());
      assertThat(auditing.verify(keeping).findings()).isEmpty();
      fork();
      assertThat(auditing.verify(keeping).findings())
          .extracting(Finding::kind)
          .containsOnly(Kind.FORKED);
    }

    @Test
    @DisplayName("that ends with another log is left alone, and an alarm stands")
    void forked() throws Exception {
      tell(anchor(file()));
      fork();
      grow(3);

      tell(anchor(file()));

      assertThat(alarms()).containsExactly(Copies.FORK);
      assertThat(notes()).hasSize(1);
    }

    @Test
    @DisplayName("that cannot be written: an alarm stands, nothing is lost, and it is tried again")
    void unwritable() throws IOException {
      var missing = folder.resolve("missing").resolve("checkpoints");
      tell(anchor(missing));
      assertThat(alarms()).containsExactly(Copies.ALARM);
      grow(100);
      Files.createDirectory(missing.getParent());

      tell(anchor(missing));

      assertThat(alarms()).isEmpty();
      assertThat(missing).content().contains("\n400\n");
    }

    @Test
    @DisplayName("on a full disk: an alarm stands, and the log grows")
    void full() {
      tell(anchor(Path.of("/dev/full")));

      assertThat(alarms()).containsExactly(Copies.ALARM);
      grow(100);
      assertThat(auditing.checkpoint().size()).isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 20, 27, 60, 75, 100, 130})
    @DisplayName("whose end was torn by a crash or a full disk goes on after its last whole note")
    void torn(int octets) throws Exception {
      for (boolean isFirst : List.of(true, false)) {
        Files.deleteIfExists(file());
        tell(anchor(file()));
        var whole = Files.readString(file());
        assertThat(whole).hasSizeGreaterThan(130);
        Files.writeString(file(), (isFirst ? "" : whole) + whole.substring(0, octets));
        if (!isFirst) {
          grow(10);
        }

        tell(anchor(file()));

        assertThat(alarms()).as("the loss is told").containsExactly(Copies.ALARM);
        assertThat(notes()).hasSize(isFirst ? 1 : 2);
        var keeping = new Trust(trust().keys(), List.of(), notes());
        assertThat(auditing.verify(keeping).findings()).isEmpty();
        tell(anchor(file()));
        assertThat(alarms()).isEmpty();
      }
    }

    @Test
    @DisplayName("that is another file is told, and not touched")
    void another() throws Exception {
      for (var text : List.of("#!/bin/sh\n", "x".repeat(40_000))) {
        Files.writeString(file(), text);

        tell(anchor(file()));

        assertThat(alarms()).containsExactly(Copies.ALARM);
        assertThat(file()).content().isEqualTo(text);
      }
    }
  }
}
