/*
 * The values of settings: read from the machine by kind, judged and turned by form.
 */
#ifndef RY_TUNING_VALUE_H
#define RY_TUNING_VALUE_H

#include "tuning/setting.h"

/* Reads what stands at kind and path into `text`, byte for byte where it is a file. 0; -ENOENT: it
 * is not there ("" then); -ELOOP: a link stands where a file of ours should; -EILSEQ: no text;
 * another -errno. */
int ry_tuning_value_read(const struct ry_tuning_host *host, enum ry_tuning_kind kind,
                         const char *path, char text[RY_TUNING_TEXT_BYTES]);

/* A sentence on a -errno of reading or setting. */
const char *ry_tuning_value_reason(int error);

/* The same into setting->now, as settings have it: without the last newline. -EFBIG: longer. */
int ry_tuning_value_look(const struct ry_tuning_host *host, struct ry_tuning_setting *setting);

/* `now` against `want`: OK or MISSING. What the stage said of a fact, of what cannot be or is the
 * user's stays. */
enum ry_tuning_state ry_tuning_judge(const struct ry_tuning_setting *setting);

/* What has to be written so that a file of this form reads as `found` again: the word in brackets
 * of a CHOICE; `written` (what apply wrote) turned round for a WORD. False: longer than `bytes`. */
bool ry_tuning_value_back(enum ry_tuning_form form, const char *found, const char *written,
                          char *text, size_t bytes);

#endif
