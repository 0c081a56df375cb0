package dev.lanyard.server.governance.review;

import dev.lanyard.protocol.jose.PublicKeySet;
import dev.lanyard.protocol.jose.SigningKey;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.pdfbox.pdmodel.PDDocument;

/// A sealed review as a document for people: the same decisions and evidence as the account, and a
/// seal of its own over every byte of the file.
public final class ReviewPdf {
  private static final float TITLE = 18;
  private static final float HEADING = 11;
  private static final float TEXT = 9;

  private ReviewPdf() {}

  /// Writes the document and seals it.
  ///
  /// @param document the sealed account, as [PolicyReview#account()] has it
  /// @param fonts TrueType files for what the built-in font lacks
  /// @throws IOException if a font cannot be read
  /// @throws MalformedException if it is no account
  public static byte[] of(String document, List<Path> fonts, SigningKey key, Instant at)
      throws IOException, MalformedException {
    var account =
        JsonObject.parseLarge(document.getBytes(java.nio.charset.StandardCharsets.UTF_8))
            .object("account")
            .orElseThrow(() -> new MalformedException("it has no account"));
    return PdfSeal.sealed(written(account, fonts), account, key, at);
  }

  /// Verifies a document that [#of] has made.
  public static Optional<String> refuses(byte[] pdf, PublicKeySet keys) {
    return PdfSeal.refuses(pdf, keys);
  }

  private static byte[] written(JsonObject account, List<Path> fonts)
      throws IOException, MalformedException {
    try (var document = new PDDocument();
        var sheets = new Sheets(document, fonts)) {
      var title = "Policy review " + account.nonEmptyString("review");
      document.getDocumentInformation().setTitle(title);
      document.getDocumentCatalog().setLanguage("en");
      head(sheets, account, title);
      var pack = new Pack(account.object("pack").orElse(JsonObject.EMPTY));
      var decisions = account.objects("decisions").orElse(List.of());
      for (var item : pack.items()) {
        item(sheets, item, decisions);
      }
      signature(sheets, account);
      sheets.foot(title + " · evidence " + account.nonEmptyString("pack_hash").substring(0, 23));
      var bytes = new ByteArrayOutputStream();
      document.save(bytes);
      return bytes.toByteArray();
    }
  }

  private static void head(Sheets sheets, JsonObject account, String title)
      throws IOException, MalformedException {
    sheets.heading(title, TITLE);
    sheets.space(4);
    var pack = account.object("pack").orElse(JsonObject.EMPTY);
    sheets.text(
        "Identity provider %s, quarter %s, installation %s"
            .formatted(
                account.nonEmptyString("provider"),
                account.nonEmptyString("quarter"),
                account.nonEmptyString("installation")),
        TEXT);
    sheets.text(
        "Evidence of %s to %s, frozen when %s opened it"
            .formatted(
                pack.nonEmptyString("since"),
                pack.nonEmptyString("until"),
                account.nonEmptyString("opened_by")),
        TEXT);
    sheets.text(account.nonEmptyString("pack_hash"), TEXT);
    sheets.line();
  }

  private static void item(Sheets sheets, Item item, List<JsonObject> decisions)
      throws IOException, MalformedException {
    sheets.heading(item.title(), HEADING);
    for (var line : item.lines()) {
      sheets.text(line, TEXT);
    }
    for (var decision : decisions) {
      if (decision.nonEmptyString("item").equals(item.id())) {
        sheets.space(2);
        sheets.strong(
            "%s: %s. %s"
                .formatted(
                    decision.nonEmptyString("by"),
                    decision.nonEmptyString("ruling").equals(Ruling.ACCEPT.value())
                        ? "accepted"
                        : "to be acted on",
                    decision.nonEmptyString("rationale")),
            TEXT);
      }
    }
  }

  private static void signature(Sheets sheets, JsonObject account)
      throws IOException, MalformedException {
    var signature = account.object("signature").orElse(JsonObject.EMPTY);
    sheets.space(6);
    sheets.line();
    sheets.heading("Signed", HEADING);
    sheets.strong(
        "%s, reviewer; signed by %s at %s: %s"
            .formatted(
                account.nonEmptyString("reviewer"),
                signature.nonEmptyString("by"),
                signature.nonEmptyString("at"),
                signature.nonEmptyString("rationale")),
        TEXT);
    sheets.text(
        "Both have signed with keys of their own; the signatures are in the JSON document, whose"
            + " hash is "
            + ReviewAccount.hash(account)
            + ". This file is sealed as a whole: lanyard review verify FILE --key KEYS",
        TEXT);
    if (sheets.hasTransliterated()) {
      sheets.text(
          "* in Latin letters here, because the fonts of this document lack the script; the JSON"
              + " document has it as it is.",
          TEXT);
    }
  }
}
