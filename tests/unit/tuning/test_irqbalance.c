/* irqbalance's socket, with one that speaks like irqbalance 1.9.2 behind it. */
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "tests/support/fake_host.h"
#include "tests/support/test.h"
#include "tuning/irqbalance.h"

static struct ry_test_host fake;

/* The daemon: a thread, told by its test before it starts. */
static struct {
    pthread_t thread;
    int listener;
    unsigned sleep_seconds;    /* three of them is how long it is waited for */
    const char *banned, *next; /* masks: what setup says, and what it says after `settings` .. */
    unsigned looks;            /* .. and so many setups */
    bool hangs_up;             /* as it does on others than root */
    char told[256];
} server;

static void answer(int caller, const char *ask)
{
    char text[256];
    if (strcmp(ask, "setup") != 0) {
        snprintf(server.told, sizeof server.told, "%s", ask);
        return;
    }
    if (server.hangs_up)
        return;
    if (server.told[0] != 0 && server.next != NULL && server.looks-- == 0) {
        server.banned = server.next;
        server.next = NULL;
    }
    snprintf(text, sizeof text, "SLEEP %u IRQ 9 LOAD 0 DIFF 0 CLASS 0 BANNED %s",
             server.sleep_seconds, server.banned);
    ck_assert_int_eq(send(caller, text, strlen(text), MSG_NOSIGNAL), (ssize_t)strlen(text));
}

static void *serve(void *nothing)
{
    char ask[256];
    for (;;) {
        int caller = accept(server.listener, NULL, NULL);
        if (caller < 0)
            return nothing;
        ssize_t n = recv(caller, ask, sizeof ask - 1, 0);
        ask[n > 0 ? n : 0] = 0;
        if (strcmp(ask, "end") == 0)
            return nothing;
        answer(caller, ask);
        close(caller);
    }
}

static int at_socket(unsigned pid, int (*call)(int, const struct sockaddr *, socklen_t))
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    ck_assert_int_lt(snprintf(address.sun_path, sizeof address.sun_path,
                              "%.80s/run/irqbalance/irqbalance%u.sock", fake.host.root, pid),
                     (int)sizeof address.sun_path);
    ck_assert_int_eq(call(fd, (const struct sockaddr *)&address, sizeof address), 0);
    return fd;
}

static void begin(void)
{
    server.listener = at_socket(7, bind);
    ck_assert_int_eq(listen(server.listener, 4), 0);
    ck_assert_int_eq(pthread_create(&server.thread, NULL, serve, NULL), 0);
}

static void end(void)
{
    int fd = at_socket(7, connect);
    ck_assert_int_eq(send(fd, "end", 3, 0), 3);
    ck_assert_int_eq(pthread_join(server.thread, NULL), 0);
    close(fd);
    close(server.listener);
}

static void open_fake(void)
{
    ry_test_host_open(&fake);
    ry_test_host_file(&fake, "/run/irqbalance/irqbalance.pid", "7\n");
    memset(&server, 0, sizeof server);
    server.banned = "00000000,00000000";
    server.sleep_seconds = 50;
}

static void close_fake(void)
{
    ry_test_host_close(&fake);
}

static int ask(const char *what, char *text, size_t bytes)
{
    return ry_tuning_irqbalance_ask(&fake.host, what, text, bytes);
}

START_TEST(it_does_not_run)
{
    char text[256];
    ck_assert_int_eq(ask("setup", text, sizeof text), -ENOENT);
    close(at_socket(6, bind)); /* a dead one's */
    ck_assert_int_eq(ask("setup", text, sizeof text), -ENOENT);
    ck_assert_int_eq(ask("settings cpus 1", text, sizeof text), -ENOENT);
}
END_TEST

START_TEST(it_says_its_setup)
{
    char text[256], little[16];
    close(at_socket(6, bind));
    begin();
    ck_assert_int_eq(ask("setup", text, sizeof text), 0);
    ck_assert_str_eq(text, "SLEEP 50 IRQ 9 LOAD 0 DIFF 0 CLASS 0 BANNED 00000000,00000000");
    ck_assert_int_eq(ask("setup", little, sizeof little), -EFBIG);
    end();
}
END_TEST

START_TEST(it_hangs_up_on_others_than_root)
{
    char text[256];
    server.hangs_up = true;
    begin();
    ck_assert_int_eq(ask("setup", text, sizeof text), -EACCES);
    ck_assert_int_eq(ask("settings cpus 1", text, sizeof text), -EACCES);
    ck_assert_str_eq(server.told, "");
    end();
}
END_TEST

START_TEST(a_list_is_waited_for)
{
    char text[256];
    server.next = "00000000,0000000e";
    server.looks = 2;
    begin();
    ck_assert_int_eq(ask("settings cpus 1-3", text, sizeof text), 0);
    ck_assert_str_eq(text, "");
    ck_assert_str_eq(server.told, "settings cpus 1-3");
    ck_assert_ptr_null(server.next); /* it had come */
    server.next = "00000000,00000000";
    server.looks = 1;
    ck_assert_int_eq(ask("settings cpus NULL", text, sizeof text), 0);
    ck_assert_str_eq(server.told, "settings cpus NULL");
    ck_assert_ptr_null(server.next);
    end();
}
END_TEST

START_TEST(a_list_that_it_does_not_take)
{
    char text[256];
    server.sleep_seconds = 1;
    begin();
    ck_assert_int_eq(ask("settings cpus 2", text, sizeof text), -ETIMEDOUT);
    end();
}
END_TEST

static Suite *suite(void)
{
    Suite *suite = suite_create("tuning_irqbalance");
    TCase *tests = tcase_create("irqbalance");
    tcase_set_timeout(tests, 120);
    tcase_add_checked_fixture(tests, open_fake, close_fake);
    tcase_add_test(tests, it_does_not_run);
    tcase_add_test(tests, it_says_its_setup);
    tcase_add_test(tests, it_hangs_up_on_others_than_root);
    tcase_add_test(tests, a_list_is_waited_for);
    tcase_add_test(tests, a_list_that_it_does_not_take);
    suite_add_tcase(suite, tests);
    return suite;
}

RY_TEST_MAIN(suite)
