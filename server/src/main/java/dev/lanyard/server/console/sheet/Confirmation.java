package dev.lanyard.server.console.sheet;

import java.util.List;

/// Asks once more before something is done.
///
/// @param action where the form is sent
/// @param effect what will happen, one sentence each
/// @param seen what was there when this was asked; if it is something else by then, nothing is done
/// @param typed what must be typed because many people will notice; empty if nothing
/// @param button what it is called
/// @param danger whether it takes something away
/// @param back where nothing is done
public record Confirmation(
    String action,
    List<String> effect,
    String seen,
    String typed,
    String button,
    boolean danger,
    String back) {}
