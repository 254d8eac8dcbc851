/* Who may what: the judgement of a request, also while the file of keys changes; limits, audit
 * lines. */
#include "tests/support/test.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <jansson.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tools/keys/file.h"
#include "tools/keys/key.h"

#define SECOND_NS INT64_C(1000000000)
#define BEGIN_NS  (INT64_C(1767605400) * SECOND_NS)

static char folder[] = "/tmp/royale-keys-XXXXXX";
static char path[64], audit[64];
static struct ry_keys_file file; /* large */
static struct ry_keys *keys;
static int64_t now_ns;
static char key_of[RY_KEYS_ADMIN + 1][RY_KEYS_KEY_BYTES]; /* by scope */

static void change(void (*how)(void))
{
    char why[RY_KEYS_WHY_BYTES];
    const int lock = ry_keys_file_begin(&file, path, why);
    ck_assert_msg(lock >= 0, "%s", why);
    how();
    ck_assert_int_eq(ry_keys_file_keep(&file, path, lock, why), 0);
    now_ns += SECOND_NS; /* so that it is looked at */
}

static void add_keys(void)
{
    for (enum ry_keys_scope scope = RY_KEYS_READ; scope <= RY_KEYS_ADMIN; scope++) {
        struct ry_keys_key *key = &file.key[file.count++];
        *key = (struct ry_keys_key){.scope = scope, .created_ns = BEGIN_NS};
        ry_keys_make_id(key->id);
        snprintf(key->name, sizeof key->name, "k%d", (int)scope);
        ry_keys_make(key_of[scope], key->id);
        ry_keys_hash(key->hash, key_of[scope]);
    }
}

static void open_keys(bool always)
{
    char why[RY_KEYS_WHY_BYTES];
    const struct ry_keys_settings settings = {.path = path, .audit = audit, .always = always};
    keys = ry_keys_open(&settings, why);
    ck_assert_msg(keys != NULL, "%s", why);
}

static void set_up(void)
{
    ck_assert_int_ge(sodium_init(), 0);
    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/keys", folder);
    snprintf(audit, sizeof audit, "%s/audit", folder);
    now_ns = BEGIN_NS;
    change(add_keys);
    open_keys(false);
}

static void tear_down(void)
{
    char lock[80];
    snprintf(lock, sizeof lock, "%s.lock", path);
    ry_keys_close(keys);
    (void)unlink(path);
    (void)unlink(lock);
    (void)unlink(audit);
    ck_assert_int_eq(rmdir(folder), 0);
}

static struct sockaddr_in peer_of(const char *text)
{
    struct sockaddr_in peer = {.sin_family = AF_INET};
    ck_assert_int_eq(inet_pton(AF_INET, text, &peer.sin_addr), 1);
    return peer;
}

/* A request from `peer` with the headers that `asked` has. */
static enum ry_keys_verdict judge_from(const char *peer, struct ry_keys_asked asked,
                                       struct ry_keys_told *told)
{
    const struct sockaddr_in address = peer_of(peer);
    asked.peer = (const struct sockaddr *)&address;
    asked.method = asked.needs > RY_KEYS_READ ? "POST" : "GET";
    asked.path = asked.path != NULL ? asked.path : "/v1/battles";
    return ry_keys_judge(keys, &asked, now_ns, told);
}

/* "Bearer KEY" in a static buffer. */
static const char *bearer(const char *key)
{
    static char text[RY_KEYS_KEY_BYTES + 16];
    snprintf(text, sizeof text, "Bearer %s", key);
    return text;
}

/* ---- without a key --------------------------------------------------------------------------- */

static const struct {
    const char *peer, *host, *origin, *forwarded;
    enum ry_keys_scope needs;
    int verdict;
} keyless[] = {
    {"127.0.0.1", "127.0.0.1:9474", NULL, NULL, RY_KEYS_READ, RY_KEYS_OK},
    {"127.0.0.1", "localhost", "http://localhost", NULL, RY_KEYS_READ, RY_KEYS_OK},
    {"127.0.0.1", "127.0.0.1:9474", NULL, NULL, RY_KEYS_OPERATE, RY_KEYS_UNAUTHORIZED},
    {"127.0.0.1", "127.0.0.1:9474", NULL, NULL, RY_KEYS_ADMIN, RY_KEYS_UNAUTHORIZED},
    {"127.0.0.1", "evil.example", NULL, NULL, RY_KEYS_READ, RY_KEYS_FORBIDDEN},
    {"127.0.0.1", NULL, NULL, NULL, RY_KEYS_READ, RY_KEYS_FORBIDDEN},
    {"127.0.0.1", "localhost:9474", "https://evil.example", NULL, RY_KEYS_READ, RY_KEYS_FORBIDDEN},
    {"127.0.0.1", "localhost:9474", "null", NULL, RY_KEYS_READ, RY_KEYS_FORBIDDEN},
    {"127.0.0.1", "127.0.0.1:9474", NULL, "192.0.2.7", RY_KEYS_READ, RY_KEYS_UNAUTHORIZED},
    {"127.0.0.1", "127.0.0.1:9474", NULL, "127.0.0.1", RY_KEYS_READ, RY_KEYS_UNAUTHORIZED},
    {"127.0.0.1", "127.0.0.1:9474", NULL, "", RY_KEYS_READ, RY_KEYS_UNAUTHORIZED},
    {"192.0.2.7", "127.0.0.1:9474", NULL, NULL, RY_KEYS_READ, RY_KEYS_UNAUTHORIZED},
    {"192.0.2.7", "box.example", NULL, NULL, RY_KEYS_FREE, RY_KEYS_OK},
    {"127.0.0.1", "evil.example", NULL, "192.0.2.7", RY_KEYS_FREE, RY_KEYS_OK},
};

START_TEST(without_a_key_this_machine_reads)
{
    struct ry_keys_told told;
    const struct ry_keys_asked asked = {.host = keyless[_i].host,
                                        .origin = keyless[_i].origin,
                                        .forwarded = keyless[_i].forwarded,
                                        .needs = keyless[_i].needs};
    ck_assert_int_eq(judge_from(keyless[_i].peer, asked, &told), keyless[_i].verdict);
    ck_assert_int_eq(told.ticket.id[0], '\0');
    if (told.verdict != RY_KEYS_OK)
        ck_assert(told.why[0] != '\0' && told.remedy != NULL);
}
END_TEST

START_TEST(a_key_can_be_wanted_of_everybody)
{
    struct ry_keys_told told;
    struct ry_keys_asked asked = {.host = "localhost", .needs = RY_KEYS_READ};
    ry_keys_close(keys);
    open_keys(true);
    ck_assert_int_eq(judge_from("127.0.0.1", asked, &told), RY_KEYS_UNAUTHORIZED);
    asked.authorization = bearer(key_of[RY_KEYS_READ]);
    ck_assert_int_eq(judge_from("127.0.0.1", asked, &told), RY_KEYS_OK);
}
END_TEST

/* ---- with one -------------------------------------------------------------------------------- */

START_TEST(a_scope_has_those_below_it)
{
    struct ry_keys_told told;
    for (enum ry_keys_scope has = RY_KEYS_READ; has <= RY_KEYS_ADMIN; has++)
        for (enum ry_keys_scope needs = RY_KEYS_READ; needs <= RY_KEYS_ADMIN; needs++) {
            const struct ry_keys_asked asked = {
                .authorization = bearer(key_of[has]), .host = "box.example", .needs = needs};
            ck_assert_int_eq(judge_from("192.0.2.7", asked, &told),
                             has >= needs ? RY_KEYS_OK : RY_KEYS_FORBIDDEN);
            ck_assert_int_eq(told.scope, has);
            ck_assert_int_eq(memcmp(told.ticket.id, key_of[has] + 4, 8), 0);
        }
}
END_TEST

START_TEST(one_digit_makes_another_key)
{
    struct ry_keys_told told;
    char text[RY_KEYS_KEY_BYTES];
    for (unsigned i = 0; i < RY_KEYS_KEY_DIGITS; i++) {
        memcpy(text, key_of[RY_KEYS_ADMIN], sizeof text);
        text[i] = text[i] == '0' ? '1' : '0';
        const struct ry_keys_asked asked = {.authorization = bearer(text), .needs = RY_KEYS_READ};
        now_ns += SECOND_NS; /* not limited */
        ck_assert_int_eq(judge_from("192.0.2.7", asked, &told), RY_KEYS_UNAUTHORIZED);
        ck_assert_ptr_null(strstr(told.why, text + 20));
    }
}
END_TEST

START_TEST(what_is_no_bearer_is_refused_even_here)
{
    struct ry_keys_told told;
    const struct ry_keys_asked asked = {
        .authorization = "Basic cm9vdDpyb290", .host = "localhost", .needs = RY_KEYS_READ};
    ck_assert_int_eq(judge_from("127.0.0.1", asked, &told), RY_KEYS_UNAUTHORIZED);
}
END_TEST

START_TEST(a_websocket_has_its_key_among_its_protocols)
{
    struct ry_keys_told told;
    char protocols[128];
    snprintf(protocols, sizeof protocols, RY_KEYS_PROTOCOL ", %s", key_of[RY_KEYS_READ]);
    struct ry_keys_asked asked = {.protocols = protocols,
                                  .host = "box.example",
                                  .origin = "https://box.example",
                                  .websocket = true,
                                  .needs = RY_KEYS_READ};
    ck_assert_int_eq(judge_from("192.0.2.7", asked, &told), RY_KEYS_OK);
    asked.origin = "https://evil.example";
    ck_assert_int_eq(judge_from("192.0.2.7", asked, &told), RY_KEYS_FORBIDDEN);
    asked.origin = NULL; /* no browser */
    ck_assert_int_eq(judge_from("192.0.2.7", asked, &told), RY_KEYS_OK);
    asked.websocket = false;
    ck_assert_int_eq(judge_from("192.0.2.7", asked, &told), RY_KEYS_UNAUTHORIZED);
}
END_TEST

/* ---- the file while it is used --------------------------------------------------------------- */

static void revoke_read(void)
{
    file.key[0].revoked_ns = now_ns;
}

static void rotate_read(void)
{
    memcpy(file.key[0].old_hash, file.key[0].hash, RY_KEYS_HASH_BYTES);
    file.key[0].old_until_ns = now_ns + 10 * SECOND_NS;
    file.key[0].rotated_ns = now_ns;
    ry_keys_make(key_of[RY_KEYS_FREE], file.key[0].id); /* the new one */
    ry_keys_hash(file.key[0].hash, key_of[RY_KEYS_FREE]);
}

START_TEST(a_revoked_key_is_refused_and_its_streams_end)
{
    struct ry_keys_told told;
    struct ry_keys_ticket ticket;
    const struct ry_keys_asked asked = {.authorization = bearer(key_of[RY_KEYS_READ]),
                                        .needs = RY_KEYS_READ};
    ck_assert_uint_eq(ry_keys_count(keys, now_ns), 3);
    ck_assert_int_eq(judge_from("192.0.2.7", asked, &told), RY_KEYS_OK);
    ticket = told.ticket;
    ck_assert(ry_keys_stands(keys, &ticket, now_ns));
    change(revoke_read);
    ck_assert(!ry_keys_stands(keys, &ticket, now_ns));
    ck_assert_int_eq(judge_from("192.0.2.7", asked, &told), RY_KEYS_UNAUTHORIZED);
    ck_assert_uint_eq(ry_keys_count(keys, now_ns), 2);
    ck_assert(ry_keys_stands(keys, &(struct ry_keys_ticket){.id = ""}, now_ns));
}
END_TEST

START_TEST(a_rotated_key_has_its_grace)
{
    struct ry_keys_told told;
    char old[RY_KEYS_KEY_BYTES + 16];
    strcpy(old, bearer(key_of[RY_KEYS_READ]));
    const struct ry_keys_asked was = {.authorization = old, .needs = RY_KEYS_READ};
    struct ry_keys_asked is = {.needs = RY_KEYS_READ};
    change(rotate_read); /* a second later */
    is.authorization = bearer(key_of[RY_KEYS_FREE]);
    ck_assert_int_eq(judge_from("192.0.2.7", was, &told), RY_KEYS_OK);
    const struct ry_keys_ticket ticket = told.ticket;
    ck_assert_int_eq(judge_from("192.0.2.7", is, &told), RY_KEYS_OK);
    now_ns += 9 * SECOND_NS - 1;
    ck_assert_int_eq(judge_from("192.0.2.7", was, &told), RY_KEYS_OK);
    now_ns += 1;
    ck_assert_int_eq(judge_from("192.0.2.7", was, &told), RY_KEYS_UNAUTHORIZED);
    ck_assert(!ry_keys_stands(keys, &ticket, now_ns));
    ck_assert_int_eq(judge_from("192.0.2.7", is, &told), RY_KEYS_OK);
}
END_TEST

static void damage(void)
{
    FILE *out = fopen(path, "we");
    ck_assert_ptr_nonnull(out);
    fputs("{\"royale_keys\": 1, \"keys\": [", out);
    fclose(out);
    now_ns += SECOND_NS;
}

START_TEST(of_a_damaged_file_no_key_is_good)
{
    struct ry_keys_told told;
    char why[RY_KEYS_WHY_BYTES];
    const struct ry_keys_asked asked = {.authorization = bearer(key_of[RY_KEYS_ADMIN]),
                                        .needs = RY_KEYS_READ};
    ck_assert_int_eq(judge_from("192.0.2.7", asked, &told), RY_KEYS_OK);
    damage();
    ck_assert_int_eq(judge_from("192.0.2.7", asked, &told), RY_KEYS_UNAUTHORIZED);
    ck_assert_ptr_nonnull(strstr(told.why, "damaged"));
    const struct ry_keys_settings settings = {.path = path, .audit = audit};
    ck_assert_ptr_null(ry_keys_open(&settings, why));
    (void)unlink(path);
    change(add_keys);
    ck_assert_int_eq(
        judge_from("192.0.2.7",
                   (struct ry_keys_asked){.authorization = bearer(key_of[RY_KEYS_ADMIN]),
                                          .needs = RY_KEYS_READ},
                   &told),
        RY_KEYS_OK);
}
END_TEST

static const struct {
    mode_t mode;
    bool good;
} modes[] = {{0600, true},  {0400, true},  {0640, true},  {0440, true},
             {0644, false}, {0660, false}, {0602, false}, {0604, false}};

START_TEST(a_file_that_others_may_change_is_refused)
{
    struct ry_keys_told told;
    const struct ry_keys_asked asked = {.authorization = bearer(key_of[RY_KEYS_READ]),
                                        .needs = RY_KEYS_READ};
    ck_assert_int_eq(chmod(path, modes[_i].mode), 0);
    now_ns += SECOND_NS;
    ck_assert_int_eq(judge_from("192.0.2.7", asked, &told) == RY_KEYS_OK, modes[_i].good);
}
END_TEST

/* ---- how often ------------------------------------------------------------------------------- */

static unsigned let_through(struct ry_keys_asked asked, unsigned times, struct ry_keys_told *last)
{
    unsigned count = 0;
    for (unsigned i = 0; i < times; i++)
        count += judge_from("192.0.2.7", asked, last) == RY_KEYS_OK;
    return count;
}

START_TEST(a_key_is_limited_by_itself)
{
    struct ry_keys_told told;
    char admin[RY_KEYS_KEY_BYTES + 16];
    strcpy(admin, bearer(key_of[RY_KEYS_ADMIN]));
    struct ry_keys_asked asked = {.authorization = admin, .needs = RY_KEYS_READ};
    ck_assert_uint_eq(let_through(asked, 2 * RY_KEYS_READ_BURST, &told), RY_KEYS_READ_BURST);
    ck_assert_int_eq(told.verdict, RY_KEYS_LIMITED);
    ck_assert_uint_ge(told.retry_after_s, 1);
    asked.needs = RY_KEYS_OPERATE; /* writes have their own */
    ck_assert_uint_eq(let_through(asked, 2 * RY_KEYS_WRITE_BURST, &told), RY_KEYS_WRITE_BURST);
    asked.authorization = bearer(key_of[RY_KEYS_READ]); /* as has another key */
    asked.needs = RY_KEYS_READ;
    ck_assert_int_eq(judge_from("192.0.2.7", asked, &told), RY_KEYS_OK);
    change(revoke_read); /* what it has used up is not forgotten with the next file; a second on */
    asked.authorization = admin;
    ck_assert_uint_eq(let_through(asked, RY_KEYS_READ_BURST, &told), RY_KEYS_READ_RATE);
}
END_TEST

START_TEST(who_is_refused_again_and_again_must_wait)
{
    struct ry_keys_told told;
    struct ry_keys_asked asked = {.needs = RY_KEYS_READ};
    for (unsigned i = 0; i < RY_KEYS_REFUSED_BURST; i++)
        ck_assert_int_eq(judge_from("192.0.2.7", asked, &told), RY_KEYS_UNAUTHORIZED);
    ck_assert_int_eq(judge_from("192.0.2.7", asked, &told), RY_KEYS_LIMITED);
    ck_assert_int_eq(judge_from("192.0.2.8", asked, &told), RY_KEYS_UNAUTHORIZED);
    asked.authorization = bearer(key_of[RY_KEYS_READ]); /* a good key from there is good */
    ck_assert_int_eq(judge_from("192.0.2.7", asked, &told), RY_KEYS_OK);
}
END_TEST

START_TEST(behind_a_proxy_each_is_told_apart)
{
    struct ry_keys_told told;
    struct ry_keys_asked asked = {.forwarded = "9.9.9.9, 192.0.2.7", .needs = RY_KEYS_READ};
    for (unsigned i = 0; i < RY_KEYS_REFUSED_BURST; i++)
        (void)judge_from("127.0.0.1", asked, &told);
    ck_assert_int_eq(judge_from("127.0.0.1", asked, &told), RY_KEYS_LIMITED);
    asked.forwarded = "192.0.2.7, 192.0.2.8";
    ck_assert_int_eq(judge_from("127.0.0.1", asked, &told), RY_KEYS_UNAUTHORIZED);
}
END_TEST

START_TEST(this_machine_is_not_limited)
{
    struct ry_keys_told told;
    const struct ry_keys_asked asked = {.host = "localhost", .needs = RY_KEYS_READ};
    for (unsigned i = 0; i < 20000; i++)
        ck_assert_int_eq(judge_from("127.0.0.1", asked, &told), RY_KEYS_OK);
}
END_TEST

/* ---- audit lines ----------------------------------------------------------------------------- */

/* How many lines; the last is left in `last`. No line has a secret. */
static unsigned lines(char last[4096])
{
    char line[4096];
    unsigned count = 0;
    FILE *in = fopen(audit, "re");
    ck_assert_ptr_nonnull(in);
    while (fgets(line, sizeof line, in) != NULL) {
        for (enum ry_keys_scope scope = RY_KEYS_READ; scope <= RY_KEYS_ADMIN; scope++)
            ck_assert_ptr_null(strstr(line, key_of[scope] + 13));
        strcpy(last, line);
        count++;
    }
    fclose(in);
    return count;
}

static void line_has(const char *line, const char *name, const char *value)
{
    json_t *json = json_loads(line, 0, NULL);
    ck_assert_ptr_nonnull(json);
    const json_t *member = json_object_get(json, name);
    if (value == NULL)
        ck_assert(json_is_null(member));
    else
        ck_assert_str_eq(json_string_value(member), value);
    json_decref(json);
}

START_TEST(writes_and_refusals_have_a_line)
{
    struct ry_keys_told told;
    char line[4096], text[256];
    struct ry_keys_asked asked = {.host = "localhost", .needs = RY_KEYS_READ};
    (void)judge_from("127.0.0.1", asked, &told);
    asked.authorization = bearer(key_of[RY_KEYS_OPERATE]);
    (void)judge_from("192.0.2.7", asked, &told);
    ck_assert_uint_eq(lines(line), 0);
    asked.needs = RY_KEYS_OPERATE;
    snprintf(text, sizeof text, "/v1/battles/%s/stop?key=%s", key_of[RY_KEYS_READ],
             key_of[RY_KEYS_ADMIN]);
    asked.path = text;
    (void)judge_from("192.0.2.7", asked, &told);
    ck_assert_uint_eq(lines(line), 1);
    line_has(line, "what", "write");
    line_has(line, "verdict", "ok");
    line_has(line, "name", "k2");
    line_has(line, "peer", "192.0.2.7");
    line_has(line, "method", "POST");
    line_has(line, "why", NULL);
    ck_assert_ptr_nonnull(strstr(line, "/v1/battles/ryk_"));
    ck_assert_ptr_null(strchr(line, '?'));
    asked.needs = RY_KEYS_ADMIN;
    (void)judge_from("192.0.2.7", asked, &told);
    ck_assert_uint_eq(lines(line), 2);
    line_has(line, "verdict", "forbidden");
    asked.authorization = NULL;
    asked.needs = RY_KEYS_READ;
    (void)judge_from("192.0.2.7", asked, &told);
    ck_assert_uint_eq(lines(line), 3);
    line_has(line, "what", "look");
    line_has(line, "verdict", "unauthorized");
    line_has(line, "key", NULL);
}
END_TEST

START_TEST(a_stranger_does_not_fill_the_disk)
{
    struct ry_keys_told told;
    char line[4096];
    const struct ry_keys_asked asked = {.needs = RY_KEYS_READ};
    for (unsigned i = 0; i < 1000; i++)
        (void)judge_from("192.0.2.7", asked, &told);
    ck_assert_uint_eq(lines(line), 200);
    now_ns += SECOND_NS;
    (void)judge_from("192.0.2.7", asked, &told);
    ck_assert_uint_eq(lines(line), 201);
    ck_assert_ptr_nonnull(strstr(line, "\"left_out\":800"));
}
END_TEST

START_TEST(the_file_may_be_rotated_either_way)
{
    struct ry_keys_told told;
    char line[4096], moved[80];
    const struct ry_keys_asked asked = {.needs = RY_KEYS_READ};
    (void)judge_from("192.0.2.7", asked, &told);
    ck_assert_int_eq(truncate(audit, 0), 0); /* copytruncate */
    (void)judge_from("192.0.2.7", asked, &told);
    ck_assert_uint_eq(lines(line), 1);
    ck_assert_int_eq(line[0], '{');
    snprintf(moved, sizeof moved, "%s.1", audit);
    ck_assert_int_eq(rename(audit, moved), 0);
    (void)judge_from("192.0.2.7", asked, &told);
    ck_assert_uint_eq(lines(line), 1);
    ck_assert_int_eq(unlink(moved), 0);
}
END_TEST

static Suite *judgement(void)
{
    Suite *suite = suite_create("keys_judge");
    TCase *tests = tcase_create("judge");
    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_set_timeout(tests, 60);
#define EACH(test, table)                                                                          \
    tcase_add_loop_test(tests, test, 0, (int)(sizeof(table) / sizeof *(table)))
    EACH(without_a_key_this_machine_reads, keyless);
    tcase_add_test(tests, a_key_can_be_wanted_of_everybody);
    tcase_add_test(tests, a_scope_has_those_below_it);
    tcase_add_test(tests, one_digit_makes_another_key);
    tcase_add_test(tests, what_is_no_bearer_is_refused_even_here);
    tcase_add_test(tests, a_websocket_has_its_key_among_its_protocols);
    tcase_add_test(tests, a_revoked_key_is_refused_and_its_streams_end);
    tcase_add_test(tests, a_rotated_key_has_its_grace);
    tcase_add_test(tests, of_a_damaged_file_no_key_is_good);
    EACH(a_file_that_others_may_change_is_refused, modes);
    tcase_add_test(tests, a_key_is_limited_by_itself);
    tcase_add_test(tests, who_is_refused_again_and_again_must_wait);
    tcase_add_test(tests, behind_a_proxy_each_is_told_apart);
    tcase_add_test(tests, this_machine_is_not_limited);
    tcase_add_test(tests, writes_and_refusals_have_a_line);
    tcase_add_test(tests, a_stranger_does_not_fill_the_disk);
    tcase_add_test(tests, the_file_may_be_rotated_either_way);
    suite_add_tcase(suite, tests);
    return suite;
}

RY_TEST_MAIN(judgement)
