/*
 * The bytes are the body of a request that changes something: of POST /v1/battles, and of PUT
 * /v1/agents/{name} with settings. Whatever they are: nothing is started, since the library has no
 * battle file; a refusal is one of the API's errors; settings that are taken are read back.
 */
#include <assert.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tools/api/api.h"
#include "tools/writes/internal.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char folder[] = "/tmp/royale-fuzz-writes-XXXXXX";
static struct ry_writes writes; /* large */
static struct ry_writes_isolation isolation;

static void remove_library(void)
{
    char command[sizeof folder + sizeof "rm -rf "];
    ry_writes_close(&writes);
    snprintf(command, sizeof command, "rm -rf %s", folder);
    (void)!system(command);
}

/* A library with one agent. */
static void open_once(void)
{
    static const struct ry_writes_settings settings = {.library = folder, .uploads = true};
    char why[RY_WRITES_WHY_BYTES], path[64];
    if (writes.settings.library != NULL)
        return;
    ry_writes_isolation(&isolation);
    assert(mkdtemp(folder) != NULL && ry_writes_open(&writes, &settings, why) == 0);
    snprintf(path, sizeof path, "%s/" RY_WRITES_AGENTS, folder);
    assert(mkdir(path, 0700) == 0);
    snprintf(path, sizeof path, "%s/" RY_WRITES_AGENTS "/a.so", folder);
    const int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    assert(fd >= 0 && close(fd) == 0);
    (void)atexit(remove_library);
}

static bool is_error(const char *word)
{
    for (enum ry_api_error error = RY_API_E_none + 1; error < RY_API_ERRORS; error++)
        if (strcmp(ry_api_error_code(error), word) == 0)
            return true;
    return false;
}

static void check_settings(const struct ry_writes_answer *answer, const char *body, size_t bytes)
{
    json_t *kept = ry_writes_agent_settings(&writes, "a");
    json_t *sent = json_loadb(body, bytes, JSON_REJECT_DUPLICATES, NULL);
    assert(answer->status == 200 && json_equal(kept, sent));
    assert(json_equal(json_object_get(answer->document, "settings"), sent));
    json_decref(kept);
    json_decref(sent);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *body = (const char *)data;
    struct ry_writes_answer answer;
    open_once();
    ry_writes_start(&writes, body, size, &answer);
    assert(answer.error != NULL && is_error(answer.error));
    json_decref(answer.document);
    ry_writes_agent_put(&writes, "a", "application/json", body, size, &answer);
    if (answer.error == NULL)
        check_settings(&answer, body, size);
    else
        assert(is_error(answer.error) &&
               isolation.own_users == (strcmp(answer.error, "not_isolated") != 0));
    json_decref(answer.document);
    return 0;
}
