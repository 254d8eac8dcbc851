#include "tuning/setting.h"

#include <string.h>

static const char *const kinds[] = {
    [RY_TUNING_FILE] = "file",
    [RY_TUNING_OWN_FILE] = "own-file",
    [RY_TUNING_DIRECTORY] = "directory",
    [RY_TUNING_MOUNT] = "mount",
    [RY_TUNING_DRIVER] = "driver",
    [RY_TUNING_NIC] = "nic",
    [RY_TUNING_IRQBALANCE] = "irqbalance",
    [RY_TUNING_FACT] = "fact",
};
static const char *const forms[] = {
    [RY_TUNING_PLAIN] = "plain",       [RY_TUNING_CHOICE] = "choice", [RY_TUNING_NUMBER] = "number",
    [RY_TUNING_AT_LEAST] = "at-least", [RY_TUNING_LIST] = "list",     [RY_TUNING_MASK] = "mask",
    [RY_TUNING_FIRST] = "first",       [RY_TUNING_WORD] = "word",     [RY_TUNING_PART] = "part",
};
static const char *const states[] = {
    [RY_TUNING_OK] = "ok",         [RY_TUNING_MISSING] = "missing",   [RY_TUNING_YOURS] = "yours",
    [RY_TUNING_CANNOT] = "cannot", [RY_TUNING_REPORTED] = "reported",
};

static unsigned named(const char *const names[], unsigned count, const char *name)
{
    for (unsigned i = 0; i < count; i++)
        if (names[i] != NULL && strcmp(names[i], name) == 0)
            return i;
    return 0;
}

const char *ry_tuning_kind_name(enum ry_tuning_kind kind)
{
    return kinds[kind];
}

const char *ry_tuning_form_name(enum ry_tuning_form form)
{
    return forms[form];
}

const char *ry_tuning_state_name(enum ry_tuning_state state)
{
    return states[state];
}

enum ry_tuning_kind ry_tuning_kind_named(const char *name)
{
    return (enum ry_tuning_kind)named(kinds, sizeof kinds / sizeof *kinds, name);
}

enum ry_tuning_form ry_tuning_form_named(const char *name)
{
    return (enum ry_tuning_form)named(forms, sizeof forms / sizeof *forms, name);
}
