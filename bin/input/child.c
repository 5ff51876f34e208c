/* SPDX-License-Identifier: Apache-2.0 */
#include "input/child.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <unistd.h>

bool child_lift(int *descriptor)
{
    int high = fcntl(*descriptor, F_DUPFD_CLOEXEC, CHILD_DESCRIPTOR_SAFE);
    if (high < 0)
        return false;
    close(*descriptor);
    *descriptor = high;
    return true;
}

static int give(posix_spawn_file_actions_t *actions, const int *given, int count)
{
    int error = 0;
    for (int i = 0; error == 0 && i < count; i++)
        error = given[i] >= 0 ? posix_spawn_file_actions_adddup2(actions, given[i], i)
                              : posix_spawn_file_actions_addclose(actions, i);
    return error == 0 ? posix_spawn_file_actions_addclosefrom_np(actions, count) : error;
}

int child_spawn(const char *program, const char *word, const int *given, size_t count, pid_t *pid)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    int error = posix_spawn_file_actions_init(&actions);
    if (error != 0)
        return error;
    error = posix_spawnattr_init(&attributes);
    if (error == 0)
        error = give(&actions, given, (int)count);
    sigset_t none;
    sigemptyset(&none);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
    char *arguments[] = {"oddball", (char *)word, NULL};
    char *environment[] = {"LC_ALL=C", NULL};
    if (error == 0)
        error = posix_spawn(pid, program, &actions, &attributes, arguments, environment);
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    return error;
}
