#include "feeds/wire/dbn_publishers.h"

#include <stdio.h>
#include <string.h>

#define HIDDEN true
#define TOLD   false /* every trade by its fills */

/* By number, without holes. */
static const struct ry_wire_dbn_publisher publishers[] = {
    {1, "GLBX.MDP3", "GLBX", TOLD},         {2, "XNAS.ITCH", "XNAS", HIDDEN},
    {3, "XBOS.ITCH", "XBOS", HIDDEN},       {4, "XPSX.ITCH", "XPSX", HIDDEN},
    {5, "BATS.PITCH", "BATS", HIDDEN},      {6, "BATY.PITCH", "BATY", HIDDEN},
    {7, "EDGA.PITCH", "EDGA", HIDDEN},      {8, "EDGX.PITCH", "EDGX", HIDDEN},
    {9, "XNYS.PILLAR", "XNYS", HIDDEN},     {10, "XCIS.PILLAR", "XCIS", HIDDEN},
    {11, "XASE.PILLAR", "XASE", HIDDEN},    {12, "XCHI.PILLAR", "XCHI", HIDDEN},
    {13, "XCIS.BBO", "XCIS", HIDDEN},       {14, "XCIS.TRADES", "XCIS", HIDDEN},
    {15, "MEMX.MEMOIR", "MEMX", HIDDEN},    {16, "EPRL.DOM", "EPRL", HIDDEN},
    {17, "XNAS.NLS", "FINN", HIDDEN},       {18, "XNAS.NLS", "FINC", HIDDEN},
    {19, "XNYS.TRADES", "FINY", HIDDEN},    {20, "OPRA.PILLAR", "AMXO", TOLD},
    {21, "OPRA.PILLAR", "XBOX", TOLD},      {22, "OPRA.PILLAR", "XCBO", TOLD},
    {23, "OPRA.PILLAR", "EMLD", TOLD},      {24, "OPRA.PILLAR", "EDGO", TOLD},
    {25, "OPRA.PILLAR", "GMNI", TOLD},      {26, "OPRA.PILLAR", "XISX", TOLD},
    {27, "OPRA.PILLAR", "MCRY", TOLD},      {28, "OPRA.PILLAR", "XMIO", TOLD},
    {29, "OPRA.PILLAR", "ARCO", TOLD},      {30, "OPRA.PILLAR", "OPRA", TOLD},
    {31, "OPRA.PILLAR", "MPRL", TOLD},      {32, "OPRA.PILLAR", "XNDQ", TOLD},
    {33, "OPRA.PILLAR", "XBXO", TOLD},      {34, "OPRA.PILLAR", "C2OX", TOLD},
    {35, "OPRA.PILLAR", "XPHL", TOLD},      {36, "OPRA.PILLAR", "BATO", TOLD},
    {37, "OPRA.PILLAR", "MXOP", TOLD},      {38, "IEXG.TOPS", "IEXG", HIDDEN},
    {39, "DBEQ.BASIC", "XCHI", HIDDEN},     {40, "DBEQ.BASIC", "XCIS", HIDDEN},
    {41, "DBEQ.BASIC", "IEXG", HIDDEN},     {42, "DBEQ.BASIC", "EPRL", HIDDEN},
    {43, "ARCX.PILLAR", "ARCX", HIDDEN},    {44, "XNYS.BBO", "XNYS", HIDDEN},
    {45, "XNYS.TRADES", "XNYS", HIDDEN},    {46, "XNAS.QBBO", "XNAS", HIDDEN},
    {47, "XNAS.NLS", "XNAS", HIDDEN},       {48, "EQUS.PLUS", "XCHI", HIDDEN},
    {49, "EQUS.PLUS", "XCIS", HIDDEN},      {50, "EQUS.PLUS", "IEXG", HIDDEN},
    {51, "EQUS.PLUS", "EPRL", HIDDEN},      {52, "EQUS.PLUS", "XNAS", HIDDEN},
    {53, "EQUS.PLUS", "XNYS", HIDDEN},      {54, "EQUS.PLUS", "FINN", HIDDEN},
    {55, "EQUS.PLUS", "FINY", HIDDEN},      {56, "EQUS.PLUS", "FINC", HIDDEN},
    {57, "IFEU.IMPACT", "IFEU", TOLD},      {58, "NDEX.IMPACT", "NDEX", TOLD},
    {59, "DBEQ.BASIC", "DBEQ", HIDDEN},     {60, "EQUS.PLUS", "EQUS", HIDDEN},
    {61, "OPRA.PILLAR", "SPHR", TOLD},      {62, "EQUS.ALL", "XCHI", HIDDEN},
    {63, "EQUS.ALL", "XCIS", HIDDEN},       {64, "EQUS.ALL", "IEXG", HIDDEN},
    {65, "EQUS.ALL", "EPRL", HIDDEN},       {66, "EQUS.ALL", "XNAS", HIDDEN},
    {67, "EQUS.ALL", "XNYS", HIDDEN},       {68, "EQUS.ALL", "FINN", HIDDEN},
    {69, "EQUS.ALL", "FINY", HIDDEN},       {70, "EQUS.ALL", "FINC", HIDDEN},
    {71, "EQUS.ALL", "BATS", HIDDEN},       {72, "EQUS.ALL", "BATY", HIDDEN},
    {73, "EQUS.ALL", "EDGA", HIDDEN},       {74, "EQUS.ALL", "EDGX", HIDDEN},
    {75, "EQUS.ALL", "XBOS", HIDDEN},       {76, "EQUS.ALL", "XPSX", HIDDEN},
    {77, "EQUS.ALL", "MEMX", HIDDEN},       {78, "EQUS.ALL", "XASE", HIDDEN},
    {79, "EQUS.ALL", "ARCX", HIDDEN},       {80, "EQUS.ALL", "LTSE", HIDDEN},
    {81, "XNAS.BASIC", "XNAS", HIDDEN},     {82, "XNAS.BASIC", "FINN", HIDDEN},
    {83, "XNAS.BASIC", "FINC", HIDDEN},     {84, "IFEU.IMPACT", "XOFF", TOLD},
    {85, "NDEX.IMPACT", "XOFF", TOLD},      {86, "XNAS.NLS", "XBOS", HIDDEN},
    {87, "XNAS.NLS", "XPSX", HIDDEN},       {88, "XNAS.BASIC", "XBOS", HIDDEN},
    {89, "XNAS.BASIC", "XPSX", HIDDEN},     {90, "EQUS.SUMMARY", "EQUS", HIDDEN},
    {91, "XCIS.TRADESBBO", "XCIS", HIDDEN}, {92, "XNYS.TRADESBBO", "XNYS", HIDDEN},
    {93, "XNAS.BASIC", "EQUS", HIDDEN},     {94, "EQUS.ALL", "EQUS", HIDDEN},
    {95, "EQUS.MINI", "EQUS", HIDDEN},      {96, "XNYS.TRADES", "EQUS", HIDDEN},
    {97, "IFUS.IMPACT", "IFUS", TOLD},      {98, "IFUS.IMPACT", "XOFF", TOLD},
    {99, "IFLL.IMPACT", "IFLL", TOLD},      {100, "IFLL.IMPACT", "XOFF", TOLD},
    {101, "XEUR.EOBI", "XEUR", TOLD},       {102, "XEEE.EOBI", "XEEE", TOLD},
    {103, "XEUR.EOBI", "XOFF", TOLD},       {104, "XEEE.EOBI", "XOFF", TOLD},
    {105, "XCBF.PITCH", "XCBF", TOLD},      {106, "XCBF.PITCH", "XOFF", TOLD},
    {107, "OCEA.MEMOIR", "OCEA", HIDDEN},
};
#define PUBLISHERS (sizeof publishers / sizeof publishers[0])

const struct ry_wire_dbn_publisher *ry_wire_dbn_publisher(uint16_t number)
{
    return number >= 1 && number <= PUBLISHERS ? &publishers[number - 1] : NULL;
}

static bool by_number(const char *name, uint16_t *number)
{
    unsigned value = 0;
    for (; *name >= '0' && *name <= '9' && value <= UINT16_MAX; name++)
        value = value * 10 + (unsigned)(*name - '0');
    *number = (uint16_t)value;
    return *name == '\0' && value >= 1 && value <= UINT16_MAX;
}

static bool by_dataset(const char *name, uint16_t *number)
{
    unsigned found = 0;
    for (size_t i = 0; i < PUBLISHERS; i++)
        if (strcmp(publishers[i].dataset, name) == 0) {
            *number = publishers[i].number;
            found++;
        }
    return found == 1;
}

bool ry_wire_dbn_publisher_find(const char *name, uint16_t *number)
{
    char text[RY_WIRE_DBN_PUBLISHER_BYTES];
    for (size_t i = 0; i < PUBLISHERS; i++) {
        snprintf(text, sizeof text, "%s.%s", publishers[i].dataset, publishers[i].venue);
        if (strcmp(text, name) == 0) {
            *number = publishers[i].number;
            return true;
        }
    }
    return by_dataset(name, number) || by_number(name, number);
}

const char *ry_wire_dbn_publisher_name(uint16_t number, char text[RY_WIRE_DBN_PUBLISHER_BYTES])
{
    const struct ry_wire_dbn_publisher *publisher = ry_wire_dbn_publisher(number);
    if (publisher == NULL)
        snprintf(text, RY_WIRE_DBN_PUBLISHER_BYTES, "unknown (%u)", number);
    else
        snprintf(text, RY_WIRE_DBN_PUBLISHER_BYTES, "%s.%s (%u)", publisher->dataset,
                 publisher->venue, number);
    return text;
}
