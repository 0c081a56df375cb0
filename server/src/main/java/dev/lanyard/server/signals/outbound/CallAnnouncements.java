package dev.lanyard.server.signals.outbound;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.server.audit.Alarm;
import dev.lanyard.server.audit.Alarms;
import dev.lanyard.server.delivery.Delivery;
import dev.lanyard.server.directory.Directory;
import dev.lanyard.server.revocation.Effect;
import dev.lanyard.server.revocation.Source;
import dev.lanyard.server.signals.inbound.CallerConfig;
import dev.lanyard.server.signals.inbound.Signer;
import dev.lanyard.server.signals.inbound.SourceConfig;
import java.net.URI;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// Writes down whom we call for a revocation of whom (DPR-5): every target when everything of a
/// person dies, also if others have told us, **but not whoever called us for it.** A call carries
/// nothing by which a ring could know it again, so those that others bring about are counted.
public final class CallAnnouncements {
  /// So soon after a call, what its target tells of the person is its own doing.
  private static final Duration ANSWERED_WITHIN = Duration.ofMinutes(1);

  private final List<RevocationTarget> targets;
  private final SubjectIdentifiers identifiers;
  private final Directory directory;
  private final Map<String, String> originsOfSources = new HashMap<>();

  /// @param targets whom we call
  /// @param sources who tells us: where each is
  /// @param callers who calls us: where each is
  public CallAnnouncements(
      List<RevocationTarget> targets,
      List<SourceConfig> sources,
      List<CallerConfig> callers,
      SubjectIdentifiers identifiers,
      Directory directory) {
    this.targets = List.copyOf(targets);
    this.identifiers = identifiers;
    this.directory = directory;
    for (var caller : callers) {
      if (caller.proof() instanceof CallerConfig.Proof.Signed(var signer, _)) {
        knows(Source.Kind.GLOBAL_TOKEN_REVOCATION, caller.name(), signer);
      }
    }
    sources.forEach(source -> knows(Source.Kind.SHARED_SIGNALS, source.name(), source.signer()));
  }

  private void knows(Source.Kind kind, String name, Signer signer) {
    originsOfSources.put(Source.of(kind, name).name(), origin(signer.issuer().uri()));
  }

  private static String origin(URI uri) {
    return (uri.getScheme() + "://" + uri.getRawAuthority()).toLowerCase(Locale.ROOT);
  }

  /// A call that may be made.
  private record Call(
      RevocationTarget target, PersonIncident incident, LoopPrevention.Announcement announcement) {
    static Call of(RevocationTarget target, PersonIncident incident) {
      return new Call(
          target, incident, LoopPrevention.Announcement.call(target.name(), incident.personId()));
    }

    Source source() {
      return incident.signal().source();
    }

    LoopPrevention.Announcement counted() {
      return announcement.by(source());
    }

    Instant occurredAt() {
      return incident.signal().occurredAt();
    }

    boolean isByEmail() {
      return target.format() == RevocationTarget.Format.EMAIL;
    }
  }

  /// @return the calls to be made
  public List<Delivery> put(Connection connection, List<PersonIncident> incidents)
      throws SQLException {
    var calls =
        incidents.stream()
            .filter(one -> one.has(Effect.DENY_ALL) && one.sessions().isEmpty())
            .flatMap(one -> targets.stream().map(target -> Call.of(target, one)))
            .filter(call -> !isCaller(call))
            .toList();
    if (calls.isEmpty()) {
      return List.of();
    }
    var now = incidents.getFirst().incident().at();
    var known =
        LoopPrevention.of(
            connection,
            calls.stream()
                .filter(call -> isOfOthers(call.source()))
                .flatMap(call -> List.of(call.announcement(), call.counted()).stream())
                .toList());
    var renamed =
        directory.renamed(
            connection,
            calls.stream()
                .filter(Call::isByEmail)
                .map(call -> call.incident().person())
                .collect(Collectors.toSet()));
    var letters = new ArrayList<Delivery>();
    var told = new LinkedHashMap<LoopPrevention.Announcement, Instant>();
    var alarms = new LinkedHashMap<String, Alarm>();
    for (var call : calls) {
      boolean isOfOthers = isOfOthers(call.source());
      if (isOfOthers && isMade(call, known)) {
        continue;
      }
      if (isOfOthers && known.goesRound(call.counted(), now)) {
        var correlationId = call.incident().signal().correlationId();
        alarms.putIfAbsent(call.target().name(), call.announcement().goesRound(correlationId, now));
        continue;
      }
      letters.add(letter(call, renamed.contains(call.incident().person().id())));
      told.put(call.announcement(), now);
      if (isOfOthers) {
        told.put(call.counted(), now);
      }
    }
    LoopPrevention.put(connection, told, now);
    Alarms.raise(connection, alarms.values());
    return letters;
  }

  private static boolean isOfOthers(Source source) {
    return switch (source.kind()) {
      case SHARED_SIGNALS, GLOBAL_TOKEN_REVOCATION, BACK_CHANNEL_LOGOUT, SAML_LOGOUT -> true;
      case ADMIN, PERSON, CLIENT, SERVER, POLICY, RECONCILIATION, SIGN_IN, SCIM -> false;
    };
  }

  /// By its name below both `callers` and `targets`, or by where it is.
  private boolean isCaller(Call call) {
    var source = call.source();
    return source.kind() == Source.Kind.GLOBAL_TOKEN_REVOCATION
        && (source.connection().equals(call.target().name()) || isAt(source, call.target()));
  }

  private boolean isAt(Source source, RevocationTarget target) {
    // Callers of the resource authorization server are recorded by their issuers.
    var origin =
        source.connection().contains("://")
            ? Optional.of(origin(URI.create(source.connection())))
            : Optional.ofNullable(originsOfSources.get(source.name()));
    return origin.equals(Optional.of(origin(target.url())));
  }

  /// Whether a call ends the same that was written down after this had occurred: only where what
  /// has begun since then is good, or where it is the target's own doing.
  private boolean isMade(Call call, LoopPrevention.Known known) {
    return (call.incident().signal().what().mayBeOver()
            && known.hasCovered(call.announcement(), call.occurredAt()))
        || (call.source().kind() == Source.Kind.SHARED_SIGNALS
            && isAt(call.source(), call.target())
            && known.hasCovered(call.announcement(), call.occurredAt().minus(ANSWERED_WITHIN)));
  }

  /// @param renamed whether the person had another address before
  private Delivery letter(Call call, boolean renamed) {
    var target = call.target();
    var subject = identifiers.of(call.incident().person(), call.isByEmail());
    var body = JsonObject.builder().put("target", target.name()).put("sub_id", subject.toJson());
    if (renamed && call.isByEmail()) {
      body.put(RevocationCourier.RENAMED, true);
    }
    return call.incident().delivery(RevocationCourier.KIND, target.name(), body.build());
  }
}
