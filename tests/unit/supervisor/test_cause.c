/* Why an agent died and who chose the moment: each row of the table in core/supervisor/cause.h, and
 * what a strategy that writes over its own words can make of it. */
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "core/supervisor/cause.h"
#include "tests/support/test.h"

#define PID 1000

/* What wait says. */
#define EXITS(code)    ((code) << 8)
#define DIES_OF(which) (which)

#define FROM  INT64_C(1767623400000000000) /* 2026-01-05 09:30 in New York */
#define TIMER "in its callback timer, at 2026-01-05 09:31:40.5 EST (14:31:40.5 UTC)"
#define STAMP "; the result is not reproducible"

static const struct row {
    const char *text; /* said of it */
    enum ry_control_how how;
    int status;
    bool shared, done; /* no user of its own; said DONE */
    bool idle;         /* between callbacks; else in a timer's */
    uint32_t said;
    int signal, code, sender;
    uint64_t address;
    const char *failed, *sent_by;
} rows[] = {
    {"exit code 0 after its end", RY_DIED_ITSELF, EXITS(0), .done = true, .idle = true},
    {"no (exit code 1)", RY_DIED_ITSELF, EXITS(1), .failed = "no", .idle = true},
    {"no (exit code 7)", RY_DIED_ITSELF, EXITS(7), .failed = "no", .idle = true},
    {"stopped by a SIGTERM that royale did not send" STAMP, RY_DIED_OUTSIDE, EXITS(0),
     .said = RY_ROLE_SAID_STOPPED, .idle = true},
    {"called exit(0) " TIMER STAMP, RY_DIED_OUTSIDE, EXITS(0), .idle = false},
    {"called exit(3) " TIMER STAMP, RY_DIED_OUTSIDE, EXITS(3), .idle = false},
    {"called exit(3) " TIMER STAMP, RY_DIED_OUTSIDE, EXITS(3), .said = RY_ROLE_SAID_STOPPED},
    {"called exit(0) between its callbacks" STAMP, RY_DIED_OUTSIDE, EXITS(0), .idle = true},
    /* a fault, and what lacks one thing of it */
    {"crashed by signal 11 (Segmentation fault) at address 0x10 " TIMER, RY_DIED_ITSELF,
     DIES_OF(SIGSEGV), .signal = SIGSEGV, .code = SEGV_MAPERR, .address = 16},
    {"crashed by signal 7 (Bus error) at address 0x0 " TIMER, RY_DIED_ITSELF, DIES_OF(SIGBUS),
     .signal = SIGBUS, .code = BUS_ADRERR},
    {"crashed by signal 8 (Floating point exception) at address 0x0 " TIMER, RY_DIED_ITSELF,
     DIES_OF(SIGFPE), .signal = SIGFPE, .code = FPE_INTDIV},
    {"crashed by signal 4 (Illegal instruction) at address 0x0 " TIMER, RY_DIED_ITSELF,
     DIES_OF(SIGILL) | 0x80, .signal = SIGILL, .code = ILL_ILLOPN}, /* with a core dump */
    {"crashed by signal 11 (Segmentation fault) at address 0x0 " TIMER
     "; agents share a user (not started as root), so another one may have brought it about" STAMP,
     RY_DIED_OUTSIDE, DIES_OF(SIGSEGV), .signal = SIGSEGV, .code = SEGV_MAPERR, .shared = true},
    {"killed by signal 11 (Segmentation fault) between its callbacks: a victim, unless it did that "
     "itself" STAMP,
     RY_DIED_OUTSIDE, DIES_OF(SIGSEGV), .signal = SIGSEGV, .code = SEGV_MAPERR, .idle = true},
    {"killed by signal 9 (Killed) " TIMER ": a victim, unless it did that itself" STAMP,
     RY_DIED_OUTSIDE, DIES_OF(SIGKILL), .signal = SIGSEGV, .code = SEGV_MAPERR},
    {"killed by signal 9 (Killed) " TIMER ": a victim, unless it did that itself" STAMP,
     RY_DIED_OUTSIDE, DIES_OF(SIGKILL), .signal = SIGKILL, .code = 1},
    {"killed by signal 5 (Trace/breakpoint trap) " TIMER ": a victim, unless it did that "
     "itself" STAMP,
     RY_DIED_OUTSIDE, DIES_OF(SIGTRAP), .signal = SIGTRAP, .code = 1},
    {"killed by signal 11 (Segmentation fault) " TIMER
     ": a victim, unless it did that itself" STAMP,
     RY_DIED_OUTSIDE, DIES_OF(SIGSEGV), .idle = false}, /* its handler's place was taken */
    /* signals that a process sent */
    {"raised signal 11 (Segmentation fault) itself (raise, kill) " TIMER STAMP, RY_DIED_OUTSIDE,
     DIES_OF(SIGSEGV), .signal = SIGSEGV, .code = SI_TKILL, .sender = PID},
    {"raised signal 6 (Aborted) itself (abort) " TIMER STAMP, RY_DIED_OUTSIDE, DIES_OF(SIGABRT),
     .signal = SIGABRT, .code = SI_TKILL, .sender = PID},
    {"the victim of signal 11 (Segmentation fault), sent by agent2 (rival), " TIMER STAMP,
     RY_DIED_OUTSIDE, DIES_OF(SIGSEGV), .signal = SIGSEGV, .code = SI_USER, .sender = PID + 1,
     .sent_by = "agent2 (rival)"},
    {"the victim of signal 8 (Floating point exception), sent by process 1001, " TIMER STAMP,
     RY_DIED_OUTSIDE, DIES_OF(SIGFPE), .signal = SIGFPE, .code = SI_QUEUE, .sender = PID + 1},
    {"killed by signal 15 (Terminated) between its callbacks: a victim, unless it did that "
     "itself" STAMP,
     RY_DIED_OUTSIDE, DIES_OF(SIGTERM), .idle = true},
};

static const struct ry_battle battle = {.warmup_from = FROM - RY_NS_PER_SECOND,
                                        .trade_to = FROM + 3600 * RY_NS_PER_SECOND,
                                        .zone = "America/New_York"};

START_TEST(each_row)
{
    const struct row *row = &rows[_i];
    struct ry_supervisor_evidence evidence = {
        .status = row->status,
        .pid = PID,
        .own_user = !row->shared,
        .done = row->done,
        .failed = row->failed,
        .shared_user = "not started as root",
        .sender = row->sent_by,
        .battle = &battle,
        .noted = {.said = row->said,
                  .callback = row->idle ? RY_ROLE_CALLBACK_NONE : RY_ROLE_CALLBACK_TIMER,
                  .time = FROM + 100 * RY_NS_PER_SECOND + RY_NS_PER_SECOND / 2,
                  .signal = row->signal,
                  .code = row->code,
                  .sender = row->sender,
                  .address = row->address},
    };
    char text[RY_SUPERVISOR_CAUSE_TEXT_BYTES];
    const enum ry_control_how how = ry_supervisor_cause(&evidence, text);
    ck_assert_str_eq(text, row->text);
    ck_assert_int_eq(how, row->how);
}
END_TEST

/* Each callback by the name that its author knows, and each moment that may stand there. */
START_TEST(where_it_was)
{
    static const char *const names[] = {"start", "market", "report", "timer", "stop"};
    char text[RY_SUPERVISOR_CAUSE_WHERE_BYTES], want[64];
    for (unsigned i = 0; i < 5; i++) {
        struct ry_role_testimony noted = {
            .callback = (enum ry_role_callback)(RY_ROLE_CALLBACK_START + i), .time = FROM};
        ry_supervisor_cause_where(&battle, &noted, text);
        snprintf(want, sizeof want, "in its callback %s, at 2026-01-05 09:30:00 EST", names[i]);
        ck_assert_msg(strncmp(text, want, strlen(want)) == 0, "%s", text);
    }
    struct ry_role_testimony noted = {.callback = RY_ROLE_CALLBACK_LOAD};
    ry_supervisor_cause_where(&battle, &noted, text);
    ck_assert_str_eq(text, "while its library was loaded");
    const int64_t odd[] = {INT64_MIN, INT64_MAX, 0, battle.warmup_from - 1, battle.trade_to + 1};
    noted.callback = RY_ROLE_CALLBACK_MARKET;
    for (unsigned i = 0; i < sizeof odd / sizeof odd[0]; i++) {
        noted.time = odd[i];
        ry_supervisor_cause_where(&battle, &noted, text);
        ck_assert_str_eq(text, "in its callback market, at a time outside of the battle");
    }
}
END_TEST

/* What a process said is copied once and made fit to print. */
START_TEST(words_are_believed_as_far_as_they_go)
{
    struct ry_role_words words;
    struct ry_role_testimony noted;
    memset(&words, 0xff, sizeof words);
    ry_role_words_read(&words, &noted);
    ck_assert_int_eq(noted.callback, RY_ROLE_CALLBACK_NONE);
    ck_assert_uint_eq(strlen(noted.text), sizeof noted.text - 1);
    ck_assert_uint_eq(strspn(noted.text, "?"), sizeof noted.text - 1);
    memset(&words, 0, sizeof words);
    ry_role_words_say(&words, RY_ROLE_SAID_JOINED);
    ry_role_words_fail(&words, "the first reason");
    ry_role_words_fail(&words, "the second");
    ry_role_words_enter(&words, RY_ROLE_CALLBACK_REPORT, 17);
    ry_role_words_read(&words, &noted);
    ck_assert_uint_eq(noted.said, RY_ROLE_SAID_JOINED | RY_ROLE_SAID_FAILED);
    ck_assert_str_eq(noted.text, "the first reason");
    ck_assert_int_eq(noted.callback, RY_ROLE_CALLBACK_REPORT);
    ck_assert_int_eq(noted.time, 17);
    ry_role_words_leave(&words);
    ry_role_words_read(&words, &noted);
    ck_assert_int_eq(noted.callback, RY_ROLE_CALLBACK_NONE);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("cause");
    TCase *t = tcase_create("cause");
    tcase_add_loop_test(t, each_row, 0, (int)(sizeof rows / sizeof rows[0]));
    tcase_add_test(t, where_it_was);
    tcase_add_test(t, words_are_believed_as_far_as_they_go);
    suite_add_tcase(s, t);
    return s;
}

RY_TEST_MAIN(suite)
