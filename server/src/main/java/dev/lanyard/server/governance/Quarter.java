package dev.lanyard.server.governance;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.Stream;

/// A quarter of a calendar year, in UTC.
///
/// @param number from 1 to 4
public record Quarter(int year, int number) implements Comparable<Quarter> {
  private static final int MONTHS = 3;
  private static final int IN_A_YEAR = 4;

  public Quarter {
    if (year < 2000 || year > 2999 || number < 1 || number > IN_A_YEAR) {
      throw new IllegalArgumentException(year + "-Q" + number + " is no quarter");
    }
  }

  /// Reads `2027-Q1`.
  ///
  /// @throws IllegalArgumentException if it is none
  public static Quarter parse(String text) {
    if (!text.matches("2\\d{3}-Q[1-4]")) {
      throw new IllegalArgumentException("'" + text + "' is no quarter such as 2027-Q1");
    }
    return new Quarter(Integer.parseInt(text.substring(0, 4)), text.charAt(6) - '0');
  }

  /// The quarter that a day is in.
  public static Quarter of(LocalDate day) {
    return new Quarter(day.getYear(), (day.getMonthValue() - 1) / MONTHS + 1);
  }

  /// The quarter that an instant is in.
  public static Quarter of(Instant at) {
    return of(LocalDate.ofInstant(at, ZoneOffset.UTC));
  }

  public LocalDate firstDay() {
    return LocalDate.of(year, (number - 1) * MONTHS + 1, 1);
  }

  public LocalDate lastDay() {
    return next().firstDay().minusDays(1);
  }

  /// The first instant of it.
  public Instant begins() {
    return firstDay().atStartOfDay(ZoneOffset.UTC).toInstant();
  }

  /// The first instant after it.
  public Instant ends() {
    return next().begins();
  }

  public boolean isBefore(Quarter other) {
    return compareTo(other) < 0;
  }

  public Quarter next() {
    return number < IN_A_YEAR ? new Quarter(year, number + 1) : new Quarter(year + 1, 1);
  }

  public Quarter previous() {
    return number > 1 ? new Quarter(year, number - 1) : new Quarter(year - 1, IN_A_YEAR);
  }

  /// This one and those that follow, so many in all.
  public List<Quarter> following(int many) {
    return Stream.iterate(this, Quarter::next).limit(many).toList();
  }

  @Override
  public int compareTo(Quarter other) {
    return year != other.year
        ? Integer.compare(year, other.year)
        : Integer.compare(number, other.number);
  }

  @Override
  public String toString() {
    return year + "-Q" + number;
  }
}
