#include "feeds/wire/sniff.h"

#include <string.h>

#include "feeds/wire/bytes.h"
#include "feeds/wire/itch50.h"

static const struct {
    const char *bytes;
    size_t length;
    enum ry_wire_sniffed sniffed;
} magics[] = {
    {"DBN", 3, RY_WIRE_SNIFFED_DBN},
    {"\xd4\xc3\xb2\xa1", 4, RY_WIRE_SNIFFED_PCAP},
    {"\xa1\xb2\xc3\xd4", 4, RY_WIRE_SNIFFED_PCAP},
    {"\x4d\x3c\xb2\xa1", 4, RY_WIRE_SNIFFED_PCAP}, /* with nanoseconds */
    {"\xa1\xb2\x3c\x4d", 4, RY_WIRE_SNIFFED_PCAP},
    {"\x0a\x0d\x0d\x0a", 4, RY_WIRE_SNIFFED_PCAP}, /* pcapng */
    {"\x1f\x8b", 2, RY_WIRE_SNIFFED_PACKED},
    {"\x28\xb5\x2f\xfd", 4, RY_WIRE_SNIFFED_PACKED},
    {"\xfd\x37zXZ", 5, RY_WIRE_SNIFFED_FOREIGN_PACKED},
    {"BZh", 3, RY_WIRE_SNIFFED_FOREIGN_PACKED},
    {"PK\x03\x04", 4, RY_WIRE_SNIFFED_FOREIGN_PACKED},
    {"\x04\x22\x4d\x18", 4, RY_WIRE_SNIFFED_FOREIGN_PACKED},
    {"PAR1", 4, RY_WIRE_SNIFFED_PARQUET},
};

/* The length of a message of ITCH and its type; a length of zero is the type's. */
static bool is_binaryfile(const uint8_t *bytes, size_t have)
{
    if (have < RY_WIRE_SNIFF_ITCH)
        return false;
    const unsigned length = ry_wire_be16(bytes), of_type = ry_wire_itch50_length(bytes[2]);
    return of_type != 0 && (length == of_type || length == 0);
}

#define SOUP_LOGIN_BYTES 31 /* of 'A', login accepted: type, session 10, sequence 20 */

/* Sequenced data with a message of ITCH, a login that was accepted, or a heartbeat. */
static bool is_soupbin(const uint8_t *bytes, size_t have)
{
    if (have < 4)
        return false;
    const unsigned length = ry_wire_be16(bytes), of_type = ry_wire_itch50_length(bytes[3]);
    switch (bytes[2]) {
    case 'S': return of_type != 0 && length == of_type + 1;
    case 'A': return length == SOUP_LOGIN_BYTES;
    case 'H': return length == 1;
    default: return false;
    }
}

static bool is_text(const uint8_t *bytes, size_t have)
{
    for (size_t i = 0; i < have && i < RY_WIRE_SNIFF_BYTES; i++)
        if ((bytes[i] < ' ' && memchr("\t\r\n", bytes[i], 3) == NULL) || bytes[i] == 0x7f)
            return false;
    return have > 0;
}

static enum ry_wire_sniffed text_kind(const uint8_t *bytes, size_t have)
{
    size_t at = have >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0 ? 3 : 0; /* a byte order mark */
    while (at < have && memchr(" \t\r\n", bytes[at], 4) != NULL)
        at++;
    if (at < have && (bytes[at] == '{' || bytes[at] == '['))
        return RY_WIRE_SNIFFED_JSON;
    return at < have && bytes[at] == '<' ? RY_WIRE_SNIFFED_HTML : RY_WIRE_SNIFFED_TEXT;
}

enum ry_wire_sniffed ry_wire_sniff(const uint8_t *bytes, size_t have)
{
    if (is_binaryfile(bytes, have))
        return RY_WIRE_SNIFFED_BINARYFILE;
    if (is_soupbin(bytes, have))
        return RY_WIRE_SNIFFED_SOUPBIN;
    for (unsigned i = 0; i < sizeof magics / sizeof magics[0]; i++)
        if (have >= magics[i].length && memcmp(bytes, magics[i].bytes, magics[i].length) == 0)
            return magics[i].sniffed;
    return is_text(bytes, have) ? text_kind(bytes, have) : RY_WIRE_SNIFFED_UNKNOWN;
}

const char *ry_wire_sniffed_name(enum ry_wire_sniffed sniffed)
{
    switch (sniffed) {
    case RY_WIRE_SNIFFED_BINARYFILE: return "ITCH 5.0 as BinaryFILE";
    case RY_WIRE_SNIFFED_SOUPBIN: return "a SoupBinTCP session";
    case RY_WIRE_SNIFFED_DBN: return "DBN";
    case RY_WIRE_SNIFFED_PCAP: return "a capture of packets (pcap)";
    case RY_WIRE_SNIFFED_PACKED: return "an archive within an archive";
    case RY_WIRE_SNIFFED_FOREIGN_PACKED: return "an archive (xz, bzip2, zip or lz4)";
    case RY_WIRE_SNIFFED_PARQUET: return "Parquet";
    case RY_WIRE_SNIFFED_JSON: return "JSON";
    case RY_WIRE_SNIFFED_HTML: return "a web page (HTML or XML)";
    case RY_WIRE_SNIFFED_TEXT: return "plain text (CSV?)";
    case RY_WIRE_SNIFFED_UNKNOWN: break;
    }
    return "something unknown";
}
