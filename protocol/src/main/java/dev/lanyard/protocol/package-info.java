/// The words of Enterprise-Managed Authorization as types; every sub-package owns one document
/// kind.
@NullMarked
package dev.lanyard.protocol;

import org.jspecify.annotations.NullMarked;
