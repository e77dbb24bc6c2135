/** The whole story on throwaway data: a real service, a real disaster, recovered like any other. */
@NullMarked
package io.firedrill.demo;

import org.jspecify.annotations.NullMarked;
