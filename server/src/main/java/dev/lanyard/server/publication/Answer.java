package dev.lanyard.server.publication;

/// What a second person said to a proposal.
public record Answer(boolean approved, Proposal.Said said) {
  String statement() {
    return said.statement();
  }
}
