/// The guard as a servlet filter.
@NullMarked
package dev.lanyard.resourceserver.servlet;

import org.jspecify.annotations.NullMarked;
