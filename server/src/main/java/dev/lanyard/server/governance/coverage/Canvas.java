package dev.lanyard.server.governance.coverage;

/// What a [Picture] is drawn on: 1280 wide and 720 high.
interface Canvas {
  int WIDTH = 1280;
  int HEIGHT = 720;

  /// A filled rectangle.
  ///
  /// @param colour such as `#0072b2`
  /// @param title what it stands for, where a medium can tell
  void rectangle(Box box, String colour, String title);

  /// One line of text.
  void text(Words words, String colour);

  /// A place on the canvas.
  record Box(double x, double y, double width, double height) {}

  /// A text with its place.
  ///
  /// @param x where it begins, or ends if it is anchored there
  /// @param y of its base line
  /// @param size of the font
  record Words(double x, double y, int size, boolean bold, boolean atEnd, String text) {
    static Words plain(double x, double y, int size, String text) {
      return new Words(x, y, size, false, false, text);
    }

    static Words bold(double x, double y, int size, String text) {
      return new Words(x, y, size, true, false, text);
    }

    Words ending() {
      return new Words(x, y, size, bold, true, text);
    }
  }
}
