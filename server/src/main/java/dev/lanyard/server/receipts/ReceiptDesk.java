package dev.lanyard.server.receipts;

import dev.lanyard.protocol.jose.JwtSigner;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.server.audit.Alarm;
import dev.lanyard.server.audit.Alarms;
import dev.lanyard.server.audit.AuditEvent;
import dev.lanyard.server.audit.AuditLog;
import dev.lanyard.server.audit.Outcome;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.delivery.Courier;
import dev.lanyard.server.delivery.EnforcementPoints;
import dev.lanyard.server.delivery.Letter;
import dev.lanyard.server.delivery.Outbox;
import dev.lanyard.server.delivery.ProbeResult;
import dev.lanyard.server.directory.PersonId;
import dev.lanyard.server.keys.KeyRing;
import dev.lanyard.server.keys.Purpose;
import dev.lanyard.server.revocation.Denied;
import dev.lanyard.server.revocation.DenySet;
import dev.lanyard.server.revocation.Loss;
import dev.lanyard.server.revocation.Stragglers;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Makes receipts. They are asked for in the transaction of a kill (see [ReceiptRequests]) and made
/// like a message to outside is sent, so that of all nodes one makes it, and after a crash another.
public final class ReceiptDesk implements Courier {
  /// The kind of message by which a receipt is asked for.
  public static final String KIND = "receipt";

  /// The `typ` of a receipt.
  public static final String TYPE = "lanyard-receipt+jwt";

  private static final Duration PATIENCE = Duration.ofSeconds(15);
  private static final Duration DRAFTING = Duration.ofSeconds(5);
  private static final Duration FIRST_LOOK = Duration.ofMillis(10);
  private static final Duration LONGEST_LOOK = Duration.ofMillis(200);

  private final Sources sources;
  private final Receipts receipts;
  private final Probe probe;
  private final Residue residue;
  private final Stragglers stragglers;
  private final Rush rush;
  private final Heads heads = new Heads();
  private final InstantSource clock;

  /// Where a receipt comes from.
  ///
  /// @param issuer who vouches for it
  /// @param points who enforces
  /// @param outbox who was told
  public record Sources(
      Database database, String issuer, EnforcementPoints points, Outbox outbox, KeyRing keys) {}

  /// @param residue what a kill does not reach
  /// @param stragglers finds what was issued while the kill was on its way
  /// @param denied what this node has learned of: receipts of many wait while many more come
  public ReceiptDesk(
      Sources sources,
      Probe probe,
      Residue residue,
      Stragglers stragglers,
      DenySet denied,
      InstantSource clock) {
    this.sources = sources;
    this.receipts = new Receipts(sources.database());
    this.probe = probe;
    this.residue = residue;
    this.stragglers = stragglers;
    this.rush = Rush.of(denied);
    this.clock = clock;
  }

  @Override
  public Result carry(Parcel parcel) {
    var incidents = incidents(parcel.delivery().body());
    if (incidents.size() >= Rush.MANY) {
      rush.awaitEnd();
    }
    var asked = asked(incidents);
    if (asked.isEmpty()) {
      return new Result.Gone("nobody asks for it any more");
    }
    var round =
        settled(asked.getFirst())
            .flatMap(all -> withoutStragglers(incidents, new Round(asked, all)));
    if (round.isEmpty()) {
      return new Result.Pending("not everybody has settled");
    }
    var kills = round.get().kills();
    var letters = letters(kills);
    var drafts = new ArrayList<Draft>();
    boolean areFinal = true;
    long until = System.nanoTime() + DRAFTING.toNanos();
    for (var one : kills) {
      if (System.nanoTime() > until) {
        // Connectors that are tried may be slow, and others wait.
        var _ = issue(drafts);
        return new Result.Pending("signed as many as there was time for");
      }
      var foreign = letters.stream().filter(letter -> one.ledTo(letter)).toList();
      boolean isFinal = foreign.stream().noneMatch(it -> it.state() == Letter.State.WAITING);
      areFinal &= isFinal;
      if (isFinal || !one.isSigned()) {
        drafts.add(draft(one, round.get().settled(), foreign, isFinal));
      }
    }
    if (!issue(drafts)) {
      return new Result.Pending("something has changed meanwhile");
    }
    return areFinal
        ? new Result.Delivered("signed")
        : new Result.Pending("signed; somebody outside has not answered yet");
  }

  private List<Asked> asked(List<String> incidents) {
    return receipts.asked(incidents, clock.instant()).stream()
        .filter(one -> !one.isFinal())
        .toList();
  }

  private static List<String> incidents(JsonObject body) {
    try {
      // Messages of an older version ask for one receipt.
      var one = body.string("incident");
      return one.isPresent() ? List.of(one.get()) : body.strings("incidents").orElseThrow();
    } catch (MalformedException e) {
      throw new IllegalStateException("a request for receipts is not readable", e);
    }
  }

  /// What the kills have led to outside. Ten thousand people may share one cause: only these
  /// people's letters are read.
  private List<Letter> letters(List<Asked> kills) {
    var outbox = sources.outbox();
    var cause = kills.getFirst().correlationId();
    var people = kills.stream().flatMap(kill -> kill.person().stream()).distinct().toList();
    var letters =
        kills.stream().allMatch(kill -> kill.person().isPresent())
            ? outbox.causedBy(cause, people)
            : outbox.causedBy(cause);
    return letters.stream().filter(letter -> !letter.delivery().kind().equals(KIND)).toList();
  }

  /// Waits a while for everybody who enforces; empty if somebody has not settled by then.
  private Optional<Settled> settled(Asked asked) {
    long until = System.nanoTime() + PATIENCE.toNanos();
    var pause = FIRST_LOOK;
    while (!Thread.currentThread().isInterrupted()) {
      var settled = Settled.of(asked, sources.points(), clock.instant());
      if (settled.isComplete()) {
        return Optional.of(settled);
      }
      if (System.nanoTime() > until) {
        return Optional.empty();
      }
      try {
        Thread.sleep(pause);
        pause = pause.compareTo(LONGEST_LOOK) < 0 ? pause.multipliedBy(2) : LONGEST_LOOK;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    return Optional.empty();
  }

  /// Receipts to be made, and how far everybody is with what they are about.
  private record Round(List<Asked> kills, Settled settled) {}

  /// Whatever was issued while the kills were on their way, and what their people have lost, has to
  /// be refused everywhere too: also what others have found, whose denials are later than the
  /// kills.
  private Optional<Round> withoutStragglers(List<String> incidents, Round first) {
    var sought =
        new Stragglers.Sought(
            people(first.kills(), Denied.Kind.PERSON),
            people(first.kills(), Denied.Kind.ASSERTION));
    boolean isNew = stragglers.deny(sought) > 0;
    if (!isNew
        && sought.reevaluated().isEmpty()
        && first.kills().stream().noneMatch(Asked::isChanged)) {
      return Optional.of(first);
    }
    // Read before it is looked how far the record is: it names nothing that is not waited for.
    var again = asked(incidents);
    if (again.isEmpty()) {
      return Optional.empty();
    }
    var head = head(incidents, again, isNew);
    var round =
        settled(again.getFirst().upTo(head.sequence(), head.at()))
            .map(all -> new Round(again, all));
    round.ifPresent(_ -> heads.forget(incidents));
    return round;
  }

  private Heads.Head head(List<String> incidents, List<Asked> kills, boolean isNew) {
    long last = kills.stream().mapToLong(Asked::sequence).max().orElseThrow();
    var known = isNew ? Optional.<Heads.Head>empty() : heads.seen(incidents, last);
    return known.orElseGet(() -> {
      // The time after the look: what it has found is committed by then.
      var head = new Heads.Head(sources.points().head(), clock.instant());
      heads.see(incidents, head);
      return head;
    });
  }

  private static Map<PersonId, Loss.Cause> people(List<Asked> kills, Denied.Kind with) {
    var people = new HashMap<PersonId, Loss.Cause>();
    for (var kill : kills) {
      kill.personWith(with).ifPresent(person -> people.put(person, kill.cause()));
    }
    return people;
  }

  /// A receipt with the record of it.
  private record Draft(Receipts.Signed receipt, AuditEvent event, List<Alarm> alarms) {}

  private Draft draft(Asked asked, Settled settled, List<Letter> foreign, boolean isFinal) {
    var probes =
        asked
            .triable()
            .map(dead -> probe.probe(dead.what(), asked.at(), dead.deadSince(asked.at())))
            .orElseGet(List::<ProbeResult>of);
    var dead = asked.denied().stream().map(Dead::what).toList();
    var connectors =
        Connectors.of(
            probe.held(dead, asked.at()), settled, asked.at(), probes, asked.connectors());
    var now = clock.instant();
    var claims =
        Account.of(
            sources.issuer(),
            asked,
            settled,
            foreign,
            connectors,
            residue.of(dead, asked.person()),
            isFinal,
            now);
    var signed = new JwtSigner(sources.keys().active(Purpose.RECEIPT), TYPE).sign(claims);
    return new Draft(
        new Receipts.Signed(asked.incident(), asked.revision(), signed, isFinal),
        event(asked, probes, signed, isFinal, now),
        probes.stream()
            .filter(ProbeResult::gotIn)
            .map(one -> alarm(asked.incident(), one, now))
            .toList());
  }

  /// @return whether nothing has changed since they were made: else they are to be made anew
  private boolean issue(List<Draft> drafts) {
    if (drafts.isEmpty()) {
      return true;
    }
    var now = clock.instant();
    return sources
        .database()
        .write(connection -> {
          var kept = Receipts.sign(connection, drafts.stream().map(Draft::receipt).toList(), now);
          var issued =
              drafts.stream().filter(one -> kept.contains(one.receipt().incident())).toList();
          AuditLog.append(connection, issued.stream().map(Draft::event).toList());
          Alarms.raise(connection, issued.stream().flatMap(it -> it.alarms().stream()).toList());
          return issued.size() == drafts.size();
        });
  }

  /// One for each connector, however many it lets in.
  private static Alarm alarm(String incident, ProbeResult probe, Instant at) {
    var detail =
        "A token that must be dead since the kill %s was taken (%s: %s): whoever was killed may go"
            + " on there. Stop it by `lanyard disable --connector`, until its server refuses what"
            + " is denied; `lanyard receipt show %s`.";
    return new Alarm(
        "kill-not-refused",
        probe.connector(),
        detail.formatted(incident, probe.by(), probe.answer(), incident),
        at);
  }

  private static AuditEvent event(
      Asked asked, List<ProbeResult> probes, String signed, boolean isFinal, Instant now) {
    long notRefused = probes.stream().filter(ProbeResult::gotIn).count();
    var evidence =
        JsonObject.builder()
            .put("incident", asked.incident())
            .put("sha256", Issue.hash(signed))
            .put("issued_at", now.toString())
            .putIfPresent("replaces", asked.issuedAt().map(Instant::toString))
            .put("final", isFinal)
            .put("probes", probes.size())
            .put("probes_not_refused", notRefused)
            .build();
    // A probe that gets in is the worst that a receipt can tell.
    var outcome = notRefused == 0 ? Outcome.SUCCESS : Outcome.FAULT;
    var event = AuditEvent.of(Issue.TYPE, outcome, now, asked.correlationId(), evidence);
    var about = asked.person().map(event::withPerson).orElse(event);
    return asked.organisation().map(about::withOrganisation).orElse(about);
  }
}
