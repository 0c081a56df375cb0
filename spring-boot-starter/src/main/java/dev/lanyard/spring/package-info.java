/// A Spring Boot application as a protected resource: properties in, a guarded application out.
///
/// The starter puts the resource-server library's filter before every request. A controller finds
/// who called by [dev.lanyard.resourceserver.servlet.ResourceServerFilter#callerOf]. Whatever an
/// application defines itself, such as its own [dev.lanyard.resourceserver.Guard] or
/// [dev.lanyard.resourceserver.TokenStatus], takes the place of ours.
@NullMarked
package dev.lanyard.spring;

import org.jspecify.annotations.NullMarked;
