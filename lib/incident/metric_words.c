/* SPDX-License-Identifier: Apache-2.0 */
#include "incident/metric_words.h"

#include <stddef.h>

static const MetricWords words[] = {
    /* processors */
    {"node_cpu_seconds_total", "cpu %cpu", "spends", "more", "less", "time in %mode",
     METRIC_SECONDS},
    {"system.cpu.time", "cpu %cpu", "spends", "more", "less", "time in %state", METRIC_SECONDS},
    {"system.cpu.utilization", "cpu %cpu", "spends", "more", "less", "time in %state",
     METRIC_SHARE},
    {"node_load1", "the load of 1 minute", "is", "higher", "lower", "", METRIC_PLAIN},
    {"node_load5", "the load of 5 minutes", "is", "higher", "lower", "", METRIC_PLAIN},
    {"node_load15", "the load of 15 minutes", "is", "higher", "lower", "", METRIC_PLAIN},
    {"system.cpu.load_average.1m", "the load of 1 minute", "is", "higher", "lower", "",
     METRIC_PLAIN},
    {"node_context_switches_total", "the kernel", "switches", "more", "less", "often between tasks",
     METRIC_PLAIN},
    {"node_intr_total", "the machine", "has", "more", "fewer", "interrupts", METRIC_PLAIN},
    {"node_forks_total", "the machine", "starts", "more", "fewer", "processes", METRIC_PLAIN},
    {"node_procs_running", "the machine", "has", "more", "fewer", "running processes",
     METRIC_PLAIN},
    {"node_procs_blocked", "the machine", "has", "more", "fewer", "blocked processes",
     METRIC_PLAIN},
    {"node_processes_pids", "the machine", "has", "more", "fewer", "processes", METRIC_PLAIN},
    {"node_processes_threads", "the machine", "has", "more", "fewer", "threads", METRIC_PLAIN},
    /* memory */
    {"node_memory_MemAvailable_bytes", "available memory", "is", "higher", "lower", "",
     METRIC_BYTES},
    {"node_memory_MemFree_bytes", "free memory", "is", "higher", "lower", "", METRIC_BYTES},
    {"node_memory_Cached_bytes", "the page cache", "is", "larger", "smaller", "", METRIC_BYTES},
    {"node_memory_Buffers_bytes", "memory of buffers", "is", "higher", "lower", "", METRIC_BYTES},
    {"node_memory_Dirty_bytes", "memory that waits to be written", "is", "higher", "lower", "",
     METRIC_BYTES},
    {"node_memory_Slab_bytes", "memory of the kernel's slabs", "is", "higher", "lower", "",
     METRIC_BYTES},
    {"node_memory_AnonPages_bytes", "memory of processes", "is", "higher", "lower", "",
     METRIC_BYTES},
    {"node_memory_Committed_AS_bytes", "promised memory", "is", "higher", "lower", "",
     METRIC_BYTES},
    {"node_memory_SwapFree_bytes", "free swap", "is", "higher", "lower", "", METRIC_BYTES},
    {"node_vmstat_pswpin", "the machine", "swaps in", "more", "fewer", "pages", METRIC_PLAIN},
    {"node_vmstat_pswpout", "the machine", "swaps out", "more", "fewer", "pages", METRIC_PLAIN},
    {"node_vmstat_pgfault", "the machine", "has", "more", "fewer", "page faults", METRIC_PLAIN},
    {"node_vmstat_pgmajfault", "the machine", "has", "more", "fewer",
     "page faults that read the disk", METRIC_PLAIN},
    {"node_vmstat_oom_kill", "the kernel", "kills", "more", "fewer",
     "processes for want of memory", METRIC_PLAIN},
    {"system.memory.usage", "%state memory", "is", "higher", "lower", "", METRIC_BYTES},
    /* disks */
    {"node_disk_io_time_seconds_total", "disk %device", "is", "busier", "less busy", "",
     METRIC_SECONDS},
    {"node_disk_io_time_weighted_seconds_total", "disk %device", "has", "more", "less",
     "work waiting", METRIC_AT_ONCE},
    {"node_disk_io_now", "disk %device", "has", "more", "fewer", "requests in flight",
     METRIC_PLAIN},
    {"node_disk_read_bytes_total", "disk %device", "reads", "more", "less", "", METRIC_BYTES},
    {"node_disk_written_bytes_total", "disk %device", "writes", "more", "less", "", METRIC_BYTES},
    {"node_disk_reads_completed_total", "disk %device", "reads", "more", "less", "often",
     METRIC_PLAIN},
    {"node_disk_writes_completed_total", "disk %device", "writes", "more", "less", "often",
     METRIC_PLAIN},
    {"node_disk_read_time_seconds_total", "disk %device", "spends", "more", "less",
     "time with reads", METRIC_SECONDS},
    {"node_disk_write_time_seconds_total", "disk %device", "spends", "more", "less",
     "time with writes", METRIC_SECONDS},
    {"system.disk.io", "disk %device", "moves", "more", "less", "(%direction)", METRIC_BYTES},
    {"node_filesystem_avail_bytes", "free space on %mountpoint", "is", "higher", "lower", "",
     METRIC_BYTES},
    {"node_filesystem_free_bytes", "free space on %mountpoint", "is", "higher", "lower", "",
     METRIC_BYTES},
    {"node_filesystem_files_free", "%mountpoint", "has", "more", "fewer", "free inodes",
     METRIC_PLAIN},
    {"system.filesystem.usage", "%state space on %mountpoint", "is", "higher", "lower", "",
     METRIC_BYTES},
    /* network */
    {"node_network_receive_bytes_total", "interface %device", "receives", "more", "less", "",
     METRIC_BYTES},
    {"node_network_transmit_bytes_total", "interface %device", "sends", "more", "less", "",
     METRIC_BYTES},
    {"node_network_receive_packets_total", "interface %device", "receives", "more", "fewer",
     "packets", METRIC_PLAIN},
    {"node_network_transmit_packets_total", "interface %device", "sends", "more", "fewer",
     "packets", METRIC_PLAIN},
    {"node_network_receive_errs_total", "interface %device", "has", "more", "fewer",
     "errors on receipt", METRIC_PLAIN},
    {"node_network_transmit_errs_total", "interface %device", "has", "more", "fewer",
     "errors on sending", METRIC_PLAIN},
    {"node_network_receive_drop_total", "interface %device", "drops", "more", "fewer",
     "packets on receipt", METRIC_PLAIN},
    {"node_network_transmit_drop_total", "interface %device", "drops", "more", "fewer",
     "packets on sending", METRIC_PLAIN},
    {"system.network.io", "interface %device", "moves", "more", "less", "(%direction)",
     METRIC_BYTES},
    {"node_netstat_Tcp_RetransSegs", "the machine", "sends", "more", "fewer",
     "TCP segments again", METRIC_PLAIN},
    {"node_netstat_Tcp_CurrEstab", "the machine", "has", "more", "fewer", "TCP connections",
     METRIC_PLAIN},
    {"node_sockstat_TCP_inuse", "the machine", "has", "more", "fewer", "TCP sockets in use",
     METRIC_PLAIN},
    {"node_sockstat_TCP_tw", "the machine", "has", "more", "fewer", "TCP sockets in TIME_WAIT",
     METRIC_PLAIN},
    {"node_filefd_allocated", "the machine", "has", "more", "fewer", "open files", METRIC_PLAIN},
    /* pressure */
    {"node_pressure_cpu_waiting_seconds_total", "work", "waits", "longer", "less", "for a cpu",
     METRIC_SECONDS},
    {"node_pressure_memory_waiting_seconds_total", "work", "waits", "longer", "less",
     "for memory", METRIC_SECONDS},
    {"node_pressure_io_waiting_seconds_total", "work", "waits", "longer", "less", "for disks",
     METRIC_SECONDS},
    {"node_pressure_memory_stalled_seconds_total", "all work", "waits", "longer", "less",
     "for memory", METRIC_SECONDS},
    {"node_pressure_io_stalled_seconds_total", "all work", "waits", "longer", "less", "for disks",
     METRIC_SECONDS},
    /* units */
    {"unit_memory_bytes", "unit %unit", "uses", "more", "less", "memory", METRIC_BYTES},
    {"unit_cpu_seconds_total", "unit %unit", "uses", "more", "less", "cpu", METRIC_SECONDS},
    {"unit_cpu_throttled_seconds_total", "unit %unit", "is throttled", "longer", "less", "",
     METRIC_SECONDS},
    {"unit_tasks", "unit %unit", "has", "more", "fewer", "tasks", METRIC_PLAIN},
    {"unit_io_read_bytes_total", "unit %unit", "reads", "more", "less", "", METRIC_BYTES},
    {"unit_io_written_bytes_total", "unit %unit", "writes", "more", "less", "", METRIC_BYTES},
    {"unit_oom_kills_total", "unit %unit", "loses", "more", "fewer",
     "processes for want of memory", METRIC_PLAIN},
};

const MetricWords *metric_words(Str name)
{
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (str_equal(name, str_of(words[i].name)))
            return &words[i];
    return NULL;
}

static bool ends_with(Str name, const char *ending)
{
    Str end = str_of(ending);
    return name.size > end.size && str_equal(str_part(name, name.size - end.size, name.size), end);
}

MetricUnit metric_unit(Str name)
{
    static const struct {
        const char *ending;
        MetricUnit  unit;
    } endings[] = {
        {"_bytes", METRIC_BYTES},     {"_bytes_sum", METRIC_BYTES},
        {"_seconds", METRIC_SECONDS}, {"_seconds_sum", METRIC_SECONDS},
        {"_ratio", METRIC_SHARE},     {"_percent", METRIC_PERCENT},
        {"_celsius", METRIC_CELSIUS},
    };
    if (ends_with(name, "_total"))
        name.size -= strlen("_total");
    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++)
        if (ends_with(name, endings[i].ending))
            return endings[i].unit;
    return METRIC_PLAIN;
}
