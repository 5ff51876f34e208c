/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/notify.h"

#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define MESSAGE_SIZE 1024

/* "/run/systemd/notify", or "@name" for a socket without a file. */
static bool address_read(const char *path, Notify *notify)
{
    size_t size = strlen(path);
    if ((path[0] != '/' && path[0] != '@') || size < 2 || size >= sizeof notify->address.sun_path)
        return false;
    notify->address.sun_family = AF_UNIX;
    memcpy(notify->address.sun_path, path, size + 1);
    if (path[0] == '@')
        notify->address.sun_path[0] = '\0';
    notify->address_size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + size);
    return true;
}

static uint64_t number_of(const char *variable)
{
    const char *text = getenv(variable);
    char       *end;
    if (text == NULL || text[0] < '0' || text[0] > '9')
        return 0;
    errno = 0;
    unsigned long long number = strtoull(text, &end, 10);
    return errno == 0 && *end == '\0' ? number : 0;
}

/* Of another process, it is not for us. */
static uint64_t watchdog_find(void)
{
    uint64_t pid = number_of("WATCHDOG_PID");
    return pid == 0 || pid == (uint64_t)getpid() ? number_of("WATCHDOG_USEC") : 0;
}

void notify_open(Notify *ret)
{
    const char *path = getenv("NOTIFY_SOCKET");
    *ret = (Notify){.descriptor = -1};
    if (path != NULL && address_read(path, ret)) {
        ret->descriptor = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
        ret->watchdog_us = watchdog_find();
    }
    unsetenv("NOTIFY_SOCKET");
    unsetenv("WATCHDOG_USEC");
    unsetenv("WATCHDOG_PID");
}

void notify_close(Notify *notify)
{
    if (notify->descriptor >= 0)
        close(notify->descriptor);
    notify->descriptor = -1;
}

static void message_send(const Notify *notify, const char *message)
{
    ssize_t sent;
    if (notify->descriptor < 0)
        return;
    do
        sent = sendto(notify->descriptor, message, strlen(message), MSG_NOSIGNAL,
                      (const struct sockaddr *)&notify->address, notify->address_size);
    while (sent < 0 && errno == EINTR);
}

/* A status is one line, whatever is in it. */
static void told(const Notify *notify, const char *word, const char *status)
{
    char message[MESSAGE_SIZE];
    snprintf(message, sizeof message, "%s%s%s", word, status ? "STATUS=" : "",
             status ? status : "");
    for (char *c = message + strlen(word); *c; c++)
        *c = (unsigned char)*c < ' ' ? ' ' : *c;
    message_send(notify, message);
}

void notify_ready(const Notify *notify, const char *status)
{
    told(notify, "READY=1\n", status);
}

void notify_reloading(const Notify *notify)
{
    char            message[128];
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    snprintf(message, sizeof message, "RELOADING=1\nMONOTONIC_USEC=%" PRIu64 "\n",
             (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000);
    message_send(notify, message);
}

void notify_stopping(const Notify *notify, const char *status)
{
    told(notify, "STOPPING=1\n", status);
}

void notify_status(const Notify *notify, const char *status)
{
    told(notify, "", status);
}

void notify_alive(const Notify *notify)
{
    if (notify->watchdog_us > 0)
        message_send(notify, "WATCHDOG=1\n");
}

double notify_interval_s(const Notify *notify)
{
    return (double)notify->watchdog_us / 2e6; /* Half of it, as the manual advises. */
}
