package dev.lanyard.server.revocation;

import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.server.directory.ExternalSubject;
import dev.lanyard.server.directory.PersonId;
import java.util.List;
import java.util.Optional;

/// Whom or what a [Signal] is about, as its source can say it (DPR-4). What may identify a person
/// at all, such as an address that the source is authoritative for, is for the caller to decide.
public sealed interface Subject {

  /// A person by our own id.
  record Person(PersonId id) implements Subject {}

  /// A person by the subject that an issuer outside has for them.
  record External(ExternalSubject subject) implements Subject {}

  /// Whoever has this address in the organisation, if only one person has it, or of several only
  /// one has it verified.
  record Email(String organisation, String email) implements Subject {}

  /// One person under several names: those that are known must be theirs alone.
  ///
  /// @param names each [External] or [Email]
  record Aliases(List<Subject> names) implements Subject {
    public Aliases {
      names = List.copyOf(names);
    }
  }

  /// The sessions here that stand on a session at a provider upstream.
  ///
  /// @param upstream the configured name of the provider
  /// @param sid the provider's name for the session
  /// @param who whose session it must be, if the source said so: [External], [Email] or [Aliases];
  ///   a contradiction means nobody
  record UpstreamSession(String upstream, String sid, Optional<Subject> who) implements Subject {}

  /// The sessions here of somebody whom a provider upstream calls so, where it is another claim
  /// than `sub` that means a person.
  ///
  /// @param upstream the configured name of the provider
  /// @param sub as the provider says it
  record UpstreamSubject(String upstream, String sub) implements Subject {}

  /// A session of ours.
  record Session(String id) implements Subject {}

  /// All tokens of one ID-JAG, or of one sign-in at one client.
  record Grant(String id) implements Subject {}

  /// One access token, by its `jti`.
  record Token(String id) implements Subject {}

  /// A client as one of our servers knows it, for everybody.
  record Client(Issuer server, ClientId id) implements Subject {}

  /// A client in what it has for itself, without a person; what people have through it is not
  /// touched.
  record Agent(ClientId id) implements Subject {}

  /// A connector, by the identifier of its resource, for everybody.
  record Connector(ResourceIndicator resource) implements Subject {}

  /// An identity provider whose ID-JAGs are redeemed here, with all it said so far.
  record Provider(Issuer issuer) implements Subject {}

  /// An organisation: all its people, with what was issued for them so far.
  record Organisation(String name) implements Subject {}

  /// Everybody and everything: break the glass.
  record Everything() implements Subject {}
}
