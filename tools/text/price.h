/*
 * Prices and other exact decimals as text.
 */
#ifndef RY_TOOLS_TEXT_PRICE_H
#define RY_TOOLS_TEXT_PRICE_H

#define RY_TEXT_PRICE_BYTES 64

/* 12345600 at scale 4 as "1234.5600" into `text`; returns where in it. `scale`, the digits behind
 * the point, is at most 18. */
const char *ry_text_price(char text[RY_TEXT_PRICE_BYTES], __int128 price, unsigned scale);

#endif
