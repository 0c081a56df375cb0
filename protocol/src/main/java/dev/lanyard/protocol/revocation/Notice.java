package dev.lanyard.protocol.revocation;

import dev.lanyard.protocol.accesstoken.AccessToken;
import dev.lanyard.protocol.hash.Sha256;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;

/// A denial, as a resource server learns it.
///
/// It does not say whom it is about: it carries a **mark**, a hash, which a resource server can
/// compare with a token that it holds and with nothing else. The identifiers of people, grants and
/// tokens are random, so that a mark tells nothing about anybody whom the reader has not met.
///
/// @param kind what of a token names it
/// @param mark see [#mark(Kind, String)]
/// @param before whatever was issued up to then is dead
/// @param forgetAfter when nothing can be left that it would have to kill
/// @param sequence of two notices about one thing the higher one is the newer
public record Notice(Kind kind, String mark, Instant before, Instant forgetAfter, long sequence) {
  private static final int MARK_BYTES = 16;

  /// @throws IllegalArgumentException if the mark has another form
  public Notice {
    if (!mark.matches("[A-Za-z0-9_-]{22}")) {
      throw new IllegalArgumentException("not a mark");
    }
  }

  /// What a denial is about, and what of a token is its value.
  ///
  /// Each has its word on the wire, which is hashed into the mark as well. It never changes: a
  /// resource server that expects another word misses the denial.
  public enum Kind {
    /// A person: `sub`.
    PERSON("person"),
    /// A session at the identity provider's side: `sid`.
    SESSION("session"),
    /// A grant, all tokens of one redemption: `grant_id`.
    GRANT("grant"),
    /// One token: `jti`.
    TOKEN("token"),
    /// A client: `iss`, a space, `client_id`.
    CLIENT("client"),
    /// A protected resource: the one of `aud` that judges. On the wire it is a `connector`.
    RESOURCE("connector"),
    /// The identity provider on whose word it was issued: `idp`. On the wire it is an `issuer`.
    IDENTITY_PROVIDER("issuer"),
    /// An organisation, whose person it was issued for: `org`.
    ORGANISATION("organisation"),
    /// Everything: `*`.
    ALL("all");

    private final String word;

    Kind(String word) {
      this.word = word;
    }

    private static Kind of(String word) throws MalformedException {
      for (var kind : values()) {
        if (kind.word.equals(word)) {
          return kind;
        }
      }
      throw new MalformedException("not a notice: an unknown kind");
    }

    /// What of a token a denial of this kind names; empty if this token has none.
    Optional<String> valueOf(AccessToken token) throws MalformedException {
      return switch (this) {
        case PERSON -> Optional.of(token.subject());
        case SESSION -> token.all().string("sid");
        case GRANT -> token.grant();
        case TOKEN -> Optional.of(token.id());
        case CLIENT -> Optional.of(token.issuer().value() + " " + token.client().value());
        case RESOURCE -> Optional.of(token.audience().value());
        case IDENTITY_PROVIDER -> token.all().string("idp");
        case ORGANISATION -> token.all().string("org");
        case ALL -> Optional.of("*");
      };
    }

    /// Whether what was issued later may live.
    boolean dependsOnTime() {
      return switch (this) {
        case SESSION, GRANT, TOKEN -> false;
        case PERSON, CLIENT, RESOURCE, IDENTITY_PROVIDER, ORGANISATION, ALL -> true;
      };
    }

    /// Whether a denial of this kind, of that moment, makes a token dead that was issued then.
    public boolean kills(Instant issuedAt, Instant before) {
      return !dependsOnTime() || IssuedAt.isKilledBy(issuedAt, before);
    }

    /// Whether a denial of it can be lifted, so that a newer one may say less.
    boolean canBeLifted() {
      return switch (this) {
        case CLIENT, RESOURCE, IDENTITY_PROVIDER, ORGANISATION, ALL -> true;
        case PERSON, SESSION, GRANT, TOKEN -> false;
      };
    }
  }

  /// Stands for a value without telling it: 128 bits of a SHA-256 hash over the word of the kind in
  /// capitals, a line feed and the value; base64url.
  public static String mark(Kind kind, String value) {
    var hash = Sha256.of(kind.word.toUpperCase(Locale.ROOT) + "\n" + value);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(hash, MARK_BYTES));
  }

  /// The mark by which notices of a kind would name this token; empty if none could.
  public static Optional<String> markOf(Kind kind, AccessToken token) {
    try {
      return kind.valueOf(token).map(value -> mark(kind, value));
    } catch (MalformedException e) {
      // A claim of another form than its issuer writes: no notice means it.
      return Optional.empty();
    }
  }

  /// Whether a token that it names, issued then, is dead.
  public boolean kills(Instant issuedAt) {
    return kind.kills(issuedAt, before);
  }

  /// Which of two notices about the same thing counts, in whatever order they arrive.
  public Notice newer(Notice other) {
    boolean counts = kind.canBeLifted() ? other.sequence >= sequence : other.before.isAfter(before);
    return counts ? other : this;
  }

  public JsonObject toJson() {
    return JsonObject.builder()
        .put("kind", kind.word)
        .put("mark", mark)
        .put("before", before.toEpochMilli())
        .put("forget_after", forgetAfter.toEpochMilli())
        .put("sequence", sequence)
        .build();
  }

  /// @throws MalformedException if it is not a notice; also for a kind that is not known here,
  ///   because then nobody knows what it kills
  public static Notice of(JsonObject json) throws MalformedException {
    try {
      return new Notice(
          Kind.of(json.nonEmptyString("kind")),
          json.nonEmptyString("mark"),
          Instant.ofEpochMilli(required(json, "before")),
          Instant.ofEpochMilli(required(json, "forget_after")),
          required(json, "sequence"));
    } catch (IllegalArgumentException e) {
      throw new MalformedException("not a notice: " + e.getMessage());
    }
  }

  private static long required(JsonObject json, String name) throws MalformedException {
    return json.integer(name).orElseThrow(() -> new MalformedException("no '" + name + "'"));
  }
}
