/// How clients of an authorization server prove who they are: by a secret, by an assertion that
/// they sign, or not at all. What a client may do is not asked here.
@NullMarked
package dev.lanyard.server.clients.authentication;

import org.jspecify.annotations.NullMarked;
