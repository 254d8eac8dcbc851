/*
 * Text without its secrets. What is one is told by three things:
 *
 * - by name: the value behind `password=`, `"api_token": `, `--secret `, `passphrase "`, `api key
 * is 9f86d0`, in a properties file, YAML, JSON, or a line of a log; up to the quote that ends it,
 * else to the end of the line, and with the lines below that are indented deeper. Which names:
 * ry_doctor_is_secret_name.
 * - by form: keys of royale-web ("ryk_.."), blocks of PEM, `Bearer ..`, `password ..`, who is
 * before the @ of a URL, JSON web tokens, keys with the well-known prefixes of their makers.
 * - by value: what was told to be one (ry_doctor_scrub_know) wherever it stands, whatever its name.
 *
 * Rather too much than too little: what is gone reads *** and is counted.
 */
#ifndef RY_TOOLS_DOCTOR_SCRUB_H
#define RY_TOOLS_DOCTOR_SCRUB_H

#include <stdbool.h>
#include <stddef.h>

#define RY_DOCTOR_KNOWN_MAX   256
#define RY_DOCTOR_KNOWN_CHARS 4 /* of a value, at least: shorter ones stand in every text */

/* Zero: nothing is known by value. */
struct ry_doctor_scrub {
    char *known[RY_DOCTOR_KNOWN_MAX];
    unsigned count;
    unsigned more; /* that had no room */
};

/* Whether what has that name is a secret: "sasl.password", "AWS_SECRET_ACCESS_KEY", "apiToken". */
bool ry_doctor_is_secret_name(const char *name, size_t length);

/* A value from now on, copied; blanks at its ends do not count. */
void ry_doctor_scrub_know(struct ry_doctor_scrub *scrub, const char *value, size_t length);
/* The values of this process's environment whose names say so. */
void ry_doctor_scrub_know_environment(struct ry_doctor_scrub *scrub);
/* The values of a properties file (KEY=VALUE, as of Kafka's clients) whose names say so, and what
 * ${file:PATH} and ${env:NAME} in them lead to; PATH counts from `folder`. */
void ry_doctor_scrub_know_properties(struct ry_doctor_scrub *scrub, const char *text,
                                     const char *folder);

/* The text without them, which the caller frees; `*bytes` and `*gone` (how many) are of it. */
char *ry_doctor_scrub(const struct ry_doctor_scrub *scrub, const char *text, size_t *bytes,
                      unsigned *gone);

void ry_doctor_scrub_close(struct ry_doctor_scrub *scrub);

#endif
