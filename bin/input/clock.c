/* SPDX-License-Identifier: Apache-2.0 */
#include "input/clock.h"

#include <time.h>

#define NS_PER_S 1000000000LL

odd_time clock_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (odd_time)now.tv_sec * NS_PER_S + now.tv_nsec;
}

double clock_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

int32_t clock_local_zone(odd_time time)
{
    time_t seconds = (time_t)(time / NS_PER_S);
    struct tm tm;
    return localtime_r(&seconds, &tm) != NULL ? (int32_t)tm.tm_gmtoff : 0;
}
