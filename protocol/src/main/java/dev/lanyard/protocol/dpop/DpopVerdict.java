package dev.lanyard.protocol.dpop;

/// What [DpopValidator] decided.
public sealed interface DpopVerdict {
  /// There is no `DPoP` header. Whether the request needs one is for the caller to say.
  record Absent() implements DpopVerdict {}

  /// The sender holds the key.
  record Accepted(DpopProof proof) implements DpopVerdict {}

  /// There is a proof and it is wrong: answer [Reason#error()], never ignore it (RAS-35).
  record Rejected(Reason reason) implements DpopVerdict {}
}
