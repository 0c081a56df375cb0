package dev.lanyard.server.governance.review;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.jose.PublicKeySet;
import dev.lanyard.protocol.jose.SigningAlgorithm;
import dev.lanyard.protocol.jose.SigningKey;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.server.governance.Quarter;
import dev.lanyard.server.publication.Proposal.Said;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.pdmodel.font.PDFont;
import org.apache.pdfbox.text.PDFTextStripper;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A signed review as PDF: readable everywhere, and sealed over every byte")
class ReviewPdfTest {
  private static final Instant AT = Instant.parse("2026-11-23T09:00:00Z");
  private static final SigningKey KEY = SigningKey.generate(SigningAlgorithm.ES256);
  private static final PublicKeySet KEYS = new PublicKeySet(List.of(KEY.publicKey()));
  private static final byte[] PDF = document();

  private static byte[] document() {
    var names =
        List.of(
            "Zażółć Đặng Ünal",
            "Γιώργος",
            "Юлія",
            "Արամ",
            "გიორგი",
            "שלום כהן",
            "محمد علي",
            "राम",
            "สมชาย",
            "田中太郎",
            "김민수");
    var items = new ArrayList<Item>();
    items.add(new Item("role:engineering", "Role engineering", names, JsonObject.EMPTY));
    for (int i = 0; i < 30; i++) {
      items.add(
          new Item(
              "role:" + i,
              "Role number " + i,
              List.of("It gives linear to 120 people. ".repeat(8), "x".repeat(300)),
              JsonObject.EMPTY));
    }
    var pack =
        Pack.of(
            "okta",
            "2026-Q4",
            new Evidence.Period(Instant.parse("2026-10-01T00:00:00Z"), AT),
            items);
    var decisions =
        items.stream()
            .map(one ->
                new Decided(one.id(), Ruling.ACCEPT, new Said("山田 ana", "as agreed", "s", AT)))
            .toList();
    var review =
        new PolicyReview(
            "okta-2026-Q4",
            "okta",
            Quarter.parse("2026-Q4"),
            "山田 ana",
            "operator",
            AT,
            pack,
            decisions,
            Optional.empty(),
            Optional.empty());
    var account =
        ReviewAccount.of(
            Panel.INSTALLATION, review, new Said("Бен", "read it", "s", AT), List.of());
    try {
      return ReviewPdf.of(ReviewAccount.sealed(account, KEY, AT), List.of(), KEY, AT);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void is_genuine() {
    assertThat(ReviewPdf.refuses(PDF, KEYS)).isEmpty();
  }

  @Test
  void any_changed_byte_outside_of_the_seal_is_found() {
    for (int at : List.of(20, PDF.length / 3, PDF.length / 2, PDF.length - 8)) {
      var changed = PDF.clone();
      changed[at] ^= 1;
      assertThat(ReviewPdf.refuses(changed, KEYS)).isPresent();
    }
  }

  @Test
  void what_is_appended_is_not_covered_and_refused() throws Exception {
    var longer = Arrays.copyOf(PDF, PDF.length + 1);
    longer[PDF.length] = '\n';
    assertThat(ReviewPdf.refuses(longer, KEYS)).isPresent();

    // As an editor does it: a new page behind the sealed bytes.
    try (var document = Loader.loadPDF(PDF);
        var out = new java.io.ByteArrayOutputStream()) {
      document.getDocumentInformation().setTitle("Another title");
      document.getDocumentInformation().getCOSObject().setNeedToBeUpdated(true);
      document.saveIncremental(out);
      assertThat(ReviewPdf.refuses(out.toByteArray(), KEYS))
          .contains("the seal does not cover the whole file: something was appended or cut");
    }
  }

  @Test
  void another_key_and_other_files_are_refused() {
    var other = SigningKey.generate(SigningAlgorithm.ES256);
    assertThat(ReviewPdf.refuses(PDF, new PublicKeySet(List.of(other.publicKey()))).orElseThrow())
        .contains("none of these keys has sealed it");
    assertThat(ReviewPdf.refuses("%PDF-1.7".getBytes(StandardCharsets.US_ASCII), KEYS)).isPresent();
    assertThat(ReviewPdf.refuses(new byte[0], KEYS)).isPresent();
  }

  @Test
  @DisplayName(
      "names of any script are there; what the font lacks is in Latin letters, and says so")
  void scripts() throws Exception {
    try (var document = Loader.loadPDF(PDF)) {
      var text = new PDFTextStripper().getText(document);
      assertThat(text)
          .contains("Policy review okta-2026-Q4", "Zażółć Đặng Ünal", "Γιώργος", "Юлія", "Бен")
          .contains("tián zhōng tài láng*", "gimminsu*", "in Latin letters here");
      assertThat(document.getNumberOfPages()).isGreaterThan(2);
      for (var page : document.getPages()) {
        for (var name : page.getResources().getFontNames()) {
          PDFont font = page.getResources().getFont(name);
          assertThat(font.isEmbedded()).isTrue();
        }
      }
    }
  }
}
