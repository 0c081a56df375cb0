package dev.lanyard.server.signals;

import dev.lanyard.protocol.jose.SigningAlgorithm;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.authorization.upstream.ClaimNames;
import dev.lanyard.server.authorization.upstream.UpstreamConfig;
import dev.lanyard.server.clients.SecretHash;
import java.net.URI;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Whom we listen to and whom we tell. Empty lists listen to nobody and tell nobody.
///
/// @param sources transmitters of security events
/// @param transmitter our own transmitter, if there is one
/// @param callers who may call for a global token revocation
/// @param targets whom we call for one
public record SignalsConfig(
    List<Source> sources,
    Optional<Transmitter> transmitter,
    List<Caller> callers,
    List<Target> targets) {
  /// Listens to nobody and tells nobody.
  public static final SignalsConfig NONE =
      new SignalsConfig(List.of(), Optional.empty(), List.of(), List.of());

  /// What providers sign signals with today.
  public static final Set<SigningAlgorithm> ALGORITHMS =
      Set.of(SigningAlgorithm.RS256, SigningAlgorithm.PS256, SigningAlgorithm.ES256);

  /// @throws IllegalArgumentException if a name is used twice
  public SignalsConfig {
    sources = List.copyOf(sources);
    callers = List.copyOf(callers);
    targets = List.copyOf(targets);
    unique("receivers", sources.stream().map(Source::name).toList());
    unique("gtr.callers", callers.stream().map(Caller::name).toList());
    unique("gtr.targets", targets.stream().map(Target::name).toList());
  }

  private static void unique(String section, List<String> names) {
    var seen = new HashSet<String>();
    for (var name : names) {
      if (!name.matches("[a-z0-9-]{1,40}")) {
        throw new IllegalArgumentException(
            "signals."
                + section
                + ".name must be lower-case letters, digits and '-', not '"
                + name
                + "'");
      }
      if (!seen.add(name)) {
        throw new IllegalArgumentException(
            "signals." + section + ".name '" + name + "' is there twice");
      }
    }
  }

  /// Whom a source may speak about, and by which names (SEC-9).
  ///
  /// @param organisation whose people
  /// @param issuers whose subjects it may name
  /// @param domains of e-mail addresses, in lower case, that it is authoritative for
  /// @param upstream the sign-in provider whose sessions it may name
  public record Trust(
      String organisation, Set<Issuer> issuers, Set<String> domains, Optional<String> upstream) {
    public Trust {
      issuers = Set.copyOf(issuers);
      domains = Set.copyOf(domains);
    }
  }

  /// Who signs, and with what.
  ///
  /// @param jwksUri where its keys are; empty to discover them
  public record Signer(Issuer issuer, Optional<URI> jwksUri, Set<SigningAlgorithm> algorithms) {
    public Signer {
      algorithms = Set.copyOf(algorithms);
    }
  }

  /// A transmitter of security events.
  ///
  /// @param audience what it calls us
  /// @param legacy whether it writes events as before 1.0 (SSF-5)
  /// @param pushAuthorization the whole `Authorization` header that its pushes must have
  /// @param stream how we keep a stream there; empty if an administrator set it up by hand
  /// @param silence after how long without a sign of life an alarm is raised
  public record Source(
      String name,
      Signer signer,
      String audience,
      Trust trust,
      boolean legacy,
      Optional<Secret> pushAuthorization,
      Optional<Subscription> stream,
      Duration silence) {
    /// A day.
    public static final Duration SILENCE = Duration.ofHours(24);
  }

  /// The stream that we keep at a transmitter.
  ///
  /// @param access how we prove there who we are
  /// @param poll whether we fetch events; otherwise they are pushed
  /// @param verifyEvery how often we ask for a sign of life
  public record Subscription(Access access, boolean poll, Duration verifyEvery) {
    /// An hour.
    public static final Duration VERIFY_EVERY = Duration.ofHours(1);

    /// How we prove at a transmitter's API who we are.
    public sealed interface Access {}

    /// With a bearer token that was agreed on.
    public record Token(Secret token) implements Access {}

    /// With access tokens that we get as an OAuth client, by client credentials.
    public record Client(URI tokenEndpoint, ClientId id, Secret secret, Scopes scopes)
        implements Access {
      /// What the CAEP interoperability profile calls the rights to read and to manage a stream.
      public static final Scopes SCOPES = Scopes.of("ssf.manage", "ssf.read");
    }
  }

  /// Our own transmitter.
  ///
  /// @param receivers who may have a stream
  /// @param minVerification no verification is asked for more often
  /// @param subjectsByDefault whether a stream tells of everybody whom its receiver did not remove
  public record Transmitter(
      List<Receiver> receivers, Duration minVerification, boolean subjectsByDefault) {
    /// A minute.
    public static final Duration MIN_VERIFICATION = Duration.ofMinutes(1);

    public Transmitter {
      receivers = List.copyOf(receivers);
      unique("transmitter.receivers", receivers.stream().map(Receiver::name).toList());
      var clients = new HashSet<ClientId>();
      for (var receiver : receivers) {
        if (receiver.client().filter(id -> !clients.add(id)).isPresent()) {
          throw new IllegalArgumentException(
              "signals.transmitter.receivers.client_id of "
                  + receiver.name()
                  + " is another receiver's, too");
        }
      }
    }
  }

  /// Somebody who may have a stream of our events.
  ///
  /// @param tokens of its bearer tokens that were agreed on and do not expire; two while one is
  ///   replaced by another
  /// @param client which client of the broker's it is, that gets access tokens for its stream
  /// @param audience what we call it in `aud`
  /// @param byEmail whether people are named by their address, where they have one
  /// @param mayManage whether it may change its stream, or only read
  public record Receiver(
      String name,
      List<SecretHash> tokens,
      Optional<ClientId> client,
      String audience,
      boolean byEmail,
      boolean mayManage) {
    public Receiver {
      tokens = List.copyOf(tokens);
      if (tokens.isEmpty() && client.isEmpty()) {
        throw new IllegalArgumentException(
            "signals.transmitter.receivers: " + name + " has neither token_hashes nor client_id");
      }
    }
  }

  /// Who may call for a global token revocation.
  ///
  /// @param proof how it authenticates
  /// @param synonym whether it may write `subject` for `sub_id` (GTR-5)
  public record Caller(String name, Proof proof, Trust trust, boolean synonym) {}

  /// How a caller authenticates.
  public sealed interface Proof {
    /// With a JWT for each call.
    ///
    /// @param subject what its `sub` must be
    record Signed(Signer signer, String subject) implements Proof {}

    /// With a bearer token that was agreed on.
    record Token(List<SecretHash> hashes) implements Proof {
      public Token {
        hashes = List.copyOf(hashes);
      }
    }
  }

  /// Whom we call for a global token revocation.
  ///
  /// @param url without query and fragment
  /// @param proof how we authenticate there
  /// @param format how people are named: `iss_sub` or `email`
  public record Target(String name, URI url, Proof proof, Format format) {
    /// How we authenticate.
    public sealed interface Proof {
      /// With a bearer token that was agreed on.
      record Token(Secret token) implements Proof {}

      /// With a JWT of the broker's for each call.
      ///
      /// @param subject its `sub`: what we are called there
      record Signed(String subject) implements Proof {}
    }

    /// How people are named.
    public enum Format {
      ISS_SUB,
      EMAIL
    }
  }

  /// An OpenID Provider upstream that may tell us of logouts.
  ///
  /// @param organisation whose people sign in there
  /// @param namesPeople whether its `sub` means a person here; if another claim does, it means only
  ///   whoever signed in with it
  public record Provider(
      String name, String organisation, Signer signer, ClientId clientId, boolean namesPeople) {
    /// One at which people sign in.
    public static Provider of(UpstreamConfig upstream, String organisation) {
      return new Provider(
          upstream.id(),
          organisation,
          new Signer(upstream.issuer(), Optional.empty(), upstream.algorithms()),
          upstream.clientId(),
          upstream.claims().subject().equals(ClaimNames.SUB));
    }
  }
}
