/* Who is given which variables: core/supervisor/environment.h. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/supervisor/environment.h"
#include "tests/support/test.h"

static const struct ry_supervisor_role agent = {.name = "agent", .stranger = true},
                                       feed = {.name = "feed"},
                                       exporter = {.name = "export", .secrets = true};
static struct ry_battle battle;
static char **list;

static bool has(const char *variable)
{
    for (char **at = list; *at != NULL; at++)
        if (strcmp(*at, variable) == 0)
            return true;
    return false;
}

static void given(const struct ry_supervisor_role *role)
{
    free((void *)list);
    list = ry_supervisor_environment(role, &battle);
}

static void write_settings(const char *text)
{
    snprintf(battle.export.config, sizeof battle.export.config, "/tmp/royale-env-XXXXXX");
    int file = mkstemp(battle.export.config);
    ck_assert_int_ge(file, 0);
    dprintf(file, "%s", text);
    close(file);
    setenv("SECRET", "s3", 1);
    setenv("SECRET_2", "s4", 1);
    setenv("SECRE", "no secret", 1);
    setenv("TZ", "UTC", 1);
}

START_TEST(a_secret_is_the_exporters)
{
    write_settings("# ${env:\nsasl.username=${env:SECRET_2}\nsasl.password = ${env:SECRET}\n");
    given(&feed);
    ck_assert(!has("SECRET=s3"));
    ck_assert(!has("SECRET_2=s4"));
    ck_assert(has("SECRE=no secret"));
    ck_assert(has("TZ=UTC"));
    given(&exporter);
    ck_assert(has("SECRET=s3"));
    ck_assert(has("SECRET_2=s4"));
    given(&agent);
    ck_assert(!has("SECRET=s3"));
    ck_assert(!has("SECRE=no secret"));
    ck_assert(has("TZ=UTC"));
    ck_assert(has("LANG=C"));
    unlink(battle.export.config);
}
END_TEST

/* No export, or settings that are not there: nothing is held back. */
START_TEST(nothing_is_secret)
{
    write_settings("");
    unlink(battle.export.config);
    given(&feed);
    ck_assert(has("SECRET=s3"));
    battle.export.config[0] = '\0';
    given(&feed);
    ck_assert(has("SECRET=s3"));
    clearenv();
    given(&feed);
    ck_assert_ptr_null(list[0]);
    given(&agent);
    ck_assert(has("LANG=C"));
    ck_assert_ptr_null(list[1]);
}
END_TEST

static Suite *suite(void)
{
    Suite *all = suite_create("supervisor/environment");
    TCase *c = tcase_create("environment");
    tcase_add_test(c, a_secret_is_the_exporters);
    tcase_add_test(c, nothing_is_secret);
    suite_add_tcase(all, c);
    return all;
}

RY_TEST_MAIN(suite)
