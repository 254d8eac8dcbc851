#include "core/role/words.h"

#include <string.h>

#include "shm/printable.h"

_Static_assert(sizeof(((struct ry_role_words *)0)->text) % sizeof(uint64_t) == 0 &&
                   offsetof(struct ry_role_words, text) % sizeof(uint64_t) == 0,
               "the text is copied in words");

void ry_role_words_say(struct ry_role_words *words, enum ry_role_said said)
{
    const uint32_t before = ry_load_relaxed(&words->said);
    /* R31: pairs with A31 in core/role/words.c: the text stands there before FAILED does. */
    ry_store_release(&words->said, before | (uint32_t)said);
}

void ry_role_words_fail(struct ry_role_words *words, const char *text)
{
    if ((ry_load_relaxed(&words->said) & RY_ROLE_SAID_FAILED) != 0)
        return;
    memcpy(words->text, text, strnlen(text, sizeof words->text - 1));
    ry_role_words_say(words, RY_ROLE_SAID_FAILED);
}

void ry_role_words_read(const struct ry_role_words *words, struct ry_role_testimony *testimony)
{
    *testimony = (struct ry_role_testimony){
        /* A31: pairs with R31 in core/role/words.c */
        .said = ry_load_acquire(&words->said),       .time = ry_load_relaxed(&words->time),
        .address = ry_load_relaxed(&words->address), .signal = (int)ry_load_relaxed(&words->signal),
        .code = (int)ry_load_relaxed(&words->code),  .sender = (int)ry_load_relaxed(&words->sender),
    };
    const uint32_t callback = ry_load_relaxed(&words->callback);
    if (callback < RY_ROLE_CALLBACKS)
        testimony->callback = (enum ry_role_callback)callback;
    if ((testimony->said & RY_ROLE_SAID_FAILED) == 0)
        return;
    uint64_t text[sizeof testimony->text / sizeof(uint64_t)];
    ry_load_words(text, words->text, sizeof text / sizeof text[0]);
    memcpy(testimony->text, text, sizeof text - 1);
    testimony->text[sizeof testimony->text - 1] = '\0';
    ry_make_printable(testimony->text, strlen(testimony->text), '?');
}
