/* SPDX-License-Identifier: Apache-2.0 */
#include "incident/nature.h"

#include "base/ascii.h"
#include "event/series.h"

static const char *const latency_words[] = {"latency", "duration", "response_time", "responsetime",
                                            "elapsed", "wait_time", "request_time", "rtt"};
static const char *const load_words[] = {"requests", "request_count", "throughput", "qps", "rps",
                                         "calls", "invocations", "sessions", "users"};
static const char *const error_words[] = {"error",   "fail",   "exception", "panic", "refused",
                                          "timeout", "dropped", "5xx",      "status=\"5", "denied",
                                          "oom",     "killed"};
static const char *const resource_words[] = {
    "cpu",     "memory", "_mem", "disk", "filesystem", "load1",      "load5", "load15", "swap",
    "network", "socket", "fd",   "inode", "heap",      "gc",         "thread", "connection",
    "pool",    "queue",  "io_time"};
static const char *const change_words[] = {"start_time", "boot_time", "restarts", "build_info",
                                           "uptime"};

/* Of the names of alerts: "InstanceDown", "JobAbsent". */
static const char *const silence_words[] = {"down", "absent", "missing", "unreachable", "nodata"};
static const char *const slow_words[] = {"slow", "responsetime"};

static bool holds_any(Str text, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (ascii_holds(text, words[i]))
            return true;
    return false;
}

#define HOLDS_ANY(text, words) holds_any(text, words, sizeof(words) / sizeof *(words))

static Nature nature_of_metric(Str series)
{
    Str name = series_name(series);
    if (HOLDS_ANY(name, change_words))
        return NATURE_CHANGE;
    if (HOLDS_ANY(series, error_words))
        return NATURE_ERROR;
    if (HOLDS_ANY(name, latency_words))
        return NATURE_LATENCY;
    if (HOLDS_ANY(name, resource_words))
        return NATURE_RESOURCE;
    return HOLDS_ANY(name, load_words) ? NATURE_LOAD : NATURE_OTHER;
}

static Nature nature_of_lines(FindingKind kind, Level level, Str pattern)
{
    if (kind == FINDING_SILENT || kind == FINDING_GONE)
        return NATURE_SILENCE;
    if (level >= LEVEL_ERROR || HOLDS_ANY(pattern, error_words))
        return NATURE_ERROR;
    /* Lines that just come in other numbers tell of how much there is to do. */
    return kind == FINDING_LESS ? NATURE_LOAD : NATURE_OTHER;
}

static Nature nature_of_alert(Str series)
{
    Str name = series_name(series);
    if (HOLDS_ANY(name, silence_words))
        return NATURE_SILENCE;
    if (HOLDS_ANY(name, error_words))
        return NATURE_ERROR;
    Nature nature = nature_of_metric(name);
    return nature == NATURE_OTHER && HOLDS_ANY(name, slow_words) ? NATURE_LATENCY : nature;
}

Nature nature_of(FindingKind kind, bool is_metric, Level level, Str name)
{
    switch (kind) {
    case FINDING_DRIFT:
        return NATURE_INPUT;
    case FINDING_QUALITY:
    case FINDING_ERRORS:
        return NATURE_QUALITY;
    case FINDING_DELAY:
        return NATURE_LATENCY;
    case FINDING_GAP:
        return NATURE_SILENCE;
    case FINDING_ALERT:
        return nature_of_alert(name);
    default:
        break;
    }
    if (is_metric)
        return kind == FINDING_SILENT ? NATURE_SILENCE : nature_of_metric(name);
    return nature_of_lines(kind, level, name);
}

bool nature_is_impact(Nature nature)
{
    return nature == NATURE_LATENCY || nature == NATURE_LOAD || nature == NATURE_QUALITY;
}
