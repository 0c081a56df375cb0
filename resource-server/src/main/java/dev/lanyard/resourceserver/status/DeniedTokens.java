package dev.lanyard.resourceserver.status;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.lanyard.protocol.accesstoken.AccessToken;
import dev.lanyard.protocol.revocation.Notice;
import dev.lanyard.protocol.revocation.Notice.Kind;
import dev.lanyard.resourceserver.TokenStatus.News;
import java.time.Instant;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// What died before its time, as far as it was told: in memory, asked at every call. Thread-safe.
///
/// A million denials take some 60 MiB.
final class DeniedTokens implements FreshDenials.Known {
  private static final int MOST_REMEMBERED = 10_000;
  private static final Kind[] KINDS = Kind.values();

  private final Map<Kind, MarkTable> tables = new EnumMap<>(Kind.class);

  /// By identity: a token that is known is the same object at every call, and its marks cost a hash
  /// each.
  private final Cache<AccessToken, Marks> marks =
      Caffeine.newBuilder().weakKeys().maximumSize(MOST_REMEMBERED).build();

  DeniedTokens() {
    for (var kind : KINDS) {
      tables.put(kind, new MarkTable());
    }
  }

  /// The marks by which notices would name a token.
  private record Marks(Map<Kind, Mark> byKind) {
    static Marks of(AccessToken token) {
      var marks = new EnumMap<Kind, Mark>(Kind.class);
      for (var kind : KINDS) {
        Notice.markOf(kind, token).ifPresent(mark -> marks.put(kind, Mark.of(mark)));
      }
      return new Marks(marks);
    }
  }

  void add(List<Notice> told) {
    for (var notice : told) {
      var kind = notice.kind();
      of(kind)
          .put(
              Mark.of(notice.mark()),
              entry(notice),
              (old, fresh) ->
                  entry(
                      notice(kind, notice.mark(), old).newer(notice(kind, notice.mark(), fresh))));
    }
  }

  private static MarkTable.Entry entry(Notice notice) {
    return new MarkTable.Entry(
        notice.before().toEpochMilli(), notice.forgetAfter().toEpochMilli(), notice.sequence());
  }

  private static Notice notice(Kind kind, String mark, MarkTable.Entry entry) {
    return new Notice(
        kind,
        mark,
        Instant.ofEpochMilli(entry.before()),
        Instant.ofEpochMilli(entry.forgetAfter()),
        entry.sequence());
  }

  @Override
  public Optional<Kind> denialOf(AccessToken token) {
    Marks known = null;
    for (var kind : KINDS) {
      var table = of(kind);
      // Most kinds are empty most of the time.
      if (!table.isEmpty()) {
        known = known == null ? marks.get(token, Marks::of) : known;
        var mark = known.byKind.get(kind);
        var entry = mark == null ? null : table.find(mark);
        if (entry != null && kind.kills(token.issuedAt(), Instant.ofEpochMilli(entry.before()))) {
          return Optional.of(kind);
        }
      }
    }
    return Optional.empty();
  }

  @Override
  public void forget(Instant now) {
    tables.values().forEach(table -> table.forget(now.toEpochMilli()));
  }

  /// Under which names [#about] may tell of a token.
  Set<String> namesOf(AccessToken token) {
    var names = new HashSet<String>();
    marks
        .get(token, Marks::of)
        .byKind()
        .forEach((kind, mark) -> {
          if (isOfOne(kind)) {
            names.add(name(kind, mark));
          }
        });
    return names;
  }

  /// Of whom notices are; empty if there is none. What is about many is told as about all: who
  /// stops a client or an organisation does so seldom, and every token would be under its name.
  static Optional<News> about(List<Notice> notices) {
    if (notices.isEmpty()) {
      return Optional.empty();
    }
    if (!notices.stream().allMatch(notice -> isOfOne(notice.kind()))) {
      return Optional.of(new News.AboutAll());
    }
    return Optional.of(
        new News.About(
            notices.stream()
                .map(notice -> name(notice.kind(), Mark.of(notice.mark())))
                .collect(Collectors.toSet())));
  }

  private static boolean isOfOne(Kind kind) {
    return switch (kind) {
      case PERSON, SESSION, GRANT, TOKEN -> true;
      case CLIENT, RESOURCE, IDENTITY_PROVIDER, ORGANISATION, ALL -> false;
    };
  }

  private static String name(Kind kind, Mark mark) {
    return kind + " " + Long.toHexString(mark.high()) + " " + Long.toHexString(mark.low());
  }

  int size() {
    return tables.values().stream().mapToInt(MarkTable::size).sum();
  }

  private MarkTable of(Kind kind) {
    return Optional.ofNullable(tables.get(kind)).orElseThrow();
  }
}
