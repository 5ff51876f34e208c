#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""symbols.py - what the library shows to the world, and what it takes from it.

    symbols.py SHARED STATIC    liboddball.so and liboddball.a
"""
import re
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tools"))
from report import Report  # noqa: E402

FORBIDDEN_NAMES = r"""
    time clock clock_gettime clock_nanosleep gettimeofday times ftime timespec_get localtime
    localtime_r gmtime gmtime_r mktime strftime tzset nanosleep sleep usleep

    getenv secure_getenv setenv putenv environ __environ setlocale localeconv uname gethostname
    sysconf getpid getppid gettid getuid getcwd getrusage sched_getcpu getauxval

    rand rand_r srand random random_r srandom drand48 lrand48 mrand48 srand48 arc4random getrandom
    getentropy

    pthread_\w+ thrd_\w+ fork vfork clone execv\w* system popen signal sigaction socket bind listen
    accept4? connect send\w* recv\w* getaddrinfo poll select epoll_\w+

    stdin stdout stderr puts printf putchar perror

    exp exp2 exp10 expm1 log log2 log10 log1p pow sin cos tan sincos asin acos atan atan2 sinh cosh
    tanh asinh acosh atanh cbrt hypot erf erfc lgamma\w* gamma tgamma j[01n] y[01n] fma
    strto(d|f|ld) atof
"""
# The last group: of libm only what IEEE 754 rounds exactly is allowed, the rest has other bits
# elsewhere; and strtod obeys the locale of the embedding program.
FILE_NAMES = r"""
    f?open(64)? fdopen creat openat opendir read write pread\w* pwrite\w* mmap(64)? unlink rename
    stat(64)? fstat(64)?
"""
FORBIDDEN = re.compile(f"(__)?({'|'.join(FORBIDDEN_NAMES.split())})(f|l|_chk)?")
FILES = re.compile(f"(__)?({'|'.join(FILE_NAMES.split())})(_chk)?")
HEAP = re.compile("malloc|calloc|realloc|reallocarray|free|strn?dup|v?asprintf|aligned_alloc"
                  "|posix_memalign|getline|getdelim|open_memstream")


def nm(*arguments):
    done = subprocess.run(["nm", *arguments], check=True, text=True, stdout=subprocess.PIPE)
    return done.stdout.splitlines()


def exported(shared):
    return [row.split()[-1] for row in nm("-D", "--defined-only", shared)]


def taken(static):
    """All (object, symbol) that the library wants from elsewhere."""
    pairs = []
    for row in nm("-A", "-u", static):
        where, symbol = row.rsplit(" U ", 1) if " U " in row else (row, "")
        if symbol:
            pairs.append((where.split(":")[1], symbol.split("@")[0]))
    return pairs


def is_forbidden(symbol):
    return FORBIDDEN.fullmatch(symbol) is not None


def is_file(symbol):
    return FILES.fullmatch(symbol) is not None


def main():
    shared, static = sys.argv[1:]
    report = Report()
    names = exported(shared)
    private = [name for name in names if not name.startswith("odd_")]
    report.check("only_the_public_names_are_exported", not private, " ".join(private))

    wants = taken(static)
    bad = [f"{where} wants {symbol}" for where, symbol in wants if is_forbidden(symbol)]
    report.check("the_library_reads_no_clock_and_no_environment", wants and not bad, "\n".join(bad))
    files = [f"{where} wants {symbol}" for where, symbol in wants
             if is_file(symbol) and not where.startswith(("store_folder", "store_disk"))]
    report.check("only_store_folder_and_disk_take_files", not files, "\n".join(files))
    heap = [f"{where} wants {symbol}" for where, symbol in wants
            if HEAP.fullmatch(symbol) and not where.startswith("base_mem")]
    report.check("only_base_mem_takes_memory", not heap, "\n".join(heap))

    for symbol in ("clock_gettime", "getenv", "rand", "pthread_create", "socket", "exp", "logf",
                   "powl", "strtod", "__printf_chk"):
        report.check(f"planted_{symbol}_is_seen", is_forbidden(symbol))
    for symbol in ("fopen64", "open", "__pread64_chk", "unlink"):
        report.check(f"planted_{symbol}_is_seen", is_file(symbol))
    for symbol in ("sqrt", "floor", "memcpy", "snprintf", "__assert_fail", "strtol"):
        report.check(f"{symbol}_is_allowed", not is_forbidden(symbol) and not is_file(symbol))
    report.finish()


if __name__ == "__main__":
    main()
