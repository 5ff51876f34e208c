/* SPDX-License-Identifier: Apache-2.0 */
#include "source/listening.h"

#include <stdlib.h>
#include <string.h>

#define STATE_LISTEN "0A"

static const struct {
    int         port;
    const char *job;
} exporters[] = {
    {2019, "caddy"},          {2112, "app"},           {4194, "cadvisor"},
    {7070, "app"},            {7300, "midonet"},       {8405, "haproxy"},
    {9079, "pushgateway"},    {9090, "prometheus"},    {9091, "pushgateway"},
    {9093, "alertmanager"},   {9099, "snmp"},          {9100, "node"},
    {9101, "haproxy"},        {9102, "statsd"},        {9103, "collectd"},
    {9104, "mysqld"},         {9107, "consul"},        {9108, "graphite"},
    {9109, "graphite"},       {9110, "blackbox"},      {9113, "nginx"},
    {9114, "elasticsearch"},  {9115, "blackbox"},      {9116, "snmp"},
    {9117, "apache"},         {9119, "bind"},          {9121, "redis"},
    {9127, "pgbouncer"},      {9128, "ceph"},          {9131, "varnish"},
    {9134, "zfs"},            {9145, "nginx"},         {9150, "memcached"},
    {9153, "coredns"},        {9154, "postfix"},       {9166, "dovecot"},
    {9176, "jenkins"},        {9180, "ceph"},          {9182, "windows"},
    {9187, "postgres"},       {9188, "pgbouncer"},     {9189, "druid"},
    {9191, "uwsgi"},          {9205, "druid"},         {9216, "mongodb"},
    {9219, "ssl"},            {9221, "proxmox"},       {9237, "rsync"},
    {9253, "php_fpm"},        {9256, "process"},       {9290, "ipmi"},
    {9308, "kafka"},          {9323, "docker"},        {9363, "clickhouse"},
    {9419, "rabbitmq"},       {9443, "unpoller"},      {9558, "systemd"},
    {9586, "wireguard"},      {9633, "smartctl"},      {9798, "speedtest"},
    {9835, "nvidia_gpu"},     {10050, "zabbix"},       {15692, "rabbitmq"},
};

const char *listening_job(int port)
{
    for (size_t i = 0; i < sizeof exporters / sizeof exporters[0]; i++)
        if (exporters[i].port == port)
            return exporters[i].job;
    return NULL;
}

/* Of "0100007F:238C" (RFC-less: proc_net_tcp(5)): on loopback, or on all addresses? */
static bool is_reachable(const char *address, size_t size)
{
    static const char *const addresses[] = {
        "0100007F", "00000000", "00000000000000000000000000000000",
        "00000000000000000000000001000000", "0000000000000000FFFF00000100007F"};
    for (size_t i = 0; i < sizeof addresses / sizeof addresses[0]; i++)
        if (strlen(addresses[i]) == size && memcmp(addresses[i], address, size) == 0)
            return true;
    return size == 8 && memcmp(address + 6, "7F", 2) == 0;
}

static size_t list(ProcText *text, const char *proc, const char *path, bool six, Listening *ret,
                   size_t count)
{
    ProcLine line;
    if (!proc_read(text, proc, path))
        return count;
    while (count < LISTENING_MAX && proc_line(text, '\0', &line)) {
        const char *colon = line.count > 3 ? strchr(line.words[1], ':') : NULL;
        if (colon == NULL || strcmp(line.words[3], STATE_LISTEN) != 0 ||
            !is_reachable(line.words[1], (size_t)(colon - line.words[1])))
            continue;
        int         port = (int)strtol(colon + 1, NULL, 16);
        const char *job = listening_job(port);
        bool        again = job == NULL;
        for (size_t i = 0; i < count; i++)
            again |= ret[i].port == port;
        /* What listens on all of IPv6 is reached by IPv4 too, as a rule. */
        bool everywhere = strspn(line.words[1], "0") >= 32;
        if (!again)
            ret[count++] = (Listening){.port = port, .job = job, .six = six && !everywhere};
    }
    return count;
}

size_t listening_find(ProcText *text, const char *proc, Listening *ret)
{
    size_t count = list(text, proc, "net/tcp", false, ret, 0);
    return list(text, proc, "net/tcp6", true, ret, count);
}
