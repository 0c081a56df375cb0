package dev.lanyard.server.tlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.server.tlog.NoteKey.Judgement;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("AUD-5, signed-note, tlog-checkpoint and tlog-cosignature")
class NoteTest {
  private static final Instant NOW = Instant.parse("2026-11-29T12:00:00Z");

  /// The example of the specification.
  private static final String EXAMPLE_KEY =
      "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";

  private static final String EXAMPLE =
      """
      This is an example message.

      \u2014 example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=
      """;

  private static final String CHECKPOINT =
      """
      example.com/behind-the-sofa
      20852163
      CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=
      """;

  private static NoteSigner log() throws MalformedException {
    return NoteSigner.log("ras.example/audit-log", NoteSigner.generate());
  }

  @Test
  @DisplayName("The specification's example verifies with the specification's key")
  void example() throws Exception {
    var note = Note.parse(EXAMPLE);
    var key = NoteKey.parse(EXAMPLE_KEY);

    assertThat(key.judge(note)).isEqualTo(new Judgement.Signed());
    assertThat(key).hasToString(EXAMPLE_KEY);
    assertThat(note.print()).isEqualTo(EXAMPLE);
    assertThat(key.judge(Note.parse(EXAMPLE.replace("example message", "another message"))))
        .isEqualTo(new Judgement.Forged());
  }

  @Test
  @DisplayName("A checkpoint is read as it was written")
  void checkpoint() throws Exception {
    var checkpoint = Checkpoint.parse(CHECKPOINT);

    assertThat(checkpoint.origin()).isEqualTo("example.com/behind-the-sofa");
    assertThat(checkpoint.size()).isEqualTo(20_852_163);
    assertThat(checkpoint.text()).isEqualTo(CHECKPOINT);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "o\n1\n",
        "o\n01\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n",
        "o\n-1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n",
        "o\n9999999999999999999\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n",
        "o\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=",
        "o\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2J=\n",
        "o\n1\nAAAA\n",
        "\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
      })
  @DisplayName("What is no checkpoint is refused")
  void no_checkpoint(String text) {
    assertThatThrownBy(() -> Checkpoint.parse(text)).isInstanceOf(MalformedException.class);
  }

  @Test
  @DisplayName("A log signs, a witness cosigns with the time, and each is found by its own key")
  void sign_and_cosign() throws Exception {
    var log = log();
    var witness = NoteSigner.witness("witness.example/w1", NoteSigner.generate());
    var note = new Note(CHECKPOINT, List.of());
    note = note.with(log.sign(CHECKPOINT, NOW)).with(witness.sign(CHECKPOINT, NOW));
    var read = Note.parse(note.print());

    assertThat(log.publicKey().judge(read)).isEqualTo(new Judgement.Signed());
    assertThat(NoteKey.parse(witness.publicKey().toString()).judge(read))
        .isEqualTo(new Judgement.Witnessed(NOW));
    assertThat(log().publicKey().judge(read)).isEqualTo(new Judgement.Absent());
  }

  @Test
  @DisplayName("Any octet of a signature that is changed makes it forged")
  void forged() throws Exception {
    for (var signer : List.of(log(), NoteSigner.witness("w.example", NoteSigner.generate()))) {
      var good = signer.sign(CHECKPOINT, NOW);
      for (int i = 0; i < good.octets().length; i++) {
        var octets = good.octets().clone();
        octets[i] ^= 1;
        var bad = new Note.Signature(good.name(), good.keyId(), octets);
        var note = new Note(CHECKPOINT, List.of(bad));

        assertThat(signer.publicKey().judge(note)).isEqualTo(new Judgement.Forged());
        assertThat(signer.publicKey().judge(note.with(good))).isEqualTo(new Judgement.Forged());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "text\n",
        "text\n\n",
        "text\n\nno signature\n",
        "text\n\n\u2014 name AAAA\n",
        "text\n\n\u2014 name AAAAAAA\n",
        "text\n\n\u2014 a+b AAAAAAAA\n",
        "text\n\n\u2014  AAAAAAAA\n",
        "text\n\n\u2014 name AAAAAAAA",
        "te\u0007xt\n\n\u2014 name AAAAAAAA\n"
      })
  @DisplayName("What is no note is refused")
  void no_note(String text) {
    assertThatThrownBy(() -> Note.parse(text)).isInstanceOf(MalformedException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "example.com/foo",
        "example.com/foo+530d903b+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/foo+530d903a+AukyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3Q==",
        "example.com/foo+530d903a+"
      })
  @DisplayName("What is no key is refused")
  void no_key(String text) {
    assertThatThrownBy(() -> NoteKey.parse(text)).isInstanceOf(MalformedException.class);
  }

  @Test
  @DisplayName("A key that signs is kept secret and opens again")
  void kept() throws Exception {
    var kept = NoteSigner.generate();
    var signature = NoteSigner.log("l.example", kept).sign(CHECKPOINT, NOW);
    var note = new Note(CHECKPOINT, List.of(signature));

    assertThat(NoteSigner.log("l.example", kept).publicKey().judge(note))
        .isEqualTo(new Judgement.Signed());
    assertThat(kept.toString()).doesNotContain(kept.reveal());
  }
}
