package dev.lanyard.benchmarks.kill;

/// Where a call is made, and so who decides about it.
enum Point {
  INTROSPECT_1(Place.NODE_1),
  INTROSPECT_2(Place.NODE_2),
  LIBRARY(Place.LIBRARY),
  REDEEM_1(Place.NODE_1),
  REDEEM_2(Place.NODE_2);

  static final Point[] ALL = values();

  final Place place;

  Point(Place place) {
    this.place = place;
  }

  static Point introspection(Place place) {
    return switch (place) {
      case NODE_1 -> INTROSPECT_1;
      case NODE_2 -> INTROSPECT_2;
      case LIBRARY -> LIBRARY;
    };
  }

  static Point redemption(Place node) {
    return switch (node) {
      case NODE_1 -> REDEEM_1;
      case NODE_2 -> REDEEM_2;
      case LIBRARY -> throw new IllegalArgumentException("a library redeems nothing");
    };
  }
}
