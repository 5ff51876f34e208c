#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""embed.py - a file as a C source, for what the program carries along.

    embed.py FILE HEADER NAME > SOURCE

SOURCE defines what HEADER declares: NAME_text, NAME_size and NAME_etag, a hash of the content in
quotes, as HTTP wants it.
"""
import hashlib
import sys
from pathlib import Path

BYTES_A_ROW = 16


def main():
    file, header, name = sys.argv[1:4]
    content = Path(file).read_bytes()
    etag = hashlib.sha256(content).hexdigest()[:16]
    print(f'#include "{header}"\n\nconst char {name}_text[] = {{')
    for at in range(0, len(content), BYTES_A_ROW):
        print("    " + ", ".join(f"0x{byte:02x}" for byte in content[at:at + BYTES_A_ROW]) + ",")
    print(f"}};\nconst size_t {name}_size = sizeof {name}_text;")
    print(f'const char {name}_etag[] = "\\"{etag}\\"";')


if __name__ == "__main__":
    main()
