#include "core/battle/suggest.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/battle/wall.h"

/* ---- zones ----------------------------------------------------------------------------------- */

/* Names below the database's folder that are no places: the same again, with other seconds. */
static bool is_copy(const char *name)
{
    return strcmp(name, "posix") == 0 || strcmp(name, "right") == 0 || name[0] == '.';
}

struct zones {
    struct ry_battle_nearest whole, city;
    char by_city[RY_BATTLE_ZONE_BYTES];
};

/* Only what is near is opened. */
static void offer_zone(struct zones *zones, const char *zone)
{
    const char *slash = strrchr(zone, '/'), *city = slash == NULL ? zone : slash + 1;
    bool near = ry_battle_edit_distance(zones->whole.word, zone) < zones->whole.best ||
                ry_battle_edit_distance(zones->city.word, city) < zones->city.best;
    if (!near || strlen(zone) >= RY_BATTLE_ZONE_BYTES || !ry_battle_wall_zone_exists(zone))
        return;
    (void)ry_battle_nearest_offer(&zones->whole, zone);
    if (ry_battle_nearest_offer(&zones->city, city))
        snprintf(zones->by_city, sizeof zones->by_city, "%s", zone);
}

/* The folder `below` of the database, and what lies in its folders, by name: of two that are as
 * near the first is taken everywhere. */
static void walk_zones(struct zones *zones, const char *root, const char *below, unsigned depth)
{
    char path[512], name[256];
    struct dirent **entry;
    snprintf(path, sizeof path, "%s/%s", root, below);
    int entries = scandir(path, &entry, NULL, alphasort);
    for (int i = 0; i < entries; i++) {
        int length = snprintf(name, sizeof name, "%s%s%s", below, below[0] == '\0' ? "" : "/",
                              entry[i]->d_name);
        bool known = !is_copy(entry[i]->d_name) && length < (int)sizeof name;
        if (known && entry[i]->d_type == DT_DIR && depth > 0)
            walk_zones(zones, root, name, depth - 1);
        else if (known)
            offer_zone(zones, name);
        free(entry[i]);
    }
    if (entries >= 0)
        free(entry);
}

#define ZONE_DEPTH 2 /* America/Argentina/Buenos_Aires */
#define ZONE_EDITS 2 /* there are so many zones that something is always within a third */

void ry_battle_suggest_zone(const char *text, char zone[RY_BATTLE_ZONE_BYTES])
{
    char word[RY_BATTLE_ZONE_BYTES];
    struct zones zones = {.by_city = ""};
    snprintf(word, sizeof word, "%s", text);
    for (char *c = word; *c != '\0'; c++)
        *c = (char)(*c == ' ' ? '_' : *c);
    ry_battle_nearest_begin(&zones.whole, word);
    ry_battle_nearest_begin(&zones.city, word);
    zones.whole.best = zones.city.best = ZONE_EDITS + 1;
    walk_zones(&zones, ry_battle_wall_zones(), "", ZONE_DEPTH);
    bool city = zones.by_city[0] != '\0' &&
                (zones.whole.found[0] == '\0' || zones.city.best < zones.whole.best);
    snprintf(zone, RY_BATTLE_ZONE_BYTES, "%.*s", RY_BATTLE_ZONE_BYTES - 1,
             city ? zones.by_city : zones.whole.found);
}

/* ---- dates ----------------------------------------------------------------------------------- */

#define PARTS 3

/* "5.1.2026" -> 5, 1, 2026 with their numbers of digits; what separates them, if it is one mark.
 * False: no three numbers. */
static bool read_parts(const char *text, unsigned part[PARTS], size_t digits[PARTS], char *mark)
{
    *mark = '\0';
    for (unsigned i = 0; i < PARTS; i++) {
        digits[i] = strspn(text, "0123456789");
        if (digits[i] == 0 || digits[i] > 4)
            return false;
        part[i] = (unsigned)strtoul(text, NULL, 10);
        text += digits[i];
        if (i == 0)
            *mark = *text;
        if (i < PARTS - 1 && (*text == '\0' || strchr("-/. ", *text) == NULL || *text++ != *mark))
            return false;
    }
    return *text == '\0';
}

/* True if it is one; a day beyond the month's end becomes its last. */
static bool print_day(unsigned year, unsigned month, unsigned day, char date[RY_BATTLE_DATE_BYTES])
{
    struct ry_battle_wall wall;
    if (year > 9999 || month < 1 || month > 12 || day < 1 || day > 31)
        return false;
    for (; day > 27; day--) {
        snprintf(date, RY_BATTLE_DATE_BYTES, "%04u-%02u-%02u", year % 10000, month % 100,
                 day % 100);
        if (ry_battle_wall_read_date(date, &wall))
            return true;
    }
    snprintf(date, RY_BATTLE_DATE_BYTES, "%04u-%02u-%02u", year % 10000, month % 100, day % 100);
    return ry_battle_wall_read_date(date, &wall);
}

void ry_battle_suggest_date(const char *text, char date[RY_BATTLE_DATE_BYTES])
{
    unsigned part[PARTS], all = 0;
    size_t digits[PARTS];
    char mark;
    bool found = false;
    if (strlen(text) == 8 && strspn(text, "0123456789") == 8) {
        all = (unsigned)strtoul(text, NULL, 10);
        found = print_day(all / 10000, all / 100 % 100, all % 100, date);
    } else if (read_parts(text, part, digits, &mark)) {
        if (digits[0] == 4) /* year first */
            found = print_day(part[0], part[1], part[2], date);
        else if (digits[2] == 4 && (mark == '.' || part[0] > 12)) /* day first */
            found = print_day(part[2], part[1], part[0], date);
        else if (digits[2] == 4 && part[1] > 12) /* month first: 1/5 could be either */
            found = print_day(part[2], part[0], part[1], date);
    }
    if (!found)
        date[0] = '\0';
}

/* ---- strategies ------------------------------------------------------------------------------ */

#define STRATEGIES_MAX 64 /* named; the rest is "..." */

struct strategies {
    char name[STRATEGIES_MAX][RY_NAME_BYTES];
    unsigned count;
    bool more;
};

static void add_strategy(struct strategies *all, const char *file)
{
    size_t length = strlen(file);
    if (length <= 3 || strcmp(file + length - 3, ".so") != 0)
        return;
    if (length - 3 >= RY_NAME_BYTES || all->count == STRATEGIES_MAX) {
        all->more = true;
        return;
    }
    char *name = all->name[all->count];
    snprintf(name, RY_NAME_BYTES, "%.*s", (int)(length - 3), file);
    for (unsigned i = 0; i < all->count; i++)
        if (strcmp(all->name[i], name) == 0)
            return;
    all->count++;
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(a, b);
}

void ry_battle_suggest_strategies(const char *const *folders, struct ry_battle_nearest *nearest,
                                  char *names, size_t bytes)
{
    struct strategies all = {.count = 0};
    for (; *folders != NULL; folders++) {
        DIR *folder = opendir(*folders);
        for (struct dirent *entry; folder != NULL && (entry = readdir(folder)) != NULL;)
            add_strategy(&all, entry->d_name);
        if (folder != NULL)
            closedir(folder);
    }
    qsort(all.name, all.count, sizeof all.name[0], compare_names);
    names[0] = '\0';
    size_t used = 0;
    for (unsigned i = 0; i < all.count; i++) {
        (void)ry_battle_nearest_offer(nearest, all.name[i]);
        bool fits = used + strlen(all.name[i]) + sizeof ", , ..." <= bytes;
        all.more |= !fits;
        if (fits)
            used += (size_t)snprintf(names + used, bytes - used, "%s%s", used > 0 ? ", " : "",
                                     all.name[i]);
    }
    if (all.more)
        snprintf(names + used, bytes - used, ", ...");
}
