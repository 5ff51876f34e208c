/* SPDX-License-Identifier: Apache-2.0 */
#include "event/target.h"

#include <stdio.h>

#include "event/series.h"

/* As Prometheus, its discovery, and OpenTelemetry's resources name them. */
static const char *const places[] = {
    "cluster",  "container.id", "host",         "host.id",           "host.name",
    "host_id",  "host_name",    "hostname",     "instance",          "job",
    "machine",  "namespace",    "node",         "nodename",          "pod",
    "server",   "service.instance.id", "service.name", "service_instance_id", "service_name",
    "k8s.cluster.name", "k8s.namespace.name", "k8s.node.name", "k8s.pod.name",
};

bool target_is_label(Str name)
{
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++)
        if (str_equal(name, str_of(places[i])))
            return true;
    return false;
}

size_t target_text(Str series, char buffer[TARGET_TEXT_SIZE])
{
    Label label;
    size_t at = 0, size = 0;
    buffer[0] = '\0';
    while (series_next_label(series, &at, &label)) {
        if (!target_is_label(label.name))
            continue;
        int written = snprintf(buffer + size, TARGET_TEXT_SIZE - size, "%s%.*s %.*s",
                               size > 0 ? ", " : "", (int)label.name.size, label.name.text,
                               (int)label.value.size, label.value.text);
        size += written > 0 ? (size_t)written : 0;
        if (size >= TARGET_TEXT_SIZE)
            return TARGET_TEXT_SIZE - 1;
    }
    return size;
}
