package dev.lanyard.server.governance.coverage;

import dev.lanyard.server.catalog.Bucket;
import dev.lanyard.server.governance.coverage.Coverage.Category;
import dev.lanyard.server.governance.coverage.Coverage.Line;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.Locale;

/// The coverage map as a picture for a slide: a bar for each category, as long as it has seats,
/// with how many of them are silent; the share of people who are; the largest gaps. The colours
/// differ also for those who see few.
public final class CoverageSvg {
  private static final int WIDTH = 1280;
  private static final int HEIGHT = 720;
  private static final int MOST_BARS = 12;
  private static final int MOST_GAPS = 8;
  private static final int TOP = 170;
  private static final int BOTTOM = 640;
  private static final int LEFT = 250;
  private static final int LONGEST = 480;
  private static final int GAPS_AT = 890;

  private final Coverage coverage;
  private final StringBuilder out = new StringBuilder();

  private CoverageSvg(Coverage coverage) {
    this.coverage = coverage;
  }

  /// What a piece of a bar stands for.
  private enum Piece {
    SILENT("silent", "#0072b2"),
    EARLY("early rollout", "#56b4e9"),
    TRACKING("consent needed", "#e69f00"),
    UNKNOWN("unknown", "#999999");

    private final String words;
    private final String colour;

    Piece(String words, String colour) {
      this.words = words;
      this.colour = colour;
    }

    static Piece of(Line line) {
      if (!line.isGap()) {
        return SILENT;
      }
      var bucket = line.rating().bucket();
      if (bucket.isEmpty()) {
        return UNKNOWN;
      }
      return bucket.get() == Bucket.EARLY ? EARLY : TRACKING;
    }
  }

  /// The whole document.
  public static String of(Coverage coverage) {
    return new CoverageSvg(coverage).drawn();
  }

  private String drawn() {
    out.append(
        ("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\""
                + " height=\"%d\" role=\"img\" font-family=\"'Segoe UI', 'Helvetica Neue', Arial,"
                + " 'DejaVu Sans', sans-serif\">%n")
            .formatted(WIDTH, HEIGHT, WIDTH, HEIGHT));
    out.append("<title>Coverage map of ").append(day()).append("</title>\n");
    out.append("<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n");
    head();
    legend();
    bars();
    gaps();
    text(40, 700, 13, "#666666", "", foot());
    return out.append("</svg>\n").toString();
  }

  private LocalDate day() {
    return LocalDate.ofInstant(coverage.at(), ZoneOffset.UTC);
  }

  private void head() {
    var people = coverage.people();
    text(40, 62, 34, "#111111", "bold", "Coverage map");
    text(40, 96, 18, "#444444", "", "Connectors without a consent screen, as of " + day());
    text(
        WIDTH - 40,
        70,
        44,
        Piece.SILENT.colour,
        "bold end",
        Coverage.percent(people.silent(), people.served()) + " %");
    text(
        WIDTH - 40,
        98,
        16,
        "#444444",
        "end",
        "%s of %s people: whole role silent"
            .formatted(number(people.silent()), number(people.served())));
  }

  private void legend() {
    int x = 40;
    for (var piece : Piece.values()) {
      rectangle(x, 122, 14, 14, piece.colour, piece.words);
      text(x + 22, 134, 14, "#444444", "", piece.words);
      x += 40 + piece.words.length() * 9;
    }
  }

  private void bars() {
    var ordered =
        coverage.categories().stream()
            .sorted(Comparator.comparingLong(Category::seats).reversed())
            .toList();
    var shown = ordered.subList(0, Math.min(MOST_BARS, ordered.size()));
    long longest = Math.max(1, shown.stream().mapToLong(Category::seats).max().orElse(1));
    double step = Math.min(52, (BOTTOM - TOP) / (double) Math.max(1, shown.size()));
    double y = TOP;
    for (var category : shown) {
      bar(category, y, step * 0.62, longest);
      y += step;
    }
    if (ordered.size() > shown.size()) {
      text(
          40,
          y + 12,
          13,
          "#666666",
          "",
          "and %d categories more".formatted(ordered.size() - shown.size()));
    }
    if (shown.isEmpty()) {
      text(40, TOP + 20, 18, "#444444", "", "No role library was in force.");
    }
  }

  private void bar(Category category, double y, double height, long longest) {
    double middle = y + height / 2 + 5;
    text(LEFT - 14, middle, 15, "#111111", "end", shortened(category.name(), 26));
    double x = LEFT;
    for (var piece : Piece.values()) {
      long seats = seats(category, piece);
      double width = (double) LONGEST * seats / longest;
      if (seats > 0) {
        rectangle(x, y, Math.max(1.5, width), height, piece.colour, piece.words + ": " + seats);
        x += Math.max(1.5, width);
      }
    }
    var buckets = category.buckets();
    int connectors = buckets.live() + buckets.early() + buckets.tracking() + buckets.unknown();
    text(
        x + 10,
        middle,
        13,
        "#444444",
        "",
        "%d %% of %s seats, %d connector%s"
            .formatted(
                Coverage.percent(category.silentSeats(), category.seats()),
                number(category.seats()),
                connectors,
                connectors == 1 ? "" : "s"));
  }

  private long seats(Category category, Piece piece) {
    return coverage.connectors().stream()
        .filter(one -> one.category().equals(category.name()) && Piece.of(one) == piece)
        .mapToLong(Line::seats)
        .sum();
  }

  private void gaps() {
    var gaps =
        coverage.gaps().stream()
            .sorted(Comparator.comparingInt(Line::seats).reversed())
            .limit(MOST_GAPS)
            .toList();
    text(GAPS_AT, TOP - 22, 18, "#111111", "bold", gaps.isEmpty() ? "No gaps" : "Largest gaps");
    double y = TOP + 8;
    for (var gap : gaps) {
      rectangle(GAPS_AT, y - 11, 5, 40, Piece.of(gap).colour, Piece.of(gap).words);
      text(GAPS_AT + 14, y + 3, 15, "#111111", "", shortened(gap.name(), 34));
      text(
          GAPS_AT + 14,
          y + 23,
          13,
          "#444444",
          "",
          "%s seats; %s; fallback: %s".formatted(number(gap.seats()), told(gap), words(gap.way())));
      y += 58;
    }
  }

  private static String told(Line gap) {
    return gap.rating().bucket().map(Bucket::value).orElse("unknown")
        + gap.rating().on().map(on -> " since " + on).orElse("");
  }

  private static String words(Way way) {
    return way == Way.BRIDGE ? "legacy bridge" : way.value();
  }

  private String foot() {
    return "Library %s. Status of each connector with date and evidence: lanyard coverage --csv."
        .formatted(coverage.library().map(one -> shortened(one, 12)).orElse("none"));
  }

  private static String number(long number) {
    return String.format(Locale.ROOT, "%,d", number).replace(',', '\u202f');
  }

  private static String shortened(String text, int most) {
    return text.length() <= most ? text : text.substring(0, most - 1) + "…";
  }

  private void rectangle(
      double x, double y, double width, double height, String colour, String title) {
    out.append(
        String.format(
            Locale.ROOT,
            "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"%s\"><title>%s"
                + "</title></rect>%n",
            x,
            y,
            width,
            height,
            colour,
            escaped(title)));
  }

  private void text(double x, double y, int size, String colour, String how, String words) {
    out.append(
        String.format(
            Locale.ROOT,
            "<text x=\"%.1f\" y=\"%.1f\" font-size=\"%d\" fill=\"%s\"%s%s>%s</text>%n",
            x,
            y,
            size,
            colour,
            how.contains("bold") ? " font-weight=\"bold\"" : "",
            how.contains("end") ? " text-anchor=\"end\"" : "",
            escaped(words)));
  }

  /// Names are an administrator's, and reasons a stranger's: neither is markup.
  private static String escaped(String text) {
    var safe = new StringBuilder(text.length());
    text.codePoints()
        .forEach(c -> {
          switch (c) {
            case '<' -> safe.append("&lt;");
            case '>' -> safe.append("&gt;");
            case '&' -> safe.append("&amp;");
            case '"' -> safe.append("&quot;");
            default -> {
              if (c >= 0x20 && c != 0xfffe && c != 0xffff) {
                safe.appendCodePoint(c);
              }
            }
          }
        });
    return safe.toString();
  }
}
