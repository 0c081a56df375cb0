package dev.lanyard.server.console.page;

import dev.lanyard.server.console.desk.Motion;
import dev.lanyard.server.console.desk.Told;
import dev.lanyard.server.console.gate.Sitemap;
import dev.lanyard.server.console.gate.Visit;
import dev.lanyard.server.console.sheet.Sheet;
import dev.lanyard.server.http.Response;

/// The page that tells a secret, once.
///
/// @param title of the page
/// @param lead what it is, in a sentence
/// @param nameIs what the name is called that comes with the secret
/// @param secretIs what the secret is called
/// @param then what is to be done with it
/// @param done the label of the way on
record SecretSheet(
    String title,
    String lead,
    String nameIs,
    String secretIs,
    String then,
    String done,
    Told told) {

  /// What is shown.
  record Shown(SecretSheet sheet, String back) {}

  /// For an application.
  static SecretSheet ofClient(Told told) {
    return new SecretSheet(
        "A new secret",
        "This is the secret of " + told.whose() + ". It is shown this once.",
        "client_id",
        "client_secret",
        "Enter it at the application now. Nobody can look it up later, also not here: who loses it"
            + " makes another one.",
        "I have entered it",
        told);
  }

  /// For whoever has agreed to what comes with a secret.
  static SecretSheet of(Motion.Kind kind, Told told) {
    return kind == Motion.Kind.SCIM_TOKEN ? ofConnection(told) : ofPerson(told);
  }

  /// For an identity provider.
  private static SecretSheet ofConnection(Told told) {
    return new SecretSheet(
        "A new SCIM token",
        "This is a new token of " + told.whose() + ". It is shown this once, to you.",
        "token id",
        "token",
        "Enter it at the identity provider now: it keeps people and groups here with it. Nobody can"
            + " look it up later, also not here. Revoke the former token when this one is used.",
        "I have entered it",
        told);
  }

  /// For somebody, from whoever has agreed to it.
  private static SecretSheet ofPerson(Told told) {
    return new SecretSheet(
        "A new password",
        "This is the new password of " + told.whose() + ". It is shown this once, to you.",
        "user name",
        "password",
        "Give it to nobody but them, and not by the way by which it was asked for. Nobody can look"
            + " it up later, also not here: if it is lost, another one is made.",
        "I have given it to them",
        told);
  }

  Response page(Visit visit, Sitemap place, String back) {
    return Sheet.of(200, "secret", visit.frame(title, place), new Shown(this, back));
  }
}
