package dev.lanyard.server.directory;

/// What became of an attempt to say who an [ExternalSubject] is.
public sealed interface Linking {
  /// The subject is this person from now on.
  record Linked(Person person) implements Linking {}

  /// The person was created, and the subject is this person from now on.
  record Created(Person person) implements Linking {}

  /// The subject was known already, perhaps since a moment ago by another request; it stays so.
  record AlreadyLinked(Person person) implements Linking {}

  /// Nothing was written: the issuer means the person by another subject already.
  record MeantOtherwise() implements Linking {}

  /// Nobody was created: the user name is or was somebody else's in the organisation, who may not
  /// be taken over by whoever brings the same name.
  record UserNameTaken() implements Linking {}
}
