package dev.lanyard.server.transparency;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.lanyard.protocol.egress.EgressClient;
import dev.lanyard.protocol.egress.EgressRequest;
import dev.lanyard.protocol.egress.EgressResult;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.server.tlog.Checkpoint;
import dev.lanyard.server.tlog.Note;
import dev.lanyard.server.tlog.Tree;
import dev.lanyard.server.transparency.TransparencyConfig.Anchor.OverHttp;
import java.util.LinkedHashMap;

/// Sends checkpoints to a URL: an object store, or whoever else keeps them.
///
/// What is there is never written over unseen. An object with the size in its name is made only if
/// there is none (`If-None-Match: *`); if there is one, it must be the same. What was put last, or
/// the one object that there is, is read first, and must be a beginning of this log. Otherwise the
/// place knows another log, which is what it is for. Where objects with the size in their name may
/// be written and not read, only two checkpoints of one size are told apart.
///
/// @spec https://www.rfc-editor.org/rfc/rfc9110.html#section-13.1.2 RFC 9110 §13.1.2 If-None-Match
final class HttpAnchor implements Keeper {
  private static final int NOT_FOUND = 404;
  private static final int CONFLICT = 409;
  private static final int THERE_IS_ONE = 412;

  private final OverHttp anchor;
  private final EgressClient egress;

  HttpAnchor(OverHttp anchor, EgressClient egress) {
    this.anchor = anchor;
    this.egress = egress;
  }

  @Override
  public String name() {
    return anchor.name();
  }

  @Override
  public Told tell(Signed signed, long has) {
    if (!anchor.isPut() || (anchor.isOneForEach() && has == 0)) {
      return send(signed);
    }
    return switch (ask("GET", signed, has)) {
      case EgressResult.Answered(var status, _, var body) when isGood(status) ->
          extend(new String(body, UTF_8), signed);
      case EgressResult.Answered(var status, _, _) when isNothing(status) -> send(signed);
      case EgressResult other -> failed(other);
    };
  }

  /// Whoever may only write is told so in one of several ways.
  private boolean isNothing(int status) {
    return status == NOT_FOUND || (anchor.isOneForEach() && status / 100 == 4);
  }

  private Told send(Signed signed) {
    return switch (ask(anchor.method(), signed, signed.checkpoint().size())) {
      case EgressResult.Answered(var status, _, _) when isGood(status) ->
          new Told.Kept(signed.note());
      case EgressResult.Answered(var status, _, _) when status == THERE_IS_ONE && anchor.isPut() ->
          compare(signed);
      case EgressResult.Answered(var status, _, _) when status == CONFLICT && !anchor.isPut() ->
          new Told.Forked("it says that it knows another log (409)");
      case EgressResult other -> failed(other);
    };
  }

  /// It may be what we have sent ourselves, and were not told that it arrived.
  private Told compare(Signed signed) {
    return switch (ask("GET", signed, signed.checkpoint().size())) {
      case EgressResult.Answered(var status, _, var body) when isGood(status) ->
          isText(new String(body, UTF_8), signed)
              ? new Told.Kept(signed.note())
              : new Told.Forked(
                  "it has another checkpoint of " + signed.checkpoint().size() + " records");
      case EgressResult other -> failed(other);
    };
  }

  private static boolean isText(String kept, Signed signed) {
    try {
      return Note.parse(kept).text().equals(signed.note().text());
    } catch (MalformedException e) {
      return false;
    }
  }

  /// If this log extends what was kept.
  private Told extend(String kept, Signed signed) {
    try {
      var last = Checkpoint.parse(Note.parse(kept).text());
      return last.size() <= signed.checkpoint().size()
              && last.origin().equals(signed.checkpoint().origin())
              && Tree.of(last.size(), signed.tiles()).root().equals(last.root())
          ? send(signed)
          : new Told.Forked("it has another log of " + last.size() + " records");
    } catch (MalformedException e) {
      return new Told.Failed("what it has is no checkpoint, and is not written over");
    }
  }

  private static boolean isGood(int status) {
    return status >= 200 && status < 300;
  }

  private static Told failed(EgressResult answer) {
    return switch (answer) {
      case EgressResult.Answered(var status, _, _) -> new Told.Failed("it answered " + status);
      case EgressResult.Unanswered none -> new Told.Failed(none.reason());
    };
  }

  private EgressResult ask(String method, Signed signed, long size) {
    var headers = new LinkedHashMap<String, String>();
    boolean reads = method.equals("GET");
    if (!reads) {
      headers.put("Content-Type", "text/plain; charset=utf-8");
    }
    if (!reads && anchor.isPut() && anchor.isOneForEach()) {
      headers.put("If-None-Match", "*");
    }
    anchor.secret().ifPresent(secret -> headers.put("Authorization", "Bearer " + secret.reveal()));
    var url = OverHttp.at(anchor.url(), size);
    return egress.send(new EgressRequest(method, url, headers, reads ? "" : signed.note().print()));
  }
}
