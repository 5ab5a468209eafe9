"use strict";
/* A small substitute of IMatch's own library: only what is known of it. */
class IMatch {
}
