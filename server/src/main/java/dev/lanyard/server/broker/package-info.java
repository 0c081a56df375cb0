/// The identity provider's authorization server: it signs people in, at an upstream provider or
/// with a password of ours, issues ID Tokens, and exchanges them for ID-JAGs as policy allows. It
/// never redeems what it issued (IDP-35).
@NullMarked
package dev.lanyard.server.broker;

import org.jspecify.annotations.NullMarked;
