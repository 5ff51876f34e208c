#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""web.py - the page of web/ as a C source, each file plain and packed by gzip.

    web.py WEB PARTS FOLDER SOURCE DEPFILE

Vite writes into FOLDER, with what the lock file of WEB names, installed in PARTS.  SOURCE defines
what api/web_files.h declares; DEPFILE names what it was made of.
"""
import gzip
import hashlib
import subprocess
import sys
from pathlib import Path

BYTES_A_ROW = 16
TYPES = {".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8",
         ".css": "text/css; charset=utf-8", ".svg": "image/svg+xml"}


def array(name, content):
    rows = [f"static const char {name}[] = {{"]
    for at in range(0, len(content), BYTES_A_ROW):
        rows.append("    " + ", ".join(f"{byte - 256 if byte > 127 else byte}"
                                       for byte in content[at:at + BYTES_A_ROW]) + ",")
    return "\n".join(rows + ["};\n"])


def source(folder):
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    arrays, table = [], []
    for number, file in enumerate(files):
        content = file.read_bytes()
        packed = gzip.compress(content, 9, mtime=0)
        etag = hashlib.sha256(content).hexdigest()[:16]
        arrays += [array(f"plain_{number}", content), array(f"packed_{number}", packed)]
        path = "/" + str(file.relative_to(folder))
        named = "true" if "-" in file.stem else "false"
        table.append(f'    {{"{path}", "{TYPES[file.suffix]}", "\\"{etag}\\"", {named}, '
                     f"plain_{number}, sizeof plain_{number}, packed_{number}, "
                     f"sizeof packed_{number}}},")
    return "\n".join(['#include "api/web_files.h"\n', *arrays, "const WebFile web_files[] = {",
                      *table, "};", f"const size_t web_files_count = {len(files)};\n"])


def main():
    web, parts, folder, target, depfile = map(Path, sys.argv[1:])
    made_of = sorted(path for path in web.rglob("*")
                     if path.is_file() and "node_modules" not in path.parts)
    subprocess.run(["node", web / "build.mjs", parts, folder], check=True)
    target.write_text(source(folder))
    depfile.write_text(f"{target}: " + " ".join(str(path) for path in made_of) + "\n")


if __name__ == "__main__":
    main()
