/// Who administers an installation, and the JSON API through which their programs do: duties and
/// what they demand of a sign-in, who may call, which rights each call takes, what is answered when
/// it comes to nothing, and the description that is made of it all. What the calls do is known to
/// the packages that offer them.
@NullMarked
package dev.lanyard.server.administration;

import org.jspecify.annotations.NullMarked;
