/* SPDX-License-Identifier: Apache-2.0 */
#include "fixture.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fake_intake.h"
#include "source/host.h"

extern const SourceKind source_host;

typedef struct {
    char    proc[PATH_SIZE], sys[PATH_SIZE];
    Host    host;
    Samples samples;
} Room;

static int room_make(void **state)
{
    static Room room;
    room = (Room){0};
    folder_make(room.proc);
    folder_make(room.sys);
    room.host.proc = room.proc;
    room.host.sys = room.sys;
    samples_begin(&room.samples, "host", 1000);
    *state = &room;
    return 0;
}

static int room_remove(void **state)
{
    Room *room = *state;
    proc_free(&room->host.text);
    samples_free(&room->samples);
    folder_remove(room->proc);
    folder_remove(room->sys);
    return 0;
}

/* A file, with the folders on its way. */
static void put(const char *root, const char *name, const char *text)
{
    char path[PATH_SIZE * 2];
    snprintf(path, sizeof path, "%s/%s", root, name);
    for (char *slash = path + strlen(root) + 1; (slash = strchr(slash, '/')) != NULL; slash++) {
        *slash = '\0';
        mkdir(path, 0755);
        *slash = '/';
    }
    file_write(path, text, strlen(text));
}

static double value_of(const Room *room, const char *series)
{
    for (size_t i = 0; i < room->samples.count; i++)
        if (strcmp(room->samples.text + room->samples.rows[i].series, series) == 0)
            return room->samples.rows[i].value;
    return NAN;
}

static void assert_value(const Room *room, const char *series, double value)
{
    double got = value_of(room, series);
    if (!(fabs(got - value) < 1e-9))
        print_message("%s is %g\n", series, got);
    assert_true(fabs(got - value) < 1e-9);
}

static void processor_times_are_seconds_by_mode(void **state)
{
    Room *room = *state;
    put(room->proc, "stat",
        "cpu  300 0 200 1000 50 0 10 0 0 0\ncpu0 100 0 100 500 25 0 5 0 0 0\n"
        "cpu1 200 0 100 500 25 0 5 0 0 0\nintr 12345 1 2 3\nctxt 99\nbtime 1700000000\n"
        "processes 42\nprocs_running 2\nprocs_blocked 1\n");
    put(room->proc, "loadavg", "0.50 0.40 0.30 2/345 999\n");
    put(room->proc, "17/stat", "");
    put(room->proc, "18/stat", "");
    host_cpu(&room->host, &room->samples);
    double ticks = (double)sysconf(_SC_CLK_TCK);
    assert_value(room, "node_cpu_seconds_total{cpu=\"0\",mode=\"user\"}", 100 / ticks);
    assert_value(room, "node_cpu_seconds_total{cpu=\"1\",mode=\"idle\"}", 500 / ticks);
    assert_value(room, "node_intr_total", 12345);
    assert_value(room, "node_boot_time_seconds", 1700000000);
    assert_value(room, "node_procs_blocked", 1);
    assert_value(room, "node_load5", 0.4);
    assert_value(room, "node_processes_threads", 345);
    assert_value(room, "node_processes_pids", 2);
    assert_true(isnan(value_of(room, "node_cpu_seconds_total{cpu=\"all\",mode=\"user\"}")));
}

static void many_processors_are_told_as_one(void **state)
{
    Room *room = *state;
    char  text[8192];
    int   size = snprintf(text, sizeof text, "cpu  6400 0 0 0 0 0 0 0\n");
    for (int i = 0; i < 64; i++)
        size += snprintf(text + size, sizeof text - (size_t)size, "cpu%d 100 0 0 0 0 0 0 0\n", i);
    put(room->proc, "stat", text);
    host_cpu(&room->host, &room->samples);
    double ticks = (double)sysconf(_SC_CLK_TCK);
    assert_value(room, "node_cpu_seconds_total{cpu=\"all\",mode=\"user\"}", 6400 / ticks);
    assert_true(isnan(value_of(room, "node_cpu_seconds_total{cpu=\"3\",mode=\"user\"}")));
}

static void memory_is_in_bytes(void **state)
{
    Room *room = *state;
    put(room->proc, "meminfo",
        "MemTotal:        2000 kB\nMemFree:  500 kB\nActive(anon): 7 kB\n"
        "HugePages_Total: 3\n");
    put(room->proc, "vmstat", "pgpgin 11\noom_kill 2\nnr_dirty 5\n");
    host_memory(&room->host, &room->samples);
    assert_value(room, "node_memory_MemTotal_bytes", 2048000);
    assert_value(room, "node_memory_MemFree_bytes", 512000);
    assert_value(room, "node_memory_HugePages_Total", 3);
    assert_value(room, "node_vmstat_oom_kill", 2);
    assert_int_equal(room->samples.count, 5);
}

static void disks_are_told_and_partitions_and_loops_are_not(void **state)
{
    Room *room = *state;
    put(room->proc, "diskstats",
        "   8       0 sda 10 1 200 3000 20 2 400 5000 1 6000 7000 0 0 0 0\n"
        "   8       1 sda1 1 1 1 1 1 1 1 1 1 1 1 0 0 0 0\n"
        "   7       0 loop0 1 1 1 1 1 1 1 1 1 1 1 0 0 0 0\n");
    put(room->sys, "block/sda/size", "1");
    put(room->sys, "block/loop0/size", "1");
    put(room->proc, "self/mounts",
        "proc /proc proc rw 0 0\n/dev/x /no\\040such ext4 rw 0 0\n"
        "overlay / overlay rw 0 0\n");
    host_disk(&room->host, &room->samples);
    assert_value(room, "node_disk_read_bytes_total{device=\"sda\"}", 102400);
    assert_value(room, "node_disk_written_bytes_total{device=\"sda\"}", 204800);
    assert_value(room, "node_disk_io_time_seconds_total{device=\"sda\"}", 6);
    assert_true(isnan(value_of(room, "node_disk_io_now{device=\"sda1\"}")));
    assert_true(isnan(value_of(room, "node_disk_io_now{device=\"loop0\"}")));
    assert_true(value_of(room, "node_filesystem_size_bytes{device=\"overlay\",fstype=\"overlay\","
                               "mountpoint=\"/\"}") > 0);
}

static void networks_are_told_but_for_those_of_containers(void **state)
{
    Room *room = *state;
    put(room->proc, "net/dev",
        "Inter-|   Receive                                                |  Transmit\n"
        " face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets\n"
        "    lo: 1 2 3 4 0 0 0 0 5 6 7 8 0 0 0 0\n"
        "vethab12: 1 2 3 4 0 0 0 0 5 6 7 8 0 0 0 0\n"
        "  eth0:100 2 3 4 0 0 0 0 500 6 7 8 0 0 0 0\n");
    put(room->proc, "net/sockstat", "sockets: used 10\nTCP: inuse 5 orphan 0 tw 2\nRAW: inuse 0\n");
    put(room->proc, "net/snmp",
        "Tcp: ActiveOpens CurrEstab Odd\nTcp: 7 8 9\nUdp: InDatagrams\n"
        "Udp: 3\n");
    put(room->proc, "sys/fs/file-nr", "1024\t0\t9999\n");
    host_network(&room->host, &room->samples);
    assert_value(room, "node_network_receive_bytes_total{device=\"eth0\"}", 100);
    assert_value(room, "node_network_transmit_bytes_total{device=\"eth0\"}", 500);
    assert_true(isnan(value_of(room, "node_network_receive_bytes_total{device=\"vethab12\"}")));
    assert_value(room, "node_sockstat_TCP_tw", 2);
    assert_value(room, "node_netstat_Tcp_CurrEstab", 8);
    assert_value(room, "node_netstat_Udp_InDatagrams", 3);
    assert_value(room, "node_filefd_maximum", 9999);
}

static void pressure_is_in_seconds(void **state)
{
    Room *room = *state;
    put(room->proc, "pressure/memory",
        "some avg10=0.00 avg60=0.00 avg300=0.00 total=1500000\n"
        "full avg10=0.00 avg60=0.00 avg300=0.00 total=500000\n");
    host_pressure(&room->host, &room->samples);
    assert_value(room, "node_pressure_memory_waiting_seconds_total", 1.5);
    assert_value(room, "node_pressure_memory_stalled_seconds_total", 0.5);
    assert_int_equal(room->samples.count, 2);
}

static void services_are_found_in_their_slices(void **state)
{
    Room *room = *state;
#define UNIT "fs/cgroup/system.slice/system-db.slice/db@\"1\".service/"
    put(room->sys, UNIT "cpu.stat", "usage_usec 2500000\nuser_usec 1\n");
    put(room->sys, UNIT "memory.current", "4096\n");
    put(room->sys, UNIT "pids.current", "12\n");
    put(room->sys, UNIT "io.stat", "8:0 rbytes=10 wbytes=20 rios=1\n8:1 rbytes=5 wbytes=0\n");
    put(room->sys, UNIT "memory.events", "low 0\noom 1\noom_kill 1\n");
    put(room->sys, "fs/cgroup/user.slice/session-1.scope/memory.current", "1\n");
    host_units(&room->host, &room->samples);
    assert_value(room, "unit_cpu_seconds_total{unit=\"db@\\\"1\\\".service\"}", 2.5);
    assert_value(room, "unit_memory_bytes{unit=\"db@\\\"1\\\".service\"}", 4096);
    assert_value(room, "unit_io_read_bytes_total{unit=\"db@\\\"1\\\".service\"}", 15);
    assert_value(room, "unit_oom_kills_total{unit=\"db@\\\"1\\\".service\"}", 1);
    assert_int_equal(room->samples.count, 6);
}

static void a_machine_without_anything_gives_nothing(void **state)
{
    Room *room = *state;
    host_look(&room->host, &room->samples);
    assert_int_equal(room->samples.count, 1);
    assert_value(room, "node_processes_pids", 0);
}

static void torn_files_of_the_kernel_do_no_harm(void **state)
{
    Room *room = *state;
    static const char *const names[] = {"stat", "loadavg", "meminfo", "vmstat", "diskstats",
                                        "self/mounts", "net/dev", "net/sockstat", "net/snmp",
                                        "net/netstat", "pressure/cpu", "sys/fs/file-nr"};
    static const char *const texts[] = {"", "\n\n", "cpu", "some", "x: \n:", "TCP: inuse\nTcp:",
                                        "cpu0\nintr\n", "a b c d e f g h i j k l m n o p q r s t"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        for (size_t j = 0; j < sizeof names / sizeof names[0]; j++)
            put(room->proc, names[j], texts[i]);
        samples_begin(&room->samples, "host", 1000);
        host_look(&room->host, &room->samples);
        assert_in_range(room->samples.count, 0, 40);
    }
}

static void this_machine_is_looked_at_again_and_again(void **state)
{
    (void)state;
    FakeServer server;
    fake_server_open(&server);
    assert_null(fake_run(&server, &source_host).self);
    server.settings.host = true;
    FakeRun run = fake_run(&server, &source_host);
    assert_true(fake_wait(server.intake, "host", "node_memory_MemTotal_bytes "));
    for (int i = 0; i < 500 && fake_given(server.intake) < 2; i++)
        usleep(10000);
    assert_true(fake_given(server.intake) >= 2);
    char *watches = fake_watches(&source_host, run.self);
    assert_int_equal(strncmp(watches, "host|good|||", 12), 0);
    free(watches);
    fake_run_end(&server, &run);
    fake_server_close(&server);
}

int main(void)
{
#define ROOM_TEST(name) cmocka_unit_test_setup_teardown(name, room_make, room_remove)
    const struct CMUnitTest tests[] = {
        ROOM_TEST(processor_times_are_seconds_by_mode),
        ROOM_TEST(many_processors_are_told_as_one),
        ROOM_TEST(memory_is_in_bytes),
        ROOM_TEST(disks_are_told_and_partitions_and_loops_are_not),
        ROOM_TEST(networks_are_told_but_for_those_of_containers),
        ROOM_TEST(pressure_is_in_seconds),
        ROOM_TEST(services_are_found_in_their_slices),
        ROOM_TEST(a_machine_without_anything_gives_nothing),
        ROOM_TEST(torn_files_of_the_kernel_do_no_harm),
        cmocka_unit_test(this_machine_is_looked_at_again_and_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
