package dev.lanyard.server.directory;

/// A person as their source has them.
///
/// @param active what the source says; an administrator or a signal may have disabled the person
///   all the same
public record ProvisionedPerson(PersonId id, Profile profile, boolean active, Revision revision) {}
