package dev.lanyard.server.publication;

/// Who takes a step about the role library: with a key that is here, or with what they have signed
/// elsewhere.
public sealed interface Speaker permits Author, SignedElsewhere {
  /// As the approvers file has it.
  String name();
}
