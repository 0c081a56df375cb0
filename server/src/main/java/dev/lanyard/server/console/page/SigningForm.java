package dev.lanyard.server.console.page;

import dev.lanyard.server.console.desk.Signers.Signing;
import dev.lanyard.server.publication.Statement;
import java.util.List;

/// The form by which a script signs one step and sends it.
///
/// @param signing what is signed
/// @param action where it is sent
record SigningForm(Signing signing, String action) {

  /// The forms on the page of what is signed.
  ///
  /// @param address of that page; each step is taken below it
  static List<SigningForm> of(List<Signing> all, String address) {
    return all.stream().map(one -> new SigningForm(one, address + "/" + one.step())).toList();
  }

  /// Tells the forms of a page apart.
  String id() {
    return signing.step();
  }

  String type() {
    return Statement.TYPE;
  }

  String heading() {
    return switch (signing.kind()) {
      case PROPOSE -> "Propose it";
      case APPROVE -> "Approve it";
      case REJECT -> "Reject it";
      case EMERGENCY -> "Put it in force alone, in an emergency";
      case REVIEW -> "Say that you have looked at it";
    };
  }

  String effect() {
    return switch (signing.kind()) {
      case PROPOSE ->
          "It becomes your proposal, for a second person to approve. Read the difference first.";
      case APPROVE ->
          "You agree that this version shall follow the one in force. Read the difference and the"
              + " effect first.";
      case REJECT -> "It is not put in force.";
      case EMERGENCY ->
          "It decides at once and on every node, on your word alone, and the grants of those who"
              + " lose something end. It is recorded as an emergency and stands on the overview"
              + " until somebody else has looked at it.";
      case REVIEW ->
          "One person has put this in force alone. You say that you have looked at what it changed;"
              + " if it should not stay, go back to another version.";
    };
  }

  String button() {
    return switch (signing.kind()) {
      case PROPOSE, APPROVE -> "Sign and send";
      case REJECT -> "Sign the rejection";
      case EMERGENCY -> "Sign, and put it in force now";
      case REVIEW -> "Sign the review";
    };
  }
}
