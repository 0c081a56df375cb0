package dev.lanyard.server.console.sheet;

import java.util.List;

/// The question whether something is really to be done.
///
/// @param action where the form is sent
/// @param effect what will happen, one sentence each
/// @param seen what stood when this was asked; if that has changed, nothing is done
/// @param typed what must be typed because many people will notice; empty if nothing
/// @param button the label of the button
/// @param danger whether it takes something away
/// @param back the way out, where nothing is done
public record Confirmation(
    String action,
    List<String> effect,
    String seen,
    String typed,
    String button,
    boolean danger,
    String back) {}
