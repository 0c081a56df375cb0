package dev.lanyard.server.saml;

import dev.lanyard.protocol.claims.ClockSkew;
import dev.lanyard.protocol.egress.EgressClient;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.server.saml.ProviderSource.Knowledge;
import java.security.PublicKey;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/// An identity provider that speaks SAML 2.0, seen from a service provider: us. Thread-safe.
public final class SamlProvider {
  private final ServiceProvider self;
  private final ProviderSource source;
  private final MessageValidator messages;
  private final LogoutValidator logouts;

  public SamlProvider(
      SamlConfig config,
      ServiceProvider self,
      EgressClient egress,
      ClockSkew skew,
      InstantSource clock) {
    this.self = self;
    this.source = ProviderSource.of(config, egress, clock);
    this.messages = new MessageValidator(config.entityId(), config.signed(), skew, clock);
    this.logouts = new LogoutValidator(config.entityId(), self, skew, clock);
  }

  /// Whether the provider is known.
  public sealed interface Described {
    record As(ProviderDescription description) implements Described {}

    /// Its metadata cannot be had.
    record Unavailable(String why) implements Described {}
  }

  /// How the provider is described now. May fetch its metadata.
  public Described described() {
    return switch (source.current()) {
      case Knowledge.Known(var description, _) -> new Described.As(description);
      case Knowledge.Unknown(var why) -> new Described.Unavailable(why);
    };
  }

  /// Judges the answer to a sign-in.
  ///
  /// @param message the parameter `SAMLResponse` of the POST binding; untrusted
  /// @param requestId the request that it must answer
  public SamlVerdict judgeResponse(String message, String requestId) {
    return judged(
        keys ->
            new SamlVerdict.Accepted(
                messages.response(
                    decoded(Base64.getDecoder(), unfolded(message)),
                    self.entityId(),
                    self.assertionConsumer().toString(),
                    requestId,
                    keys)),
        refusal -> refusal,
        SamlVerdict.Undecided::new);
  }

  /// Judges an assertion that a service provider presents which received it.
  ///
  /// @param assertion in base64url, as token requests carry it; untrusted
  /// @param audiences the entity ids of that service provider, each with the assertion consumer
  ///   services at which it receives
  /// @spec https://www.rfc-editor.org/rfc/rfc7522.html#section-3 RFC 7522 §3
  public SamlVerdict judgeAssertion(String assertion, Map<String, Set<String>> audiences) {
    return judged(
        keys ->
            new SamlVerdict.Accepted(
                messages.assertion(decoded(Base64.getUrlDecoder(), assertion), audiences, keys)),
        refusal -> refusal,
        SamlVerdict.Undecided::new);
  }

  /// Judges a logout request of the POST binding.
  ///
  /// @param message the parameter `SAMLRequest`; untrusted
  public LogoutVerdict judgePostedLogout(String message) {
    return judged(
        keys ->
            new LogoutVerdict.Accepted(
                logouts.posted(decoded(Base64.getDecoder(), unfolded(message)), keys)),
        LogoutVerdict.Rejected::new,
        LogoutVerdict.Undecided::new);
  }

  /// Judges a logout request of the redirect binding.
  ///
  /// @param query as the browser sent it; untrusted
  public LogoutVerdict judgeRedirectedLogout(String query) {
    return judged(
        keys -> new LogoutVerdict.Accepted(logouts.redirected(query, keys)),
        LogoutVerdict.Rejected::new,
        LogoutVerdict.Undecided::new);
  }

  /// A judgement that needs the keys of the provider.
  @FunctionalInterface
  private interface Judgement<V> {
    V by(List<PublicKey> keys) throws RefusedException;
  }

  /// Judges with the keys that are known, and once more with newer ones if none of them has signed:
  /// providers replace their keys without asking anybody.
  private <V> V judged(
      Judgement<V> judgement,
      Function<SamlVerdict.Refusal, V> refused,
      Function<String, V> undecided) {
    return switch (source.current()) {
      case Knowledge.Unknown(var why) -> undecided.apply(why);
      case Knowledge.Known(var description, var newer) -> {
        try {
          yield judgement.by(Certificates.keys(description.certificates()));
        } catch (RefusedException e) {
          yield e.refusal().evidence().check().equals("signature")
              ? newer
                  .ask()
                  .map(knowledge -> again(knowledge, judgement, refused, undecided))
                  .orElseGet(() -> refused.apply(e.refusal()))
              : refused.apply(e.refusal());
        }
      }
    };
  }

  private static <V> V again(
      Knowledge knowledge,
      Judgement<V> judgement,
      Function<SamlVerdict.Refusal, V> refused,
      Function<String, V> undecided) {
    return switch (knowledge) {
      case Knowledge.Unknown(var why) -> undecided.apply(why);
      case Knowledge.Known(var description, _) -> {
        try {
          yield judgement.by(Certificates.keys(description.certificates()));
        } catch (RefusedException e) {
          yield refused.apply(e.refusal());
        }
      }
    };
  }

  /// Some providers break the lines of base64.
  private static String unfolded(String base64) {
    return base64.replace("\r", "").replace("\n", "");
  }

  /// Who says that an assertion is theirs: to look a provider up by, and for nothing else. Empty if
  /// it is not to be read.
  ///
  /// @param assertion in base64url; untrusted
  public static Optional<String> unverifiedIssuer(String assertion) {
    try {
      var root = XmlParser.parse(decoded(Base64.getUrlDecoder(), assertion));
      return Optional.of(root.only(Names.ASSERTION, "Issuer").text());
    } catch (MalformedException | RefusedException e) {
      return Optional.empty();
    }
  }

  private static byte[] decoded(Base64.Decoder decoder, String text) throws RefusedException {
    try {
      return decoder.decode(text);
    } catch (IllegalArgumentException e) {
      // The base64 decoder of the JDK has no other way to refuse.
      throw MessageValidator.malformed(new MalformedException("not base64"));
    }
  }
}
