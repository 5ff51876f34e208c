/* SPDX-License-Identifier: Apache-2.0
 *
 * A service manager of the test: a socket that hears what is told. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "serve/notify.h"

static int  manager = -1;
static char path[64];

static void manager_start(const char *name)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    size_t             size = strlen(name);
    memcpy(address.sun_path, name, size);
    if (name[0] == '@')
        address.sun_path[0] = '\0';
    manager = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0);
    assert_true(manager >= 0);
    assert_int_equal(bind(manager, (struct sockaddr *)&address,
                          (socklen_t)(offsetof(struct sockaddr_un, sun_path) + size)),
                     0);
    setenv("NOTIFY_SOCKET", name, 1);
}

static int manager_stop(void **state)
{
    (void)state;
    close(manager);
    unlink(path);
    return 0;
}

/* What was told next; "": nothing. */
static const char *heard(void)
{
    static char message[2048];
    ssize_t     size = recv(manager, message, sizeof message - 1, 0);
    message[size > 0 ? size : 0] = '\0';
    return message;
}

static void everything_is_told(Notify *notify)
{
    notify_ready(notify, "3 sources");
    assert_string_equal(heard(), "READY=1\nSTATUS=3 sources");
    notify_status(notify, "two\nlines\x1b[31m");
    assert_string_equal(heard(), "STATUS=two lines [31m");
    notify_reloading(notify);
    const char        *reloading = heard();
    unsigned long long us = 0;
    assert_int_equal(sscanf(reloading, "RELOADING=1\nMONOTONIC_USEC=%llu\n", &us), 1);
    assert_true(us > 0);
    notify_ready(notify, NULL);
    assert_string_equal(heard(), "READY=1\n");
    notify_stopping(notify, NULL);
    assert_string_equal(heard(), "STOPPING=1\n");
}

static void a_socket_with_a_file_is_told_everything(void **state)
{
    (void)state;
    Notify notify;
    snprintf(path, sizeof path, "/tmp/oddball_notify_%d", (int)getpid());
    manager_start(path);
    notify_open(&notify);
    assert_null(getenv("NOTIFY_SOCKET"));
    everything_is_told(&notify);
    notify_close(&notify);
    notify_status(&notify, "closed");
    assert_string_equal(heard(), "");
}

static void an_abstract_socket_is_told_everything(void **state)
{
    (void)state;
    Notify notify;
    char   name[64];
    snprintf(name, sizeof name, "@oddball/notify/%d", (int)getpid());
    manager_start(name);
    notify_open(&notify);
    everything_is_told(&notify);
    notify_close(&notify);
}

static void the_watchdog_hears_us_if_it_is_ours(void **state)
{
    (void)state;
    Notify notify;
    char   name[64], pid[16];
    snprintf(name, sizeof name, "@oddball/watchdog/%d", (int)getpid());
    snprintf(pid, sizeof pid, "%d", (int)getpid());
    manager_start(name);
    setenv("WATCHDOG_USEC", "30000000", 1);
    setenv("WATCHDOG_PID", pid, 1);
    notify_open(&notify);
    assert_true(notify_interval_s(&notify) > 14.9 && notify_interval_s(&notify) < 15.1);
    notify_alive(&notify);
    assert_string_equal(heard(), "WATCHDOG=1\n");
    notify_close(&notify);
    setenv("NOTIFY_SOCKET", name, 1);
    setenv("WATCHDOG_USEC", "30000000", 1);
    setenv("WATCHDOG_PID", "1", 1);
    notify_open(&notify);
    assert_int_equal(notify.watchdog_us, 0);
    notify_alive(&notify);
    assert_string_equal(heard(), "");
    notify_close(&notify);
}

static void without_a_manager_nothing_is_told(void **state)
{
    (void)state;
    static const char *const names[] = {"", "relative", "/", "vsock:2:1"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        Notify notify;
        setenv("NOTIFY_SOCKET", names[i], 1);
        notify_open(&notify);
        assert_int_equal(notify.descriptor, -1);
        notify_ready(&notify, "nobody hears");
        notify_close(&notify);
    }
    Notify notify;
    setenv("NOTIFY_SOCKET", "/nonexistent/socket", 1);
    setenv("WATCHDOG_USEC", "-5", 1);
    notify_open(&notify);
    assert_int_equal(notify.watchdog_us, 0);
    notify_ready(&notify, "and it does not matter");
    notify_close(&notify);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(a_socket_with_a_file_is_told_everything, manager_stop),
        cmocka_unit_test_teardown(an_abstract_socket_is_told_everything, manager_stop),
        cmocka_unit_test_teardown(the_watchdog_hears_us_if_it_is_ours, manager_stop),
        cmocka_unit_test(without_a_manager_nothing_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
