/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "source/host.h"

/* Columns of net/dev. */
static const struct {
    size_t      column;
    const char *name;
} network_columns[] = {
    {1, "node_network_receive_bytes_total"},   {2, "node_network_receive_packets_total"},
    {3, "node_network_receive_errs_total"},    {4, "node_network_receive_drop_total"},
    {9, "node_network_transmit_bytes_total"},  {10, "node_network_transmit_packets_total"},
    {11, "node_network_transmit_errs_total"},  {12, "node_network_transmit_drop_total"},
};

/* Each container brings one and takes it away again. */
static bool is_virtual(const char *name)
{
    static const char *const virtual[] = {"veth", "docker", "br-", "cali", "cni", "flannel",
                                          "virbr", "vnet",  "tap", "dummy", "ifb", "lxc"};
    for (size_t i = 0; i < sizeof virtual / sizeof virtual[0]; i++)
        if (strncmp(name, virtual[i], strlen(virtual[i])) == 0)
            return true;
    return false;
}

static void interfaces_add(Host *host, Samples *samples)
{
    ProcLine line;
    size_t   count = 0;
    if (!proc_read(&host->text, host->proc, "net/dev"))
        return;
    while (count < HOST_DEVICES_MAX && proc_line(&host->text, ':', &line)) {
        if (line.count < 17 || strchr(line.words[0], '|') != NULL || is_virtual(line.words[0]))
            continue;
        count++;
        for (size_t i = 0; i < sizeof network_columns / sizeof network_columns[0]; i++)
            samples_one(samples, network_columns[i].name, "device", line.words[0],
                        proc_number(line.words[network_columns[i].column]));
    }
}

/* "TCP: inuse 5 orphan 0 ..." */
static void sockets_add(Host *host, Samples *samples)
{
    ProcLine line;
    char     name[128];
    if (!proc_read(&host->text, host->proc, "net/sockstat"))
        return;
    while (proc_line(&host->text, ':', &line)) {
        if (line.count < 3 ||
            (strcmp(line.words[0], "TCP") != 0 && strcmp(line.words[0], "UDP") != 0 &&
             strcmp(line.words[0], "sockets") != 0))
            continue;
        for (size_t i = 1; i + 1 < line.count; i += 2) {
            snprintf(name, sizeof name, "node_sockstat_%s_%s", line.words[0], line.words[i]);
            samples_plain(samples, name, proc_number(line.words[i + 1]));
        }
    }
}

static const struct {
    const char *table, *column;
} counters[] = {
    {"Tcp", "ActiveOpens"}, {"Tcp", "PassiveOpens"},     {"Tcp", "CurrEstab"},
    {"Tcp", "InSegs"},      {"Tcp", "OutSegs"},          {"Tcp", "RetransSegs"},
    {"Tcp", "InErrs"},      {"Tcp", "OutRsts"},          {"Tcp", "AttemptFails"},
    {"Tcp", "EstabResets"}, {"Udp", "InDatagrams"},      {"Udp", "OutDatagrams"},
    {"Udp", "InErrors"},    {"Udp", "NoPorts"},          {"Udp", "RcvbufErrors"},
    {"TcpExt", "ListenOverflows"}, {"TcpExt", "ListenDrops"}, {"TcpExt", "TCPTimeouts"},
};

/* Two lines belong together: the names, then the values. */
static void counters_add(Host *host, Samples *samples, const char *path)
{
    ProcLine names, values;
    char     name[128];
    if (!proc_read(&host->text, host->proc, path))
        return;
    while (proc_line(&host->text, ':', &names) && proc_line(&host->text, ':', &values)) {
        if (names.count == 0 || names.count != values.count)
            continue;
        for (size_t i = 0; i < sizeof counters / sizeof counters[0]; i++) {
            if (strcmp(counters[i].table, names.words[0]) != 0)
                continue;
            for (size_t j = 1; j < names.count; j++) {
                if (strcmp(counters[i].column, names.words[j]) != 0)
                    continue;
                snprintf(name, sizeof name, "node_netstat_%s_%s", names.words[0], names.words[j]);
                samples_plain(samples, name, proc_number(values.words[j]));
            }
        }
    }
}

static void files_add(Host *host, Samples *samples)
{
    ProcLine line;
    if (!proc_read(&host->text, host->proc, "sys/fs/file-nr") ||
        !proc_line(&host->text, '\0', &line) || line.count < 3)
        return;
    samples_plain(samples, "node_filefd_allocated", proc_number(line.words[0]));
    samples_plain(samples, "node_filefd_maximum", proc_number(line.words[2]));
}

void host_network(Host *host, Samples *samples)
{
    interfaces_add(host, samples);
    sockets_add(host, samples);
    counters_add(host, samples, "net/snmp");
    counters_add(host, samples, "net/netstat");
    files_add(host, samples);
}
