#include "tools/generate/itch.h"

#include <assert.h>
#include <string.h>

#define TEXT_BYTES 4
#define ROUND_LOT  100

/* The fixed part of a stock directory message: a common stock of the Global Select market. */
static size_t encode_directory(const struct ry_generate_message *m, uint8_t *out)
{
    memcpy(out + 11, m->symbol, RY_GENERATE_SYMBOL_BYTES);
    out[19] = 'Q';
    out[20] = 'N';
    ry_generate_put32(out + 21, ROUND_LOT);
    out[25] = 'N';
    out[26] = 'C';
    memcpy(out + 27, "Z ", 2);
    out[29] = 'P';
    out[30] = 'N';
    out[31] = 'N';
    out[32] = '1';
    out[33] = 'N';
    ry_generate_put32(out + 34, 0);
    out[38] = 'N';
    return 39;
}

static size_t encode_add(const struct ry_generate_message *m, uint8_t *out)
{
    ry_generate_put64(out + 11, m->ref);
    out[19] = (uint8_t)m->side;
    ry_generate_put32(out + 20, m->shares);
    memcpy(out + 24, m->symbol, RY_GENERATE_SYMBOL_BYTES);
    ry_generate_put32(out + 32, m->price);
    if (m->type == 'A')
        return 36;
    memcpy(out + 36, m->text, TEXT_BYTES);
    return 40;
}

static size_t encode_execution(const struct ry_generate_message *m, uint8_t *out)
{
    ry_generate_put64(out + 11, m->ref);
    ry_generate_put32(out + 19, m->shares);
    ry_generate_put64(out + 23, m->match);
    if (m->type == 'E')
        return 31;
    out[31] = (uint8_t)m->code;
    ry_generate_put32(out + 32, m->price);
    return 36;
}

static size_t encode_trade(const struct ry_generate_message *m, uint8_t *out)
{
    ry_generate_put64(out + 11, 0);
    out[19] = 'B';
    ry_generate_put32(out + 20, m->shares);
    memcpy(out + 24, m->symbol, RY_GENERATE_SYMBOL_BYTES);
    ry_generate_put32(out + 32, m->price);
    ry_generate_put64(out + 36, m->match);
    return 44;
}

static size_t encode_cross(const struct ry_generate_message *m, uint8_t *out)
{
    ry_generate_put64(out + 11, m->shares);
    memcpy(out + 19, m->symbol, RY_GENERATE_SYMBOL_BYTES);
    ry_generate_put32(out + 27, m->price);
    ry_generate_put64(out + 31, m->match);
    out[39] = (uint8_t)m->code;
    return 40;
}

static size_t encode_state(const struct ry_generate_message *m, uint8_t *out)
{
    memcpy(out + 11, m->symbol, RY_GENERATE_SYMBOL_BYTES);
    out[19] = (uint8_t)m->code;
    if (m->type == 'Y')
        return 20;
    out[20] = ' ';
    memcpy(out + 21, m->text, TEXT_BYTES);
    return 25;
}

size_t ry_generate_itch_encode(const struct ry_generate_message *m, uint8_t *out)
{
    out[0] = (uint8_t)m->type;
    ry_generate_put16(out + 1, m->locate);
    ry_generate_put16(out + 3, 0);
    ry_generate_put16(out + 5, (uint16_t)(m->time_ns >> 32));
    ry_generate_put32(out + 7, (uint32_t)m->time_ns);
    switch (m->type) {
    case 'S': out[11] = (uint8_t)m->code; return 12;
    case 'R': return encode_directory(m, out);
    case 'H':
    case 'Y': return encode_state(m, out);
    case 'A':
    case 'F': return encode_add(m, out);
    case 'E':
    case 'C': return encode_execution(m, out);
    case 'X':
        ry_generate_put64(out + 11, m->ref);
        ry_generate_put32(out + 19, m->shares);
        return 23;
    case 'D': ry_generate_put64(out + 11, m->ref); return 19;
    case 'U':
        ry_generate_put64(out + 11, m->ref);
        ry_generate_put64(out + 19, m->ref_new);
        ry_generate_put32(out + 27, m->shares);
        ry_generate_put32(out + 31, m->price);
        return 35;
    case 'P': return encode_trade(m, out);
    case 'Q': return encode_cross(m, out);
    default: assert(false && "a type that the generator does not make"); return 0;
    }
}

bool ry_generate_itch_write(FILE *file, const uint8_t *message, size_t bytes)
{
    uint8_t record[2 + RY_GENERATE_ITCH_BYTES_MAX];
    ry_generate_put16(record, (uint16_t)bytes);
    memcpy(record + 2, message, bytes);
    return fwrite(record, 2 + bytes, 1, file) == 1;
}

bool ry_generate_itch_end(FILE *file)
{
    static const uint8_t end[2] = {0, 0};
    return fwrite(end, sizeof end, 1, file) == 1;
}
