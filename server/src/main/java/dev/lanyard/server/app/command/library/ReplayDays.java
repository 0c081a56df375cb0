package dev.lanyard.server.app.command.library;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// How many days of exchanges are replayed on a change.
final class ReplayDays implements ITypeConverter<Integer> {
  private static final int MOST = 3_650;

  @Override
  public Integer convert(String text) {
    try {
      int days = Integer.parseInt(text);
      if (days >= 0 && days <= MOST) {
        return days;
      }
    } catch (NumberFormatException _) {
      // Told below.
    }
    throw new TypeConversionException("'" + text + "' is no number from 0 to " + MOST);
  }
}
