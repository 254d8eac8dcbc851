/* Between the files of tools/doctor: what goes into a bundle. */
#ifndef RY_TOOLS_DOCTOR_INTERNAL_H
#define RY_TOOLS_DOCTOR_INTERNAL_H

#include "tools/doctor/bundle.h"

#define RY_DOCTOR_COMMAND_SECONDS 60

/* What `royale` says to `arguments` (NULL behind the last, at most 6). The name is that of the file
 * that it becomes. */
void ry_doctor_ask(struct ry_doctor_bundle *bundle, const char *name, const char *about,
                   const char *const *arguments);

/* Secrets that a battle's own files name: its battle file's, and those of the Kafka settings that
 * it exports by. Before anything is added. */
void ry_doctor_battle_secrets(struct ry_doctor_bundle *bundle, const char *directory);
void ry_doctor_battle(struct ry_doctor_bundle *bundle, const char *directory);

/* This machine; `battle` is a battle file that it is looked at for, or NULL. */
void ry_doctor_box(struct ry_doctor_bundle *bundle, const char *battle);

#endif
