package dev.lanyard.server.transparency;

import dev.lanyard.protocol.egress.EgressClient;
import dev.lanyard.protocol.egress.EgressRequest;
import dev.lanyard.protocol.egress.EgressResult;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.server.tlog.Hash;
import dev.lanyard.server.tlog.Note;
import dev.lanyard.server.tlog.NoteKey.Judgement;
import dev.lanyard.server.tlog.Tree;
import dev.lanyard.server.transparency.TransparencyConfig.WitnessAt;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// Asks a witness to cosign checkpoints, and proves to it that each extends the last one.
///
/// @spec https://c2sp.org/tlog-witness#add-checkpoint tlog-witness, add-checkpoint
final class Witness implements Keeper {
  private static final int CONFLICT = 409;

  private final WitnessAt witness;
  private final EgressClient egress;

  Witness(WitnessAt witness, EgressClient egress) {
    this.witness = witness;
    this.egress = egress;
  }

  @Override
  public String name() {
    return witness.name();
  }

  @Override
  public Told tell(Signed signed, long has) {
    long size = signed.checkpoint().size();
    if (has > size) {
      return shorter(has, size);
    }
    var answer = ask(signed, has);
    return answer instanceof EgressResult.Answered(var status, _, var body) && status == CONFLICT
        ? again(signed, body)
        : told(signed, answer);
  }

  private static Told shorter(long has, long size) {
    return new Told.Forked("it has seen " + has + " records of this log, which has " + size);
  }

  /// The witness knows better than we what it has seen.
  private Told again(Signed signed, byte[] body) {
    var said = new String(body, StandardCharsets.UTF_8).strip();
    if (!said.matches("[0-9]{1,18}")) {
      return new Told.Failed("it answered 409 without the size that it has seen");
    }
    long seen = Long.parseLong(said);
    long size = signed.checkpoint().size();
    return seen > size ? shorter(seen, size) : told(signed, ask(signed, seen));
  }

  private EgressResult ask(Signed signed, long has) {
    List<Hash> proof =
        has == 0 ? List.of() : Tree.of(signed.checkpoint().size(), signed.tiles()).consistency(has);
    var body =
        "old "
            + has
            + "\n"
            + proof.stream().map(hash -> hash.base64() + "\n").collect(Collectors.joining())
            + "\n"
            + signed.note().print();
    var prefix = witness.url().toString().replaceFirst("/$", "");
    var type = Map.of("Content-Type", "text/plain; charset=utf-8");
    return egress.send(
        new EgressRequest("POST", URI.create(prefix + "/add-checkpoint"), type, body));
  }

  private Told told(Signed signed, EgressResult answer) {
    return switch (answer) {
      case EgressResult.Answered(var status, _, var body) -> told(signed, status, body);
      case EgressResult.Unanswered none -> new Told.Failed(none.reason());
    };
  }

  private Told told(Signed signed, int status, byte[] body) {
    return switch (status) {
      case 200 -> cosigned(signed.note(), body);
      case 422 -> new Told.Forked("it has seen another log than this one");
      case 404 -> new Told.Failed("it does not know this log");
      case 403 -> new Told.Failed("it does not know the key of this log");
      default -> new Told.Failed("it answered " + status);
    };
  }

  /// Only what its own key has signed is taken over.
  private Told cosigned(Note note, byte[] body) {
    try {
      for (var signature : Note.signatures(new String(body, StandardCharsets.UTF_8))) {
        var cosigned = note.with(signature);
        if (witness.key().judge(cosigned) instanceof Judgement.Witnessed) {
          return new Told.Kept(cosigned);
        }
      }
      return new Told.Failed("it answered with no cosignature of its key");
    } catch (MalformedException e) {
      return new Told.Failed("it answered with no signature: " + e.getMessage());
    }
  }
}
