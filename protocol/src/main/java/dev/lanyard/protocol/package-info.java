/// The words of Enterprise-Managed Authorization as types; every sub-package owns one kind of
/// document, or what several kinds share.
@NullMarked
package dev.lanyard.protocol;

import org.jspecify.annotations.NullMarked;
