package dev.lanyard.server.governance.coverage;

import dev.lanyard.protocol.json.Excerpt;
import dev.lanyard.server.catalog.Bucket;
import dev.lanyard.server.governance.coverage.Canvas.Box;
import dev.lanyard.server.governance.coverage.Canvas.Words;
import dev.lanyard.server.governance.coverage.Coverage.Category;
import dev.lanyard.server.governance.coverage.Coverage.Line;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.Locale;

/// The coverage map as a picture for a slide: a bar for each category, as long as it has seats,
/// with how many of them are silent; the share of people who are; the largest gaps. The colours
/// differ also for those who see few.
final class Picture {
  private static final int MOST_BARS = 12;
  private static final int MOST_GAPS = 8;
  private static final int TOP = 170;
  private static final int BOTTOM = 640;
  private static final int LEFT = 250;
  private static final int LONGEST = 370;
  private static final int GAPS_AT = 850;
  private static final String BLACK = "#111111";
  private static final String DARK = "#444444";
  private static final String GREY = "#666666";

  private final Coverage coverage;
  private final Canvas canvas;

  Picture(Coverage coverage, Canvas canvas) {
    this.coverage = coverage;
    this.canvas = canvas;
  }

  static LocalDate day(Coverage coverage) {
    return LocalDate.ofInstant(coverage.at(), ZoneOffset.UTC);
  }

  private static String colour(Piece piece) {
    return switch (piece) {
      case SILENT -> "#0072b2";
      case EARLY -> "#56b4e9";
      case TRACKING -> "#e69f00";
      case UNKNOWN -> "#999999";
    };
  }

  void draw() {
    canvas.rectangle(new Box(0, 0, Canvas.WIDTH, Canvas.HEIGHT), "#ffffff", "");
    head();
    legend();
    bars();
    gaps();
    canvas.text(Words.plain(40, 700, 13, foot()), GREY);
  }

  private void head() {
    var people = coverage.people();
    int right = Canvas.WIDTH - 40;
    canvas.text(Words.bold(40, 62, 34, "Coverage map"), BLACK);
    canvas.text(
        Words.plain(40, 96, 18, "Connectors without a consent screen, as of " + day(coverage)),
        DARK);
    canvas.text(
        Words.bold(right, 70, 44, Coverage.percent(people.silent(), people.served()) + " %")
            .ending(),
        colour(Piece.SILENT));
    canvas.text(
        Words.plain(
                right,
                98,
                16,
                "%s of %s people: whole role silent"
                    .formatted(number(people.silent()), number(people.served())))
            .ending(),
        DARK);
  }

  private void legend() {
    int x = 40;
    for (var piece : Piece.values()) {
      canvas.rectangle(new Box(x, 122, 14, 14), colour(piece), piece.words());
      canvas.text(Words.plain(x + 22, 134, 14, piece.words()), DARK);
      x += 50 + piece.words().length() * 8;
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
      bar(category, new Box(LEFT, y, LONGEST, step * 0.62), longest);
      y += step;
    }
    if (ordered.size() > shown.size()) {
      int more = ordered.size() - shown.size();
      canvas.text(
          Words.plain(
              LEFT, y + 14, 13, "and %d categor%s more".formatted(more, more == 1 ? "y" : "ies")),
          GREY);
    }
    if (shown.isEmpty()) {
      canvas.text(Words.plain(40, TOP + 20, 18, "No role library was in force."), DARK);
    }
  }

  private void bar(Category category, Box longestBar, long longest) {
    double middle = longestBar.y() + longestBar.height() / 2 + 5;
    canvas.text(Words.plain(LEFT - 14, middle, 15, shortened(category.name(), 26)).ending(), BLACK);
    double x = longestBar.x();
    for (var piece : Piece.values()) {
      long seats = coverage.seats(category, piece);
      double width = Math.max(1.5, longestBar.width() * seats / longest);
      if (seats > 0) {
        canvas.rectangle(
            new Box(x, longestBar.y(), width, longestBar.height()),
            colour(piece),
            piece.words() + ": " + seats);
        x += width;
      }
    }
    canvas.text(Words.plain(x + 10, middle, 13, told(category)), DARK);
  }

  private static String told(Category category) {
    var buckets = category.buckets();
    int connectors = buckets.live() + buckets.early() + buckets.tracking() + buckets.unknown();
    return "%d %% of %s seats, %d connector%s"
        .formatted(
            Coverage.percent(category.silentSeats(), category.seats()),
            number(category.seats()),
            connectors,
            connectors == 1 ? "" : "s");
  }

  private void gaps() {
    var gaps =
        coverage.gaps().stream()
            .sorted(Comparator.comparingInt(Line::seats).reversed())
            .limit(MOST_GAPS)
            .toList();
    canvas.text(
        Words.bold(GAPS_AT, TOP - 22, 18, gaps.isEmpty() ? "No gaps" : "Largest gaps"), BLACK);
    double y = TOP + 8;
    for (var gap : gaps) {
      var piece = gap.piece();
      canvas.rectangle(new Box(GAPS_AT, y - 11, 5, 40), colour(piece), piece.words());
      canvas.text(Words.plain(GAPS_AT + 14, y + 3, 15, shortened(gap.name(), 38)), BLACK);
      canvas.text(
          Words.plain(
              GAPS_AT + 14,
              y + 23,
              13,
              "%s seats; %s; fallback: %s"
                  .formatted(number(gap.seats()), told(gap), words(gap.way()))),
          DARK);
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
    return "Library %s. The status of each connector with its evidence: lanyard coverage --csv."
        .formatted(coverage.library().map("%.12s"::formatted).orElse("none"));
  }

  private static String number(long number) {
    return String.format(Locale.ROOT, "%,d", number).replace(',', '\u202f');
  }

  private static String shortened(String text, int most) {
    return text.length() <= most ? text : Excerpt.of(text, most - 1) + "…";
  }
}
