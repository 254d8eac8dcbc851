/*
 * A file that is not what the battle file says: recognised by its first bytes and named, so that
 * nobody reads "damaged at byte 0" of a sound file in another format.
 *
 * Example: "is DBN, and the battle file says format itch50: write format: dbn".
 */
#ifndef RY_FEEDS_RECOGNISE_H
#define RY_FEEDS_RECOGNISE_H

#include "core/battle/battle.h"
#include "feeds/wire/sniff.h"

#define RY_FEED_RECOGNISE_BYTES 256 /* a sentence, with the final NUL */

/* bytes: the beginning of the content, RY_WIRE_SNIFF_BYTES of it or all. NULL: it is what the feed
 * says, or nothing that is known; otherwise `text`, which follows the file's name. */
const char *ry_feed_recognise(const struct ry_battle_feed *feed, const uint8_t *bytes, size_t have,
                              char text[RY_FEED_RECOGNISE_BYTES]);

#endif
