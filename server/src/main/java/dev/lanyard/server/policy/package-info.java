/// The role library and its decisions: who may have which connector with which scopes, through
/// which client, and why. Pure but for reading the library's files. Nothing is allowed that no role
/// gives.
@NullMarked
package dev.lanyard.server.policy;

import org.jspecify.annotations.NullMarked;
