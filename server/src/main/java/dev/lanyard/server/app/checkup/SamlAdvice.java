package dev.lanyard.server.app.checkup;

import dev.lanyard.protocol.evidence.Evidence;
import java.time.Instant;
import java.util.Optional;

/// What an administrator changes when a check of a SAML answer has failed.
///
/// @param now our time
record SamlAdvice(Instant now) {

  /// Empty where nobody can say from here.
  Optional<String> on(Evidence evidence) {
    return Optional.ofNullable(
        switch (evidence.check()) {
          case "Status" -> refusedThere(evidence.actual());
          case "Signature" ->
              "Let the provider sign the assertion, or the whole response, with RSA or ECDSA and"
                  + " SHA-256.";
          case "signature" ->
              "It is signed by a key that its metadata do not have, or was changed on the way. Are"
                  + " the metadata those of this application?";
          case "SignatureMethod", "DigestMethod" ->
              "Let the provider sign with SHA-256; SHA-1 is not taken.";
          case "Audience" ->
              "Enter %s there, byte for byte, as audience (SP entity ID, Identifier)."
                  .formatted(bare(evidence.expected()));
          case "Recipient", "Destination" ->
              "Enter %s there as an ACS URL, for recipient and destination too."
                  .formatted(bare(evidence.expected()));
          case "Issuer" ->
              "The provider calls itself %s: give that as --entity-id."
                  .formatted(evidence.actual());
          case "InResponseTo", "RelayState" ->
              "It answers another sign-in than this one. Begin anew, and from the address above,"
                  + " not from a tile at the provider.";
          case "NameID Format" ->
              "Choose this format there, or take what comes with --name-id-format, or name an"
                  + " attribute that means a person for ever with --subject-attribute.";
          case "IssueInstant",
              "AuthnInstant",
              "NotBefore",
              "NotOnOrAfter",
              "SessionNotOnOrAfter",
              "SubjectConfirmation NotBefore",
              "SubjectConfirmation NotOnOrAfter" ->
              "Our clock says %s. Set the one that is wrong by a time server.".formatted(now);
          default ->
              evidence.requirement().equals("IDP-14")
                  ? "Let the provider send it with exactly one value, or name another attribute"
                      + " with --subject-attribute."
                  : null;
        });
  }

  private static String refusedThere(String status) {
    if (status.contains("InvalidNameIDPolicy")) {
      return "The provider does not give names of this format: see --name-id-format.";
    }
    return "The provider itself says no, and its log says why. Often the person is not assigned to"
        + " the application, or our entity ID or the ACS URL is not registered there.";
  }

  /// Of a list of one, the one.
  private static String bare(String list) {
    return list.startsWith("[") && list.endsWith("]") ? list.substring(1, list.length() - 1) : list;
  }
}
