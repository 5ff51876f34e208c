/* SPDX-License-Identifier: Apache-2.0
 *
 * notify.h - tells the service manager how the server is: ready, reloading, alive, stopping.
 *
 * The protocol is one datagram of lines to the socket that the environment names (sd_notify(3));
 * without a socket every call does nothing.
 *
 * OWNERSHIP  A plain value; notify_close closes its socket.
 * ERRORS     None: a manager that does not listen must not stop the server.
 * THREADS    Any thread, after notify_open.
 */
#ifndef SERVE_NOTIFY_H
#define SERVE_NOTIFY_H
#include <stdint.h>
#include <sys/socket.h>
#include <sys/un.h>

typedef struct {
    int                descriptor;  /* -1: nobody to be told. */
    struct sockaddr_un address;
    socklen_t          address_size;
    uint64_t           watchdog_us; /* How often it must hear that we live; 0: never. */
} Notify;

/* Reads NOTIFY_SOCKET, WATCHDOG_USEC and WATCHDOG_PID and takes them out of the environment, so
 * that no child speaks for us.  Before threads start. */
void notify_open(Notify *ret);
void notify_close(Notify *notify);

/* status: one line for `systemctl status`; NULL: as it was. */
void notify_ready(const Notify *notify, const char *status);     /* Also after a reload. */
void notify_reloading(const Notify *notify);
void notify_stopping(const Notify *notify, const char *status);
void notify_status(const Notify *notify, const char *status);
void notify_alive(const Notify *notify);

/* Call notify_alive so often; 0: there is no need. */
double notify_interval_s(const Notify *notify);

#endif
