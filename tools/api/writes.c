/* What changes something: tools/writes does it, once for each Idempotency-Key. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "shm/clock.h"
#include "tools/api/pasts.h"
#include "tools/writes/writes.h"

typedef void (*write_of)(struct ry_writes *writes, struct ry_api_call *call,
                         struct ry_writes_answer *answer);

/* ---- answers --------------------------------------------------------------------------------- */

/* The error that tools/writes names by its word; `failed` for one that the table does not have. */
static enum ry_api_error error_of(const char *code)
{
    for (enum ry_api_error error = RY_API_E_none; error < RY_API_ERRORS; error++)
        if (strcmp(ry_api_error_code(error), code) == 0)
            return error;
    return RY_API_E_failed;
}

static void give(struct ry_api_call *call, struct ry_writes_answer *answer)
{
    if (answer->error != NULL)
        ry_api_refuse(call->answer, error_of(answer->error), answer->document, "%s",
                      answer->message);
    else if (answer->document != NULL)
        ry_api_json(call, answer->status, answer->document);
    else
        call->answer->status = answer->status;
    if (answer->location[0] != '\0')
        ry_api_header(call->answer, "Location", answer->location);
}

static const char *header_of(const struct ry_api_answer *answer, const char *name)
{
    for (unsigned i = 0; i < answer->headers; i++)
        if (strcmp(answer->header[i].name, name) == 0)
            return answer->header[i].value;
    return NULL;
}

static void give_again(struct ry_api_call *call, struct ry_writes_once_answer *kept)
{
    call->answer->status = kept->status;
    if (kept->body != NULL)
        ry_api_bytes(call, RY_API_JSON, kept->body, strlen(kept->body));
    call->answer->status = kept->status;
    if (kept->location != NULL)
        ry_api_header(call->answer, "Location", kept->location);
    ry_api_header(call->answer, "Idempotency-Replayed", "true");
    free(kept->location);
}

/* ---- once ------------------------------------------------------------------------------------ */

static void do_it(struct ry_writes *writes, struct ry_api_call *call, write_of write)
{
    struct ry_writes_answer answer = {.error = NULL};
    write(writes, call, &answer);
    give(call, &answer);
}

static void do_once(struct ry_writes *writes, struct ry_api_call *call, write_of write)
{
    const struct ry_api_request *request = call->request;
    const struct ry_writes_once_asked asked = {.actor = request->actor,
                                               .key = request->idempotency_key,
                                               .method = request->method,
                                               .path = request->path,
                                               .content_type = request->content_type,
                                               .body = request->body,
                                               .bytes = request->body_bytes};
    struct ry_writes_once_answer kept;
    switch (ry_writes_once_begin(&writes->once, &asked, &kept, ry_clock_wall_ns())) {
    case RY_WRITES_ONCE_NEW: break;
    case RY_WRITES_ONCE_AGAIN: give_again(call, &kept); return;
    case RY_WRITES_ONCE_OTHER:
        ry_api_refuse(call->answer, RY_API_E_idempotency_reused, NULL, NULL);
        return;
    case RY_WRITES_ONCE_UNKNOWN:
        ry_api_refuse(call->answer, RY_API_E_idempotency_unknown, NULL, NULL);
        return;
    case RY_WRITES_ONCE_FAILED:
        ry_api_refuse(call->answer, RY_API_E_failed, NULL,
                      "the Idempotency-Key cannot be kept (%s), so nothing was done",
                      strerror(errno));
        return;
    }
    do_it(writes, call, write);
    kept = (struct ry_writes_once_answer){
        .status = call->answer->status,
        .body = call->answer->body,
        .location = (char *)(uintptr_t)header_of(call->answer, "Location")};
    ry_writes_once_end(&writes->once, &asked, &kept);
}

static void change(struct ry_api_call *call, write_of write)
{
    struct ry_writes *writes = call->api->options.writes;
    const char *key = call->request->idempotency_key;
    if (writes == NULL)
        ry_api_refuse(call->answer, RY_API_E_no_library, NULL, NULL);
    else if (key == NULL)
        do_it(writes, call, write);
    else if (!ry_writes_once_is_key(key))
        ry_api_refuse(call->answer, RY_API_E_bad_request, NULL,
                      "an Idempotency-Key has 1 to %d printable characters of ASCII, no blanks",
                      RY_WRITES_ONCE_KEY_BYTES - 1);
    else
        do_once(writes, call, write);
}

/* ---- battles --------------------------------------------------------------------------------- */

static void start(struct ry_writes *writes, struct ry_api_call *call,
                  struct ry_writes_answer *answer)
{
    ry_writes_start(writes, call->request->body, call->request->body_bytes, answer);
}

void ry_api_do_start(struct ry_api_call *call)
{
    change(call, start);
}

static void stop(struct ry_writes *writes, struct ry_api_call *call,
                 struct ry_writes_answer *answer)
{
    const struct ry_library_battle *battle = ry_api_battle(call);
    (void)writes;
    if (battle != NULL)
        ry_writes_stop(battle->directory, battle->folder, answer);
}

/* A battle that is not there is answered by who looks for it, and there is nothing to be done
 * once. */
void ry_api_do_stop(struct ry_api_call *call)
{
    if (ry_api_battle(call) != NULL)
        change(call, stop);
}

static void need_gate(struct ry_api_call *call)
{
    ry_api_refuse(call->answer, RY_API_E_needs_gate, NULL, NULL);
}

void ry_api_do_pause(struct ry_api_call *call)
{
    need_gate(call);
}

void ry_api_do_resume(struct ry_api_call *call)
{
    need_gate(call);
}

void ry_api_do_kill(struct ry_api_call *call)
{
    need_gate(call);
}

void ry_api_do_limits(struct ry_api_call *call)
{
    need_gate(call);
}

void ry_api_do_order(struct ry_api_call *call)
{
    need_gate(call);
}

/* ---- stored agents --------------------------------------------------------------------------- */

/* Reads alone: no key keeps their answers. */
static void look(struct ry_api_call *call, write_of read)
{
    struct ry_writes *writes = call->api->options.writes;
    if (writes == NULL)
        ry_api_refuse(call->answer, RY_API_E_no_library, NULL, NULL);
    else
        do_it(writes, call, read);
}

static void list_stored(struct ry_writes *writes, struct ry_api_call *call,
                        struct ry_writes_answer *answer)
{
    (void)call;
    ry_writes_agents(writes, answer);
}

void ry_api_do_stored_agents(struct ry_api_call *call)
{
    look(call, list_stored);
}

static void show_stored(struct ry_writes *writes, struct ry_api_call *call,
                        struct ry_writes_answer *answer)
{
    ry_writes_agent(writes, ry_api_part(call, "name"), answer);
}

void ry_api_do_stored_agent(struct ry_api_call *call)
{
    look(call, show_stored);
}

static void store(struct ry_writes *writes, struct ry_api_call *call,
                  struct ry_writes_answer *answer)
{
    const struct ry_api_request *request = call->request;
    ry_writes_agent_put(writes, ry_api_part(call, "name"), request->content_type, request->body,
                        request->body_bytes, answer);
}

void ry_api_do_store_agent(struct ry_api_call *call)
{
    change(call, store);
}

static void remove_stored(struct ry_writes *writes, struct ry_api_call *call,
                          struct ry_writes_answer *answer)
{
    ry_writes_agent_delete(writes, ry_api_part(call, "name"), answer);
}

void ry_api_do_remove_agent(struct ry_api_call *call)
{
    change(call, remove_stored);
}
