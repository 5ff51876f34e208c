#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""arrows.py - arrows only go down: who may include whom, as the #include lines say.

A room of lib/ sees its own headers, the rooms below it and the public header.  bin/ sees the public
header and, in each of its rooms, its own room and those that the table names.  A foreign library is
included by exactly one .c file of lib/ and one of bin/.  Includes in quotes start at lib/ or bin/,
so that the room shows; in bin/ a header of the own room may stand without it.
"""
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tests/tools"))
from report import Report  # noqa: E402

SISTERS = ("store", "pattern", "feature", "detect", "model", "learn", "incident")
BELOW = {"base": (), "stats": ("base",), "event": ("base",),
         **{sister: ("base", "stats", "event") for sister in SISTERS},
         "engine": ("base", "stats", "event", *SISTERS)}

# The program's rooms: input reads bytes and starts children, settings tells what was wished, intake
# makes durable, lake asks history in a child process, live folds, source fetches, http listens, api
# answers, serve puts them together, cli talks with a person.
BIN_BELOW = {"input": (), "settings": (), "intake": (), "lake": ("input",),
             "live": ("input", "settings", "intake", "lake"), "http": ("input",),
             "api": ("input", "settings", "intake", "lake", "live", "http", "source"),
             "source": ("input", "settings", "intake", "http"),
             "serve": ("input", "settings", "intake", "lake", "live", "http", "api", "source"),
             "cli": ("input", "settings", "lake", "live", "http", "source", "serve"), "act": ()}

# Headers of C11 and POSIX; every other name in <> is a foreign library.
STANDARD = re.compile(r"""^(
    (assert|complex|ctype|errno|fenv|float|inttypes|iso646|limits|locale|math|setjmp|signal|stdalign
    |stdarg|stdatomic|stdbool|stddef|stdint|stdio|stdlib|stdnoreturn|string|strings|threads|time
    |arpa/inet|dirent|dlfcn|fcntl|fnmatch|fts|ftw|getopt|glob|grp|langinfo|libgen|malloc|net/if
    |netdb
    |netinet/in|netinet/tcp|poll|pthread|pwd|sched|semaphore|spawn|termios|unistd|wchar|wctype)\.h
    |sys/(epoll|eventfd|file|inotify|ioctl|mman|prctl|resource|socket|stat|statfs|statvfs|timerfd
    |syscall|time|types|uio|un|utsname|wait|xattr)\.h
    |linux/\w+\.h | (imm|x86|nmm|arm_neon|avx2|emm)\w*\.h )$""", re.VERBOSE)

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"]+)[>"]', re.MULTILINE)


def includes(text):
    """All (quote, name) of a file; an include inside a comment does not count."""
    text = re.sub(r"/\*.*?\*/", lambda found: re.sub(r"[^\n]", " ", found.group()), text,
                  flags=re.DOTALL)
    return INCLUDE.findall(text)


def check_own(path, name, below, floor):
    """A quoted include of a file in a room of `floor` (lib or bin)."""
    room, target = path.split("/")[1], name.split("/")[0]
    if floor == "bin" and "/" not in name:
        return None
    if "/" not in name or ".." in name:
        return f'{path}: "{name}" does not say its room'
    if room not in below:
        return f"{path}: the room {floor}/{room} is unknown to arrows.py"
    if target != room and target not in below[room]:
        return f'{path}: {room} must not see {target} ("{name}")'
    return None


def is_foreign(name):
    return name != "oddball.h" and not STANDARD.match(name)


def violations(files):
    """files: {path: text} of lib/ and bin/.  Gives a sentence for each arrow that goes up."""
    found, foreign = [], {}
    for path, text in sorted(files.items()):
        floor = path.split("/")[0]
        below = BELOW if floor == "lib" else BIN_BELOW
        if len(path.split("/")) == 2:  # bin/main.c stands above all rooms of bin/.
            below = {path.split("/")[1]: tuple(below)}
        for quote, name in includes(text):
            if quote == '"' and name == "oddball.h":
                found.append(f"{path}: the public header is <oddball.h>")
            elif quote == '"':
                found.append(check_own(path, name, below, floor))
            elif is_foreign(name):
                foreign.setdefault((floor, name), []).append(path)
    for (_, name), paths in sorted(foreign.items()):
        if len(paths) > 1 or not paths[0].endswith(".c"):
            found.append(f"<{name}> belongs into exactly one .c, not into {', '.join(paths)}")
    return [sentence for sentence in found if sentence is not None]


PLANTED = (
    ("lib_includes_a_sister", {"lib/detect/a.c": '#include "pattern/pattern.h"\n'}),
    ("lib_includes_upwards", {"lib/base/a.c": '#include "stats/b.h"\n'}),
    ("stats_includes_event", {"lib/stats/a.h": '#  include "event/record.h"\n'}),
    ("a_sister_includes_the_engine", {"lib/learn/a.c": '#include "engine/engine.h"\n'}),
    ("an_unknown_room", {"lib/cellar/a.c": '#include "base/str.h"\n'}),
    ("bin_includes_lib", {"bin/cli/scan.c": '#include "base/str.h"\n'}),
    ("bin_climbs_out", {"bin/cli/scan.c": '#include "../../lib/base/str.h"\n'}),
    ("input_includes_cli", {"bin/input/gzip.c": '#include "cli/options.h"\n'}),
    ("act_includes_serve", {"bin/act/mail.c": '#include "serve/http.h"\n'}),
    ("foreign_in_a_header", {"bin/input/gzip.h": "#include <zlib.h>\n"}),
    ("foreign_in_two_files", {"bin/input/gzip.c": "#include <zlib.h>\n",
                              "bin/cli/scan.c": "#include <zlib.h>\n"}),
    ("foreign_in_two_files_of_lib", {"lib/store/zstd.c": "#include <zstd.h>\n",
                                     "lib/store/b.c": "#include <zstd.h>\n"}),
    ("a_name_without_its_room", {"lib/base/mem.c": '#include "mem.h"\n'}),
    ("the_public_header_in_quotes", {"lib/base/a.c": '#include "oddball.h"\n'}),
)

ALLOWED = {
    "lib/engine/a.c": '#include <oddball.h>\n#include "pattern/pattern.h"\n#include <assert.h>\n',
    "lib/pattern/a.c": '#include "pattern/a.h"\n#include "event/record.h"\n#include "stats/b.h"\n',
    "lib/detect/b.c": '/* never\n#include "pattern/pattern.h"\n*/\n#include "detect/b.h"\n',
    "bin/input/gzip.c": '#include <zlib.h>\n#include "input/gzip.h"\n#include <unistd.h>\n',
    "bin/cli/scan.c": '#include "scan.h"\n#include "input/gzip.h"\n',
    "lib/store/inflate.c": "#include <zlib.h>\n",
    "bin/main.c": '#include "cli/scan.h"\n#include "input/gzip.h"\n#include <oddball.h>\n',
}


def main():
    report = Report()
    paths = [path for floor in ("lib", "bin") for path in (ROOT / floor).rglob("*.[ch]")]
    files = {str(path.relative_to(ROOT)): path.read_text() for path in paths}
    found = violations(files)
    report.check("arrows_only_go_down", files and not found, "\n".join(found))
    for name, planted in PLANTED:
        report.check(f"planted_{name}_is_seen", len(violations(planted)) == 1, violations(planted))
    report.check("what_is_allowed_passes", not violations(ALLOWED), "\n".join(violations(ALLOWED)))
    report.finish()


if __name__ == "__main__":
    main()
