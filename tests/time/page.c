#include "tests/time/page.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const wakes[] = {
    [RY_WAKE_START] = "START",   [RY_WAKE_MARKET] = "MARKET", [RY_WAKE_TOP] = "TOP",
    [RY_WAKE_REPORT] = "REPORT", [RY_WAKE_TIMER] = "TIMER",
};

const char *ry_time_page_wake(enum ry_wake_kind by)
{
    return wakes[by];
}

/* The lines between "```NAME NUMBER" and "```", in memory of their own; NULL: there are none. */
static char *block(const char *text, const char *name, unsigned number)
{
    char head[32];
    snprintf(head, sizeof head, "\n```%s %u\n", name, number);
    const char *from = strstr(text, head);
    if (from == NULL)
        return NULL;
    from += strlen(head);
    const char *to = strstr(from, "```");
    return to == NULL ? NULL : strndup(from, (size_t)(to - from));
}

static bool read_feed(struct ry_time_page *page, const char *line)
{
    char side[8];
    if (page->events == RY_TIME_PAGE_FEED)
        return false;
    struct ry_time_page_event *event = &page->event[page->events++];
    if (sscanf(line, "feed %ld %7s %u at %ld", &event->time, side, &event->qty, &event->price) != 4)
        return false;
    event->side = strcmp(side, "buy") == 0 ? RY_BUY : RY_SELL;
    return event->side == RY_BUY || strcmp(side, "sell") == 0;
}

/* "ORDERS", "TOP 1" .. and what wakes, to an interest. */
static bool read_interest(struct ry_time_page_agent *agent, const char *book, const char *woken)
{
    unsigned levels;
    if (sscanf(book, "TOP %u", &levels) == 1)
        agent->interest = RY_INTEREST_TOP(levels);
    else if (strncmp(book, "ORDERS ", 7) == 0)
        agent->interest = RY_INTEREST_ORDERS;
    else if (strncmp(book, "NONE ", 5) != 0)
        return false;
    if (strstr(woken, "book") != NULL)
        agent->interest |= RY_INTEREST_WAKE_BOOK;
    if (strstr(woken, "trades") != NULL)
        agent->interest |= RY_INTEREST_WAKE_TRADES;
    agent->reports = strstr(woken, "reports") != NULL;
    return true;
}

static bool read_agent(struct ry_time_page *page, const char *line)
{
    int book = 0;
    if (page->agents == RY_TIME_PAGE_AGENTS)
        return false;
    struct ry_time_page_agent *agent = &page->agent[page->agents++];
    const char *woken = strstr(line, "woken by ");
    if (sscanf(line, "agent %c latency %ld book %n", &agent->name, &agent->latency, &book) < 2 ||
        book == 0 || woken == NULL)
        return false;
    return read_interest(agent, line + book, woken + strlen("woken by "));
}

static bool read_script(struct ry_time_page *page, const char *line)
{
    char by[8];
    if (page->agents == 0)
        return false;
    struct ry_time_page_agent *agent = &page->agent[page->agents - 1];
    if (agent->lines == RY_TIME_PAGE_LINES)
        return false;
    struct ry_time_page_line *script = &agent->line[agent->lines++];
    if (sscanf(line, " %7s %ld %127[^\n]", by, &script->time, script->does) != 3)
        return false;
    for (enum ry_wake_kind kind = RY_WAKE_START; kind <= RY_WAKE_TIMER; kind++)
        if (strcmp(by, wakes[kind]) == 0)
            script->by = kind;
    return script->by != 0;
}

static bool read_battle(struct ry_time_page *page, char *text)
{
    for (char *line = strtok(text, "\n"); line != NULL; line = strtok(NULL, "\n")) {
        const bool good = strncmp(line, "feed", 4) == 0 ? read_feed(page, line)
                          : strncmp(line, "start", 5) == 0
                              ? sscanf(line, "start %ld", &page->start) == 1
                          : strncmp(line, "agent", 5) == 0 ? read_agent(page, line)
                                                           : read_script(page, line);
        if (!good)
            return false;
    }
    return page->events > 0 && page->agents > 0 && page->start > 0;
}

/* The words of one list, from behind its name to the next name. */
static bool read_list(const char *text, const char *name, char *list)
{
    const char *at = strncmp(text, name, strlen(name)) == 0 ? text : NULL;
    char head[16];
    snprintf(head, sizeof head, "\n%s", name);
    if (at == NULL && (at = strstr(text, head)) != NULL)
        at++;
    if (at == NULL)
        return false;
    size_t used = 0;
    bool blank = true; /* none at the beginning */
    for (at += strlen(name); *at != '\0' && !(at[0] == '\n' && at[1] != ' '); at++) {
        const bool now = *at == ' ' || *at == '\n';
        if (!(blank && now) && used < RY_TIME_PAGE_TEXT - 1)
            list[used++] = now ? ' ' : *at;
        blank = now;
    }
    list[used] = '\0';
    return true;
}

bool ry_time_page_read(struct ry_time_page *page, const char *text, unsigned number)
{
    memset(page, 0, sizeof *page);
    char *battle = block(text, "battle", number), *order = block(text, "order", number);
    bool good = battle != NULL && order != NULL && read_battle(page, battle) &&
                read_list(order, "inputs:", page->order[0]);
    for (unsigned i = 0; good && i < page->agents; i++) {
        const char name[] = {page->agent[i].name, ':', '\0'};
        good = read_list(order, name, page->order[1 + i]);
    }
    free(battle);
    free(order);
    return good;
}
